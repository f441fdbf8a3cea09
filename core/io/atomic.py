# SPDX-License-Identifier: GPL-3.0-or-later
"""Outputs that appear complete or not at all.

Every file is written under a temporary name in its own folder; when all of them are there and
verified they are renamed together. A canceled or failed run leaves nothing behind, and an earlier
result stays as it was.
"""

from __future__ import annotations

import os
import secrets
import tempfile
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from ..errors import OutputError

_LONGEST_NAME = 255  # bytes, on all common file systems
# SQLite keeps these beside a database; a stale one would be applied to the file that replaces it.
_DATABASE_SIDE_FILES = ("-wal", "-shm", "-journal")


class Staging:
    """A set of files on their way to their final names; use it as a context manager.

    Leaving the block normally puts all files in place, leaving it by an exception removes them.
    """

    def __init__(self) -> None:
        self._token = secrets.token_hex(4)
        self._staged: dict[Path, Path] = {}
        self._made: list[Path] = []

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
        if len(os.fsencode(final.name)) > _LONGEST_NAME:
            raise OutputError(f"The name {final.name} is too long. Choose a shorter output.")
        missing = [one for one in final.parents if not one.exists()]
        try:
            final.parent.mkdir(parents=True, exist_ok=True)
            self._made += [one for one in missing if one not in self._made]
        except OSError as error:
            raise OutputError(
                f"The folder {final.parent} cannot be made ({error.strerror}). "
                "Choose another output."
            ) from error
        if not writable(final.parent):
            raise OutputError(f"No permission to write into {final.parent}. Choose another output.")
        self._staged[final] = self._beside(final, "part")
        return self._staged[final]

    def commit(self) -> None:
        """Verify that every staged file was written, flush it to the disk, and put all in place.

        Raises ``OutputError`` where a file is missing or empty, or cannot be put in place; then
        none of them is, and the files before them are as they were.
        """
        for final, temporary in self._staged.items():
            _flush(temporary, final)
        touched: list[Path] = []
        try:
            for final in self._staged:
                touched.append(final)
                self._put(final)
        except OSError as error:
            self._take_back(touched)
            raise OutputError(
                f"{touched[-1]} cannot be replaced ({error.strerror}). Close it where it is open, "
                "or choose another output. No output was changed."
            ) from error
        for final in touched:
            for suffix in _DATABASE_SIDE_FILES:
                _forget(final.with_name(final.name + suffix))
        self.discard()

    def discard(self) -> None:
        """Remove everything that was written under a temporary name, and the folders that were
        made for it and are empty.
        """
        for final, temporary in self._staged.items():
            for leftover in temporary.parent.glob(f"{_escape(temporary.stem)}*"):
                leftover.unlink(missing_ok=True)
            self._beside(final, "before").unlink(missing_ok=True)
        self._staged.clear()
        for folder in sorted(self._made, key=lambda one: len(one.parts), reverse=True):
            with suppress(OSError):  # it stays where anything is in it
                folder.rmdir()
        self._made.clear()

    def _beside(self, final: Path, role: str) -> Path:
        """A hidden name in the same folder; short, so that a long name stays within the limits."""
        return final.with_name(f".{final.stem[:80]}.{self._token}.{role}{final.suffix}")

    def _put(self, final: Path) -> None:
        if final.is_dir():
            raise IsADirectoryError(0, "it is a folder")
        if final.exists():
            os.replace(final, self._beside(final, "before"))
        os.replace(self._staged[final], final)

    def _take_back(self, touched: list[Path]) -> None:
        for final in touched:
            before = self._beside(final, "before")
            if before.exists():
                os.replace(before, final)
            elif final.is_file() and not self._staged[final].exists():
                final.unlink()


def writable(folder: Path) -> bool:
    """Whether a file can be made in ``folder``: tried, since rights alone do not tell (file systems
    that are read-only, or that make their files by themselves).
    """
    try:
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


def write_text(path: Path, text: str, shown: str = "") -> None:
    """Write ``text`` as UTF-8 and verify it by its length; messages call the file ``shown``.

    Raises ``OutputError``, as on a full disk.
    """
    name = shown or path.name
    data = text.encode("utf-8")
    try:
        with open(path, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
    except OSError as error:
        raise not_written(name) from error
    if path.stat().st_size != len(data):
        raise not_written(name)


def not_written(name: str) -> OutputError:
    """That the file ``name`` is not complete, and what to do."""
    return OutputError(
        f"{name} could not be written completely. Check the free space and the rights of the "
        "output folder, or choose another output."
    )


def _flush(temporary: Path, final: Path) -> None:
    if not temporary.exists() or temporary.stat().st_size == 0:
        raise OutputError(f"{final} was not written completely: is the disk full?")
    with open(temporary, "rb+") as stream:
        os.fsync(stream.fileno())


def _forget(path: Path) -> None:
    """Remove ``path`` where it exists; a name that is too long never does."""
    if len(os.fsencode(path.name)) <= _LONGEST_NAME:
        path.unlink(missing_ok=True)


def _escape(stem: str) -> str:
    """A glob pattern that matches ``stem`` literally."""
    return "".join(f"[{character}]" if character in "*?[" else character for character in stem)
