"""Which provisions tell a topic's money: its ceilings, shares and bonuses."""

from __future__ import annotations

from dialogs.library import Stated

MONEY = {"amount", "rate"}


def in_money(under: list[Stated], facets: tuple[str, ...], most: int) -> list[Stated]:
    """All ceilings, or all shares, of a topic; the other of the two where there is room."""
    capped = [one for one in under if one.provision.ceiling]
    open_cap = [one for one in under if one.provision.facet == "amount" and one.provision.unstated]
    ceilings = [*(capped or open_cap[:1]), *(one for one in under if one.provision.bonus)]
    rates = [one for one in under if one.provision.rate]
    first, then = (ceilings, rates) if "amount" in facets else (rates, ceilings)
    room = max(0, 4 - len(first))
    beside = then if len(then) == room + 1 else then[:room]  # no tier is left out for want of one line
    return without_doubles([*first, *beside])[: max(most, len(first))] or under[:most]


def beside_money(found: list[Stated], under: list[Stated], facets: tuple[str, ...]) -> list[Stated]:
    """The shares that belong to ceilings that were asked for, and the other way round."""
    rest = [one for one in under if one.provision.facet in MONEY and one not in found and tells_money(one)]
    asked = [one for one in rest if one.provision.facet in facets and (one.provision.rate or one.provision.ceiling)]
    return [one for one in rest if one.provision.facet not in facets] + asked


def tells_money(one: Stated) -> bool:
    return bool(one.provision.ceiling or one.provision.rate or one.provision.bonus)


def without_doubles(found: list[Stated]) -> list[Stated]:
    """Each sentence once, the same ceiling of two branches too."""
    return list({one.provision.say: one for one in found}.values())
