"""The program as a process of its own that need not be loaded again: forked from one that has loaded everything.

A start costs a tenth of what it costs by the shell, and what runs is the same: `main` with its own arguments,
environment, folder, streams and exit status. `Forked` is a `subprocess.Popen`; `ran` is its `subprocess.run`. Where
the start itself is the point, or what a process does before its first import (several workers, a strange locale, a
closed stream), tests start it as a shell does.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import importlib
import json
import os
import pkgutil
import runpy
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

POLICYDESK = Path(sys.executable).parent / "policydesk"
ROOT = Path(__file__).parent.parent
LOADED = ("bot", "dialogs", "knowledge")
BESIDE = ("numpy", "uvloop", "httptools", "uvicorn.lifespan.on", "uvicorn.protocols.http.httptools_impl",
          "uvicorn.loops.uvloop", "xlsxwriter", "multipart", "python_multipart", "tests.staff")  # fmt: skip
_PR_SET_CHILD_SUBREAPER = 36
_LONGEST = 1 << 20


class Forked(subprocess.Popen[Any]):
    """`[policydesk, …]` or `[python, "-m", module, …]`, begun by the process that has loaded it."""

    def _execute_child(self, args: Sequence[object], *given: Any, **named: Any) -> None:  # type: ignore[override]
        held = dict(zip(("executable", "preexec_fn", "close_fds", "pass_fds", "cwd", "env"), given, strict=False))
        theirs_in, ours_in, ours_out, theirs_out, ours_error, theirs_error = given[9:15]
        streams = [
            given_one if given_one != -1 else standard
            for given_one, standard in ((theirs_in, 0), (theirs_out, 1), (theirs_error, 2))
        ]
        env = os.environ if held["env"] is None else held["env"]
        told = {"args": list(map(str, args)), "cwd": os.fspath(held["cwd"] or Path.cwd()), "env": dict(env)}
        self.pid = _loader().begins(told, streams)
        self._child_created = True
        self._close_pipe_fds(theirs_in, ours_in, ours_out, theirs_out, ours_error, theirs_error)  # type: ignore[attr-defined]


def ran(
    args: Sequence[object], *, env: Mapping[str, str], cwd: Path | None = None, typed: bytes = b"", timeout: float = 120
) -> tuple[int, str, str]:
    """Exit status, output and error output of a command."""
    pipe = subprocess.PIPE
    with Forked(list(map(str, args)), stdin=pipe, stdout=pipe, stderr=pipe, cwd=cwd, env=dict(env)) as process:
        try:
            out, error = process.communicate(typed, timeout=timeout)
        except BaseException:
            process.kill()
            raise
    return process.returncode, out.decode(), error.decode()


class _Loader:
    """The process that has loaded everything, as it is spoken to."""

    def __init__(self) -> None:
        # who it begins is to be our child, that can be waited for
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
        self._ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._one = threading.Lock()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.forking", str(theirs.fileno())], pass_fds=[theirs.fileno()], cwd=ROOT
        )
        theirs.close()

    def begins(self, told: dict[str, Any], streams: list[int]) -> int:
        """The number of a new process."""
        with self._one:
            socket.send_fds(self._ours, [json.dumps(told).encode()], streams)
            answer = self._ours.recv(_LONGEST)
        assert answer, "the process that begins others has ended"
        return int(answer)


_started: list[_Loader] = []
_starting = threading.Lock()


def _loader() -> _Loader:
    with _starting:
        if not _started:
            _started.append(_Loader())
        return _started[0]


# --- in the process that has loaded everything ------------------------------------------------------------------------


def _load() -> None:
    for name in LOADED:
        for found in pkgutil.walk_packages([str(ROOT / name)], f"{name}."):
            if not found.name.endswith("__main__"):
                importlib.import_module(found.name)
    for name in BESIDE:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)


def _serve(calls: socket.socket) -> dict[str, Any]:
    """Begin what is asked for; returns only in the process that was begun, with what it is to be."""
    before = dict(os.environ)
    _load()
    added = {name: value for name, value in os.environ.items() if name not in before}
    gc.collect()
    gc.freeze()
    told_by, tells = os.pipe()
    while True:
        message, streams, _, _ = socket.recv_fds(calls, _LONGEST, 3)
        if not message:
            os._exit(0)
        between = os.fork()
        if between:
            os.waitpid(between, 0)  # now what it has begun is a child of whoever asks
            calls.send(os.read(told_by, 20))
        elif begun := os.fork():
            os.write(tells, str(begun).encode())
            os._exit(0)
        else:
            for end in (told_by, tells, calls.detach()):
                os.close(end)
            for standard, stream in enumerate(streams):
                os.dup2(stream, standard)
                os.close(stream)
            sys.stdin = sys.__stdin__ = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115
            sys.stdout = sys.__stdout__ = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
            sys.stderr = sys.__stderr__ = open(2, "w", 1, "utf-8", "backslashreplace", closefd=False)  # noqa: SIM115
            told: dict[str, Any] = json.loads(message)
            os.environ.clear()
            os.environ.update(added | told["env"])
            os.chdir(told["cwd"])
            return told
        for stream in streams:
            os.close(stream)


def _is(args: list[str]) -> None:
    if args[0] == sys.executable and args[1] == "-m":
        sys.argv = args[2:]
        runpy.run_module(args[2], run_name="__main__", alter_sys=True)
    else:
        from bot.__main__ import main

        sys.argv = args
        main()


if __name__ == "__main__":
    _is(_serve(socket.socket(fileno=int(sys.argv[1])))["args"])
