"""Which branch of a direction a message decides for: by name, by likeness, or by denying the others."""

from __future__ import annotations

import re

from dialogs.hearing import HINTED_TOPIC, Heard, plain
from dialogs.library import Library
from dialogs.pairing import between_branches
from knowledge.amounts import amounts_in, holds
from knowledge.finding import NUMBERED, Found
from knowledge.lexicon import Target
from knowledge.rulebook import Case

BRANCH_LIKE = 0.4
"""Likeness from which a branch is taken that no word names."""
KEPT = 1.2
"""Likeness of a question that is nearly a kept one, from which it tells the branch though each word is of all."""
SEVERAL = 3
"""Figures of one message from which they are those of a whole direction."""
NEAR_BRANCH = 0.72
"""Share of the best branch's weight from which another branch is meant beside it."""


_DENIED = re.compile(r"^(?:我们?|咱们?)?(?:这)?(?:个|家)?(?:公司|企业|项目)?不是(?![,。])")
"""A message that says what it is not about (不是重大项目): the other branches are meant."""


def refined(inherited: tuple[str, ...], whole: Heard, library: Library) -> tuple[str, ...]:
    """The topics in hand, moved to another branch of the same direction where the message names one."""
    moved: list[str] = []
    denied = bool(_DENIED.match(whole.folded)) and not _told_apart_later(inherited, whole, library)
    for topic in inherited:
        direction = library.guide.direction_of.get(topic)
        own = _our_own(direction.direction, whole, library) if direction else ()
        named = own or (_refined_to(direction.direction, whole, library) if direction else ())
        named = () if not own and _only_liked(topic, named, whole, library) else named
        named = named or (_only_hinted(topic, whole, library) if direction else ())
        told = any(whole.words.get(branch, 0.0) >= HINTED_TOPIC for branch in named)
        if denied and direction and told and not _called_by_its_no(named, whole):
            named = tuple(branch.id for branch in direction.branches if branch.id not in named)
        alike = not own and _named_alike(topic, named, whole, library)
        stays = len(inherited) == 1 and not denied and (topic in named or alike)
        moved += [topic] if stays else list(named) or [topic]
    return tuple(dict.fromkeys(moved))


def _called_by_its_no(branches: tuple[str, ...], whole: Heard) -> bool:
    """Whether a name of some branches says itself what they are not (不是整车 is the branch of all other firms)."""
    names = (match for one in whole.segments for match in one.matches if match.term.startswith(("不是", "非")))
    return any(target.id in branches for match in names for target in match.targets)


def _only_liked(topic: str, others: tuple[str, ...], whole: Heard, library: Library) -> bool:
    """Whether nothing but likeness speaks for other branches than that in hand, of which words say as much (增速呢)."""
    if len(library.branches_of(topic)) > 1 or any(WE_ARE.search(one.text) for one in whole.segments):
        return False
    words = whole.words.get(topic, 0.0)
    return words >= HINT and all(whole.words.get(other, 0.0) <= words for other in others)


def _only_hinted(topic: str, whole: Heard, library: Library) -> tuple[str, ...]:
    """The one branch besides that in hand of which a message has a word, and most of its likeness (芯片的保单)."""
    branches = library.branches_of(library.guide.direction_of[topic].direction)
    hinted = [branch for branch in branches if whole.words.get(branch, 0.0) >= HINTED_TOPIC]
    most = max((whole.ours.get(branch, 0.0) for branch in branches), default=0.0)
    alone = len(hinted) == 1 and hinted[0] != topic and whole.ours.get(hinted[0], 0.0) >= max(BRANCH_LIKE, most)
    return (hinted[0],) if alone else ()


def _named_alike(topic: str, others: tuple[str, ...], whole: Heard, library: Library) -> bool:
    """Whether words name a provision of the branch in hand as plainly as any of the branches a message is like."""
    if any(whole.words.get(other, 0.0) > whole.words.get(topic, 0.0) for other in others):
        return False

    def named(branch: str) -> float:
        own = (one.id for one in library.under(branch) if one.topic == branch)
        return max((whole.provisions.get(id_, 0.0) for id_ in own), default=0.0)

    return named(topic) >= max(1.0, *map(named, others)) if others else False


def _told_apart_later(inherited: tuple[str, ...], whole: Heard, library: Library) -> bool:
    """Whether what is denied first is told of the same branch again (我不是什么龙头，就流贷两百万)."""
    branches = {branch for topic in inherited if topic in library.guide.direction_of
                for branch in library.branches_of(library.guide.direction_of[topic].direction)}  # fmt: skip
    later = [one for one in whole.segments[1:] if not REFUSES.search(one.text)]
    return any(one.topics.get(branch, 0.0) >= HINTED_TOPIC for one in later for branch in branches)


def _refined_to(number: str, whole: Heard, library: Library) -> tuple[str, ...]:
    """The branches that a message goes over to: what its asker is, what it names, the one with the figure it means."""
    return (
        _said_of_us(number, whole, library)
        or (branches_named(number, whole, library) if _tells_branch(number, whole, library) else ())
        or _with_figure(number, whole, library)
    )


