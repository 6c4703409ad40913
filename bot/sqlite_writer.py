"""All writing of one process to its SQLite file: one thread, and whatever waits is committed together.

A lasting job is done when the disk has it; jobs that wait at the same time share the wait. It is we who wait, after the
commit (`synchronous = normal`, then the log is synced): SQLite would wait before it lets the other workers write.
What isn't lasting survives the end of the process, and a power cut takes at most the newest of it, never something in
between. A job that raises is undone alone: what was done together is undone, and done again with a savepoint for each,
which cost as much as half of what jobs do themselves. Where the file itself fails, each job is tried by itself.
Whoever has an event loop orders with `soon` and waits for the future there: no thread stands still in between.

What is overwritten in the file still stands in the write-ahead log until that is emptied: a job that erases asks for it
(`wipe_log`), and it is done after the commit, again and again until no reader is in the way.
"""

from __future__ import annotations

import os
import queue
import sqlite3
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any, ParamSpec, TypeVar

from bot.store import Away

P = ParamSpec("P")
T = TypeVar("T")
Job = Callable[[sqlite3.Connection], Any]
TOGETHER = 64

WAIT_S, NAP_MS = 10.0, 3
"""How long we wait for other processes' writing; how long SQLite does by itself, as it sleeps longer every time."""
WIPE_MS, WIPE_AGAIN_S = 200, 0.5
"""How long emptying the log waits for readers, and how soon it is tried again; those who write wait meanwhile."""


@dataclass
class _Order:
    job: Job
    lasting: bool
    calls: bool = False
    """Whether it only makes a call whose own writing is undone where it fails."""
    done: Future[Any] = field(default_factory=Future)


