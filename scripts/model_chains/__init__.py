# SPDX-License-Identifier: GPL-3.0-or-later
"""The models that the toolbox ships, one module per domain; see ``make_model``."""
