"""What editors have published, for whoever has no store open: a question on the command line, a process that starts."""

from __future__ import annotations

import os
from pathlib import Path

FILE = "policydesk.sqlite3"
"""The store's file in its folder."""


def data_home() -> Path:
    """The folder of the store where none is set."""
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "policydesk"


def published(folder: Path) -> str:
    """The newest overlay of a store's folder; nothing where there is no store, or none was published."""
    file = folder / FILE
    if not file.is_file():
        return ""
    import sqlite3  # which a question that meets no store has no need of
    from contextlib import closing

    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True, timeout=5)) as db:
            if db.execute("pragma user_version").fetchone()[0] < FROM_FORM:
                return ""
            row = db.execute("select document from knowledge_versions order by number desc limit 1").fetchone()
            return str(row[0]) if row else ""
    except sqlite3.Error as error:
        import logging

        logging.getLogger("policydesk").error("已发布的补充没能读出来，先按指南本身回答（%s）。", error)
        return ""


FROM_FORM = 9
"""The form of the store from which there are versions (`migrations.py`)."""
