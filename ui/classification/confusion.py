# SPDX-License-Identifier: GPL-3.0-or-later
"""The confusion matrix of a map at samples, with precision, recall and F-score."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ...core.classification.views.sample_view import TEST, MappedSamples
from ...core.io.land_cover_layers import CLASSES
from ...core.types import AnyArray
from ..text import NOTHING, grouped, number, percent, tr
from .cells import CellTable
from .matrix import MatrixPlot
from .model import SAMPLES, LandCoverModel


class ConfusionPlot(MatrixPlot):
    """Rows are the reference, columns the map; ``percents``: percent of the row, not counts."""

    name = "land_cover_confusion"

    def __init__(self, model: LandCoverModel) -> None:
        self._model = model
        self.percents = False
        super().__init__(tr("Confusion"), tr("Reference"), tr("Map"))

    def draw(self) -> None:
        """Paint the matrix of the model."""
        model = self._model
        self.instead(self._lack())
        found = model.mapped
        if found is None:
            self.title.setText(tr("Confusion"))
            self.show_cells(None, ((), ()), ((), ()))
            return
        one = found.confusion
        labels = one.classes.labels
        shares = row_shares(one.counts)
        texts = np.array(
            [
                ["" if not n else small_percent(s) if self.percents else grouped(int(n))
                 for n, s in zip(row, part, strict=True)]
                for row, part in zip(one.counts, shares, strict=True)
            ], dtype=object,
        ).reshape(one.counts.shape)  # fmt: skip
        self.chosen = model.cell
        figures = [[_share(value) for value in part] for part in (one.recall, one.f_scores)]
        table = CellTable(
            shares, np.eye(len(labels), dtype=np.bool_), texts, tuple(figures),
            ([_share(value) for value in one.precision],),
        )  # fmt: skip
        self.title.setText(self._headline(found))
        self.show_cells(table, (labels, labels), ((tr("Precision"),), (tr("Recall"), tr("F"))))
        self._read_out(self.describe(model.cell))

    def _headline(self, found: MappedSamples) -> str:
        """How good the map is, and by which samples."""
        text = tr("Overall accuracy {accuracy}, {count} samples")
        if self._model.side == TEST and len(found.splits) > 1:
            text = tr("Overall accuracy {accuracy}, {count} samples, test in each of {runs} runs")
        one = found.confusion
        return text.format(
            accuracy=percent(one.overall, 1), count=grouped(int(one.total)), runs=len(found.splits)
        )

    def _lack(self) -> str:
        model = self._model
        if not model.chosen[SAMPLES]:
            return tr(
                "Add samples to the project: the output of Prepare samples (calval:preparesamples)."
            )
        if not model.chosen[CLASSES]:
            return tr(
                "Add a map of classes to the project: the output of Classify time series "
                "(calval:classifytimeseries)."
            )
        return "" if model.mapped is not None else tr("Reading the map at the samples…")

    def describe(self, identity: Any) -> str:
        """A cell, or a whole row or column, in two lines."""
        found = self._model.mapped
        if found is None or identity is None:
            return ""
        row, column = identity
        one, labels = found.confusion, found.confusion.classes.labels
        if column < 0:
            first = tr("Reference {label}: {count} samples").format(
                label=labels[row], count=grouped(int(one.counts[row].sum()))
            )
            return f"{first}\n" + tr("recall {recall}, F-score {f}").format(
                recall=percent(float(one.recall[row]), 1), f=number(float(one.f_scores[row]), 3)
            )
        if row < 0:
            first = tr("Map {label}: {count} samples").format(
                label=labels[column], count=grouped(int(one.counts[:, column].sum()))
            )
            precision = percent(float(one.precision[column]), 1)
            return f"{first}\n" + tr("precision {}").format(precision)
        count = int(one.counts[row, column])
        first = tr("Reference {reference}, map {mapped}: {count} samples").format(
            reference=labels[row], mapped=labels[column], count=grouped(count)
        )
        of_row, of_column = (
            percent(count / total if total else float("nan"), 1)
            for total in (one.counts[row].sum(), one.counts[:, column].sum())
        )
        return f"{first}\n" + tr("{row} of the reference class, {column} of the map's").format(
            row=of_row, column=of_column
        )

    def columns(self) -> Mapping[str, AnyArray]:
        """One row per class of the reference."""
        found = self._model.mapped
        if found is None:
            return {}
        one = found.confusion
        columns: dict[str, AnyArray] = {"reference": np.array(one.classes.labels, dtype=object)}
        for place, label in enumerate(one.classes.labels):
            columns[f"map_{label}"] = one.counts[:, place].astype(np.int64)
        return columns | {
            "precision": one.precision, "recall": one.recall, "f_score": one.f_scores,
        }  # fmt: skip


def small_percent(share: float) -> str:
    """A share in percent, told from none where it is small."""
    return tr("< 1 %") if 0.0 < share < 0.005 else percent(share)


def row_shares(counts: AnyArray) -> AnyArray:
    """Shares (rows, columns) of the rows, 0 where a row is empty."""
    totals = counts.sum(axis=1, keepdims=True).astype(np.float64)
    return np.divide(counts, totals, out=np.zeros(counts.shape), where=totals > 0)


def _share(value: float) -> str:
    return NOTHING if value != value else number(100.0 * float(value), 0)
