"""Cases that are data: YAML files beside the tests."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parent


def cases(file: str | Path) -> Any:
    """What a file holds, read by libyaml: every worker reads all of them, and PyYAML alone takes ten times as long."""
    return yaml.load((HERE / file).read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
