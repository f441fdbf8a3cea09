# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the panels meet QGIS: menu, toolbar button, docks, map and layers. Nothing else in ``ui``
touches them.

A panel is a widget of its own folder (``ui/aot``) that knows no QGIS, and a ``PanelController``
here that links it. To add one: write the widget with the signals that ``panel.Panel`` names, a
controller in a file of its own beside ``aot.py``, a line in ``registry.PANELS``, an icon
``resources/icons/<key>.svg`` and a page ``help/panels/<key>.md``. Menu, dock, restart, tasks, map
and products come with it.
"""

from .window import Controllers

__all__ = ["Controllers"]
