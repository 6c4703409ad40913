"""`policydesk` as it is, but killed in the midst of publishing. `HALT=before|after python -m tests.knowledge_serve …`

`before`: the version is written and not yet committed. `after`: it is committed, and nobody was told.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from sqlite_utils import Database

from bot.__main__ import main
from bot.sqlite_store import SqliteStore
from bot.workbench.knowledge_store import Version

_write, _publish = SqliteStore._write, SqliteStore.publish


@contextmanager
def write(store: SqliteStore) -> Iterator[Database]:
    """Half of the transaction is written, nothing of it is committed."""
    with _write(store) as db:
        yield db
        os.kill(os.getpid(), signal.SIGKILL)


def publish(store: SqliteStore, version: Version, drafts: Sequence[int]) -> bool:
    """The end comes with it, or right behind it."""
    if os.environ["HALT"] == "before":
        SqliteStore._write = write  # type: ignore[method-assign]
    _publish(store, version, drafts)
    os.kill(os.getpid(), signal.SIGKILL)
    return True


if __name__ == "__main__":
    SqliteStore.publish = publish  # type: ignore[method-assign]
    main()
