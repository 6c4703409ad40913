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


class StaffCard(BaseModel):
    """The lines of a ticket's card."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    name: str
    head: str
    reason: str
    asked: str
    facts: str
    verdicts: str
    suggestion: str
    contacts: str
    how: str
    how_phone: str


class StaffWords(BaseModel):
    """What is said in the officers' group."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    commands: dict[str, str]
    help: str
    card: StaffCard
    visitor: str
    assistant: str
    officer: str
    lost: str
    why: dict[str, str]
    refused: str
    raised: str
    events: dict[str, str]
    mail: dict[str, str]
    take_first: str
    anothers: str
    yours: str
    closed: str
    phone: str
    too_long: str
    not_text: str
    edited: str
    noted: str
    note_what: str
    close_what: str
    pass_what: str
    on_duty: str
    nobody_on_duty: str
    here: str
    no_ticket: str
    who_what: str
    who_none: str
    who_more: str
    linked: str
    not_linked: str
    too_many: str
    link_what: str
    stranger: str
    bound: str
    bind_who: str
    bind_admin: str
    bind_forum: str
    no_thread: str
    erase_by_hand: str


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
    staff: StaffWords

    def before(self, manner: str) -> str:
        """What stands before the answer to a message that came in some manner."""
        return self.manners.get(manner, "")


@cache
def words() -> Words:
    """The sentences, read once."""
    return Words.model_validate(yaml.safe_load(FILE.read_text(encoding="utf-8")))
