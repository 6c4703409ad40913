"""The JSON of the API, for its OpenAPI description; `Reply.as_json` makes it, a test holds the two together."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from dialogs.messages import Origin, Reason, Status
from knowledge.guide import Fact, Guide


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


class BecauseForm(Form):
    """A condition that was judged; `holds` null: not known."""

    clause: str
    quote: str
    fact: str
    holds: bool | None


class GapForm(Form):
    """How far a fact is from what is needed, in its own unit (days for a date)."""

    fact: str
    have: float | str
    need: float | str
    short_by: float


class AmbiguityForm(Form):
    """What the guide leaves open, with whom to ask."""

    id: str
    text: str
    quote: str | None
    contact: ContactForm


class DirectionForm(Form):
    """What follows for one branch."""

    verdict: Literal["eligible", "not_eligible", "unknown"]
    because: list[BecauseForm]
    max_award_wan: float | None
    award: str | None
    needs: list[str]
    missing: list[str]
    gaps: list[GapForm]
    ambiguities: list[AmbiguityForm]
    assumed: list[str]
    asked: bool


class BestForm(Form):
    """Branches that may lawfully be applied for together."""

    directions: list[str]
    max_award_wan: float | None
    why: str


class ResultsForm(Form):
    """What follows from facts alone."""

    id: str | int | None = None
    as_of: str
    guide: str
    window: Literal["before", "open", "closed"]
    directions: dict[str, DirectionForm]
    best: list[BestForm]
    contacts: list[ContactForm]
    next_question: QuestionForm | None


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


class ExchangeForm(Form):
    """What was said, and the reply; words of an officer's have neither text nor choose."""

    update: str | None
    at: str
    text: str | None
    choose: str | None
    reply: ReplyForm | None


class TranscriptForm(Form):
    """A conversation, oldest first."""

    messages: list[ExchangeForm]


def request_of_assess(guide: Guide) -> dict[str, Any]:
    """The JSON schema of what `POST /api/assess` takes, made from the guide's facts."""
    return {
        "type": "object",
        "required": ["facts"],
        "additionalProperties": False,
        "properties": {
            "id": {"type": ["string", "integer"], "description": "原样返回"},
            "as_of": {"type": "string", "format": "date", "description": "哪一天；不写就是今天"},
            "facts": {
                "type": "object",
                "additionalProperties": False,
                "properties": {fact.key: _fact_schema(fact) for fact in guide.facts},
            },
        },
        "examples": [{"facts": {"reg_beijing": True, "fixed_asset_investment_wan": 3000}}],
    }


def _fact_schema(fact: Fact) -> dict[str, Any]:
    told = {"description": fact.question + (f"（{fact.unit}）" if fact.unit else "")}
    if fact.kind == "bool":
        return told | {"type": "boolean"}
    if fact.kind == "choice":
        return told | {"type": "string", "enum": list(fact.choices)}
    if fact.kind == "date":
        return told | {"type": "string", "format": "date"}
    least = 1 if fact.whole and fact.default == 1 else 0
    bound = {} if fact.signed else {"minimum": least}
    return told | {"type": "integer" if fact.whole else "number"} | bound
