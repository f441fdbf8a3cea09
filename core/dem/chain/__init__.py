# SPDX-License-Identifier: GPL-3.0-or-later
"""From images with RPC to an elevation model, tile by tile."""
