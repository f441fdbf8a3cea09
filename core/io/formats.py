# SPDX-License-Identifier: GPL-3.0-or-later
"""The file formats that results can be written in; free of imports, because the provider asks at
start-up.
"""

from __future__ import annotations

# suffix -> OGR driver. Shapefiles cut names to ten letters and FlatGeobuf drops rows without a
# place, so neither is offered.
TABLE_DRIVERS = {".gpkg": "GPKG", ".geojson": "GeoJSON", ".csv": "CSV"}
TABLE_EXTENSIONS = tuple(suffix[1:] for suffix in TABLE_DRIVERS)
RASTER_EXTENSIONS = ("tif", "tiff", "vrt")
