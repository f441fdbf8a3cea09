# SPDX-License-Identifier: GPL-3.0-or-later
"""The panel "Land cover": signatures, confusion, validation, and two maps compared."""
