# SPDX-License-Identifier: GPL-3.0-or-later
"""A sample run of every algorithm, for the contract test.

A new algorithm gets one entry in ``SAMPLES``: a function that gets the ``World`` and returns the
inputs, without the outputs, which the contract test adds by itself.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

Run = Callable[[str, dict[str, Any]], dict[str, Any]]


@dataclass
class World:
    """What samples are made from: a small simulated data set, and results made of it on demand."""

    folder: Path
    run: Run

    @cached_property
    def demo(self) -> Any:
        """Simulated products of all campaigns, and photometer files."""
        from calval_toolbox.core.aot.simulate import write_demo
        from calval_toolbox.core.aot.simulate_plan import CAMPAIGNS

        fewer = tuple(replace(c, step_days=2 * c.step_days) for c in CAMPAIGNS)
        return write_demo(self.folder / "demo", campaigns=fewer)

    @cached_property
    def desert(self) -> Path:
        """A calibration database with simulated Sentinel-2A and 2B series over a desert."""
        return self._twins("desert.gpkg", "Libya4")

    @cached_property
    def snow(self) -> Path:
        """The same series, stored under the name of a site on snow."""
        return self._twins("snow.gpkg", "DomeC")

    def _twins(self, name: str, site: str) -> Path:
        from calval_toolbox.core.calibration.sensor_tables import SensorTables
        from calval_toolbox.core.calibration.simulate import Plan, simulate_desert
        from calval_toolbox.core.calibration.types import Band, Sensor
        from calval_toolbox.core.database import open_database
        from calval_toolbox.core.database.measurements import save_measurements

        named = (("B02", 490.0), ("B03", 560.0), ("B04", 665.0), ("B07", 783.0), ("B8A", 865.0))
        bands, tables = tuple(Band(*one) for one in named), SensorTables()
        path = self.folder / name
        with open_database(str(path), create=True) as db:
            for seed, unit in enumerate(("S2A/MSI", "S2B/MSI")):
                sensor = Sensor(unit, bands)
                plan = Plan(revisit_days=10.0, offset_days=2.0 * seed)
                models = tables.bands(sensor)
                save_measurements(db, simulate_desert(sensor, models, plan, site, seed))
        return path

    @cached_property
    def calibrated(self) -> Path:
        """A copy of that database with a run in it: a calibration of Sentinel-2B."""
        path = self.folder / "calibrated.gpkg"
        shutil.copy(self.desert, path)
        inputs = calibratedesert(self) | {"DATABASE": str(path)}
        self.run("calibratedesert", inputs | {"OUTPUT": str(self.folder / "coefficients.gpkg")})
        return path

    @cached_property
    def land_cover(self) -> Any:
        """The simulated land-cover case."""
        from calval_toolbox.core.classification.simulate import write_case

        return write_case(self.folder / "land_cover")

    @cached_property
    def clouds(self) -> Path:
        """A calibration database with simulated clouds."""
        from calval_toolbox.core.calibration.sensor_tables import SensorTables
        from calval_toolbox.core.calibration.simulate import simulate_clouds
        from calval_toolbox.core.calibration.types import Band, Sensor
        from calval_toolbox.core.database import open_database
        from calval_toolbox.core.database.measurements import save_measurements

        named = (("B02", 490.0), ("B03", 560.0), ("B04", 665.0), ("B8A", 865.0))
        sensor = Sensor("S2A/MSI", tuple(Band(*one) for one in named))
        path = self.folder / "clouds.gpkg"
        with open_database(str(path), create=True) as db:
            models = SensorTables().bands(sensor)
            save_measurements(db, simulate_clouds(sensor, models, gains={"B02": 1.02}))
        return path

    @cached_property
    def reflectances(self) -> tuple[Path, Path]:
        """A folder of three products with reflectances, and a table with a site in them."""
        import numpy as np

        from calval_toolbox.core.io.products.synthetic import Scene, write_muscate
        from calval_toolbox.core.io.tables import points, write_table
        from calval_toolbox.core.table import Table

        folder, shape = self.folder / "reflectances", (200, 200)
        for day in (1, 6, 16):
            scene = Scene(
                site="T31TCJ",
                time=np.datetime64(f"2020-07-{day:02d}T10:50:31.024", "ms"),
                epsg=32631,
                left=368000.0,
                top=4826500.0,
                pixel_m=10.0,
                aot=np.full(shape, 0.2),
                reflectance={"B4": np.full(shape, 0.01 * day), "B8": np.full(shape, 0.3)},
            )
            write_muscate(folder, scene)
        places = points(np.array([1.374]), np.array([43.573]))
        sites = self.folder / "field.gpkg"
        write_table(Table({"site": np.array(["Field"], dtype=object)}, "field", places), sites)
        return folder, sites

    @cached_property
    def series(self) -> str:
        """Table of simulated series of two sites."""
        from calval_toolbox.core.anomalies.simulate import SITES, simulate_series
        from calval_toolbox.core.io.tables import write_table
        from calval_toolbox.core.series.table import table_from_series

        made = [simulate_series(SITES[name], 1, years=1)[0] for name in ("Morocco", "Toulouse")]
        path = self.folder / "series.gpkg"
        write_table(table_from_series(made), path)
        return str(path)

    @cached_property
    def grid(self) -> str:
        """A small grid of a sensitivity study."""
        path = self.folder / "grid.json"
        path.write_text(
            '{"types": ["cloud", "gain"], "amplitudes": [0.03, 0.08], "pixels": 20, '
            '"replicates": 20, "sites": ["Morocco", "Beijing"], "contamination": [0.03]}'
        )
        return str(path)

    @cached_property
    def broken(self) -> Path:
        """A folder of dated images: B4 and B8, whose right half darkens for good in 2020."""
        import numpy as np

        from calval_toolbox.core.io.grids import grid_from_epsg
        from calval_toolbox.core.io.raster_writer import write_raster

        folder, rng = self.folder / "broken", np.random.default_rng(1)
        folder.mkdir()
        grid = grid_from_epsg(32631, (368000.0, 10.0, 0.0, 4826500.0, 0.0, -10.0), 150, 100)
        for day in np.datetime64("2018-01-03") + 16 * np.arange(68):
            changed = np.arange(150) >= 75 if day >= np.datetime64("2020-05-01") else 0.0
            bands = [level + rng.normal(0.0, 0.01, (100, 150)) - 0.05 * changed
                     for level in (0.08, 0.35)]  # fmt: skip
            path = folder / f"image_{str(day).replace('-', '')}.tif"
            write_raster(path, [one.astype(np.float32) for one in bands], grid,
                         names=("B4", "B8"))  # fmt: skip
        return folder

    @cached_property
    def aeronet(self) -> str:
        """Table of photometer observations."""
        return self._made("importaeronet", importaeronet(self), "aeronet.gpkg")

    @cached_property
    def matchups(self) -> list[str]:
        """Match-up tables, one per campaign."""
        return [self._matchups(name) for name in self.demo.products]

    def satellite(self, campaign: str) -> str:
        """Table of AOT around the sites in the products of ``campaign``."""
        inputs = {"PRODUCTS": [str(self.demo.products[campaign])], "SITES": self.aeronet}
        return self._made("extractaot", inputs, f"satellite_{self._short(campaign)}.gpkg")

    def _matchups(self, campaign: str) -> str:
        inputs = {"SATELLITE": self.satellite(campaign), "AERONET": self.aeronet, "BOOTSTRAP": 0}
        name = f"matchups_{self._short(campaign)}.gpkg"
        return self._made("compareaot", inputs, name, "MATCHUPS")

    def _short(self, campaign: str) -> str:
        return self.demo.products[campaign].name

    def _made(self, algorithm: str, inputs: dict[str, Any], name: str, key: str = "OUTPUT") -> str:
        path = self.folder / name
        if not path.exists():
            self.run(algorithm, {**inputs, key: str(path)})
        return str(path)


def products(world: World) -> list[str]:
    """Two readable products."""
    first = next(iter(world.demo.products.values()))
    return [str(path) for path in sorted(first.iterdir()) if path.is_dir()][2:4]


def checkinstallation(world: World) -> dict[str, Any]:
    """Nothing is needed."""
    return {}


def catalogproducts(world: World) -> dict[str, Any]:
    """A few products."""
    return {"FOLDERS": products(world)}


def loadproduct(world: World) -> dict[str, Any]:
    """One product."""
    return {"INPUT": products(world)[0]}


def extracttimeseries(world: World) -> dict[str, Any]:
    """Three products at one site."""
    folder, sites = world.reflectances
    return {"PRODUCTS": [str(folder)], "SITES": str(sites)}


def regularizetimeseries(world: World) -> dict[str, Any]:
    """Three products, as a stack of images."""
    return {"PRODUCTS": [str(world.reflectances[0])], "STEP_DAYS": 2, "TILE_SIZE": 64}


def computeprimitives(world: World) -> dict[str, Any]:
    """Three products with an index and a feature of our own."""
    return {
        "PRODUCTS": [str(world.reflectances[0])], "INDICES": "NDVI", "STEP_DAYS": 5,
        "USER_FEATURES": "total = B4 + B8", "TILE_SIZE": 128,
    }  # fmt: skip


def detectanomaliesraster(world: World) -> dict[str, Any]:
    """The same images: the dates after the break are odd."""
    return {"STACK": [str(world.broken)], "TILE_SIZE": 64}


def detectbreaks(world: World) -> dict[str, Any]:
    """Two years of small images with a break in half of them."""
    return {"STACK": [str(world.broken)], "INDEX": "B8", "START": "2020-01-01", "TILE_SIZE": 64}


def importaeronet(world: World) -> dict[str, Any]:
    """All photometer files."""
    return {"INPUT": [str(world.demo.aeronet)]}


def extractaot(world: World) -> dict[str, Any]:
    """Two products at all sites."""
    return {"PRODUCTS": products(world), "SITES": world.aeronet}


def compareaot(world: World) -> dict[str, Any]:
    """One campaign against the photometers."""
    satellite = world.satellite(next(iter(world.demo.products)))
    return {"SATELLITE": satellite, "AERONET": world.aeronet}


def rankaeronetsites(world: World) -> dict[str, Any]:
    """The sites of one campaign."""
    return {"MATCHUPS": world.matchups[0]}


def compareaotcampaigns(world: World) -> dict[str, Any]:
    """Two campaigns."""
    return {"MATCHUPS_A": world.matchups[0], "MATCHUPS_B": world.matchups[1]}


def detectanomalies(world: World) -> dict[str, Any]:
    """Two short series."""
    return {"INPUT": world.series, "STEP_DAYS": 60}


def injectanomalies(world: World) -> dict[str, Any]:
    """Two types in two short series."""
    return {"INPUT": world.series, "TYPES": ["cloud", "gain"], "COUNT": 2}


def anomalysensitivity(world: World) -> dict[str, Any]:
    """A small grid."""
    return {"GRID": world.grid}


def importmeasurements(world: World) -> dict[str, Any]:
    """A few rows of SADE lines, into a database of their own."""
    lines = "".join(
        f"VEGETATION_C1 {day:02d}/01/2003-09:08:07 -999 Libya4 0.1 0.2 0.3 0.4 0.01 0.02 0.03 0.04 "
        "10 10 10 10 250 250 250 250 1234 28.55 23.39 30.25 140.5 1.25 0.2888 1013.25 -999 -999\n"
        for day in range(1, 21)
    )
    path = world.folder / "lines.txt"
    path.write_text(lines)
    return {"INPUT": [str(path)], "DATABASE": str(world.folder / "sample.gpkg")}


def extractcalibrationsites(world: World) -> dict[str, Any]:
    """A made-up Sentinel-2 L1C tile, and a polygon in it."""
    import numpy as np

    from calval_toolbox.core.io.products.synthetic import SafeStyle, Scene, write_safe
    from calval_toolbox.core.io.tables import polygon, write_table
    from calval_toolbox.core.table import Table

    folder, shape = world.folder / "l1c", (200, 200)
    scene = Scene(
        "T31TCJ", np.datetime64("2024-07-01T10:50:31", "ms"), 32631, 368000.0, 4826500.0, 10.0,
        np.full(shape, 0.2), reflectance={"B2": np.full(shape, 0.2), "B8": np.full(shape, 0.3)},
    )  # fmt: skip
    if not folder.exists():
        write_safe(folder, scene, SafeStyle("L1C", "05.10", -1000))
    ring = [(1.372, 43.572), (1.376, 43.572), (1.376, 43.575), (1.372, 43.575), (1.372, 43.572)]
    shapes = np.array([polygon(ring), None], dtype=object)[:1]
    sites = world.folder / "polygon.gpkg"
    names = {"site": np.array(["Field"], dtype=object)}
    write_table(Table(names, "polygon", shapes, "Polygon"), sites)
    return {
        "PRODUCTS": [str(folder)], "SITE_LAYER": str(sites),
        "DATABASE": str(world.folder / "extracted.gpkg"),
    }  # fmt: skip


def findcloudsites(world: World) -> dict[str, Any]:
    """Two simulated tiles, one of them with a cloud."""
    import numpy as np

    from calval_toolbox.core.calibration.cloudsites.simulate import (
        AGGREGATE_M,
        CLOUD,
        SEA,
        plan_of,
        write_tile,
    )

    folder = world.folder / "cloudy"
    if not folder.exists():
        for day, kind in ((6, CLOUD), (11, SEA)):
            time = np.datetime64(f"2024-01-{day:02d}T09:20:31", "ms")
            bands = ("B2", "B4", "B8A", "B10", "B11")
            plan = plan_of(np.full((12, 12), kind), time=time, bands=bands, cloud_percent=50.0)
            write_tile(folder, plan)
    return {
        "PRODUCTS": [str(folder)], "DATABASE": str(world.folder / "cloudsites.gpkg"),
        "CELL_SIZE_DEG": 0.005, "AGGREGATE_M": AGGREGATE_M, "MIN_SCENES": 1, "DRAWS": 20,
    }  # fmt: skip


def findstablesites(world: World) -> dict[str, Any]:
    """A small simulated desert with one stable place."""
    from calval_toolbox.core.calibration.stability.simulate import (
        STABLE,
        Plan,
        simulate_scene,
        write_scene,
    )

    folder = world.folder / "stable"
    if not folder.exists():
        planted = {"stable": ((5, 5, 25, 25), STABLE)}
        plan = Plan((40, 40), dates=20, step_days=30.0, planted=planted)
        write_scene(folder, simulate_scene(plan))
    return {
        "STACK": [str(folder / "images")], "ANGLES": str(folder / "angles.csv"), "MIN_DATES": 8,
        "TILE_SIZE": 64, "SIZE_M": 5000,
    }  # fmt: skip


def elevation_models(world: World) -> dict[str, Any]:
    """Two rough surfaces, one of which lies 1.4 cells to the west and 2 m too high."""
    import numpy as np

    from calval_toolbox.core.io.grids import grid_from_epsg
    from calval_toolbox.core.io.raster_writer import write_raster

    folder = world.folder / "dem"
    row, column = np.mgrid[0:80, 0:90].astype(np.float64)
    grid = grid_from_epsg(32631, (500_000.0, 10.0, 0.0, 4_000_000.0, 0.0, -10.0), 90, 80)
    if not folder.exists():
        folder.mkdir(parents=True)
        noise = np.random.default_rng(4).normal(0.0, 0.2, row.shape)
        for name, shift, extra in (("model", 1.4, 2.0 + noise), ("reference", 0.0, 0.0)):
            east = column + shift
            height = 40.0 * np.sin(east / 7.0) * np.cos(row / 9.0) + 0.5 * east + 300.0 + extra
            write_raster(folder / f"{name}.tif", [height.astype(np.float32)], grid)
    return {"DEM": str(folder / "model.tif"), "REFERENCE": str(folder / "reference.tif")}


def stereo_images(world: World) -> dict[str, Any]:
    """A small simulated stereo pair."""
    from calval_toolbox.core.dem.simulate import SceneSettings, simulate_scene, write_scene

    folder = world.folder / "stereo"
    if not folder.exists():
        folder.mkdir(parents=True)
        scene = simulate_scene(SceneSettings("urban", size=256, samples=1))
        write_scene(scene, folder)
    images = [str(folder / f"img_{number:02d}.tif") for number in (1, 2)]
    return {"IMAGES": images, "RESOLUTION": 0.5, "TILE_SIZE": 128, "EXECUTOR": "threads:1"}


def reference_dem(world: World) -> dict[str, Any]:
    """The two surfaces of ``elevation_models``, and holes in the first."""
    import numpy as np
    from osgeo import gdal

    both = elevation_models(world)
    dataset = gdal.Open(both["REFERENCE"], gdal.GA_Update)
    dataset.GetRasterBand(1).SetNoDataValue(-9999.0)
    for column, row, size in ((20, 30, 20), (70, 10, 3)):
        hole = np.full((size, size), -9999.0, dtype=np.float32)
        dataset.GetRasterBand(1).WriteArray(hole, column, row)
    dataset = None
    return {"DEMS": [both["REFERENCE"], both["DEM"]], "DEM_REFERENCES": "ellipsoid"}


def calibratedesert(world: World) -> dict[str, Any]:
    """Simulated Sentinel-2A and 2B over a desert."""
    return {
        "DATABASE": str(world.desert), "TARGET_SENSOR": "S2B/MSI", "REFERENCE_SENSOR": "S2A/MSI",
        "DRAWS": 20,
    }  # fmt: skip


def calibrateantarctic(world: World) -> dict[str, Any]:
    """The same series, taken for snow."""
    return calibratedesert(world) | {
        "DATABASE": str(world.snow), "MAX_DISTANCE_DEG": 10.0, "MAX_SPREAD": 0.06,
    }  # fmt: skip


def antarcticcloudimpact(world: World) -> dict[str, Any]:
    """The same again, with a few thresholds."""
    inputs = calibrateantarctic(world) | {
        "SPREAD_THRESHOLDS": "0.021, 0.06", "RESIDUAL_THRESHOLDS": "0.05", "COLOR_THRESHOLDS": "",
        "OUTLIER_THRESHOLDS": "3",
    }  # fmt: skip
    return {key: value for key, value in inputs.items() if key != "DRAWS"}


def desertuncertainty(world: World) -> dict[str, Any]:
    """The budget of the same calibration."""
    return calibratedesert(world)


def calibrateclouds(world: World) -> dict[str, Any]:
    """Simulated clouds."""
    return {
        "DATABASE": str(world.clouds), "TARGET_SENSOR": "S2A/MSI", "REFERENCE_BAND": "B04",
        "DRAWS": 50,
    }  # fmt: skip


def comparesensors(world: World) -> dict[str, Any]:
    """The same two, as twins."""
    return {key: value for key, value in calibratedesert(world).items() if key != "DRAWS"}


def updatecalibration(world: World) -> dict[str, Any]:
    """Parameters out of a run over the desert, proposed only."""
    return {"DATABASE": str(world.calibrated), "BANDS": "B04,B8A"}


def calibrationreport(world: World) -> dict[str, Any]:
    """The same run, its last half-year."""
    return {"DATABASE": str(world.calibrated)}


def exportmeasurements(world: World) -> dict[str, Any]:
    """The same rows again."""
    inputs = importmeasurements(world)
    world.run("importmeasurements", inputs)
    return {"DATABASE": inputs["DATABASE"], "SENSOR": "VEGETATION"}


def preparesamples(world: World) -> dict[str, Any]:
    """Two features and eight square polygons of two classes."""
    from land_cover import write_reference, write_stack

    folder = world.folder / "landcover"
    if not folder.exists():
        folder.mkdir()
        write_stack(folder / "stack.tif")
        write_reference(folder / "reference.gpkg")
    return {
        "STACK": [str(folder / "stack.tif")], "REFERENCE": str(folder / "reference.gpkg"),
        "CLASS_FIELD": "class", "BLOCK_SIZE_M": 100.0, "AUGMENTATION": "smote",
    }  # fmt: skip


def classifytimeseries(world: World) -> dict[str, Any]:
    """Two features and a tree that asks for the first one."""
    stack, model = features_and_model(world.folder / "features")
    return {"STACK": str(stack), "MODELS": [str(model)], "TILE_SIZE": 64}


def features_and_model(folder: Path, zone: str = "") -> tuple[Path, Path]:
    """A stack of 100 x 90 pixels: NDVI that grows to the east from 0 to 0.99, an elevation, NaN in
    the first row; a model that says water up to an NDVI of 0.245, wheat above.
    """
    import numpy as np
    from osgeo import osr

    from calval_toolbox.core.classification.classes import Classes, LandClass
    from calval_toolbox.core.classification.model import LEAF, Forest, Member, Model
    from calval_toolbox.core.io.grids import Grid
    from calval_toolbox.core.io.model_files import write_model
    from calval_toolbox.core.io.raster_writer import write_raster

    folder.mkdir(parents=True, exist_ok=True)
    reference = osr.SpatialReference()
    reference.ImportFromEPSG(32631)
    grid = Grid(reference.ExportToWkt(), (5e5, 10.0, 0.0, 4.9e6, 0.0, -10.0), 100, 90)
    ndvi = np.tile(np.arange(100, dtype=np.float32) / 100, (90, 1))
    ndvi[0] = np.nan
    layers, names = [ndvi, np.ones_like(ndvi)], ("NDVI_20190101", "elevation")
    write_raster(folder / "stack.tif", layers, grid, -9999.0, names)
    forest = Forest(
        np.int32([0]), np.int32([0, LEAF, LEAF]), np.float32([0.245, 0, 0]), np.int32([1, 0, 0]),
        np.int32([2, 0, 0]), np.float32([[0, 0], [0.2, 0.8], [0.9, 0.1]]),
    )  # fmt: skip
    classes = Classes((LandClass(1, "wheat <dry>", "#f0e442"), LandClass(2, "water", "#0072b2")))
    model = Model("extra_trees", names, classes, (Member("extra_trees", forest),), 0, zone)
    write_model(folder / f"model{zone}.npz", model)
    return folder / "stack.tif", folder / f"model{zone}.npz"


def trainclassifier(world: World) -> dict[str, Any]:
    """Three classes that two of four features tell apart."""
    import numpy as np

    rng = np.random.default_rng(3)
    path = world.folder / "land_samples.csv"
    lines = ["id,longitude,latitude,zone,cover,B4_20190101,B8_20190101,B8_20190201,elevation"]
    for row in range(120):
        cover = row % 3
        values = rng.normal(0.1, 0.02, 4) + np.array([0.1 * (cover == 0), 0.1 * cover, 0.0, 0.0])
        zone = "north" if row < 60 else "south"
        where = 1.0 + 0.01 * (row // 3), 45.0 - 0.01 * (row // 12)
        cells = [str(row), *(f"{one:.4f}" for one in where), zone, ("water", "wheat", "oak")[cover]]
        lines.append(",".join([*cells, *(f"{one:.5f}" for one in values)]))
    path.write_text("\n".join(lines), encoding="utf-8")
    return {"SAMPLES": str(path), "CLASS_FIELD": "cover", "TREES": 20, "FOLDS": 3}


def class_maps(world: World) -> tuple[list[str], dict[str, Any]]:
    """Two small maps of three classes, and reference points of one of them."""
    import numpy as np

    from calval_toolbox.core.classification.classes import Classes, LandClass
    from calval_toolbox.core.io.class_rasters import write_classes
    from calval_toolbox.core.io.geometries import points
    from calval_toolbox.core.io.grids import grid_from_epsg, unproject
    from calval_toolbox.core.io.raster_writer import write_raster
    from calval_toolbox.core.io.tables import write_table
    from calval_toolbox.core.table import Table

    folder = world.folder / "maps"
    paths = [str(folder / f"map{number}.tif") for number in (1, 2)]
    inputs = {"REFERENCE": str(folder / "points.gpkg"), "CLASS_FIELD": "cover"}
    if folder.exists():
        return paths, inputs
    folder.mkdir(parents=True)
    classes = Classes((LandClass(1, "crop"), LandClass(2, "forest"), LandClass(3, "water")))
    grid = grid_from_epsg(32631, (500_000.0, 10.0, 0.0, 4_800_000.0, 0.0, -10.0), 90, 80)
    rng = np.random.default_rng(1)
    truth = np.kron(rng.integers(1, 4, (8, 9)), np.ones((10, 10))).astype(np.uint8)
    for path in paths:
        wrong = rng.random(truth.shape) < 0.15
        write_raster(path, [np.where(wrong, 1, truth).astype(np.uint8)], grid, 0)
        write_classes(path, classes)
    rows, columns = rng.integers(0, 80, 200), rng.integers(0, 90, 200)
    places = [
        unproject(grid.wkt, 500_005.0 + 10.0 * column, 4_799_995.0 - 10.0 * row)
        for row, column in zip(rows, columns, strict=True)
    ]
    labels = np.array(classes.labels, dtype=object)[truth[rows, columns] - 1]
    write_table(Table({"cover": labels}, "points", points(*np.array(places).T)),
                inputs["REFERENCE"])  # fmt: skip
    return paths, inputs


def assessmap(world: World) -> dict[str, Any]:
    """A small map and points drawn by chance all over it."""
    paths, inputs = class_maps(world)
    return inputs | {"MAP": paths[0], "DESIGN": "post_stratified", "TARGET_SE": 0.03}


def fuseclassifications(world: World) -> dict[str, Any]:
    """Two small maps."""
    return {"MAPS": class_maps(world)[0], "EXECUTOR": "threads:1"}


def regularizemap(world: World) -> dict[str, Any]:
    """A small map, and one zone."""
    import numpy as np

    from calval_toolbox.core.io.geometries import polygon
    from calval_toolbox.core.io.tables import write_table
    from calval_toolbox.core.table import Table

    path, zones = class_maps(world)[0][0], world.folder / "zones.gpkg"
    if not zones.exists():
        ring = [(3.001, 43.346), (3.007, 43.346), (3.007, 43.351), (3.001, 43.351), (3.001, 43.346)]
        shapes = np.empty(1, dtype=object)
        shapes[0] = polygon(ring)
        write_table(Table({"name": np.array(["a"], object)}, "zones", shapes, "Polygon"), zones)
    return {"MAP": path, "MINIMUM_PIXELS": 5, "ZONES": str(zones), "EXECUTOR": "threads:1"}


def landcoverchain(world: World) -> dict[str, Any]:
    """One tile, few bands and dates."""
    import json

    case, tile = world.land_cover, "T31TDJ"
    steps = {
        "computeprimitives": {"STEP_DAYS": 60, "INDICES": "NDVI", "BANDS": "B4,B8"},
        "preparesamples": {"BLOCK_SIZE_M": 300, "MAX_PER_CLASS": 40},
        "trainclassifier": {"TREES": 10, "FOLDS": 2},
    }
    configuration = {
        "products": {tile: str(case.optical[tile])}, "reference": str(case.reference),
        "class_field": "class", "steps": steps,
    }  # fmt: skip
    return {
        "CONFIGURATION": json.dumps(configuration), "OUTPUT_FOLDER": str(world.folder / "chain"),
        "EXECUTOR": "threads:1",
    }  # fmt: skip


SAMPLES: dict[str, Callable[[World], dict[str, Any]]] = {
    "anomalysensitivity": anomalysensitivity,
    "assessmap": assessmap,
    "fuseclassifications": fuseclassifications,
    "regularizemap": regularizemap,
    "calibrationreport": calibrationreport,
    "catalogproducts": catalogproducts,
    "checkinstallation": checkinstallation,
    "compareaot": compareaot,
    "compareaotcampaigns": compareaotcampaigns,
    "detectanomalies": detectanomalies,
    "detectanomaliesraster": detectanomaliesraster,
    "detectbreaks": detectbreaks,
    "extractaot": extractaot,
    "extractcalibrationsites": extractcalibrationsites,
    "findstablesites": findstablesites,
    "buildreferencedem": reference_dem,
    "coregisterdem": elevation_models,
    "comparedem": elevation_models,
    "extracttimeseries": extracttimeseries,
    "antarcticcloudimpact": antarcticcloudimpact,
    "calibrateantarctic": calibrateantarctic,
    "calibratedesert": calibratedesert,
    "calibrateclouds": calibrateclouds,
    "comparesensors": comparesensors,
    "computeprimitives": computeprimitives,
    "classifytimeseries": classifytimeseries,
    "desertuncertainty": desertuncertainty,
    "exportmeasurements": exportmeasurements,
    "findcloudsites": findcloudsites,
    "importaeronet": importaeronet,
    "importmeasurements": importmeasurements,
    "injectanomalies": injectanomalies,
    "landcoverchain": landcoverchain,
    "loadproduct": loadproduct,
    "preparesamples": preparesamples,
    "stereodem": stereo_images,
    "trainclassifier": trainclassifier,
    "updatecalibration": updatecalibration,
    "rankaeronetsites": rankaeronetsites,
    "regularizetimeseries": regularizetimeseries,
}
