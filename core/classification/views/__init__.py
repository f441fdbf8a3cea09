# SPDX-License-Identifier: GPL-3.0-or-later
"""What is shown of samples, models and maps: signatures, samples by cell, comparisons of maps."""
