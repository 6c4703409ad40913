"""Every contact of the guide is found by matter, office, person, phone, mailbox and place.

The expectations (cases/contacts.yaml) were typed from the guide by a hand that did not write the knowledge.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from dialogs.library import Library
from tests.case_files import cases
from tests.conftest import OPEN
from tests.visitor import Visitor

Row = dict[str, Any]
Pairs = list[tuple[str, str]]

CASES = cases("cases/contacts.yaml")
TECHNICAL: list[Row] = CASES["technical"]
DISTRICTS: list[Row] = CASES["districts"]
MUNICIPAL: list[Row] = CASES["municipal"]
ROWS: list[Row] = [*MUNICIPAL, *CASES["policy"]]  # the rows of one person of the city's bureau


def asked_once(pairs: Iterable[tuple[str, str]]) -> pytest.MarkDecorator:
    """One story for each word that is asked, named by it, with all that the word must show."""
    cases: dict[str, list[str]] = {}
    for asked, wanted in pairs:
        cases.setdefault(asked, []).append(wanted)
    return pytest.mark.parametrize(("asked", "wanted"), list(cases.items()), ids=list(cases))


def numbers_of(person: str, district: Row) -> list[str]:
    """The number beside a person; all of the district's where the table doesn't pair them."""
    people, phones = district["people"], district["phones"]
    return [phones[people.index(person)]] if len(people) == len(phones) else phones


def who_has(phone: str, district: Row) -> list[str]:
    """The people whom a district's number may reach."""
    return [person for person in district["people"] if phone in numbers_of(person, district)]


def in_rows(key: str, *fields: str) -> Pairs:
    """The city's rows, asked by one field, showing others."""
    return [(row[key], row[field]) for row in ROWS if key in row for field in fields]


def in_districts(key: str, *fields: str) -> Pairs:
    """The districts, asked by each value of one list, showing all of others."""
    return [
        (asked, shown)
        for district in DISTRICTS
        for asked in district[key]
        for field in fields
        for shown in ([district[field]] if field == "name" else district[field])
    ]


@pytest.fixture
def visitor(library: Library) -> Visitor:
    """A caller while the window is open."""
    return Visitor(library, OPEN)


@asked_once(
    (matter, row[field]) for row in MUNICIPAL for matter in row["matters"] for field in ("person", "phone", "mailbox")
)
def test_a_matter_finds_whom_to_ask(asked: str, wanted: list[str], visitor: Visitor) -> None:
    """A matter of several rows shows the people of all of them."""
    visitor.says(f"{asked}找谁")
    visitor.sees(*wanted)


@asked_once(in_rows("office", "person", "phone"))
def test_an_office_shows_all_its_people(asked: str, wanted: list[str], visitor: Visitor) -> None:
    """The office's name alone is enough, as an officer types it."""
    visitor.says(asked)
    visitor.sees(*wanted)


@asked_once(in_rows("person", "office", "phone") + in_districts("people", "name"))
def test_a_person_is_placed(asked: str, wanted: list[str], visitor: Visitor) -> None:
    """The office and its number, or the district; two people of one name are both shown."""
    visitor.says(f"{asked}是谁")
    visitor.sees(*wanted)


@asked_once(
    in_rows("person", "phone")
    + [
        (person, phone)
        for district in DISTRICTS
        for person in district["people"]
        for phone in numbers_of(person, district)
    ]
)
def test_a_person_has_a_number(asked: str, wanted: list[str], visitor: Visitor) -> None:
    """The number of the row in which the name stands."""
    visitor.says(f"{asked}电话")
    visitor.sees(*wanted)


@asked_once((row["person"], f"方向{row['direction']}") for row in MUNICIPAL)
def test_a_person_has_matters(asked: str, wanted: list[str], visitor: Visitor) -> None:
    """Every direction in whose row the name stands."""
    visitor.says(f"{asked}管什么")
    visitor.sees(*wanted)


@asked_once(
    in_rows("phone", "person")
    + [(phone, person) for district in DISTRICTS for phone in district["phones"] for person in who_has(phone, district)]
)
def test_a_number_is_told_whose_it_is(asked: str, wanted: list[str], visitor: Visitor) -> None:
    """A number that people share shows all of them."""
    visitor.says(f"{asked}是谁的")
    visitor.sees(*wanted)


