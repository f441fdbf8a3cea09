# SPDX-License-Identifier: GPL-3.0-or-later
"""The science of the toolbox: importable without QGIS and without Qt."""
