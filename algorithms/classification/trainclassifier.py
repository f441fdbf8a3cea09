# SPDX-License-Identifier: GPL-3.0-or-later
"""A classifier trained on samples, and what it is worth."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ...core.classification.limits import within
from ...core.classification.training.members import EXTRA_TREES, METHODS, TREES, Recipe
from ...core.classification.training.train import (
    Trained,
    train,
    train_zones,
    zone_file,
)
from ...core.classification.training.training_set import Columns, TrainingSet, training_set
from ...core.errors import InputError
from ...core.io.confusion_files import write_confusion
from ...core.io.model_files import SUFFIX, write_model
from ...core.names import split_names
from ...core.progress import Part
from ...core.report.classifier import classifier_report
from ...core.wording import listed
from ..base import CalValAlgorithm, Group, Job, make, tr

_NAMED = 20  # features in the log


class TrainClassifier(CalValAlgorithm):
    """Trains a classifier of land cover."""

    ID = "trainclassifier"
    GROUP = Group.CLASSIFICATION
    TAGS = (
        "land cover", "classification", "training", "random forest", "extra trees", "SVM",
        "cross-validation", "iota2",
    )  # fmt: skip
    REQUIRES = ("sklearn", "skops")

    SAMPLES, CLASS_FIELD, FEATURE_FIELDS = "SAMPLES", "CLASS_FIELD", "FEATURE_FIELDS"
    METHOD, TREES, SEED, FOLDS = "METHOD", "TREES", "SEED", "FOLDS"
    ZONE_FIELD, SPLIT_FIELD, BLOCK_SIZE_M = "ZONE_FIELD", "SPLIT_FIELD", "BLOCK_SIZE_M"
    OUTPUT_MODEL, REPORT, CONFUSION = "OUTPUT_MODEL", "REPORT", "CONFUSION"

    def title(self) -> str:
        return tr("Train a classifier")

    def summary(self) -> str:
        return tr(
            "Trains a classifier of land cover on a table of samples, for all of them and, where "
            "zones are given, for each zone. Says what it is worth by cross-validation, at random "
            "and by place side by side: neighbors are alike, and a score between neighbors is too "
            "good. Samples marked as test are never trained on. The model file holds the names of "
            "features and classes and runs nothing when it is opened. "
            "Methods: extremely randomized trees (Geurts 2006, 10.1007/s10994-006-6226-1), random "
            "forest (Breiman 2001, 10.1023/A:1010933404324), support vectors, boosted trees, and "
            "the mean of the first and the third."
        )

    def define(self) -> None:
        self.add(
            make.table(
                self.SAMPLES, tr("Samples"),
                tr(
                    "A layer or plain table (CSV too), one row per sample: its class and its "
                    "features, as calval:preparesamples writes it."
                ),
            ),
            make.field(
                self.CLASS_FIELD, tr("Class column"),
                tr("The class of each sample, a text or a whole number."), self.SAMPLES,
            ),
            make.string(
                self.FEATURE_FIELDS, tr("Feature columns"),
                tr(
                    "Names separated by commas; * stands for any letters, as in NDVI_*. Empty: all "
                    "columns of numbers but identifiers, coordinates, dates, zones, polygons, "
                    "splits and classes."
                ),
                optional=True, several=True,
            ),
            make.choice(
                self.METHOD, tr("Method"),
                tr(
                    "extra_trees: accurate and fast; random_forest: as other toolboxes have it; "
                    "svm: support vectors, slow on images; hist_gradient: boosted trees, slow to "
                    "train with many classes; ensemble: the mean of extra_trees and svm, mostly "
                    "the most accurate, as slow as svm."
                ),
                METHODS, EXTRA_TREES,
            ),
        )  # fmt: skip
        self._define_details()
        self._define_outputs()

    def _define_outputs(self) -> None:
        self.add(
            make.file_output(
                self.OUTPUT_MODEL, tr("Model"),
                tr(
                    "The model of all samples. Those of zones are written beside it, with the name "
                    "of the zone at the end of theirs."
                ),
                (SUFFIX.lstrip("."),),
            ),
            make.report_output(
                self.REPORT, tr("Report"), tr("Accuracy by class, confusions, and features.")
            ),
            make.file_output(
                self.CONFUSION, tr("Confusion matrix"),
                tr(
                    "Of the test samples, or of spatial (else random) cross-validation; a CSV file "
                    "as iota2 and the Orfeo ToolBox write it."
                ),
                ("csv",), optional=True, advanced=True,
            ),
        )  # fmt: skip
        self.add_string("MODELS", tr("Model files: of the zones, or the one of all samples"))
        self.add_number("OA_RANDOM", tr("Overall accuracy, random cross-validation"))
        self.add_number("OA_SPATIAL", tr("Overall accuracy, spatial cross-validation"))
        self.add_number("KAPPA", tr("Kappa, spatial cross-validation (random without it)"))
        self.add_number("MACRO_F1", tr("Mean F-score, spatial cross-validation (random without)"))
        self.add_number("OA_TEST", tr("Overall accuracy, test samples"))
        self.add_number("SAMPLE_COUNT", tr("Samples trained on"))
        self.add_number("CLASS_COUNT", tr("Classes"))
        self.add_number("FEATURE_COUNT", tr("Features"))

    def _define_details(self) -> None:
        self.add(
            make.number(
                self.SEED, tr("Seed"),
                tr("Of all that is drawn by chance: the same seed gives the same model."),
                0, minimum=0, maximum=2**31 - 1, integer=True, advanced=True,
            ),
            make.number(
                self.TREES, tr("Trees"),
                tr("Of forests, 1 to 5000; boosted trees take a third of it as rounds."),
                TREES, integer=True, advanced=True, **within(self.ID, self.TREES),
            ),
            make.number(
                self.FOLDS, tr("Folds"),
                tr("Parts that cross-validation leaves out in turn, 2 to 20."),
                5, integer=True, advanced=True, **within(self.ID, self.FOLDS),
            ),
            make.field(
                self.ZONE_FIELD, tr("Zone column"),
                tr("A model of its own is trained for each zone. Empty: one model."),
                self.SAMPLES, optional=True, advanced=True,
            ),
            make.field(
                self.SPLIT_FIELD, tr("Split column"),
                tr(
                    "Says train or test of each sample; test samples are never trained on. Empty: "
                    "the column split where there is one."
                ),
                self.SAMPLES, optional=True, advanced=True,
            ),
            make.number(
                self.BLOCK_SIZE_M, tr("Block size (m)"),
                tr(
                    "Side of the blocks of spatial cross-validation, in meters; columns x and y "
                    "count as meters. Empty: the column fold where there is one, else polygons, "
                    "else blocks of 0.05 degrees (5,000 m)."
                ),
                None, optional=True, advanced=True, **within(self.ID, self.BLOCK_SIZE_M),
            ),
        )  # fmt: skip

    def compute(self, job: Job) -> dict[str, Any]:
        samples = training_set(
            job[self.SAMPLES].read(job.progress),
            Columns(
                job[self.CLASS_FIELD], split_names(job[self.FEATURE_FIELDS]),
                job[self.ZONE_FIELD], job[self.SPLIT_FIELD], job[self.BLOCK_SIZE_M] or 0.0,
            ),
        )  # fmt: skip
        job.progress.info(tr("Features: {}.").format(listed(samples.features, _NAMED)))
        for text in samples.passed_over:
            job.progress.info(text)
        recipe = Recipe(job[self.METHOD], job[self.TREES], job[self.SEED])
        end = 0.4 if job[self.ZONE_FIELD] else 0.95
        found = train(samples, recipe, job[self.FOLDS], Part(job.progress, 0.0, end))
        zones = self._zones(job, samples, recipe)
        for note in found.notes:
            job.progress.warn(note)
        write_model(job.stage(self.OUTPUT_MODEL), found.model)
        models = [self._write_zone(job, one) for one in zones] or [str(job[self.OUTPUT_MODEL])]
        if job.wanted(self.CONFUSION):
            matrix = found.test or found.best
            write_confusion(job.stage(self.CONFUSION), matrix, Path(job[self.CONFUSION]).name)
        if job.wanted(self.REPORT):
            text = classifier_report(found, zones, job.context(self.title()))
            job.write_text(self.REPORT, text)
        return self._results(found) | {"MODELS": json.dumps(models)}

    def _zones(self, job: Job, samples: TrainingSet, recipe: Recipe) -> list[Trained]:
        if not job[self.ZONE_FIELD]:
            return []
        part = Part(job.progress, 0.4, 0.95)
        zones, notes = train_zones(samples, recipe, job[self.FOLDS], part)
        for note in notes:
            job.progress.warn(note)
        if not zones:
            raise InputError(
                tr(
                    "No zone of the column {} has enough samples for a model of its own. Leave "
                    "ZONE_FIELD empty, or give more samples."
                ).format(job[self.ZONE_FIELD])
            )
        return zones

    def _write_zone(self, job: Job, one: Trained) -> str:
        final = Path(job[self.OUTPUT_MODEL]).absolute()
        path = final.with_name(zone_file(final.stem, one.model.zone))
        write_model(job.stage_beside(path), one.model)
        return str(path)

    @staticmethod
    def _results(found: Trained) -> dict[str, Any]:
        return {
            "OA_RANDOM": found.random.overall,
            "OA_SPATIAL": found.spatial.overall if found.spatial else None,
            "OA_TEST": found.test.overall if found.test else None,
            "KAPPA": found.best.kappa,
            "MACRO_F1": found.best.macro_f1,
            "SAMPLE_COUNT": found.count,
            "CLASS_COUNT": len(found.model.classes),
            "FEATURE_COUNT": len(found.model.features),
        }
