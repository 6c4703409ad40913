"""Several worker processes on one socket and one store; one that dies is replaced, all end with the first process.

run(3, work)          # work(lifeline, ready) in each: serve until `lifeline` is at its end; call ready() once
"""

from __future__ import annotations

import os
import select
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress

AGAIN_S = 0.5
ENDS = (signal.SIGTERM, signal.SIGINT)
Work = Callable[[int, Callable[[], None]], None]


def run(workers: int, work: Work, started: Callable[[], None]) -> None:
    """Returns when all have ended after SIGTERM or SIGINT; `started` is called when the first ones are all ready."""
    Crew(work).serve(workers, started)


class Crew:
    """The first process: it holds the lifeline and replaces who dies."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._lifeline, self._held = os.pipe()
        self._ready, self._tells = os.pipe()
        self._pids: set[int] = set()
        self._ending = False

    def serve(self, workers: int, started: Callable[[], None]) -> None:
        for ended in ENDS:
            signal.signal(ended, lambda *_: self._end())
        for _ in range(workers):
            self._fork()
        if self._all_ready(workers):
            started()
        while self._pids:
            pid, _ = os.wait()
            self._pids.discard(pid)
            if not self._ending:
                time.sleep(AGAIN_S)
            if not self._ending:
                self._fork()
            if self._ending:  # told while we forked: the new one is told as well
                self._end()

    def _all_ready(self, workers: int) -> bool:
        """Whether each has told that it is ready; a worker that can't start ends everything with status 1."""
        told = 0
        while told < workers and not self._ending:
            if select.select([self._ready], [], [], 0.1)[0]:
                told += len(os.read(self._ready, workers))
            elif os.waitpid(-1, os.WNOHANG) != (0, 0):
                self._end()
                sys.exit(1)
        return not self._ending

    def _fork(self) -> None:
        signal.pthread_sigmask(signal.SIG_BLOCK, ENDS)  # the child is not to take a signal for the first process
        pid = os.fork()
        if pid:
            self._pids.add(pid)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDS)
            return
        for ended in ENDS:
            signal.signal(ended, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDS)
        os.close(self._held)
        status = 1
        try:
            self._work(self._lifeline, self._tell)
            status = 0
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(status)

    def _end(self) -> None:
        self._ending = True
        for pid in self._pids:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGTERM)

    def _tell(self) -> None:
        os.write(self._tells, b".")
