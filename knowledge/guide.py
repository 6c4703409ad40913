"""The guide as frozen models: what an editor's YAML becomes once it has been read.

A provision is the smallest thing the guide states. It carries its quote, and nothing may be said of it that does
not stand in that quote (`proving.py` holds this). Amounts, shares and days stay as the guide prints them
("3000万元", "5%", "2021年1月1日"), so that proof compares text with text; `amounts.py` reads them as numbers.
"""

from __future__ import annotations

from functools import cached_property
from typing import Literal

from pydantic import Field, model_validator

from knowledge.rulebook import Rulebook, rulebook
from knowledge.rules import Condition, Model, Rules

Facet = Literal[
    "amount",
    "rate",
    "conditions",
    "scope",
    "deadline",
    "process",
    "recommendation",
    "library",
    "exclusivity",
    "attachment",
    "honesty",
    "contact",
    "email",
    "district_contact",
    "reverse_lookup",
    "overview",
    "compare",
    "definition",
    "other",
]
"""What of a topic is asked for; the names are those of the question sets."""

Duty = Literal["project_library", "district_recommendation"]
"""What an enterprise has to get done before it applies (二（一）2 and 二（二）3)."""


class Ceiling(Model):
    """At most so much (封顶), and what it is counted for."""

    amount: str
    per: str
    yearly: bool = False


class Rate(Model):
    """A share of something; `stated: false` where the guide only says 一定比例 or 分档."""

    of: str
    at_most: str | None = None
    exactly: str | None = None
    stated: bool = True
    see: str | None = None

    @model_validator(mode="after")
    def says_one_thing(self) -> Rate:
        given = [name for name in ("at_most", "exactly") if getattr(self, name)]
        if self.stated and len(given) != 1:
            raise ValueError("比例要写 at_most 或 exactly 之一；正文未写的写 stated: false 和 see: 附件N")
        if not self.stated and (given or not self.see):
            raise ValueError("stated: false 的比例不能再写数，要用 see 指出附件N")
        return self


class Bonus(Model):
    """An amount on top, for those who have `when`, unless they have `unless`."""

    amount: str
    when: str
    unless: str | None = None


class Period(Model):
    """For how long at most."""

    at_most: str


class Unstated(Model):
    """What the guide leaves to an attachment or leaves open; `see` is 附件N, or empty where nothing is named.

    `outside`: the guide does not treat the matter at all (tax, office hours), so that saying so is a no.
    """

    what: str
    see: str | None = None
    outside: bool = False


class Provision(Model):
    """One thing the guide states: the sentence an officer says, and the quote it stands on (`also`: further quotes)."""

    id: str
    facet: Facet
    say: str
    quote: str
    also: tuple[str, ...] = ()
    clause: str | None = None
    cues: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    ceiling: Ceiling | None = None
    rate: Rate | None = None
    condition: Condition | None = None
    bonus: Bonus | None = None
    period: Period | None = None
    unstated: Unstated | None = None
    note: str | None = None


class Branch(Model):
    """A way to be supported under a direction that is judged by itself (27 in all; ids such as 4a, 7c, 12)."""

    id: str
    name: str
    clause: str
    aliases: tuple[str, ...] = ()
    cues: tuple[str, ...] = ()
    needs: tuple[Duty, ...] = ()
    provisions: tuple[Provision, ...]


class Direction(Model):
    """One of the 14 directions (方向), with the clauses as printed and its branches."""

    direction: str
    name: str
    short: str
    chapter: str
    attachment: str
    aliases: tuple[str, ...]
    cues: tuple[str, ...] = ()
    clauses: dict[str, str]
    shared: tuple[Provision, ...] = ()
    branches: tuple[Branch, ...]

    @property
    def label(self) -> str:
        """方向3 新材料首批次."""
        return f"方向{self.direction} {self.short}"


class Rule(Model):
    """A matter that holds for the whole guide (who may apply, the window, the path, inspection …)."""

    id: str
    name: str
    clause: str
    aliases: tuple[str, ...] = ()
    cues: tuple[str, ...] = ()
    provisions: tuple[Provision, ...]


class DutyRule(Model):
    """Which branches a duty falls on; proved against the directions that its quote names."""

    quote: str
    clause: str
    branches: tuple[str, ...]


class Window(Model):
    """First and last day of applying, both included, and the text that says so."""

    opens: str
    closes: str
    quote: str
    clause: str


class Attachment(Model):
    """An attachment by number and title as printed; its contents are not in the guide."""

    no: str
    title: str
    note: str | None = None
    aliases: tuple[str, ...] = ()


class Correction(Model):
    """What stands for a printed field of somebody in the tables: since which day, and who says so.

    The guide's own YAML never has one (`proving.py`): it comes from an overlay, and what is printed stays beside it.
    """

    field: Literal["name", "phone", "email"]
    value: str
    printed: str
    since: str
    source: str


