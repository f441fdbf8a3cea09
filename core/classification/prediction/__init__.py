# SPDX-License-Identifier: GPL-3.0-or-later
"""What a model says of feature vectors."""
