"""A consultation as it stands: small, frozen, JSON. The next state is a function of this and the next message."""

from __future__ import annotations

from typing import Self

from pydantic import BaseModel, ConfigDict

from dialogs.messages import Option


class Shown(BaseModel):
    """An option as it was last shown, so that “第二个” or its words choose it."""

    model_config = ConfigDict(frozen=True)
    label: str
    value: str


class Conversation(BaseModel):
    """What is kept between two messages.

    `topics` and `facets` are those in hand (for “那邮箱呢”), `subject` the district or person last spoken of
    (`district:haidian`, `person:李丹`), `shown` the options last shown, `misses` the failures to understand in a row.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    guide: str
    topics: tuple[str, ...] = ()
    facets: tuple[str, ...] = ()
    subject: str = ""
    shown: tuple[Shown, ...] = ()
    misses: int = 0

    def then(self, *, options: tuple[Option, ...] = (), **changes: object) -> Self:
        """The conversation after a reply that showed `options`."""
        shown = tuple(Shown(label=option.label, value=option.value) for option in options)
        return self.model_copy(update={**changes, "shown": shown})
