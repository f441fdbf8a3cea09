# SPDX-License-Identifier: GPL-3.0-or-later
"""The layer styles of all outputs, one module per domain; see ``make_styles``."""
