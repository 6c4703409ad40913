"""Which workers of this machine are alive, told by the system itself: a lock on a file that ends with its process.

No clock and no heartbeat: a worker that is slow is never taken for dead, and one that was killed is known at once.
"""

from __future__ import annotations

import fcntl
import os
import secrets
from contextlib import suppress
from pathlib import Path


class Alive:
    """This process's mark in a folder, and a look at the others'."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.name = folder, secrets.token_hex(6)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh = folder / f".{self.name}"
        self._file = os.open(fresh, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        fcntl.flock(self._file, fcntl.LOCK_EX)
        fresh.rename(folder / self.name)  # locked before it can be seen

    def dead(self) -> list[str]:
        """The names of workers that are no more; each is told until `forget`."""
        names = [mark.name for mark in self.folder.iterdir()]
        return [name for name in names if not name.startswith((".", self.name)) and self._is_dead(name)]

    def _is_dead(self, name: str) -> bool:
        try:
            file = os.open(self.folder / name, os.O_RDWR | os.O_CLOEXEC)
        except FileNotFoundError:
            return False
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            return True
        except BlockingIOError:
            return False
        finally:
            os.close(file)

    def forget(self, name: str) -> None:
        """Take down the mark of a worker that is no more."""
        with suppress(OSError):
            (self.folder / name).unlink()

    @property
    def closed(self) -> bool:
        """Whether we have left."""
        return self._file < 0

    def close(self) -> None:
        """Take down our own mark, when all that was held under it is free."""
        self.forget(self.name)
        self.leave()

    def leave(self) -> None:
        """Be dead for the others."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1
