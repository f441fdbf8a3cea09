# SPDX-License-Identifier: GPL-3.0-or-later
"""Accuracy of the classifiers on real samples, beside a random forest of scikit-learn and, where it
is installed, that of the Orfeo ToolBox. All samples are training samples of ../shared/data: each
score is by cross-validation with seeds fixed beforehand, spatial where coordinates are known.

Run with ``PYTHONPATH=build/plugins build/venv/bin/python tests/benchmarks/bench_classifiers.py``.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
from osgeo import ogr

from calval_toolbox.core.classification.confusion import confusion_of
from calval_toolbox.core.classification.training.folds import random_folds, spatial_folds
from calval_toolbox.core.classification.training.members import Recipe
from calval_toolbox.core.classification.training.training_set import (
    Columns,
    TrainingSet,
    training_set,
)
from calval_toolbox.core.classification.training.validation import cross_validate
from calval_toolbox.core.io.tables import read_table
from calval_toolbox.core.progress import Silent
from calval_toolbox.core.table import Table

DATA = Path(__file__).resolve().parents[3] / "shared" / "data" / "classification"
TABLES = {
    "Mato Grosso": "matogrosso_mod13q1_9classes_train.csv.gz",
    "CBERS-4": "cbers4_awfi_022024_samples_train.csv.gz",
    "Sentinel-2 20LKP": "s2_T20LKP_2018_2019_samples_train.csv.gz",
    "Landsat-8 Rondonia": "l8_rondonia_2bands_samples.csv.gz",
}
RECIPES = {
    "default (extra_trees)": Recipe("extra_trees"),
    "ensemble": Recipe("ensemble"),
    "random_forest, 100 trees": Recipe("random_forest", 100),
    "svm": Recipe("svm"),
}
FOLDS = 4
SEEDS = (11, 12)


def data_sets() -> dict[str, TrainingSet]:
    """All real samples; Crop comes without coordinates."""
    found = {
        name: training_set(read_table(DATA / file), Columns("label"))
        for name, file in TABLES.items()
    }
    crop = np.load(DATA / "ucr_crop_formosat2_train.npz")
    columns = {f"NDVI_{date:02d}": values for date, values in enumerate(crop["X"].T)}
    columns["label"] = crop["y"].astype(np.int64)
    return found | {"Crop": training_set(Table(columns, "Crop"), Columns("label"))}


def otb_accuracy(samples: TrainingSet, folds: np.ndarray) -> float:
    """The same folds by the random forest of the Orfeo ToolBox, with iota2's settings."""
    mapped = np.zeros(len(samples), dtype=np.int64)
    for fold in np.unique(folds):
        held = folds == fold
        with tempfile.TemporaryDirectory() as folder:
            train, test = Path(folder, "train.sqlite"), Path(folder, "test.sqlite")
            for path, rows in ((train, ~held), (test, held)):
                write_otb(path, samples.values[rows], samples.index[rows])
            names = [f"f{place}" for place in range(samples.values.shape[1])]
            model = Path(folder, "model.txt")
            otb(
                "TrainVectorClassifier", "-io.vd", train, "-io.out", model, "-cfield", "cls",
                "-feat", *names, "-classifier", "rf", "-classifier.rf.nbtrees", 100,
                "-classifier.rf.max", 25, "-classifier.rf.min", 5, "-rand", 1,
            )  # fmt: skip
            otb("VectorClassifier", "-in", test, "-model", model, "-feat", *names, "-cfield", "out")
            layer = ogr.Open(str(test))
            mapped[held] = [int(row.GetField("out")) for row in layer.GetLayer(0)]
    return confusion_of(samples.classes, samples.index, mapped).overall


def write_otb(path: Path, values: np.ndarray, index: np.ndarray) -> None:
    """Rows as points of an SQLite file."""
    target = ogr.GetDriverByName("SQLite").CreateDataSource(str(path))
    layer = target.CreateLayer("samples", geom_type=ogr.wkbPoint)
    layer.CreateField(ogr.FieldDefn("cls", ogr.OFTInteger))
    for place in range(values.shape[1]):
        layer.CreateField(ogr.FieldDefn(f"f{place}", ogr.OFTReal))
    layer.StartTransaction()
    for row, cells in enumerate(values.tolist()):
        one = ogr.Feature(layer.GetLayerDefn())
        one.SetField("cls", int(index[row]))
        for place, cell in enumerate(cells):
            one.SetField(1 + place, cell)
        one.SetGeometry(ogr.CreateGeometryFromWkt(f"POINT ({row} 0)"))
        layer.CreateFeature(one)
    layer.CommitTransaction()


def otb(name: str, *arguments: object) -> None:
    """Run an application of the Orfeo ToolBox."""
    command = [f"otbcli_{name}", *(str(one) for one in arguments)]
    subprocess.run(command, check=True, capture_output=True)


def folds_of(samples: TrainingSet, seed: int) -> np.ndarray:
    """Spatial folds, random ones where it is not known which samples lie together."""
    if samples.places.kind:
        found = spatial_folds(samples.index, samples.places.group, FOLDS, seed)
        assert found is not None
        return found
    return random_folds(samples.index, 2, seed)


def main() -> None:
    """Print a line for each data set and method, and for the peer."""
    for name, samples in data_sets().items():
        kind = samples.places.what if samples.places.kind else "random halves"
        print(f"{name}: {len(samples)} samples, {len(samples.classes)} classes; {kind}")
        folds = [folds_of(samples, seed) for seed in SEEDS]
        for label, recipe in RECIPES.items():
            start = time.process_time()
            scores = [
                cross_validate(samples, replace(recipe, seed=seed, jobs=1), one, Silent())
                for seed, one in zip(SEEDS, folds, strict=True)
            ]
            accuracy = np.mean([one.overall for one in scores])
            f_score = np.mean([one.macro_f1 for one in scores])
            seconds = time.process_time() - start
            print(f"  {label:26s} OA {accuracy:.4f}  F {f_score:.3f}  {seconds:6.1f} CPU s")
        if shutil.which("otbcli_TrainVectorClassifier"):
            peer = np.mean([otb_accuracy(samples, one) for one in folds])
            print(f"  {'Orfeo ToolBox rf':26s} OA {peer:.4f}")


if __name__ == "__main__":
    main()