class Writer:
    """The thread; it begins with the first job and ends with `close`."""

    def __init__(self, connect: Callable[[], sqlite3.Connection]) -> None:
        self._connect = connect
        self._orders: queue.SimpleQueue[_Order | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._starting = threading.Lock()
        self._db: sqlite3.Connection | None = None
        self._log: _Log | None = None
        self._lasting = False
        self._apart = self._spoilt = False
        self._wiping = False
        self._wiped_at = 0.0

    def do(self, job: Callable[[sqlite3.Connection], T], *, lasting: bool = False) -> T:
        """Run a job in a transaction; returns when that is committed. Raises what the job raised, or `Away`."""
        if threading.current_thread() is self._thread:
            return self._within(job, lasting=lasting)
        done: T = self._ordered(_Order(job, lasting)).result()
        return done

    def soon(self, call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Make a call that writes by `do`, on the writer's thread; the future of what it returns or raises."""
        return self._ordered(_Order(lambda _: call(*args, **kwargs), lasting=False, calls=True))

    def soon_lasting(self, call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """The same for a call whose writing is lasting."""
        return self._ordered(_Order(lambda _: call(*args, **kwargs), lasting=True, calls=True))

    def _ordered(self, order: _Order) -> Future[Any]:
        with self._starting:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="writer", daemon=True)
                self._thread.start()
        self._orders.put(order)
        return order.done

    def _within(self, job: Callable[[sqlite3.Connection], T], *, lasting: bool) -> T:
        """A job inside one that is being done."""
        assert self._db is not None
        if lasting and not self._lasting:
            raise RuntimeError("a lasting job inside one that is not")
        result, fault = self._tried(self._db, job)
        if fault is not None:
            raise fault
        done: T = result
        return done

    def _tried(self, db: sqlite3.Connection, job: Job) -> tuple[Any, Exception | None]:
        """A job's result or what it raised; then it is undone, or all that is done with it is to be done again."""
        if self._apart:
            return _alone(db, job)
        result, fault = _called(db, job)
        self._spoilt = self._spoilt or fault is not None
        return result, fault

    def wipe_log(self) -> None:
        """Leave nothing of what was overwritten in the log; called by a job, done when it is committed."""
        self._wiping = True

    def close(self) -> None:
        """End when everything that was ordered is done."""
        if self._thread is not None:
            self._orders.put(None)
            self._thread.join()
            self._thread = None

    def _run(self) -> None:
        going = True
        while going:
            try:
                orders = [self._orders.get(timeout=WIPE_AGAIN_S if self._wiping else None)]
            except queue.Empty:
                self._wipe()
                continue
            while len(orders) < TOGETHER and not self._orders.empty():
                orders.append(self._orders.get())
            going = None not in orders
            self._do_all([one for one in orders if one is not None and one.done.set_running_or_notify_cancel()])
            if self._wiping and time.monotonic() >= self._wiped_at + WIPE_AGAIN_S:
                self._wipe()
        self._drop()

    def _do_all(self, orders: list[_Order]) -> None:
        if not orders:
            return
        try:
            outcomes = self._together(orders)
        except sqlite3.Error as error:
            self._drop()
            if len(orders) == 1:
                orders[0].done.set_exception(_away(error))
            else:
                for order in orders:
                    self._do_all([order])
            return
        told = list(zip(orders, outcomes, strict=True))
        for order, outcome in told:
            if not order.lasting:
                _tell(order, *outcome)
        lasting = [(order, outcome) for order, outcome in told if order.lasting]
        if not lasting:
            return
        fault = self._sync()
        for order, outcome in lasting:
            _tell(order, *(outcome if fault is None else (None, fault)))

    def _together(self, orders: list[_Order]) -> list[tuple[Any, Exception | None]]:
        """The results, when they are committed; a fault of the file undoes them all."""
        db = self._connected()
        self._lasting = any(order.lasting for order in orders)
        self._apart = self._spoilt = False
        outcomes = self._begun(db, orders)
        if self._spoilt:
            db.execute("rollback")
            self._apart = True
            outcomes = self._begun(db, orders)
        db.execute("commit")
        return outcomes

    def _begun(self, db: sqlite3.Connection, orders: list[_Order]) -> list[tuple[Any, Exception | None]]:
        """The results in a transaction that is not yet committed."""
        _begin(db)
        return [_called(db, order.job) if order.calls else self._tried(db, order.job) for order in orders]

    def _connected(self) -> sqlite3.Connection:
        self._db = self._db or self._connect()
        self._log = self._log or _Log(self._db)
        return self._db

    def _sync(self) -> Exception | None:
        """Wait until the disk has what is committed; what went wrong."""
        assert self._log is not None
        try:
            self._log.sync()
        except OSError as error:
            self._drop()
            return _away(error)
        return None

    def _wipe(self) -> None:
        self._wiped_at = time.monotonic()
        try:
            db = self._connected()
            db.execute(f"pragma busy_timeout = {WIPE_MS}")
            (busy, *_) = db.execute("pragma wal_checkpoint(truncate)").fetchone()
            db.execute(f"pragma busy_timeout = {NAP_MS}")
            self._wiping = bool(busy)
        except sqlite3.Error:
            self._drop()

    def _drop(self) -> None:
        """Begin again with a fresh connection: whatever the failed one still held is undone."""
        if self._log is not None:
            self._log.close()
            self._log = None
        if self._db is not None:
            self._db.close()
            self._db = None


class _Log:
    """The log of a connection's file, on which the disk is waited for; without a log SQLite itself waits."""

    def __init__(self, db: sqlite3.Connection) -> None:
        logs = db.execute("pragma journal_mode").fetchone()[0] == "wal"
        db.execute(f"pragma synchronous = {'normal' if logs else 'full'}")
        db.execute(f"pragma busy_timeout = {NAP_MS}")
        self._path = f"{db.execute('pragma database_list').fetchone()[2]}-wal" if logs else ""
        self._file = -1

    def sync(self) -> None:
        """Returns when all that was committed is on the disk; OSError where it can't be."""
        if not self._path:
            return
        if self._file < 0:
            self._file = os.open(self._path, os.O_RDWR | os.O_CLOEXEC)
        _to_disk(self._file)

    def close(self) -> None:
        """Let go of it."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1


_to_disk = getattr(os, "fdatasync", os.fsync)


def _begin(db: sqlite3.Connection) -> None:
    """Begin to write, when the other processes have let us."""
    give_up = time.monotonic() + WAIT_S
    while True:
        try:
            db.execute("begin immediate")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > give_up:
                raise


def _tell(order: _Order, result: Any, fault: Exception | None) -> None:
    if fault is None:
        order.done.set_result(result)
    else:
        order.done.set_exception(fault)


def _away(error: Exception) -> Away:
    away = Away(str(error))
    away.__cause__ = error
    return away


def _called(db: sqlite3.Connection, job: Job) -> tuple[Any, Exception | None]:
    try:
        return job(db), None
    except sqlite3.Error:
        raise
    except Exception as fault:
        return None, fault


def _alone(db: sqlite3.Connection, job: Job) -> tuple[Any, Exception | None]:
    db.execute("savepoint job")
    try:
        result = job(db)
    except sqlite3.Error:
        raise
    except Exception as fault:
        db.execute("rollback to job")
        db.execute("release job")
        return None, fault
    db.execute("release job")
    return result, None
