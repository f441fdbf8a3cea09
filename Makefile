# SPDX-License-Identifier: GPL-3.0-or-later
# What developers and curious users run. Every target first looks whether something has to be installed.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.NOTPARALLEL:

# Nobody else's Python environment reaches into this one, and nothing is asked of the first python3 on PATH.
unexport PYTHONPATH PYTHONHOME VIRTUAL_ENV
export PYTHONNOUSERSITE := 1
export QT_QPA_PLATFORM := offscreen
PYTHON := build/venv/bin/python

.PHONY: help setup demo test check format bench shots translations package clean

help:  ## this list
	@sed -nE 's/^([a-z]+):.*## (.*)/  make \1\t\2/p' Makefile | expand -t 22

setup:  ## install what is missing: QGIS, its Python environment, a profile of its own
	@scripts/setup.sh

demo: setup  ## the main job on simulated example data, through the real qgis_process
	@$(PYTHON) scripts/demo.py

test: setup  ## all tests; ARGS="-k name" runs some of them
	@$(PYTHON) -m pytest -n auto --dist loadfile --no-loadscope-reorder $(ARGS)

check: setup  ## linters, types, layer law, and the gate of the site of QGIS plugins
	@$(PYTHON) scripts/check.py

format: setup  ## put the code into the form that check asks for
	@$(PYTHON) -m ruff check --fix --quiet . || true
	@$(PYTHON) -m ruff format .

bench: setup  ## benchmarks beside their peers, with ratios; ARGS="name" runs one of them
	@$(PYTHON) tests/benchmarks/run.py $(ARGS)

shots:  ## photographs of the docks, dialogs and reports of a real QGIS, in build/shots
	@scripts/setup.sh shots
	@scripts/shots.sh

translations: setup  ## collect the texts of the code into resources/i18n/*.ts
	@$(PYTHON) scripts/build_translations.py --update

package: setup  ## the plugin as build/calval_toolbox.zip, its content checked
	@$(PYTHON) scripts/build_package.py
	@$(PYTHON) scripts/check_package.py build/calval_toolbox.zip

clean:  ## remove everything that was built, the environment included
	rm -rf build help/html resources/i18n/*.qm
