# SPDX-License-Identifier: GPL-3.0-or-later
"""All algorithms of the provider, in one list.

The modules are imported by name when the provider registers them, so that looking at the plugin
costs nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module

from .base import CalValAlgorithm

# module below ``algorithms``, class
ALGORITHMS: tuple[tuple[str, str], ...] = (
    ("products.checkinstallation", "CheckInstallation"),
    ("products.catalogproducts", "CatalogProducts"),
    ("products.loadproduct", "LoadProduct"),
    ("products.extracttimeseries", "ExtractTimeSeries"),
    ("products.regularizetimeseries", "RegularizeTimeSeries"),
    ("aot.importaeronet", "ImportAeronet"),
    ("aot.extractaot", "ExtractAot"),
    ("aot.compareaot", "CompareAot"),
    ("aot.rankaeronetsites", "RankAeronetSites"),
    ("aot.compareaotcampaigns", "CompareAotCampaigns"),
    ("anomalies.detectanomalies", "DetectAnomalies"),
    ("anomalies.detectanomaliesraster", "DetectAnomaliesRaster"),
    ("anomalies.detectbreaks", "DetectBreaks"),
    ("anomalies.injectanomalies", "InjectAnomalies"),
    ("anomalies.anomalysensitivity", "AnomalySensitivity"),
    ("calibration.importmeasurements", "ImportMeasurements"),
    ("calibration.extractcalibrationsites", "ExtractCalibrationSites"),
    ("calibration.findstablesites", "FindStableSites"),
    ("calibration.findcloudsites", "FindCloudSites"),
    ("calibration.exportmeasurements", "ExportMeasurements"),
    ("calibration.calibratedesert", "CalibrateDesert"),
    ("calibration.desertuncertainty", "DesertUncertainty"),
    ("calibration.calibrateantarctic", "CalibrateAntarctic"),
    ("calibration.antarcticcloudimpact", "AntarcticCloudImpact"),
    ("calibration.calibrateclouds", "CalibrateClouds"),
    ("calibration.comparesensors", "CompareSensors"),
    ("calibration.updatecalibration", "UpdateCalibration"),
    ("calibration.calibrationreport", "CalibrationReport"),
    ("dem.stereodem", "StereoDem"),
    ("dem.buildreferencedem", "BuildReferenceDem"),
    ("dem.coregisterdem", "CoregisterDem"),
    ("dem.comparedem", "CompareDem"),
    ("classification.computeprimitives", "ComputePrimitives"),
    ("classification.preparesamples", "PrepareSamples"),
    ("classification.trainclassifier", "TrainClassifier"),
    ("classification.classifytimeseries", "ClassifyTimeSeries"),
    ("classification.assessmap", "AssessMap"),
    ("classification.fuseclassifications", "FuseClassifications"),
    ("classification.regularizemap", "RegularizeMap"),
    ("classification.landcoverchain", "LandCoverChain"),
)


def algorithms() -> Iterator[CalValAlgorithm]:
    """A new instance of every algorithm."""
    for module, name in ALGORITHMS:
        yield getattr(import_module(f".{module}", __package__), name)()
