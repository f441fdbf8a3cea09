# SPDX-License-Identifier: GPL-3.0-or-later
"""Why a pixel was matched or not, in words."""

from __future__ import annotations

from ...core.dem.preview import Hint, MatchPreview, Reason
from ..text import number, tr


def verdict(found: MatchPreview) -> str:
    """The heading: what came out."""
    confidence = number(found.confidence, 2)
    if found.reason is Reason.MATCHED and found.winner is not None:
        return tr("Matched: height {height} m, confidence {confidence}").format(
            height=number(found.winner.height, 2), confidence=confidence
        )
    return tr("Not matched: {}").format(_short()[found.reason])


def explained(found: MatchPreview) -> str:
    """Sentences: the reason, and what makes the match hard."""
    sentences = [_long(found)[found.reason]]
    for hint in found.hints:
        sentences.append(_hint(found, hint))
    return " ".join(sentences)


def _short() -> dict[Reason, str]:
    return {
        Reason.NO_FIRST: tr("no data in the first image"),
        Reason.NO_SECOND: tr("the second image shows nothing of it"),
        Reason.FLAT: tr("no texture at all"),
        Reason.RANGE_EDGE: tr("the best candidate is at the end of the range"),
        Reason.OCCLUDED: tr("hidden in the second image"),
        Reason.MISMATCHED: tr("the match back leads elsewhere"),
        Reason.SPECKLE: tr("an island of few pixels"),
    }


def _long(found: MatchPreview) -> dict[Reason, str]:
    winner = found.winner
    back = number(winner.back_px, 1) if winner is not None else ""
    where = tr("column {column}, row {row}").format(
        column=number(found.column, 1), row=number(found.row, 1)
    )
    sub = "" if winner is None else number(winner.disparity, 2, signed=True)
    return {
        Reason.MATCHED: tr(
            "At {where} the disparity {disparity} px has the lowest sum, and the pixel that it "
            "meets in the second image leads back to within {back} px."
        ).format(where=where, disparity=sub, back=back),
        Reason.NO_FIRST: tr(
            "At {} the first image has no data in the window of the census."
        ).format(where),
        Reason.NO_SECOND: tr(
            "For {} the second image has no data at any height that is searched: it ends here, or "
            "the range of heights is wrong."
        ).format(where),
        Reason.FLAT: tr(
            "Around {} all pixels of the window have one gray value (saturated, water, shadow): "
            "there is nothing to compare."
        ).format(where),
        Reason.RANGE_EDGE: tr(
            "At {} the costs fall to the end of the range: the true height may lie beyond. Check "
            "All heights, or give a wider range of heights."
        ).format(where),
        Reason.OCCLUDED: tr(
            "No pixel of the second image has {where} as its best match; the one with the lowest "
            "sum leads {back} px elsewhere: this ground is hidden there, as beside walls."
        ).format(where=where, back=back),
        Reason.MISMATCHED: tr(
            "At {where} the lowest sum meets a pixel of the second image whose own best match lies "
            "{back} px elsewhere."
        ).format(where=where, back=back),
        Reason.SPECKLE: tr(
            "At {} a match was found, but its patch of similar disparities is so small that it was "
            "removed."
        ).format(where),
    }


def _hint(found: MatchPreview, hint: Hint) -> str:
    if hint is Hint.RIVAL:
        return tr(
            "The disparity {disparity} px ({height} m) is nearly as good: a repeated pattern, or "
            "little texture."
        ).format(
            disparity=number(float(found.disparity[found.rival]), 1, signed=True),
            height=number(float(found.height[found.rival]), 1),
        )
    if hint is Hint.LOW_TEXTURE:
        own, usual = found.texture
        return tr(
            "Little texture: gray values vary by {own} in the window, {usual} is usual around."
        ).format(own=number(own, 1), usual=number(usual, 1))
    return tr(
        "The coarse match that gives the range found nothing here (the chain leaves such a tile "
        "out): all heights are shown."
    )