class Contact(Model):
    """One person (or one technical line) of one printed row; fields as printed, broken lines joined.

    `matter` is a piece of the row as printed; `office` may hold several printed pieces, a space between them. `trades`
    are the lines of work whose leading firms (链主, 龙头) belong to the row.
    """

    id: str
    label: str
    matter: str
    branches: tuple[str, ...] = ()
    office: str
    name: str = ""
    phone: str = ""
    email: str = ""
    aliases: tuple[str, ...] = ()
    trades: tuple[str, ...] = ()
    note: str | None = None
    corrected: tuple[Correction, ...] = ()

    @property
    def called(self) -> tuple[str, ...]:
        """What people call the row's matter, each once (医药链, 医药的龙头)."""
        leading = (f"{trade}{leads}" for trade in self.trades for leads in LEADS)
        return tuple(dict.fromkeys((*self.aliases, *leading)))


LEADS = (
    "链主",
    "的链主",
    "龙头",
    "的龙头",
    "龙头企业",
    "的龙头企业",
    "产业链",
    "这条链",
    "那条链",
    "这边是链主",
    "领域的链主",
    "行业的链主",
)
"""How people name the leading firm of a trade, or its chain."""


class Person(Model):
    """One person of a district's row."""

    office: str
    name: str
    phone: str
    corrected: tuple[Correction, ...] = ()


class District(Model):
    """One of the 17 rows of the district table.

    `paired_by_order` where the guide prints several people and numbers without saying which belongs to whom.
    """

    id: str
    name: str
    printed: str
    people: tuple[Person, ...]
    email: str
    other_email: str | None = None
    other_email_for: str | None = None
    paired_by_order: bool = False
    note: str | None = None
    corrected: tuple[Correction, ...] = ()


class Fact(Model):
    """Something told of a case: the vocabulary of conditions and of the interview.

    `name` is what it is called in a list; a yes-or-no fact `says` each of them in words. A number may be negative only
    where it is `signed`, and is counted where it is `whole`. `within`: what people say beside a sum that holds the
    fact's and may hold more (投了499万 is no more 固定资产投资 than that).
    """

    key: str
    question: str
    name: str
    says: dict[Literal["yes", "no"], str] = Field(default_factory=dict)
    kind: Literal["bool", "choice", "number", "date"]
    subject: str
    unit: str | None = None
    choices: dict[str, str] = Field(default_factory=dict)
    default: bool | int | str | None = None
    signed: bool = False
    whole: bool = False
    within: tuple[str, ...] = ()
    branches: tuple[str, ...]

    @model_validator(mode="after")
    def says_yes_and_no(self) -> Fact:
        if (self.kind == "bool") != (set(self.says) == {"yes", "no"}):
            raise ValueError("是或否的事实要写says: {yes: 是的说法, no: 否的说法}，别的事实不写")
        return self


class Trade(Model):
    """What firms of a trade call it, and the directions or branches whose text is about that trade."""

    words: tuple[str, ...]
    of: tuple[str, ...]


class Guide(Model):
    """One guide, whole: what a folder of YAML becomes."""

    id: str
    title: str
    batch: str
    issuers: tuple[str, ...]
    issued: str
    window: Window
    chapters: dict[str, str]
    trades: dict[str, Trade] = Field(default_factory=dict)
    clauses: dict[str, str]
    duties: dict[Duty, DutyRule]
    rules: tuple[Rule, ...]
    attachments: tuple[Attachment, ...]
    shared_phrasings: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    directions: tuple[Direction, ...]
    contacts: tuple[Contact, ...]
    districts: tuple[District, ...]
    facts: tuple[Fact, ...]
    deciding: Rules
    phrasings: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    """How people ask: of a provision (`8:cap`) or of a topic's facet (`8.contact`), each in whole questions."""
    source: str

    @cached_property
    def branches(self) -> dict[str, Branch]:
        """Every branch by its id, in the guide's order."""
        return {branch.id: branch for direction in self.directions for branch in direction.branches}

    @cached_property
    def direction_of(self) -> dict[str, Direction]:
        """The direction by its own number and by the id of any of its branches."""
        return {d.direction: d for d in self.directions} | {b.id: d for d in self.directions for b in d.branches}

    @cached_property
    def fact(self) -> dict[str, Fact]:
        """The facts of the vocabulary by their keys."""
        return {fact.key: fact for fact in self.facts}

    @cached_property
    def book(self) -> Rulebook:
        """The rules made ready for judging."""
        return rulebook(self)

    @cached_property
    def all_clauses(self) -> dict[str, str]:
        """Every clause's text by its label."""
        return self.clauses | {label: text for d in self.directions for label, text in d.clauses.items()}
