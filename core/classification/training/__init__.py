# SPDX-License-Identifier: GPL-3.0-or-later
"""Classifiers: samples in, model out, with its accuracy at random and by place."""
