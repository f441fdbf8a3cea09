# SPDX-License-Identifier: GPL-3.0-or-later
"""The stereo chain against exact truth: heights, seams, workers, views, and what spoils a pair."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from osgeo import gdal, osr
from scipy.ndimage import map_coordinates, maximum_filter, minimum_filter

from calval_toolbox.core.dem.chain.ground import ground_grid
from calval_toolbox.core.dem.chain.kernels import STEREO_KERNELS
from calval_toolbox.core.dem.chain.plan import plan_stereo
from calval_toolbox.core.dem.chain.points import cut
from calval_toolbox.core.dem.chain.request import Extent, StereoRequest, parse_region
from calval_toolbox.core.dem.chain.run import StereoResult, stereo_dsm
from calval_toolbox.core.dem.chain.seams import seam_counts, seam_test
from calval_toolbox.core.dem.rpc import FEWEST_POINTS
from calval_toolbox.core.dem.simulate import SceneSettings, simulate_scene, write_scene
from calval_toolbox.core.dem.triangulation import triangulate
from calval_toolbox.core.dependencies import require
from calval_toolbox.core.errors import CalValError, InputError, InsufficientDataError
from calval_toolbox.core.execution.ahead import kernel_at
from calval_toolbox.core.execution.settings import ExecutionSettings
from calval_toolbox.core.execution.state import EMPTY_KEY
from calval_toolbox.core.io.dem_files import read_dem
from calval_toolbox.core.io.geoid_grids import find_grid
from calval_toolbox.core.io.grids import grid_from_epsg, unproject
from calval_toolbox.core.io.raster_writer import write_raster
from calval_toolbox.core.io.rasters import Rasters
from calval_toolbox.core.io.vertical_crs import MODELS
from calval_toolbox.core.jit import Kernel, numba_available, parsed_types
from calval_toolbox.core.progress import Silent

pytest.importorskip("cv2", reason="OpenCV is not installed")
SIZE = 400
DEGREES = grid_from_epsg(4326, (0.0, 1.0, 0.0, 0.0, 0.0, -1.0), 1, 1)
TILES = ExecutionSettings("threads:1", 200)


class Scene:
    """A simulated scene on disk."""

    def __init__(self, folder: Path, settings: SceneSettings) -> None:
        self.scene = simulate_scene(settings)
        self.paths = write_scene(self.scene, folder)

    @property
    def images(self) -> tuple[str, ...]:
        return tuple(str(path) for name, path in self.paths.items() if name.startswith("img"))

    def request(self, **more: Any) -> StereoRequest:
        return StereoRequest(self.images, resolution=0.5, **more)

    def off(self, output: Path) -> Any:
        """Heights less the truth at each cell of a result."""
        dem, truth = read_dem(str(output)), self.scene.truth
        left, width, _, top, _, height = dem.grid.geotransform
        x = left + (np.arange(dem.grid.width) + 0.5) * width
        y = top + (np.arange(dem.grid.height) + 0.5) * height
        west, step, _, north, _, down = truth.grid.geotransform
        at = np.meshgrid((y - north) / down - 0.5, (x - west) / step - 0.5, indexing="ij")
        return dem.height - map_coordinates(truth.height.astype(float), at, order=1, cval=np.nan)


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    folder = tmp_path_factory.mktemp("scene")
    return Scene(folder, SceneSettings("urban", size=SIZE, pointing_px=((1.7, -2.2),)))


def make(
    request: StereoRequest, folder: Path, execution: ExecutionSettings = TILES, **names: str
) -> tuple[StereoResult, Path]:
    output = folder / "dsm.tif"
    targets = {"dsm": (output, str(output))}
    targets |= {key: (folder / name, name) for key, name in names.items()}
    return stereo_dsm(request, targets, folder / "tiles", execution), output


@pytest.fixture(scope="module")
def calls() -> set[tuple[str, Any]]:
    """The kernels that ``result`` has called, by place and types, where numba is installed."""
    return set()


@pytest.fixture(scope="module")
def result(
    scene: Scene, tmp_path_factory: pytest.TempPathFactory, calls: set[tuple[str, Any]]
) -> tuple[StereoResult, Path]:
    folder, call = tmp_path_factory.mktemp("result"), Kernel.__call__

    def noted(kernel: Kernel[Any, Any], *args: Any) -> Any:
        if numba_available():
            place = f"{kernel.python.__module__}.{kernel.__name__}".partition(".core.")[2]
            calls.add((place, tuple(map(require("numba").typeof, args))))
        return call(kernel, *args)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Kernel, "__call__", noted)
        made = make(scene.request(), folder, ortho="ortho.tif", points="points.ply")
        # The scene is too small for the kernels of rational polynomials.
        many, pair = np.full((4, FEWEST_POINTS), 100.0), made[0].plan.pairs[0]
        triangulate(*pair.models, many, pair.heights)
        pair.models[0].project(*many[:3])
    return made


def nmad(values: Any) -> float:
    return 1.4826 * float(np.nanmedian(np.abs(values - np.nanmedian(values))))


def test_heights_lie_on_the_truth(scene: Scene, result: tuple[StereoResult, Path]) -> None:
    found, output = result
    off = scene.off(output)
    error = np.abs(off - np.nanmedian(off))
    assert nmad(off) < 0.3
    assert np.nanmean(error > 2.0) < 0.06
    assert found.coverage_percent > 93.0  # walls hide the rest
    assert found.pointing_px < 0.2
    assert found.plan.pairs[0].quality.base_to_height == pytest.approx(0.25, abs=0.01)
    confidence = read_dem(str(output), band=4).height
    sure = confidence >= np.nanmedian(confidence)
    assert np.nanmedian(error[sure]) < np.nanmedian(error[~sure & np.isfinite(error)])


def test_the_table_of_kernels_is_that_of_a_run(
    result: tuple[StereoResult, Path], calls: set[tuple[str, Any]]
) -> None:
    pytest.importorskip("numba", reason="numba is not installed")
    assert result[1].exists()
    table = {(place, parsed_types(types)) for group in STEREO_KERNELS for place, types in group}
    assert calls == table


def test_groups_of_kernels_share_no_function() -> None:
    def below(kernel: Kernel[Any, Any]) -> set[str]:
        python = kernel.python
        called = [python.__globals__.get(name) for name in python.__code__.co_names]
        inner = [below(one) for one in called if isinstance(one, Kernel)]
        return {f"{python.__module__}.{python.__name__}"}.union(*inner)

    groups = [
        set[str]().union(*(below(kernel_at(place)) for place, _ in group))
        for group in STEREO_KERNELS
    ]
    assert len(groups[0]) > 5
    assert sum(map(len, groups)) == len(set[str]().union(*groups))


def test_bands_and_grid(result: tuple[StereoResult, Path]) -> None:
    found, output = result
    height, std, count, _ = (read_dem(str(output), band=band) for band in (1, 2, 3, 4))
    left, width, _, top, _, _ = height.grid.geotransform
    assert width == 0.5
    assert left % 0.5 == top % 0.5 == 0.0
    assert gdal.Open(str(output)).GetMetadataItem("VERTICAL_REFERENCE") == "WGS 84 ellipsoid"
    assert np.array_equal(count.height >= 1.0, height.valid)
    assert (std.height[height.valid] >= 0.0).all()
    assert height.valid.sum() == sum(one["cells"] for one in found.ground.summaries)


def test_seams_do_not_show(result: tuple[StereoResult, Path]) -> None:
    seams = result[0].seams
    assert seams.count > 500
    assert not seams.visible


def test_a_planted_seam_is_seen() -> None:
    rng = np.random.default_rng(0)
    height = rng.normal(0.0, 0.05, (60, 200))
    owners = np.repeat(np.arange(10), 20)[None, :] * np.ones((60, 1), dtype=int)
    plain = seam_test([{"seams": seam_counts(height, owners)}])
    stepped = seam_test([{"seams": seam_counts(height + 0.3 * (owners % 2), owners)}])
    assert plain.ratio == pytest.approx(1.0, abs=0.15)
    assert stepped.visible
    assert stepped.seam_m == pytest.approx(0.3, abs=0.05)


def test_the_same_bits_from_other_workers(
    scene: Scene, result: tuple[StereoResult, Path], tmp_path: Path
) -> None:
    """Two threads, in another order of tiles; the tiles of ground have no margin to agree on."""
    two, output = make(scene.request(), tmp_path, replace(TILES, executor="threads:2"))
    first = result[0]
    for one, other in zip(first.pairs, two.pairs, strict=True):
        assert one.checksums == other.checksums
    assert output.read_bytes() == result[1].read_bytes()


def test_tiles_of_ground_do_not_matter(
    scene: Scene, result: tuple[StereoResult, Path], tmp_path: Path
) -> None:
    """The same points in smaller tiles of ground give the same cells."""
    from calval_toolbox.core.dem.chain import ground
    from calval_toolbox.core.execution.runner import run_tiles

    found, output = result
    parameters = ground.ground_parameters(
        found.plan, found.pairs, found.grid, ground.GroundShift(), False
    )
    tiles = ground.ground_tiles(found.grid, 97, 0)
    run = run_tiles(ground.make_cells, tiles, tmp_path / "t", parameters, TILES)
    assert len(run.tiles) > len(found.ground.tiles)
    path = tmp_path / "other.tif"
    from calval_toolbox.core.execution.results import RasterOutput, write_rasters

    write_rasters(run, [RasterOutput(ground.DSM, path, ground.NODATA, ground.BANDS)], found.grid)
    with Rasters() as rasters:
        size = 0, 0, found.grid.width, found.grid.height
        for band in (1, 2, 3, 4):
            one, other = (rasters.read(str(p), band, *size) for p in (output, path))
            assert np.array_equal(one, other)


def test_ortho_shows_the_first_image(scene: Scene, result: tuple[StereoResult, Path]) -> None:
    found, output = result
    with Rasters() as rasters:
        path = str(output.parent / "ortho.tif")
        ortho = rasters.read(path, 1, 0, 0, found.grid.width, found.grid.height)
    valid = read_dem(str(output)).valid & (ortho > 0)
    assert valid.mean() > 0.5
    model, image = scene.scene.models[0], scene.scene.images[0]
    from calval_toolbox.core.dem.placing import places

    lon, lat = places(found.grid, 0, found.grid.height)
    column, row = model.project(lon[valid], lat[valid], read_dem(str(output)).height[valid])
    there = map_coordinates(image.astype(float), [row, column], order=1)
    assert np.median(np.abs(there - ortho[valid])) < 0.5


def test_points_are_a_ply(result: tuple[StereoResult, Path]) -> None:
    found, output = result
    data = (output.parent / "points.ply").read_bytes()
    head, body = data.split(b"end_header\n", 1)
    count = int(head.split(b"element vertex ")[1].split()[0])
    record = np.dtype([("x", "<f8"), ("y", "<f8"), ("z", "<f8"), ("c", "<f4")])
    points = np.frombuffer(body, record)
    assert len(points) == count == sum(one["count"] for one in found.pairs[0].summaries)
    dem = read_dem(str(output))
    left, width, _, top, _, height = dem.grid.geotransform
    c = np.floor((points["x"] - left) / width).astype(int)
    r = np.floor((points["y"] - top) / height).astype(int)
    inside = (c >= 0) & (r >= 0) & (c < dem.grid.width) & (r < dem.grid.height)
    assert inside.mean() > 0.999
    off = points["z"][inside] - dem.height[r[inside], c[inside]]
    assert np.nanmedian(np.abs(off)) < 0.1


def test_resumed_run_matches_nothing_again(scene: Scene, tmp_path: Path) -> None:
    first, output = make(scene.request(region=(40, 40, 200, 200)), tmp_path)
    before = output.read_bytes()
    again, _ = make(scene.request(region=(40, 40, 200, 200)), tmp_path)
    assert again.pairs[0].computed == again.ground.computed == 0
    assert output.read_bytes() == before
    assert np.isnan(again.cpu_per_megapixel)
    first.discard()
    assert not (tmp_path / "tiles").exists()


def test_tie_removes_the_bias(scene: Scene, tmp_path: Path) -> None:
    """The error along the epipolar lines, which no pair can see, is planted into the images."""
    reference, truth = tmp_path / "reference.tif", scene.scene.truth
    coarse = truth.height[: len(truth.height) // 8 * 8, : truth.height.shape[1] // 8 * 8]
    coarse = coarse.reshape(len(coarse) // 8, 8, -1, 8).mean(axis=(1, 3)).astype(np.float32)
    left, step, _, top, _, down = truth.grid.geotransform
    grid = replace(
        truth.grid, geotransform=(left, 8 * step, 0.0, top, 0.0, 8 * down), width=coarse.shape[1],
        height=coarse.shape[0],
    )  # fmt: skip
    write_raster(reference, [coarse], grid)
    plain, output = make(scene.request(), tmp_path / "a")
    before = scene.off(output)
    tied, output = make(scene.request(reference=str(reference)), tmp_path / "b")
    after = scene.off(output)
    assert plain.tie is None
    assert abs(np.nanmedian(before)) > 2.0
    assert abs(np.nanmedian(after)) < 0.3
    assert nmad(after) < nmad(before) + 0.01
    assert tied.tie is not None
    assert tied.tie.up == pytest.approx(-np.nanmedian(before), abs=0.6)
    assert tied.tie.cell_m == pytest.approx(4.0, rel=0.01)


def test_a_tie_moves_the_grid_too(result: tuple[StereoResult, Path], tmp_path: Path) -> None:
    """A shift of many cells loses no rim."""
    from calval_toolbox.core.dem.chain import ground
    from calval_toolbox.core.execution.runner import run_tiles

    found = result[0]
    shift = ground.GroundShift(37.0, -21.0, 5.0)
    grid = ground.ground_grid(found.plan, found.pairs, shift)
    left, step, _, top, _, _ = found.grid.geotransform
    assert grid.geotransform[::3] == (left + 37.0 * step, top + 21.0 * step)
    assert (grid.width, grid.height) == (found.grid.width, found.grid.height)
    parameters = ground.ground_parameters(found.plan, found.pairs, grid, shift, False)
    tiles = ground.ground_tiles(grid, 512, 0)
    moved = run_tiles(ground.make_cells, tiles, tmp_path / "t", parameters, TILES)
    cells = [sum(one["cells"] for one in run.summaries) for run in (moved, found.ground)]
    assert cells[0] == cells[1]


def test_ortho_lies_on_a_tied_model(tmp_path: Path) -> None:
    """The first image is sampled where its own model sees the ground: all of the tie is undone."""
    rough = Scene(
        tmp_path / "s", SceneSettings("rough", size=280, pointing_px=((1.7, -2.2),), samples=1)
    )
    reference, truth = tmp_path / "reference.tif", rough.scene.truth
    write_raster(reference, [truth.height.astype(np.float32)], truth.grid)
    found, output = make(rough.request(reference=str(reference)), tmp_path, ortho="ortho.tif")
    assert found.tie is not None
    assert np.hypot(found.tie.columns, found.tie.rows) > 1.0  # that there is something to undo
    at = [np.array(one.geotransform[::3]) for one in
          (found.grid, ground_grid(found.plan, found.pairs))]  # fmt: skip
    moved = (at[0] - at[1]) / (0.5, -0.5)
    assert np.abs(moved - (found.tie.columns, found.tie.rows)).max() < 1.0
    assert np.hypot(*moved) >= 1.0  # the grid, too
    assert found.tie.cell_m == pytest.approx(2.0, rel=0.01)
    assert np.abs(displaced(rough, output, tmp_path / "ortho.tif")).max() < 0.1


def displaced(scene: Scene, output: Path, ortho: Path) -> tuple[float, float]:
    """By how many cells (columns, rows) an ortho-image is off the first image, sampled where the
    truth lies.
    """
    from calval_toolbox.core.dem.placing import places

    dem = read_dem(str(output))
    with Rasters() as rasters:
        shown = rasters.read(str(ortho), 1, 0, 0, dem.grid.width, dem.grid.height)
    lon, lat = places(dem.grid, 0, dem.grid.height)
    truth = dem.height - scene.off(output)
    column, row = scene.scene.models[0].project(lon, lat, truth)
    image = scene.scene.images[0].astype(float)
    there = map_coordinates(image, [row, column], order=1, cval=np.nan)
    down, across = np.gradient(there)
    good = (shown >= 0) & (np.abs(scene.off(output)) < 0.5)
    good &= np.isfinite(down) & np.isfinite(across) & (np.hypot(down, across) < 30.0)
    terms = np.stack([across[good], down[good], np.ones(good.sum())], axis=1)
    found = np.linalg.lstsq(terms, (there - shown)[good], rcond=None)[0]
    return float(found[0]), float(found[1])


def test_reference_above_a_geoid_is_converted(scene: Scene, tmp_path: Path) -> None:
    """The same ground, told above EGM96 by the CRS, ties as the truth above the ellipsoid does."""
    from calval_toolbox.core.dem.datum import to_reference
    from calval_toolbox.core.io.vertical_crs import with_reference

    truth, reference = scene.scene.truth, tmp_path / "egm96.tif"
    try:
        height = to_reference(truth.height.astype(np.float32), truth.grid, "ellipsoid", "EGM96")
    except InputError as error:
        pytest.skip(str(error))
    assert abs(np.nanmedian(height - truth.height)) > 2.0
    grid = replace(truth.grid, wkt=with_reference(truth.grid.wkt, "EGM96"))
    write_raster(reference, [height], grid)
    tied, output = make(scene.request(reference=str(reference)), tmp_path)
    assert abs(np.nanmedian(scene.off(output))) < 0.3
    assert any("EGM96" in note and "converted" in note for note in tied.notes)


def test_reference_whose_crs_names_an_unknown_datum(scene: Scene, tmp_path: Path) -> None:
    """Refused with the parameter that helps, then taken at its word."""
    from calval_toolbox.core.dem.chain.tie import tie_model

    truth, reference = scene.scene.truth, str(tmp_path / "local.tif")
    both, up = osr.SpatialReference(), osr.SpatialReference()
    up.ImportFromEPSG(5720)
    both.SetCompoundCS("local", truth.grid.reference(), up)
    write_raster(
        Path(reference), [truth.height.astype(np.float32)],
        replace(truth.grid, wkt=both.ExportToWkt()),
    )  # fmt: skip
    with pytest.raises(InputError, match=r"local\.tif.*'NGF-IGN69 height'.*REFERENCE_VERTICAL"):
        make(scene.request(reference=reference), tmp_path)
    asked = scene.request(reference=reference, reference_vertical="ellipsoid")
    _, output = make(asked, tmp_path)
    assert abs(np.nanmedian(scene.off(output))) < 0.3
    if find_grid(MODELS["EGM96"].files):
        told = tie_model(reference, "ellipsoid", "egm96")
        assert told.source == "EGM96"
        assert "as REFERENCE_VERTICAL says: they were converted to ellipsoid" in told.note


def test_reference_of_another_place_is_refused_before_matching(
    scene: Scene, tmp_path: Path
) -> None:
    truth, far = scene.scene.truth, tmp_path / "far.tif"
    left, step, _, top, _, down = truth.grid.geotransform
    grid = replace(truth.grid, geotransform=(left + 5e4, step, 0.0, top, 0.0, down))
    write_raster(far, [truth.height.astype(np.float32)], grid)
    with pytest.raises(InputError, match="far.tif does not show the part"):
        make(scene.request(reference=str(far)), tmp_path)
    few = replace(truth.grid, geotransform=(left, 15.0, 0.0, top, 0.0, -15.0), width=13, height=13)
    write_raster(far, [np.zeros((13, 13), dtype=np.float32)], few)
    with pytest.raises(InputError, match="cells in common with the part .* 200 are needed"):
        make(scene.request(reference=str(far)), tmp_path)
    assert not (tmp_path / "tiles").exists()


def test_cells_lie_where_they_should(tmp_path: Path) -> None:
    """Without an error of the models nothing is displaced, by a tenth of a cell."""
    exact = Scene(
        tmp_path / "s", SceneSettings("rough", size=256, pointing_px=((0.0, 0.0),), samples=1)
    )
    _, output = make(exact.request(), tmp_path)
    off = exact.off(output)
    down, across = np.gradient(np.where(np.isfinite(off), read_dem(str(output)).height, np.nan))
    good = np.isfinite(across) & np.isfinite(down) & (np.abs(off) < 0.5)
    terms = np.stack([across[good], down[good], np.ones(good.sum())], axis=1)
    columns, rows, up = np.linalg.lstsq(terms, off[good], rcond=None)[0]
    assert abs(columns) < 0.1
    assert abs(rows) < 0.1
    assert abs(up) < 0.1


def test_heights_above_the_geoid(scene: Scene, result: tuple[StereoResult, Path],
                                 tmp_path: Path) -> None:  # fmt: skip
    from calval_toolbox.core.dem.datum import undulation

    try:
        known = float(undulation("EGM96", np.array(55.65), np.array(-21.23)))
    except InputError as error:
        pytest.skip(str(error))
    _, output = make(scene.request(vertical="EGM96"), tmp_path)
    dem = read_dem(str(output))
    lower = read_dem(str(result[1])).height - dem.height
    assert np.nanmedian(lower) == pytest.approx(known, abs=0.02)
    assert "EGM96" in dem.grid.wkt


def test_small_voids_are_filled_and_marked(scene: Scene, tmp_path: Path) -> None:
    found, output = make(scene.request(largest_void=64), tmp_path)
    count = read_dem(str(output), band=3).height
    height = read_dem(str(output)).height
    filled = np.isfinite(height) & (count == 0)
    assert found.filled == filled.sum() > 0
    assert np.isnan(read_dem(str(output), band=2).height[filled]).all()
    # Between what is around them: beside walls nobody knows more.
    known = np.isfinite(height) & ~filled
    low = minimum_filter(np.where(known, height, np.inf), 19)
    high = maximum_filter(np.where(known, height, -np.inf), 19)
    assert ((height >= low - 0.01) & (height <= high + 0.01))[filled].all()


def test_three_views_are_fused(tmp_path: Path) -> None:
    three = Scene(tmp_path / "s", SceneSettings(
        "rough", size=320, views=3, base_to_height=0.4, pointing_px=((1.5, -2.0), (-2.5, 1.0)),
        samples=1,
    ))  # fmt: skip
    found, output = make(three.request(), tmp_path)
    assert len(found.pairs) == 2
    near, far = sorted(found.plan.pairs, key=lambda one: one.quality.base_to_height)
    wider = far.quality.base_to_height / near.quality.base_to_height
    assert far.weight / near.weight == pytest.approx(wider**2, rel=0.1)
    off = three.off(output)
    assert nmad(off) < 0.35
    assert any("adjusted together" in note for note in found.notes)


def test_a_prior_model_bounds_the_search(scene: Scene, tmp_path: Path) -> None:
    """Its heights may be counted from anything: here they are 40 m too high."""
    prior, truth = tmp_path / "prior.tif", scene.scene.truth
    write_raster(prior, [(truth.height + 40.0).astype(np.float32)], truth.grid)
    _, output = make(scene.request(prior=str(prior)), tmp_path)
    assert nmad(scene.off(output)) < 0.3
    elsewhere = tmp_path / "elsewhere.tif"
    left, step, _, top, _, down = truth.grid.geotransform
    far = replace(truth.grid, geotransform=(left + 5e4, step, 0.0, top, 0.0, down))
    write_raster(elsewhere, [truth.height.astype(np.float32)], far)
    with pytest.raises(InputError, match="does not show this place"):
        make(scene.request(prior=str(elsewhere)), tmp_path / "x")


def test_extent_bounds_the_result(scene: Scene, tmp_path: Path) -> None:
    grid = scene.scene.truth.grid
    left, bottom, right, top = grid.bounds()
    west, south = unproject(grid.wkt, left + 0.4 * (right - left), bottom + 0.4 * (top - bottom))
    east, north = unproject(grid.wkt, left + 0.6 * (right - left), bottom + 0.6 * (top - bottom))
    extent = Extent((west, south, east, north), DEGREES.wkt)
    found, _ = make(scene.request(extent=extent), tmp_path)
    own = found.grid.bounds()
    assert own[0] == pytest.approx(left + 0.4 * (right - left), abs=1.5)
    assert own[2] == pytest.approx(left + 0.6 * (right - left), abs=1.5)
    assert found.plan.region[2] < SIZE
    assert found.coverage_percent > 95.0


def test_extent_in_the_coordinates_of_the_result_is_kept(scene: Scene) -> None:
    """Cells that the box touches, and none beside it, whatever the turn of the zone."""
    lattice = plan(scene.request()).lattice
    left, step, _, top, _, _ = lattice.geotransform
    box = (left - 20.0 * step, top - 50.0 * step, left + 30.0 * step, top + 10.0 * step)
    assert Extent(box, lattice.wkt).cells(lattice) == (-20, -10, 30, 50)
    box = (box[0] + 0.1 * step, box[1], box[2] + 0.1 * step, box[3])
    assert Extent(box, lattice.wkt).cells(lattice) == (-20, -10, 31, 50)
    corners = [unproject(lattice.wkt, *one) for one in (box[:2], box[2:])]
    turned = Extent((*corners[0], *corners[1]), DEGREES.wkt).cells(lattice)
    assert np.abs(np.array(turned) - (-20, -10, 31, 50)).max() <= 3
    assert "read in WGS 84" in str(Extent((0.0, 0.0, 1.0, 1.0), DEGREES.wkt))


def test_a_part_beyond_the_image_is_cut_and_told(scene: Scene) -> None:
    found = plan(scene.request(region=(200, 100, 400, 200)))
    assert found.region == (200, 100, SIZE - 200, 200)
    assert any("200,100,200,200 of it is made, 50 %" in note for note in found.notes)
    whole = plan(scene.request(region=(200, 100, 200, 200)))
    assert not any("reaches beyond" in note for note in whole.notes)


def test_an_extent_beyond_the_images_is_told(scene: Scene) -> None:
    bounds = scene.scene.truth.grid.bounds()
    wkt = scene.scene.truth.grid.wkt
    left, bottom, right, top = bounds
    third = 0.3 * (right - left)
    inner = (left + third, bottom + third, right - third, top - third)
    whole = plan(scene.request(extent=Extent(inner, wkt)))
    assert not any("reaches beyond" in note for note in whole.notes)
    # Three times as wide, all of the first one in its middle.
    side = inner[2] - inner[0]
    wide = (inner[0] - 5.0 * side, inner[1], inner[2] + 5.0 * side, inner[3])
    (told,) = (
        note for note in plan(scene.request(extent=Extent(wide, wkt))).notes
        if "reaches beyond what two images show" in note
    )  # fmt: skip
    share = float(re.search(r"some (\d+) % of it", told)[1])
    truth = scene.scene.truth.height
    seen = min(1.0, SIZE * 0.5 / (11.0 * side))
    assert share == pytest.approx(100.0 * seen, abs=4.0), (truth.shape, side)


def test_tiles_share_the_region() -> None:
    tiles = cut((10, 20, 700, 500), 512)
    assert len(tiles) == 2
    assert sum(one.pixels for one in tiles) == 700 * 500
    assert max(one.own.width for one in tiles) == 350


# -- what spoils a pair


def plan(request: StereoRequest) -> Any:
    return plan_stereo(request, Silent())


def rewritten(source: str, path: Path, change: Any, nodata: float | None = None) -> str:
    """An image with other pixels and the same RPC."""
    old = gdal.Open(source)
    values = change(old.ReadAsArray())
    kinds = {"uint8": gdal.GDT_Byte, "uint16": gdal.GDT_UInt16}
    new = gdal.GetDriverByName("GTiff").Create(
        str(path), values.shape[1], values.shape[0], 1, kinds[values.dtype.name]
    )
    new.SetMetadata(old.GetMetadata("RPC"), "RPC")
    if nodata is not None:
        new.GetRasterBand(1).SetNoDataValue(nodata)
    new.GetRasterBand(1).WriteArray(values)
    return str(path)


def test_what_is_given_has_to_make_a_pair(scene: Scene) -> None:
    one, _ = scene.images
    with pytest.raises(InputError, match="two or more images"):
        StereoRequest((one,))
    with pytest.raises(InputError, match="given twice"):
        StereoRequest((one, one))
    with pytest.raises(InputError, match="not both"):
        scene.request(region=(0, 0, 9, 9), extent=Extent((0.0, 0.0, 1.0, 1.0), DEGREES.wkt))
    with pytest.raises(InputError, match="not below"):
        scene.request(heights=(10.0, 5.0))
    with pytest.raises(InputError, match="no part of an image"):
        parse_region("1,2,3")
    assert parse_region(" 1, 2,30 40") == (1, 2, 30, 40)


def test_identical_content_has_no_parallax(scene: Scene, tmp_path: Path) -> None:
    copy = rewritten(scene.images[0], tmp_path / "copy.tif", lambda values: values)
    with pytest.raises(InputError, match="same direction"):
        plan(StereoRequest((scene.images[0], copy)))
    with pytest.raises(InputError, match=r"img_01\.tif and .*copy\.tif: .* same direction"):
        plan(StereoRequest((scene.images[0], copy, scene.images[1])))


def test_image_without_rpc(scene: Scene, tmp_path: Path) -> None:
    plain = tmp_path / "plain.tif"
    write_raster(plain, [scene.scene.images[1]], scene.scene.truth.grid)
    with pytest.raises(InputError, match=r"plain\.tif has no RPC"):
        plan(StereoRequest((scene.images[0], str(plain))))


def test_no_texture(scene: Scene, tmp_path: Path) -> None:
    flat = rewritten(
        scene.images[1], tmp_path / "flat.tif", lambda values: np.full_like(values, 300)
    )
    with pytest.raises(InputError, match="All pixels"):
        plan(StereoRequest((scene.images[0], flat)))
    rng = np.random.default_rng(0)
    noise = rewritten(
        scene.images[1], tmp_path / "noise.tif",
        lambda values: rng.normal(300.0, 3.0, values.shape).astype(np.uint16),
    )  # fmt: skip
    with pytest.raises(InsufficientDataError, match=r"noise\.tif have \d+ sparse matches"):
        plan(StereoRequest((scene.images[0], noise)))


def test_no_overlap(scene: Scene, tmp_path: Path) -> None:
    far = simulate_scene(SceneSettings("smooth", size=96, lon=55.9, samples=1))
    paths = write_scene(far, tmp_path)
    with pytest.raises(InputError, match="do not overlap"):
        plan(StereoRequest((scene.images[0], str(paths["img_02"]))))


def test_wrong_heights_say_where_the_ground_is(scene: Scene) -> None:
    with pytest.raises(InputError, match=r"The ground lies between 1\d\d\d and 1\d\d\d m"):
        plan(scene.request(heights=(0.0, 300.0)))
    given = plan(scene.request(heights=(1100.0, 1300.0)))
    assert given.pairs[0].heights == (1100.0, 1300.0)


def test_part_outside_the_image(scene: Scene) -> None:
    with pytest.raises(InputError, match="shares less than 64 x 64 pixels"):
        plan(scene.request(region=(390, 0, 300, 300)))
    with pytest.raises(InputError, match=r"The extent 10,10.1,10,10.1 \(read in WGS 84\) shares"):
        plan(scene.request(extent=Extent((10.0, 10.0, 10.1, 10.1), DEGREES.wkt)))


@pytest.mark.parametrize("resolution", [0.01, 5000.0])
def test_cells_that_pixels_do_not_suit(scene: Scene, resolution: float) -> None:
    with pytest.raises(InputError, match="does not suit pixels of 0.5 m on the ground"):
        plan(StereoRequest(scene.images, resolution=resolution))


def test_cloud_over_half_is_a_status(scene: Scene, tmp_path: Path) -> None:
    """A white, smooth cloud over the right half of the second image: its tiles have no points."""

    def cloud(values: Any) -> Any:
        values[:, 190:] = 3000
        return values

    cloudy = rewritten(scene.images[1], tmp_path / "cloudy.tif", cloud)
    execution = replace(TILES, tile_size=100)
    found, output = make(
        StereoRequest((scene.images[0], cloudy), resolution=0.5), tmp_path, execution
    )
    empty = [one for one in found.pairs[0].summaries if not one["count"]]
    assert empty
    assert all(one[EMPTY_KEY] for one in empty)
    assert any("no points" in note for note in found.notes)
    assert 30.0 < found.coverage_percent < 75.0
    assert nmad(scene.off(output)) < 0.4


def test_8_bits_and_borders_and_a_wrong_tag(scene: Scene, tmp_path: Path) -> None:
    """Black borders that a wrong tag does not declare; pixels of 8 bits beside those of 16."""

    def narrow(values: Any) -> Any:
        small = np.clip(values / 6.0, 1, 255).astype(np.uint8)
        small[:, :50] = 0
        return small

    odd = rewritten(scene.images[1], tmp_path / "odd.tif", narrow, nodata=-32768.0)
    found, output = make(StereoRequest((scene.images[0], odd), resolution=0.5), tmp_path)
    assert any("cannot hold" in note for note in found.notes)
    assert any("borders of value 0" in note for note in found.notes)
    assert nmad(scene.off(output)) < 0.5


def test_truncated_image_names_file_and_block(scene: Scene, tmp_path: Path) -> None:
    whole = Path(rewritten(scene.images[1], tmp_path / "cut.tif", lambda values: values))
    data = whole.read_bytes()
    whole.write_bytes(data[: int(0.6 * len(data))])
    with pytest.raises(CalValError, match=r"cut\.tif cannot be read in band 1, block \d+ from"):
        make(StereoRequest((scene.images[0], str(whole)), resolution=0.5), tmp_path / "o")
    assert not (tmp_path / "o" / "dsm.tif").exists()


def test_missing_geoid_stops_before_matching(scene: Scene, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="grid"):
        make(scene.request(vertical="no_such_geoid.gtx"), tmp_path)
    assert not (tmp_path / "tiles").exists()
