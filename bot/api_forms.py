"""The JSON of the API, for its OpenAPI description; `Reply.as_json` makes it, a test holds the two together."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from dialogs.messages import Origin, Reason, Status


class Form(BaseModel):
    """A part of the JSON: exactly these keys."""

    model_config = ConfigDict(extra="forbid")


class Opened(Form):
    """A new conversation."""

    id: str = Field(description="会话编号，猜不到；后面的消息都发到它名下")


class Said(Form):
    """A message: words, or the value of an option (exactly one of the two)."""

    model_config = ConfigDict(json_schema_extra={"oneOf": [{"required": ["text"]}, {"required": ["choose"]}]})
    text: str = Field(default="", description="一句话，最多5000字", examples=["流片最多补多少"])
    choose: str = Field(default="", description="选项的value", examples=["overview@2023-batch-1"])


class CitationForm(Form):
    guide: str
    clause: str
    quote: str


class ContactForm(Form):
    for_: str = Field(alias="for")
    office: str
    name: str
    phone: str
    email: str


class OptionForm(Form):
    label: str
    value: str


class OriginForm(Form):
    figure: str
    origin: Origin
    from_: str = Field(alias="from")


class PickForm(Form):
    value: str
    label: str
    option: str


class QuestionForm(Form):
    fact: str | None
    kind: Literal["bool", "choice", "number", "date", "scope"]
    unit: str | None
    choices: list[PickForm]
    why: str
    decides: list[str]


class ProgressForm(Form):
    answered: int
    at_most_left: int


class ReplyForm(Form):
    """One reply to one message, the same on every door."""

    status: Status
    text: str
    reason: Reason | None = None
    question: QuestionForm | None = None
    progress: ProgressForm | None = None
    results: dict[str, Any] | None = None
    citations: list[CitationForm]
    contacts: list[ContactForm]
    options: list[OptionForm]
    topics: list[str]
    facets: list[str]
    confidence: float
    origins: list[OriginForm]


class NoReply(Form):
    """While a person has the conversation."""

    reply: None