def _tells_branch(number: str, whole: Heard, library: Library) -> bool:
    """Whether words hint at any branch, or likeness is plain: a little of it does not leave the one in hand."""
    branches = library.branches_of(number)
    return any(whole.words.get(one, 0.0) >= HINT or whole.ours.get(one, 0.0) >= PLAINLY for one in branches)


HINT, PLAINLY = 0.15, 0.7
"""Weight of words, and likeness, from which a message goes over to another branch."""


def _said_of_us(number: str, whole: Heard, library: Library) -> tuple[str, ...]:
    """The branches that the asker belongs to by a sentence of its own (前面那个是非整车的吧，我们是造整车的)."""
    said = [one for one in whole.segments if WE_ARE.search(one.text)] if len(whole.segments) > 1 else []
    if said and _AND_THOSE.search(whole.segments[-1].text):
        return branches_named(number, whole.segments[-1], library)
    return next((branches for one in reversed(said) if (branches := branches_named(number, one, library))), ())


def _our_own(number: str, whole: Heard, library: Library) -> tuple[str, ...]:
    """The branch that something of the asker's is called by, whatever is done to it (我们机房做节能改造)."""
    branches = library.branches_of(number)
    if _ALIKE.search(whole.folded) or EACH.search(whole.folded):
        return ()
    called = [
        (target.id, bool(_OUR.search(one.text[: match.start])))
        for one in whole.segments
        for match in sorted(one.matches, key=lambda found: found.start)
        for target in match.targets
        if target.kind == "topic" and target.id in branches
    ]
    first = next((at for at, (_, ours) in enumerate(called) if ours), None)
    return (called[0][0],) if first == 0 and not _elsewhere_too(called[0][0], whole, branches) else ()


def _elsewhere_too(branch: str, whole: Heard, branches: tuple[str, ...]) -> bool:
    """Whether sentences that do not name a branch name another one of its direction."""
    apart = [one for one in whole.segments if one.topics.get(branch, 0.0) < HINTED_TOPIC]
    return any(one.topics.get(other, 0.0) >= HINTED_TOPIC for one in apart for other in branches)


_ALIKE = re.compile(r"一样|相同|同样|区别|不同|比")
"""What sets one branch beside another."""
_OUR = re.compile(r"(?:我们?|咱们?)(?:公司|厂|家)?的?$")
_AND_THOSE = re.compile(r"^那.{2,}呢[?]?$")
"""How another case than one's own is asked for (我是制造业的。那隔壁做数据中心的呢)."""
WE_ARE = re.compile(
    r"(?:我们?|咱们?|我司|我厂|本公司)(?:公司|厂|家)?(?:就|可|都|其实)?(?:是|属于|做|造|搞|生产)(?!不是)"
)
"""How a sentence begins that tells what its asker is (我们是造整车的, 我们是灯塔工厂)."""
_THE_FIGURE = re.compile(r"\d[\d.]*[万亿]元?的?[那这]|[那这]个?\d[\d.]*[万亿]")
"""A figure of a reply that is pointed at (3000万那个对项目有什么要求)."""


def _with_figure(number: str, whole: Heard, library: Library) -> tuple[str, ...]:
    if not _THE_FIGURE.search(whole.folded):
        return ()
    figures, branches = amounts_in(whole.folded), library.branches_of(number)
    found = [
        branch
        for branch in branches
        if any(holds(one.provision.say, figure) for one in library.under(branch) for figure in figures
               if one.topic == branch and one.provision.ceiling)
    ]  # fmt: skip
    return tuple(found) if len(found) < len(branches) else ()


def narrowed(number: str, whole: Heard | Found, library: Library) -> str:
    """A direction, or the one branch of it that a message decides for."""
    if number not in {d.direction for d in library.guide.directions}:
        return number
    if isinstance(whole, Heard) and EACH.search(whole.folded) and _several_named(number, whole, library):
        return number
    own = _said_of_us(number, whole, library) or _our_own(number, whole, library) if isinstance(whole, Heard) else ()
    if len(own) == 1:
        return own[0]
    named = branches_named(number, whole, library)
    if isinstance(whole, Heard) and len(whole.contacts()) > 1 and not _outdoes(number, whole, library):
        return number  # several rows of one direction (整车的链和集成电路的链)
    one = len(named) == 1 and not between_branches(number, whole, library)
    return named[0] if one and not _figures_beyond(named[0], number, whole, library) else number


def _outdoes(number: str, whole: Heard, library: Library) -> bool:
    """Whether words name one branch of a direction far more than any other; neither people nor each is asked for."""
    most, *others = sorted((whole.words.get(one, 0.0) for one in library.branches_of(number)), reverse=True)
    apart = EACH.search(whole.folded) or any(whole.told.get(one, 0.0) >= HINTED_TOPIC for one in ("contact", "compare"))
    return most >= FAR * max(others, default=0.0) and not apart


FAR = 4
"""How many times the weight of the next one a branch has that alone is meant."""


