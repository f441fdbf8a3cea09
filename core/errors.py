# SPDX-License-Identifier: GPL-3.0-or-later
"""What can go wrong for a reason that the user can act on.

Every sentence says what is wrong, where, and what to do. The Processing face shows it as it is; any
other exception is a bug and keeps its traceback.
"""

from __future__ import annotations


class CalValError(Exception):
    """Base of all errors whose text is meant for the user."""


class InputError(CalValError):
    """A file, table or value given by the user cannot be used."""


class ProductError(InputError):
    """A folder or archive is not a product that can be read, or lacks what is asked of it."""


class TableError(InputError):
    """A table lacks a column, or holds values that cannot be understood."""


class DatabaseError(CalValError):
    """A database cannot be opened, read or written, or was lost in the middle of the work."""


class InsufficientDataError(CalValError):
    """The inputs are readable, but there is too little in them to compute what is asked."""


class OutputError(CalValError):
    """A result could not be written completely; nothing was left behind."""


class ExecutionError(CalValError):
    """The work could not be spread over workers, or some of it is missing in the end.

    ``missing``: the names of the parts that could not be computed.
    """

    def __init__(self, text: str, missing: tuple[str, ...] = ()) -> None:
        super().__init__(text)
        self.missing = missing


class MissingPackageError(CalValError):
    """An optional Python package is needed and not installed."""


class Canceled(CalValError):
    """The user asked to stop."""

    def __init__(self, text: str = "") -> None:
        super().__init__(text or "Canceled by the user; no output of this step was kept.")
