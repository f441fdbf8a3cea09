# SPDX-License-Identifier: GPL-3.0-or-later
"""Colors of plots on the light or dark palette that QGIS runs with: one meaning per color, legible
on both.
"""

from __future__ import annotations

from dataclasses import dataclass

from qgis.PyQt.QtGui import QColor, QPalette

from ..core.report import palette as colors

DARK_BELOW = 128
LEAST_CONTRAST = 90  # of lightness (0 to 255) between text and background
_WHITE, _BLACK = QColor("#FFFFFF"), QColor("#000000")
_TEXT_ON_DARK = QColor("#DDDDDD")
_LIFT = 0.4  # how far the darker colors move to white on a dark background
_LIFT_INK = 0.7  # and the darkest


@dataclass(frozen=True)
class Theme:
    """What a plot is painted with, derived from the palette of its widget."""

    dark: bool
    background: QColor
    foreground: QColor
    muted: QColor
    accepted: QColor
    reference: QColor
    rejected: QColor
    picked: QColor
    fitted: QColor

    def status(self, status: str) -> QColor:
        """The color of a traffic light (green, amber, red)."""
        return QColor(colors.status_color(status))


def theme_of(qt_palette: QPalette) -> Theme:
    """The theme that fits the base and text colors of a Qt palette."""
    background = qt_palette.color(QPalette.ColorGroup.Active, QPalette.ColorRole.Base)
    foreground = qt_palette.color(QPalette.ColorGroup.Active, QPalette.ColorRole.Text)
    dark = background.lightness() < DARK_BELOW
    # A theme made of style sheets changes the background alone: its palette still says black text.
    if abs(foreground.lightness() - background.lightness()) < LEAST_CONTRAST:
        foreground = _TEXT_ON_DARK if dark else _BLACK
    accepted, fitted = QColor(colors.ACCEPTED), QColor(colors.FIT)
    return Theme(
        dark=dark,
        background=background,
        foreground=foreground,
        muted=mix(foreground, background, 0.35),
        accepted=mix(accepted, _WHITE, _LIFT) if dark else accepted,
        reference=QColor(colors.REFERENCE),
        rejected=QColor(colors.REJECTED),
        picked=QColor(colors.REDDISH_PURPLE),
        fitted=mix(fitted, _WHITE, _LIFT_INK) if dark else fitted,
    )


def mix(one: QColor, other: QColor, share: float) -> QColor:
    """``one`` blended with ``share`` (0 to 1) of ``other``."""
    parts = zip(one.getRgb()[:3], other.getRgb()[:3], strict=True)
    return QColor(*(round(a + (b - a) * share) for a, b in parts))


def lifted(color: str, theme: Theme) -> QColor:
    """A color of the palette, paler on a dark background."""
    return mix(QColor(color), _WHITE, _LIFT) if theme.dark else QColor(color)


def faint(color: QColor, alpha: int) -> QColor:
    """``color`` at an opacity of 0 to 255."""
    paler = QColor(color)
    paler.setAlpha(alpha)
    return paler
