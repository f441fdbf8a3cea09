# SPDX-License-Identifier: GPL-3.0-or-later
"""From products to an assessed map in one go: steps that are made again only where needed."""
