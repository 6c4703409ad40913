"""Backup and restore of the store on one machine, while it is served: each sees, and leaves, a whole store."""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path

from sqlite_utils import Database

from bot.migrations import migrate
from bot.published import FILE
from bot.sqlite_file import connect, why
from bot.store import StoreFault


def backup(folder: Path, to: Path) -> tuple[int, int]:
    """Copy the store of a folder to a new file; how many conversations and messages it holds. Raises `StoreFault`."""
    if to.exists():
        raise StoreFault(f"“{to}”已经有了，不会盖掉它，请换一个文件名。")
    if not (folder / FILE).is_file():
        raise StoreFault(f"数据文件夹 {folder} 里还没有数据，没有可备份的。")
    try:
        with closing(connect(folder / FILE)) as live:
            return _copied(live, to)
    except sqlite3.Error as error:
        raise StoreFault(why(folder, error)) from None
    except OSError as error:
        raise StoreFault(f"“{to}”写不进去（{error.strerror}），请换个地方。") from None


def restore(folder: Path, kept: Path, now: datetime) -> tuple[int, int, Path | None]:
    """Put a backup in the store's place, also under workers that run; what stood there is kept beside it.

    How many conversations and messages there are now, and where the former store is. Raises `StoreFault`.
    """
    if not kept.is_file():
        raise StoreFault(f"没有“{kept}”这个文件，请写备份文件的位置。")
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _checked(kept, folder) as good, closing(connect(folder / FILE)) as live:
            before = None
            if live.execute("select count(*) from sqlite_master").fetchone()[0]:
                before = folder / f"{now:%Y%m%d-%H%M%S}.sqlite3"
                _copied(live, before)
            good.backup(live)
            return *_counted(live), before
    except (OSError, sqlite3.Error) as error:
        raise StoreFault(why(folder, error)) from None


def _copied(live: sqlite3.Connection, to: Path) -> tuple[int, int]:
    """A whole copy or none: it gets its name when it is complete."""
    handle, name = tempfile.mkstemp(dir=to.parent, prefix=".backup-")
    os.close(handle)
    try:
        with closing(sqlite3.connect(name)) as copy:
            live.backup(copy)
            copy.execute("pragma journal_mode = delete")  # one file, with nothing beside it
            counted = _counted(copy)
        with Path(name).open("rb") as file:
            os.fsync(file.fileno())
        Path(name).replace(to)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return counted


@contextmanager
def _checked(kept: Path, folder: Path) -> Iterator[sqlite3.Connection]:
    """A copy of a backup in today's form, in which nobody holds anything or is signed in; else StoreFault."""
    with tempfile.TemporaryDirectory(dir=folder, prefix=".restore-") as place:
        with closing(sqlite3.connect(f"file:{kept}?mode=ro", uri=True)) as given:
            try:
                _copied(given, Path(place) / FILE)
            except sqlite3.DatabaseError:
                raise StoreFault(f"“{kept}”不是本程序的备份文件，或已经损坏，数据没有动。") from None
        with closing(connect(Path(place) / FILE)) as good:
            if good.execute("pragma integrity_check").fetchone()[0] != "ok":
                raise StoreFault(f"“{kept}”已经损坏，数据没有动。")
            migrate(Database(good))
            good.execute("delete from lines")
            for ways_in in ("sessions", "sign_ins"):  # one that was ended since must not come back
                good.execute(f"delete from {ways_in}")
            yield good


def _counted(db: sqlite3.Connection) -> tuple[int, int]:
    conversations = db.execute("select count(*) from conversations").fetchone()[0]
    return conversations, db.execute("select count(*) from messages").fetchone()[0]
