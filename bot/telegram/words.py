"""What only this door says, from words.yaml."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

from dialogs.messages import Choice, Message, Text

FILE = Path(__file__).with_name("words.yaml")


class Command(BaseModel):
    """An entry of the menu: what it stands for, in words or as an option."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    description: str
    says: str = ""
    chooses: str = ""

    def message(self, guide: str) -> Message:
        """What the visitor said by it."""
        return Choice(f"{self.chooses}@{guide}") if self.chooses else Text(self.says)


class Words(BaseModel):
    """The door's own sentences."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    commands: dict[str, Command]
    description: str
    short_description: str
    basis: str
    progress: str
    progress_many: str
    paper: str
    why: str
    manners: dict[str, str]
    types: dict[str, str]

    def before(self, manner: str) -> str:
        """What stands before the answer to a message that came in some manner."""
        return self.manners.get(manner, "")


@cache
def words() -> Words:
    """The sentences, read once."""
    return Words.model_validate(yaml.safe_load(FILE.read_text(encoding="utf-8")))
