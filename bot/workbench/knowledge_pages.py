"""The editors' pages: what was not answered, the draft with its preview, the published versions, corrected contacts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response
from fastapi.responses import RedirectResponse

from bot.api import Taker
from bot.conductor import Conductor
from bot.handing_on import BEIJING
from bot.problems import Fault
from bot.web import form_of
from bot.workbench import drafting, previewing
from bot.workbench.correcting import changes_of, people, undone
from bot.workbench.drafting import Draft, Unpublished
from bot.workbench.guard import Audit, Editor, Person
from bot.workbench.knowledge_shown import (
    in_words,
    previewed,
    published_parts,
    said_of,
    topic_name,
    topics_to_choose,
    versions_shown,
)
from bot.workbench.knowledge_store import Aside
from bot.workbench.labels import DOORS, FACETS
from bot.workbench.shell import shown
from bot.workbench.unanswered import CAUSES, NEWEST, Laid, groups, laid_out, mark
from knowledge.overlay import Change

HOME, DRAFT, VERSIONS, CONTACTS = (f"/desk/knowledge{end}" for end in ("", "/draft", "/versions", "/contacts"))
TABS = ((HOME, "问不上来的"), (DRAFT, "草稿与预览"), (VERSIONS, "已发布的版本"), (CONTACTS, "更正联系人"))
DAYS = (7, 30, 90)
AT_ONCE = 20
"""Groups on a page."""
IDS = r"^\d{1,9}(,\d{1,9}){0,49}$"

router = APIRouter(prefix="/desk/knowledge", include_in_schema=False)
Id = Annotated[int, Path(alias="id", ge=0, le=2**62)]


# --- what was not answered -------------------------------------------------------------------------------------------


@router.get("")
async def unanswered(
    request: Request, conductor: Taker, person: Editor, audit: Audit, days: str = "", page: str = ""
) -> Response:
    """The groups, largest first; looking is a line of the trail."""
    span = int(days) if days.isascii() and days.isdigit() and int(days) in DAYS else 30
    at = max(1, int(page)) if page.isascii() and page.isdigit() and len(page) < 5 else 1
    draft = await conductor.off_the_loop(drafting.draft_of, conductor)
    found, aside = await conductor.off_the_loop(_groups, conductor, span)
    await audit(person, "看问不上来的", f"最近{span}天，第{at}页")
    some = found[AT_ONCE * (at - 1) : AT_ONCE * at]
    drafted = {change.text for _, change in draft.waiting}
    return shown(
        request, "desk/knowledge.html", tabs=TABS, tab=HOME, days=DAYS, span=span, groups=some, count=len(found),
        asked=sum(one.group.count for one in found), aside=aside, told=_told,
        at=at, following=at + 1 if len(found) > AT_ONCE * at else 0,
        causes=CAUSES, doors=DOORS, facets=FACETS, topics=topics_to_choose(conductor.library), drafted=drafted,
        waiting=len(draft.waiting), complaint="", numbered=AT_ONCE * (at - 1),
    )  # fmt: skip


def _groups(conductor: Conductor, span: int) -> tuple[list[Laid], list[Laid]]:
    heard = conductor.store.heard(conductor.now() - timedelta(days=span), NEWEST)
    return laid_out(groups(heard, conductor.library, conductor.today()), conductor.store.asides())


@router.post("/aside")
async def set_aside(request: Request, conductor: Taker, person: Editor, audit: Audit) -> Response:
    """The group of a question is left alone until it has grown by as many again."""
    form = await form_of(request)
    back, span = _back(form)
    found, _ = await conductor.off_the_loop(_groups, conductor, span)
    wanted = mark(form.get("text", ""))
    group = next((one.group for one in found if wanted in {question for question, _ in one.group.asked}), None)
    if group is not None:  # else it was answered, or set aside, meanwhile
        marks = frozenset(question for question, _ in group.asked)
        aside = Aside(conductor.now(), person.name, group.count, marks)
        number = await conductor.off_the_loop(conductor.store.set_aside, aside)
        await audit(person, "放下问不上来的", f"第{number}组，{group.count}次")
    return RedirectResponse(back, 303)


@router.post("/aside/{ids}/back")
async def take_up(
    request: Request, conductor: Taker, person: Editor, audit: Audit, ids: Annotated[str, Path(pattern=IDS)]
) -> Response:
    """A group that was set aside is to be looked at again."""
    back, _ = _back(await form_of(request))
    if await conductor.off_the_loop(conductor.store.take_up, [int(one) for one in ids.split(",")]):
        await audit(person, "放回问不上来的", f"第{ids}组")
    return RedirectResponse(back, 303)


def _back(form: Mapping[str, str]) -> tuple[str, int]:
    """The page of groups that a form stands on, and its days."""
    days = form.get("days", "")
    span = int(days) if days in {str(one) for one in DAYS} else 30
    return f"{HOME}?days={span}", span


# --- the draft -------------------------------------------------------------------------------------------------------


@router.get("/draft")
async def draft(request: Request, conductor: Taker, person: Editor) -> Response:
    """What waits, what it would change, and what is in force."""
    return await _draft(request, conductor)


@router.post("/phrasings")
async def add_phrasing(request: Request, conductor: Taker, person: Editor, audit: Audit) -> Response:
    """A question, or a name, for a topic, into the draft: `target` (8.contact), or topic and facet."""
    form = await form_of(request)
    text, target = form.get("text", "").strip(), form.get("target", "").strip()
    topic, facet = form.get("topic", ""), form.get("facet", "")
    if form.get("part") == "aliases":
        change = Change(part="aliases", key=topic, text=text)
    else:
        change = Change(part="phrasings", key=target or f"{topic}.{facet}", text=text)
    return await _add(request, conductor, person, audit, [change], form.get("back", DRAFT))


@router.post("/draft/{id}/remove")
async def withdraw(request: Request, conductor: Taker, person: Editor, audit: Audit, id_: Id) -> Response:
    """One change less."""
    if not await conductor.off_the_loop(conductor.store.withdraw, id_):
        raise Fault(404, "草稿里没有这一处，可能已经去掉或发布了；请刷新页面。")
    await audit(person, "去掉草稿", f"第{id_}处")
    return RedirectResponse(DRAFT, 303)


@router.post("/drop")
async def drop(request: Request, conductor: Taker, person: Editor, audit: Audit) -> Response:
    """Something that is in force goes: a phrasing, a name, or all corrections of somebody."""
    form = await form_of(request)
    part, key, text = form.get("part", ""), form.get("key", ""), form.get("text", "")
    if part == "contacts":
        changes = undone(key, conductor.library)
    elif part == "aliases":
        changes = [Change(part="aliases", key=key, text=text, out=True)]
    else:
        changes = [Change(part="phrasings", key=key, text=text, out=True)]
    return await _add(request, conductor, person, audit, changes, DRAFT)


async def _add(
    request: Request, conductor: Conductor, person: Person, audit: Audit, changes: Sequence[Change], back: str
) -> Response:
    try:
        ids = await conductor.off_the_loop(drafting.add, conductor, person, list(changes))
    except Unpublished as no:
        return await _draft(request, conductor, str(no), given=changes[0] if changes else None)
    for id_, change in zip(ids, changes, strict=True):
        await audit(person, "加进草稿", f"第{id_}处：{change.part} {change.key}")
    return RedirectResponse(
        back if back in {HOME, DRAFT, CONTACTS, *(f"{HOME}?days={n}" for n in DAYS)} else DRAFT, 303
    )


async def _draft(
    request: Request, conductor: Conductor, complaint: str = "", *, given: Change | None = None
) -> Response:
    one: Draft = await conductor.off_the_loop(drafting.draft_of, conductor)
    library, now = conductor.library, conductor.now()
    preview = await conductor.off_the_loop(conductor.store.preview, one.seen)
    running = preview is not None and not preview.result and previewing.is_moving(preview, now)
    faults = await conductor.off_the_loop(drafting.proof, one.document, library) if one.changes_something else []
    return shown(
        request, "desk/knowledge_draft.html", 422 if complaint else 200, tabs=TABS, tab=DRAFT, complaint=complaint,
        waiting=[(held, in_words(change, library)) for held, change in one.waiting], at=_told, draft=one, faults=faults,
        running=preview if running else None, preview=previewed(preview, library), topics=topics_to_choose(library),
        facets=FACETS, given=given, parts=published_parts(one.before, library), topic_name=topic_name,
    )  # fmt: skip


# --- trying and publishing -------------------------------------------------------------------------------------------


@router.post("/preview")
async def preview(request: Request, conductor: Taker, person: Editor, audit: Audit) -> Response:
    """Try the draft; the page tells how far that is."""
    one = await conductor.off_the_loop(drafting.draft_of, conductor)
    if not one.changes_something:
        return await _draft(request, conductor, "草稿和现在用的一样，没有可预览的。")
    await previewing.begin(conductor, person, one)
    await audit(person, "预览草稿", f"{len(one.waiting)}处")
    return RedirectResponse(DRAFT, 303)


@router.post("/publish")
async def publish(request: Request, conductor: Taker, person: Editor, audit: Audit) -> Response:
    """The draft that was seen becomes the next version."""
    form = await form_of(request)
    try:
        made = await drafting.publish(conductor, person, form.get("seen", ""), form.get("note", "").strip()[:200])
    except Unpublished as no:
        return await _draft(request, conductor, str(no))
    await audit(person, "发布知识", f"第{made.number}版")
    return RedirectResponse(VERSIONS, 303)


# --- versions --------------------------------------------------------------------------------------------------------


@router.get("/versions")
async def versions(request: Request, conductor: Taker, person: Editor) -> Response:
    """All versions, newest first."""
    return await _versions(request, conductor)


@router.post("/versions/{id}/again")
async def take_back(request: Request, conductor: Taker, person: Editor, audit: Audit, id_: Id) -> Response:
    """The document of an earlier version becomes the next one."""
    newest = (await form_of(request)).get("newest", "")
    try:
        wanted = int(newest) if newest.isascii() and newest.isdigit() and len(newest) < 10 else -1
        made = await drafting.take_back(conductor, person, id_, wanted)
    except Unpublished as no:
        return await _versions(request, conductor, str(no))
    await audit(person, "退回知识", f"第{made.number}版：{made.note}")
    return RedirectResponse(VERSIONS, 303)


async def _versions(request: Request, conductor: Conductor, complaint: str = "") -> Response:
    held = await conductor.off_the_loop(conductor.store.versions)
    document = held[0].document if held else ""
    unused = document != conductor.library.overlay
    faults = await conductor.off_the_loop(drafting.proof, document, conductor.library) if unused else []
    return shown(
        request, "desk/knowledge_versions.html", 422 if complaint else 200, tabs=TABS, tab=VERSIONS,
        complaint=complaint, versions=versions_shown(held), at=_told, unused=unused, faults=faults,
    )  # fmt: skip


# --- contacts --------------------------------------------------------------------------------------------------------


@router.get("/contacts")
async def contacts(request: Request, conductor: Taker, person: Editor) -> Response:
    """The form of a correction, and the corrections in force."""
    return await _contacts(request, conductor)


@router.post("/contacts")
async def correct(request: Request, conductor: Taker, person: Editor, audit: Audit) -> Response:
    """A correction into the draft."""
    form = await form_of(request)
    try:
        changes = changes_of(form, conductor.library, conductor.now().astimezone(BEIJING).date())
        ids = await conductor.off_the_loop(drafting.add, conductor, person, changes)
    except Unpublished as no:
        return await _contacts(request, conductor, str(no), form)
    for id_, change in zip(ids, changes, strict=True):
        await audit(person, "加进草稿", f"第{id_}处：{change.part} {change.key}")
    return RedirectResponse(DRAFT, 303)


async def _contacts(
    request: Request, conductor: Conductor, complaint: str = "", given: dict[str, str] | None = None
) -> Response:
    one = await conductor.off_the_loop(drafting.draft_of, conductor)
    today = conductor.now().astimezone(BEIJING).date().isoformat()
    fields = dict.fromkeys(("who", "phone", "email", "name", "source"), "") | {"since": today} | (given or {})
    return shown(
        request, "desk/knowledge_contacts.html", 422 if complaint else 200, tabs=TABS, tab=CONTACTS,
        complaint=complaint, given=fields, people=people(conductor.library), today=today,
        corrections=said_of(conductor.library),
        waiting=[in_words(change, conductor.library) for _, change in one.waiting if change.part == "contacts"],
    )  # fmt: skip


def _told(at: object) -> str:
    from datetime import datetime

    assert isinstance(at, datetime)
    return f"{at.astimezone(BEIJING):%Y-%m-%d %H:%M}"
