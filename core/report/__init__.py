# SPDX-License-Identifier: GPL-3.0-or-later
"""Self-contained HTML reports: document, figures, tables, numbers; and the one palette."""