def _figures_beyond(branch: str, number: str, whole: Heard | Found, library: Library) -> bool:
    """Whether a message tells several figures of a direction, and a branch prints only some (升规30万、投产50万…)."""
    figures = amounts_in(whole.folded) if isinstance(whole, Heard) else ()

    def printed(figure: str, topic: str) -> bool:
        return any(holds(one.provision.say, figure) for one in library.under(topic))

    return len(figures) >= SEVERAL and any(printed(one, number) and not printed(one, branch) for one in figures)


_APART = re.compile(r"非|不是|别的|其他|其它|另")
"""What says that a message is of another branch than one's own (非汽车的一家供应商多少)."""


def fitting(topic: str, told: Case, whole: Heard, library: Library) -> str:
    """A branch, or the one of its direction that alone agrees with what was told (我们是整车厂 → 一家供应商多少).

    A branch that this very message names stays.
    """
    direction = library.guide.direction_of.get(topic)
    if direction is None or len(direction.branches) < 2 or not told:
        return topic
    said_now = bool(_APART.search(whole.folded)) or any(WE_ARE.search(one.text) for one in whole.segments)
    if said_now or any(whole.words.get(branch.id, 0.0) >= HINTED_TOPIC for branch in direction.branches):
        return topic
    books = library.guide.book.branches
    agreeing = [one.id for one in direction.branches if books[one.id].whole.holds(told) is not False]
    failing = len(direction.branches) - len(agreeing)
    return agreeing[0] if len(agreeing) == 1 and failing and topic not in agreeing else topic


EACH = re.compile(
    r"各自|各(?=多少|是|最|给|能|拿|奖|补)|分别|(?:两|三|2|3)(?:项|个|样|种|块|边|头|家)(?!月|年|人|亿|百)"
)
"""What is asked of each of several (一家…,一家…,各能拿多少)."""


def _several_named(number: str, whole: Heard, library: Library) -> bool:
    """Whether different segments name different branches of a direction."""
    of_segment = (
        {branch for branch in library.branches_of(number) if one.topics.get(branch, 0.0) >= HINTED_TOPIC}
        for one in whole.segments
    )
    named = [branches for branches in of_segment if branches]
    return any(not one & other for one in named for other in named)


def branches_named(number: str, whole: Heard | Found, library: Library) -> tuple[str, ...]:
    """The branches of a direction that a message names, or plainly means, where they outdo the others."""
    branches = [branch.id for branch in library.guide.direction_of[number].branches]
    if len(branches) == 1:
        return ()
    words, likes = (whole.words, whole.ours) if isinstance(whole, Heard) else (whole.topics, whole.liked.topics)
    named = {branch: words.get(branch, 0.0) for branch in branches}
    liked = {branch: likes.get(branch, 0.0) for branch in branches}
    own = words.get(number, 0.0) - (NUMBERED if _is_numbered(number, whole) else 0.0)
    if max(named.values()) >= max(HINTED_TOPIC, 0.8 * own):
        weights = {branch: named[branch] + liked[branch] for branch in branches}
    elif isinstance(whole, Heard) and plain(whole) and max(liked.values()) < KEPT:
        return ()
    elif max(liked.values()) >= BRANCH_LIKE and max(liked.values()) > likes.get(number, 0.0) + 0.1:
        weights = liked
    else:
        return ()
    near = [branch for branch in branches if weights[branch] >= NEAR_BRANCH * max(weights.values())]
    if len(near) == len(branches):
        return ()
    refused, apart = _refused(near, whole)
    if apart:
        return ()
    return tuple(branch for branch in branches if branch not in refused) if set(near) == refused else tuple(near)


def _is_numbered(number: str, whole: Heard | Found) -> bool:
    return number in (whole.gathered("numbered") if isinstance(whole, Heard) else whole.numbered)


def _refused(branches: list[str], whole: Heard | Found) -> tuple[set[str], bool]:
    """The branches that a message names only to say that they are not meant (我们不是造车的).

    Beside them, whether one is named both ways, so that all are meant (造车的和不造车的).
    """
    segments = whole.segments if isinstance(whole, Heard) else [whole]
    spots = [(branch, one.text[: match.start]) for branch in branches for one in segments for match in one.matches
             if any(_of_branch(target, branch) for target in match.targets)]  # fmt: skip
    said = {branch for branch, before in spots if not REFUSES.search(before)}
    denied = {branch for branch, before in spots if REFUSES.search(before)}
    return denied - said, bool(denied & said)


def _of_branch(target: Target, branch: str) -> bool:
    """Whether a word names a branch, or a thing of it (我们不是十个亿那种大项目)."""
    return target.kind in ("topic", "cue") and target.id == branch


REFUSES = re.compile(
    r"(?<!是)(?:(?:不是|并非|不属于|又不|不搞|不做|没有|没)(?:做|搞|造|生产|开|办)?|不(?:做|搞|造|生产|开|办))(?:(?<=是)(?:什么|啥))?的?$"
    r"|不是[\d一二三四五六七八九十百千万亿个元]+[那这]?$"
)
