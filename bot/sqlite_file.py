"""The one SQLite file of a folder: connections to it, and what to tell an operator when there is none to be had."""

from __future__ import annotations

import sqlite3
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from bot.published import FILE
from bot.sqlite_writer import WAIT_S
from bot.store import Away

CACHE_KB = 256
"""Of each connection, and there are some; the system keeps the file in memory anyway."""

Row = tuple[Any, ...]


class Connections:
    """Connections to one file that go from caller to caller; `_first` and `_all` read over them."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._idle: deque[sqlite3.Connection] = deque()

    def _hang_up(self) -> None:
        while self._idle:
            self._idle.pop().close()

    def _first(self, sql: str, *values: object) -> Row | None:
        with self._reading() as db:
            row: Row | None = db.execute(sql, values).fetchone()
            return row

    def _all(self, sql: str, *values: object) -> list[Row]:
        with self._reading() as db:
            return db.execute(sql, values).fetchall()

    @contextmanager
    def _connection(self) -> Iterator[Database]:
        with self._reading() as db:
            yield Database(db)

    @contextmanager
    def _write(self) -> Iterator[Database]:
        """A transaction of the caller's own, lasting, for what is written seldom."""
        with self._reading() as db:
            db.execute("begin immediate")
            try:
                yield Database(db)
            except BaseException:
                db.execute("rollback")
                raise
            db.execute("commit")

    def _connect(self) -> sqlite3.Connection:
        try:
            return connect(self.path)
        except sqlite3.Error as error:
            raise Away(str(error)) from error

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        """A connection for the time of the block; handed back for the next caller, whatever thread that is."""
        try:
            db = self._idle.pop()
        except IndexError:
            db = self._connect()
        try:
            yield db
        except sqlite3.Error as error:
            db.close()
            raise Away(str(error)) from error
        except BaseException:
            self._idle.append(db)
            raise
        self._idle.append(db)


def connect(path: Path) -> sqlite3.Connection:
    """A connection that waits for others' writing, and may go from thread to thread."""
    db = sqlite3.connect(path, timeout=WAIT_S, isolation_level=None, check_same_thread=False)
    db.execute("pragma foreign_keys = on")
    db.execute(f"pragma cache_size = -{CACHE_KB}")
    return db


def use_log(db: sqlite3.Connection) -> None:
    """Switch the file to a write-ahead log; SQLite doesn't wait here for another process that does the same."""
    give_up = time.monotonic() + WAIT_S
    while True:
        try:
            db.execute("pragma journal_mode = wal")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > give_up:
                raise
            time.sleep(0.01)


def why(folder: Path, error: BaseException) -> str:
    """The operator's sentence: what was wrong with the folder and what would be right."""
    if isinstance(error, sqlite3.DatabaseError) and "not a database" in str(error):
        return f"{folder / FILE} 不是本程序的数据文件，请移走它，或用 POLICYDESK_DATA 另指一个文件夹。"
    if isinstance(error, sqlite3.OperationalError) and "locked" in str(error):
        return f"数据文件 {folder / FILE} 正被别的程序占着，请稍后再试。"
    return f"数据文件夹 {folder} 写不进去，请检查它的权限和磁盘空间，或用 POLICYDESK_DATA 另指一个。"
