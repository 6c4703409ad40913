"""What a text takes back within itself: 固投800万，不对，是600万 tells 600万, 产值不是2亿，是1.2亿 tells 1.2亿.

Only like is put for like: a sum for a sum, a day for a day, a place for a place. Where what follows is neither, the
clause that is taken back is left out.
"""

from __future__ import annotations

import re
from datetime import date

from knowledge.owners import PARTY
from knowledge.scene import Scene
from knowledge.teller import Teller

_SLIP = re.compile(
    r"[,。!;.—]+(?:哦|喔|噢|啊|哎|唉|呃|额|诶|不好意思|抱歉|[,])*"
    r"(?:(?:不对)+(?![吧吗么?外应])|(?:说|打|写|记|看|搞|弄|填)错(?:(?:了|行|单位|字|数字?)+|(?=,))|口误|更正(?:一下)?(?=[,:是为])|准确地?来?说"
    r"|(?<=[哦噢啊哎额])不(?=,)|(?<=[哦噢])应该(?=是)|等一?下(?=,)|刚?才?(?:财务|会计|同事|老板)说(?=是))[,:。!—]*"
)
"""Where somebody takes back what they have just said."""
_LEAD = re.compile(r"^(?:应该|其实|实际|准确说|说成)?(?:是|在|为)?")
_NOT_BUT = re.compile(
    r"(?:并不|不)(?:是|在)(?P<not>[^,。;!?是]{1,14}),?(?:而|应该|其实|实际)?(?:是|在)(?P<but>[^,。;!?]{1,16})"
)
"""What is denied, and what is so instead."""
_SEEN_WRONG = re.compile(r",应该是(?P<but>[^,。;]{1,14})[,。][^,。]{0,6}(?:看|记|说|打|写)错了?$")
"""What is put right before it is said that it was wrong (50万，应该是55万，我看错了)."""
_DISOWNED = re.compile(
    rf",(?:不是|不对),(?P<not>[^,]{{2,8}})是(?:{PARTY.pattern})[^,]{{0,3}},(?:我们|我司)(?:自己)?(?:是)?(?P<but>[^,。]+)"
)
"""What is another party's, and what is so of oneself (1.2亿，不是，1.2亿是集团的，我们是8600万)."""
_YEAR_OF = re.compile(r"^(?:去年|今年|前年|20\d\d年)")

Spot = tuple[int, int]


def amended(text: str, teller: Teller, today: date) -> str:
    """A folded text as it stands once all is put right that it takes back."""
    text = _SEEN_WRONG.sub(lambda found: f",说错了,是{found['but']}", text)
    text = _NOT_BUT.sub(lambda found: _instead(found, teller, today), text)
    if (theirs := _DISOWNED.search(text)) and theirs["not"] in text[: theirs.start()]:
        before = text[: theirs.start()]
        at = before.rfind(theirs["not"])
        text = before[:at] + theirs["but"] + before[at + len(theirs["not"]) :] + text[theirs.end() :]
    slip = _SLIP.search(text)
    if slip is None or not slip.start() or slip.end() == len(text):
        return text
    before, behind = text[: slip.start()], _LEAD.sub("", text[slip.end() :])
    new = _first_of(behind, teller, today)
    old = _last_of(before, new[0], teller, today) if new else None
    if new and old and not _NAMES.search(behind[: new[1][0]]):
        _, (start, end) = new
        word = behind[start:end]
        year = _YEAR_OF.match(before[old[0] : old[1]])
        if new[0] == "day" and year and not _YEAR_OF.match(word):
            word = year[0] + word
        return before[: old[0]] + word + before[old[1] :] + behind[end:]
    if new:
        return f"{before},{behind}"  # 固投800万，不对，产值2亿 names something else
    kept = before.rpartition(",")
    return f"{kept[0]}{kept[1]}我们{behind}" if len(behind) >= ENOUGH else text


_NAMES = re.compile(r"[一-鿿]{2}")
ENOUGH = 2
"""Letters behind a slip from which it tells something instead."""


def _instead(found: re.Match[str], teller: Teller, today: date) -> str:
    """The second of two that are alike; the words as they are where they are not."""
    one, other = _first_of(found["not"], teller, today), _first_of(found["but"], teller, today)
    if one is None or other is None or (one[0] != other[0] and "bare" not in (one[0], other[0])):
        return found[0]
    verb = "在" if one[0] == "place" else "是"
    return f"{verb}{found['but']}"


def _spots(text: str, teller: Teller, today: date) -> dict[str, list[Spot]]:
    """Where places, days, lengths of time, sums, shares and counts stand."""
    scene = Scene(text, today, answer=True)
    found: dict[str, list[Spot]] = {
        "place": [match.span() for match in teller.seats.found(text)],
        "day": [(one.start, one.end) for one in scene.days],
        "span": [(one.start, one.end) for one in scene.spans],
    }
    for one in scene.measured:
        found.setdefault(one.kind, []).append((one.start, one.end))
    return found


def _first_of(text: str, teller: Teller, today: date) -> tuple[str, Spot] | None:
    """What a text begins with: its kind and where it stands."""
    begins = [(kind, spot) for kind, spots in _spots(text, teller, today).items() for spot in spots if spot[0] <= 4]
    return min(begins, key=lambda one: (one[1][0], -one[1][1]), default=None)


def _last_of(text: str, kind: str, teller: Teller, today: date) -> Spot | None:
    return max(_spots(text, teller, today).get(kind, []), default=None)
