# SPDX-License-Identifier: GPL-3.0-or-later
"""Deep convective clouds found in products: where, how often, and what they measure."""
