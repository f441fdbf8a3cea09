# SPDX-License-Identifier: GPL-3.0-or-later
"""Outputs that appear complete or not at all.

Every file is written under a temporary name in its own folder; when all of them are there and
verified they are renamed together. A canceled or failed run leaves nothing behind, and an earlier
result stays as it was.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from types import TracebackType

from ..errors import OutputError

# SQLite keeps these beside a database; a stale one would be applied to the file that replaces it.
_DATABASE_SIDE_FILES = ("-wal", "-shm", "-journal")


class Staging:
    """A set of files on their way to their final names; use it as a context manager.

    Leaving the block normally puts all files in place, leaving it by an exception removes them.
    """

    def __init__(self) -> None:
        self._token = secrets.token_hex(4)
        self._staged: dict[Path, Path] = {}

    def __enter__(self) -> Staging:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is not None:
            self.discard()
            return
        try:
            self.commit()
        except BaseException:
            self.discard()
            raise

    def stage(self, final: str | Path) -> Path:
        """The temporary path to write instead of ``final``: same folder, same suffix, hidden name.

        Raises ``OutputError`` where the folder does not exist and cannot be made.
        """
        final = Path(final).absolute()
        try:
            final.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise OutputError(
                f"The folder {final.parent} cannot be made ({error.strerror}). "
                "Choose another output."
            ) from error
        if not os.access(final.parent, os.W_OK):
            raise OutputError(f"No permission to write into {final.parent}. Choose another output.")
        temporary = final.with_name(f".{final.stem}.{self._token}.part{final.suffix}")
        self._staged[final] = temporary
        return temporary

    def commit(self) -> None:
        """Verify that every staged file was written, flush it to the disk, and rename all.

        Raises ``OutputError`` where a file is missing or empty, or cannot be put in place.
        """
        for final, temporary in self._staged.items():
            _flush(temporary, final)
        for final, temporary in self._staged.items():
            for suffix in _DATABASE_SIDE_FILES:
                final.with_name(final.name + suffix).unlink(missing_ok=True)
            try:
                os.replace(temporary, final)
            except OSError as error:
                raise OutputError(
                    f"{final} cannot be replaced ({error.strerror}). Close it where it is open, or "
                    "choose another output."
                ) from error
        self.discard()

    def discard(self) -> None:
        """Remove everything that was written under a temporary name."""
        for temporary in self._staged.values():
            for leftover in temporary.parent.glob(f"{_escape(temporary.stem)}*"):
                leftover.unlink(missing_ok=True)
        self._staged.clear()


def write_text(path: Path, text: str) -> None:
    """Write ``text`` as UTF-8 and verify it by its length; raises ``OutputError``, as on a full
    disk.
    """
    data = text.encode("utf-8")
    try:
        with open(path, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
    except OSError as error:
        raise OutputError(f"{path.name} could not be written: {error.strerror}.") from error
    if path.stat().st_size != len(data):
        raise OutputError(f"{path.name} could not be written completely: is the disk full?")


def _flush(temporary: Path, final: Path) -> None:
    if not temporary.exists() or temporary.stat().st_size == 0:
        raise OutputError(f"{final} was not written completely: is the disk full?")
    with open(temporary, "rb+") as stream:
        os.fsync(stream.fileno())


def _escape(stem: str) -> str:
    """A glob pattern that matches ``stem`` literally."""
    return "".join(f"[{character}]" if character in "*?[" else character for character in stem)