@pytest.mark.parametrize("form", ["{}是谁的", "{}"])
@asked_once(in_rows("mailbox", "person", "office") + in_districts("mailboxes", "name"))
def test_a_mailbox_is_told_whose_it_is(asked: str, wanted: list[str], form: str, visitor: Visitor) -> None:
    """The whole address, in a question or alone."""
    visitor.says(form.format(asked))
    visitor.sees(*wanted)


@asked_once(
    (mailbox.partition("@")[0], wanted)
    for mailbox, wanted in in_rows("mailbox", "person", "office") + in_districts("mailboxes", "name")
)
def test_the_part_before_the_at_is_enough(asked: str, wanted: list[str], visitor: Visitor) -> None:
    """A caller reads out what stands before the @."""
    visitor.says(f"{asked}是谁的邮箱")
    visitor.sees(*wanted)


@asked_once(in_districts("names", "people", "phones"))
def test_a_place_shows_its_people(asked: str, wanted: list[str], visitor: Visitor) -> None:
    """A place and “电话” show every person with every number."""
    visitor.says(f"{asked} 电话")
    visitor.sees(*wanted)


@asked_once(in_districts("names", "people", "phones", "offices", "mailboxes"))
def test_a_places_contacts_are_whole(asked: str, wanted: list[str], visitor: Visitor) -> None:
    """All of the row: offices, people, numbers, mailboxes."""
    visitor.says(f"{asked}联系人")
    visitor.sees(*wanted)


@asked_once(in_districts("names", "mailboxes"))
def test_a_place_has_a_mailbox(asked: str, wanted: list[str], visitor: Visitor) -> None:
    """亦庄 has two: one is for enterprises of commercial space."""
    visitor.says(f"{asked}邮箱")
    visitor.sees(*wanted)


@asked_once(
    (f"{district['names'][0]}{office}", person)
    for district in DISTRICTS
    for office in district["offices"]
    for person in (
        district["people"]
        if len(district["people"]) != len(district["offices"])
        else [district["people"][district["offices"].index(office)]]
    )
)
def test_a_places_office_shows_its_people(asked: str, wanted: list[str], visitor: Visitor) -> None:
    """The office's own person where offices and people stand side by side, else all of the district."""
    visitor.says(asked)
    visitor.sees(*wanted)


@asked_once(
    (office, person)
    for district in DISTRICTS
    for office in district["offices"]
    for person in district["people"]
    if len(district["offices"]) == 1 and office != "经信局"
)
def test_a_districts_office_is_found_by_its_name(asked: str, wanted: list[str], visitor: Visitor) -> None:
    """Offices of one name in several districts show the people of each; 经信局 alone would be any district's."""
    visitor.says(f"{asked}电话")
    visitor.sees(*wanted)


@pytest.mark.parametrize("asked", ["政策咨询找谁", "政策咨询电话", "政策咨询联系人"])
def test_policy_consultants_are_three(asked: str, visitor: Visitor) -> None:
    """All three with their numbers."""
    visitor.says(asked)
    visitor.sees(*(row[field] for row in CASES["policy"] for field in ("person", "phone")))


@pytest.mark.parametrize("form", ["{asked}", "{phone}是谁的"])
@pytest.mark.parametrize("line", TECHNICAL, ids=lambda line: line["asked"])
def test_a_technical_line_is_found(line: Row, form: str, visitor: Visitor) -> None:
    """By what it is for, and by its number."""
    visitor.says(form.format(**line))
    visitor.sees(line["line"], line["phone"])


def test_technical_support_is_both_lines(visitor: Visitor) -> None:
    """Whoever asks for 技术支持 gets the app's line and the system's."""
    visitor.says("技术支持电话")
    visitor.sees(*(line["phone"] for line in TECHNICAL))


def test_the_mailbox_for_commercial_space(visitor: Visitor) -> None:
    """亦庄 has its own for that field."""
    visitor.says("亦庄商业航天企业联系邮箱")
    visitor.sees("zcx18811430691@163.com")


def test_the_whole_table_was_typed() -> None:
    """The counts of the guide: 23 rows, three of 方向5, two of 11, seven of 13; 3 and 2 lines; 17 districts."""
    rows = [row["direction"] for row in MUNICIPAL]
    assert (len(rows), rows.count(5), rows.count(11), rows.count(13)) == (23, 3, 2, 7)
    assert (len(CASES["policy"]), len(TECHNICAL), len(DISTRICTS)) == (3, 2, 17)
