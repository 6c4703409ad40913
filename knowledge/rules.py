"""What decides, as an editor writes it: requirements over facts, awards, and what the guide leaves open.

Values stay as the guide prints them (500万元, 2022年, 3年, 10%), so that proof compares text with text; `rulebook.py`
reads them once and makes them ready for judging. A requirement without a clause of its own is of its branch's clause.
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator


class Model(BaseModel):
    """Frozen, and strict about keys: a key nobody knows is a typing error of the editor."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, defer_build=True)


COMPARISONS = ("is", "one_of", "at_least", "more_than", "at_most", "between")


class Comparison(Model):
    """The comparisons there are; a value is a choice of the fact, true or false, or a figure as printed."""

    is_: bool | int | str | None = Field(default=None, alias="is")
    one_of: tuple[str, ...] | None = None
    at_least: str | None = None
    more_than: str | None = None
    at_most: str | None = None
    between: tuple[str, str] | None = None

    @property
    def comparisons(self) -> list[tuple[str, object]]:
        """Every comparison this model knows, with what was written for it (None where nothing was)."""
        return [(name, getattr(self, "is_" if name == "is" else name)) for name in COMPARISONS]

    @property
    def written(self) -> list[tuple[str, object]]:
        """The comparisons that were written."""
        return [(name, value) for name, value in self.comparisons if value is not None]


class Condition(Comparison):
    """One plain comparison of one fact; what does not fit is asked in the guide's own words (是 / 否 / 不清楚)."""

    fact: str

    @model_validator(mode="after")
    def compares_once(self) -> Condition:
        if len(self.written) != 1:
            raise ValueError("一个条件只写一种比较：is、one_of、at_least、more_than、at_most 或 between")
        return self


class Requirement(Comparison):
    """A condition with its quote, or several joined by all, any or not.

    A group with a quote of its own speaks for its members: it is one line of a verdict's reasons. `told` asks whether a
    fact was told at all, and only makes sense for saying when a doubt applies.
    """

    fact: str | None = None
    told: Literal[True] | None = None
    all_: tuple[Requirement, ...] | None = Field(default=None, alias="all")
    any_: tuple[Requirement, ...] | None = Field(default=None, alias="any")
    not_: Requirement | None = Field(default=None, alias="not")
    quote: str | None = None
    clause: str | None = None

    @model_validator(mode="after")
    def says_one_thing(self) -> Requirement:
        groups = [group for group in (self.all_, self.any_, self.not_) if group is not None]
        compared = len(self.written) + bool(self.told)
        if len(groups) + (self.fact is not None) != 1:
            raise ValueError("一条要求只写一样：fact（加一种比较），或者 all、any、not 之一")
        if compared != (self.fact is not None):
            raise ValueError("写了 fact 就要写且只写一种比较：is、one_of、at_least、more_than、at_most 或 between")
        if self.all_ == () or self.any_ == ():
            raise ValueError("all 和 any 下面至少要有一条")
        return self

    @property
    def members(self) -> tuple[Requirement, ...]:
        """What a group joins; none for a condition."""
        return self.all_ or self.any_ or ((self.not_,) if self.not_ else ())


class Cap(Model):
    """At most so much for one of something (封顶)."""

    amount: str
    per: str
    quote: str
    clause: str | None = None


class Limit(Cap):
    """At most so much for an enterprise, over several branches together; `perhaps`: where the guide leaves it open."""

    over: tuple[str, ...]
    perhaps: tuple[str, ...] = ()
    yearly: bool = False
    in_principle: bool = False


class Part(Model):
    """One way to reckon an award; of several that apply the highest counts.

    `rate` is a share of the fact `base` (called `of` in a sentence), beside whose sum people say one of `told_by`;
    `each` where the base is told per product or supplier, so that it is multiplied by `count`. `stated: false` where
    the guide only says 一定比例 or 分档. `by` names a function of `awarding.py` for what can't be written here.
    """

    quote: str
    clause: str | None = None
    of: str | None = None
    rate: str | None = None
    base: str | None = None
    told_by: tuple[str, ...] = ()
    each: bool = False
    stated: bool = True
    see: str | None = None
    cap: Cap | None = None
    count: str | None = None
    when: Requirement | None = None
    remark: str | None = None
    by: Literal["data_centre"] | None = None

    @model_validator(mode="after")
    def says_one_thing(self) -> Part:
        if self.stated and self.see:
            raise ValueError("写了 see（见附件N）就要写 stated: false")
        if not self.stated and (self.rate or not self.see):
            raise ValueError("stated: false 的奖励不能写比例，要用 see 指出附件N")
        if self.rate and not (self.base and self.of):
            raise ValueError("写了比例就要写基数：base 是事实的键，of 是它的叫法")
        return self


class Bonus(Model):
    """An amount on top, when something holds, unless something else does."""

    amount: str
    quote: str
    when: Requirement
    unless: Requirement | None = None
    clause: str | None = None


class Award(Model):
    """The parts that an award is reckoned by, and what comes on top."""

    parts: tuple[Part, ...] = Field(min_length=1)
    bonuses: tuple[Bonus, ...] = ()


class Ambiguity(Model):
    """What the guide leaves open: the doubt, the sentence that is honest about it, and whom to ask.

    Where `unknown_when` holds the verdict is unknown, whatever the conditions say; where `noted_when` holds the
    sentence goes with the verdict (`eligible`: with every eligible one). Without either it stands for the record.
    """

    id: str
    text: str
    say: str
    contact: str
    quote: str | None = None
    branches: tuple[str, ...] = ()
    unknown_when: Requirement | None = None
    noted_when: Requirement | Literal["eligible", "not_eligible"] | None = None


class Routes(Model):
    """Whom to turn to first by what was told of a fact, and `otherwise` (and besides)."""

    fact: str
    rows: dict[str, str]
    otherwise: str
    branches: tuple[str, ...]


class BranchRules(Model):
    """What decides over one branch: all of its conditions, and what it may give."""

    id: str
    conditions: tuple[Requirement, ...] = ()
    award: Award


class DirectionRules(Model):
    """A direction's branches, the limits that they share, and what its clause leaves open.

    `together`: how its branches go together in one application: `sum`, or only the `highest`.
    """

    direction: str
    together: Literal["sum", "highest"] = "sum"
    limits: tuple[Limit, ...] = ()
    branches: tuple[BranchRules, ...]
    routes: Routes | None = None
    ambiguities: tuple[Ambiguity, ...] = ()


class GeneralCondition(Model):
    """A condition of every branch but those of `except` (a direction's number, or a branch)."""

    id: str
    require: Requirement
    except_: tuple[str, ...] = Field(default=(), alias="except")


class Exemption(Model):
    """What lifts general conditions, and the duty that goes with it."""

    when: Requirement
    lifts: tuple[str, ...]
    needs: str


class GeneralRules(Model):
    """What holds for every branch, once; `duties` names the fact that tells that a duty is done."""

    conditions: tuple[GeneralCondition, ...]
    exemption: Exemption
    duties: dict[str, str]
    ambiguities: tuple[Ambiguity, ...] = ()


class Rules(Model):
    """All that decides in one guide."""

    general: GeneralRules
    directions: tuple[DirectionRules, ...]


OWN_DIRECTION = "本方向"
"""What a general condition writes for the direction that is being judged."""

LAST_DAY = "申报截止日期"
"""What a condition writes for the last day of applying."""

AS_OF = "as_of"
"""The day of the question, in the conditions of an ambiguity; it is no fact of the vocabulary."""
