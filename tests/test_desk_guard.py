"""Who may come to the desk, by plain HTTP to a real server: every route under every role, forged calls, sessions."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi.routing import iter_route_contexts

from bot.conductor import Conductor
from bot.serving import build
from bot.sqlite_store import FILE, SqliteStore
from bot.workbench.guard import back_to, role_of
from bot.workbench.signing_in import CODE_LENGTH, LASTS, OF_ACCOUNT, SigningIn, digest_of
from bot.workbench.staff_store import ROLES, Person, Role, Sought
from dialogs.library import Library
from tests.conftest import OPEN
from tests.serving import Server
from tests.staff import NAMES, PASSWORD, AtDesk, field, hire, hired, invited

ANYBODY = {
    "GET /openapi.json", "GET /", "POST /", "GET /messages", "POST /messages", "GET /events", "POST /feedback",
    "POST /new", "POST /typing", "GET /source", "GET /source.txt", "GET /contact.vcf", "GET /healthz", "GET /readyz",
    "GET /metrics", "MOUNT /static", "POST /api/conversations", "POST /api/conversations/{id}/messages",
    "POST /api/assess", "GET /api/conversations/{id}/messages",
    "POST /sheet", "GET /sheet/{token}", "GET /sheet/{token}.pdf", "GET /sheet/{token}.vcf", "POST /sheet/{token}/code",
    "POST /sheet/{token}/wish", "POST /sheet/{token}/unwish", "POST /sheet/{token}/revoke",
    "GET /desk/sign-in", "POST /desk/sign-in", "GET /desk/first", "POST /desk/first",
}  # fmt: skip
"""What everybody may call. Whoever adds a route guards it, or puts it here and says why in the review."""
OTHER = "更上一层楼更上一层楼王之涣登鹳雀"


def routes(library: Library, folder: Path) -> dict[str, Role | None]:
    """Every method and path of the application, and the role that its guard asks for."""
    store = SqliteStore(folder)
    conductor = Conductor(store, library, lambda: OPEN)
    app: Any = build(conductor).app  # type: ignore[attr-defined]
    found: dict[str, Role | None] = {}
    for route in iter_route_contexts(app.routes):
        dependant = getattr(route, "dependant", None)
        for method in sorted(set(getattr(route, "methods", None) or {"MOUNT"}) - {"HEAD"}):
            found[f"{method} {route.path}"] = role_of(dependant) if dependant else None
    conductor.close()
    return found


@pytest.fixture(scope="module")
def table(library: Library, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Role | None]:
    """The routes."""
    return routes(library, tmp_path_factory.mktemp("routes"))


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with one person of each role."""
    data = tmp_path_factory.mktemp("desk") / "data"
    hired(data)
    with Server(data) as started:
        yield started


@pytest.fixture
def store(server: Server) -> Iterator[SqliteStore]:
    """The server's store, as another worker sees it."""
    made = SqliteStore(server.data)
    yield made
    made.close()


def entered(store: SqliteStore, role: Role) -> str:
    """The id of a fresh session of a role."""
    account = store.account(NAMES[role])
    assert account and account.password
    key, at = f"{role}{datetime.now(UTC).timestamp()}".ljust(43, "_")[:43].replace(".", "-"), datetime.now(UTC)
    assert store.open_session(account.person.id, account.password, digest_of(key), at, at + LASTS)
    return key


# --- every route under every role ------------------------------------------------------------------------------------


def test_every_route_has_a_guard_or_is_for_everybody(table: dict[str, Role | None]) -> None:
    """A new route without a guard fails here; so does an entry of the list that no route has any more."""
    unguarded = {name for name, role in table.items() if role is None}
    assert unguarded == ANYBODY
    assert all(role for name, role in table.items() if "/desk" in name and name not in ANYBODY)


def test_every_route_lets_in_whom_it_should(server: Server, store: SqliteStore, table: dict[str, Role | None]) -> None:
    """Nobody: a page sends to sign in, a call gets 401; a role too low: 403; the role, and those above: neither."""
    for name, role in table.items():
        if role is None:
            continue
        method, path = name.split(" ")
        path = re.sub(r"{[^}]*}", "999999", path)
        for accept in ("text/html", "application/json"):
            met = call(server, method, path, accept, None)
            page = accept == "text/html" and not path.startswith("/api")
            assert met.status_code == (303 if page else 401), (name, accept, met.status_code)
            if page:
                assert met.headers["location"].startswith("/desk/sign-in?next=%2Fdesk"), name
            else:
                problem(met, 401)
            for one in ROLES if accept == "text/html" else ():
                met = call(server, method, path, accept, entered(store, one))
                if ROLES.index(one) < ROLES.index(role):
                    assert met.status_code == 403, (name, one, met.status_code)
                else:
                    assert met.status_code not in (401, 403, 500), (name, one, met.status_code)
                    assert "sign-in?next" not in met.headers.get("location", ""), (name, one)


def test_every_unsafe_route_wants_its_token(server: Server, store: SqliteStore, table: dict[str, Role | None]) -> None:
    """Without a token, with another session's, or sent from another place: nothing is done, whoever asks."""
    for name, role in table.items():
        method, path = name.split(" ")
        if role is None or method == "GET":
            continue
        path = re.sub(r"{[^}]*}", "999999", path)
        for forged in ({"token": ""}, {"token": token(entered(store, "officer"))}, {"site": "cross-site"},
                       {"site": "same-site"}, {"origin": "https://evil.example"}):  # fmt: skip
            met = call(server, method, path, "application/json", entered(store, "admin"), **forged)
            problem(met, 403)
            assert "没有执行" in met.json()["detail"], (name, forged)


def call(
    server: Server, method: str, path: str, accept: str, key: str | None, token: str | None = None,
    site: str | None = None, origin: str | None = None,
) -> httpx.Response:  # fmt: skip
    """One call, as a page of the session would make it, but for what is given."""
    headers = {"accept": accept}
    if key:
        headers |= {"cookie": f"desk={key}", "x-csrf-token": globals()["token"](key) if token is None else token}
    if site or not origin:
        headers["sec-fetch-site"] = site or "same-origin"
    if origin:
        headers["origin"] = origin
    with httpx.stream(method, f"{server.url}{path}", headers=headers, timeout=60) as met:
        if not met.headers.get("content-type", "").startswith("text/event-stream"):  # which never ends
            met.read()
        return met


def token(key: str) -> str:
    """The token of a session, reckoned by whoever knows its id."""
    from bot.workbench.guard import token_of

    return token_of(key)


def problem(response: httpx.Response, status: int) -> None:
    """A fault in the form of the whole API, with a Chinese sentence."""
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    body = response.json()
    assert set(body) == {"type", "title", "status", "detail"} and body["status"] == status
    assert re.search(r"[一-鿿]", body["title"]) and body["detail"].endswith("。")


def test_a_token_is_read_from_a_form_too(server: Server, store: SqliteStore) -> None:
    """By both kinds of form; a JSON body is not looked through for one."""
    key = entered(store, "officer")
    headers = {"cookie": f"desk={key}", "sec-fetch-site": "same-origin"}
    for sent in ({"data": {"csrf": token(key)}}, {"files": {"csrf": (None, token(key))}}):
        met = httpx.post(f"{server.url}/desk/password", headers=headers, **sent)  # type: ignore[arg-type]
        assert met.status_code == 422 and "密码太短" in met.text
    assert httpx.post(f"{server.url}/desk/password", headers=headers, json={"csrf": token(key)}).status_code == 403


# --- coming in -------------------------------------------------------------------------------------------------------


def test_somebody_comes_in_by_a_one_time_sign_in(server: Server) -> None:
    """Name, code and a password; then by the password; the code leads nowhere any more."""
    _, code = invited(server.data, "新来")
    with AtDesk(server.url) as new:
        twice = {"password": PASSWORD, "again": PASSWORD}
        wrong = new.client.post(
            "/desk/first", data={"name": "新来", "code": code, "password": PASSWORD, "again": OTHER}
        )
        assert wrong.status_code == 422 and "两次写的密码不一样" in wrong.text
        met = new.client.post("/desk/first", data={"name": "新来", "code": code, **twice})
        assert (met.status_code, met.headers["location"]) == (303, "/desk")
        assert "新来" in new.client.get("/desk").text
        assert new.client.post("/desk/first", data={"name": "新来", "code": code, **twice}).status_code == 422
    with AtDesk(server.url, "新来") as again:
        assert again.last.status_code == 303 and again.client.get("/desk").status_code == 200
    with AtDesk(server.url, "新来", OTHER) as wrong_one:
        assert wrong_one.last.status_code == 401 and "姓名或密码不对" in wrong_one.last.text
        assert "set-cookie" not in wrong_one.last.headers


def test_the_cookie_is_for_us_alone(server: Server, tmp_path: Path) -> None:
    """Not to be read by a script, not sent along from elsewhere; by https alone where we are reached so."""
    with AtDesk(server.url, NAMES["officer"]) as one:
        plain = one.last.headers["set-cookie"]
    assert re.match(r"desk=[A-Za-z0-9_-]{43}; ", plain)
    assert {"HttpOnly", "Path=/", "SameSite=lax", "Max-Age=43200"} <= set(plain.split("; ")) and "Secure" not in plain
    hired(tmp_path / "data")
    with Server(tmp_path / "data", POLICYDESK_PUBLIC_URL="https://desk.example") as behind:
        origin = {"origin": "https://desk.example"}  # as it reaches us through a proxy that names us otherwise
        fields = {"name": NAMES["officer"], "password": PASSWORD}
        met = httpx.post(f"{behind.url}/desk/sign-in", data=fields, headers=origin)
        held = met.headers["set-cookie"]
        assert held.startswith("__Host-desk=") and {"HttpOnly", "Path=/", "SameSite=lax", "Secure"} <= set(
            held.split("; ")
        )
        key = held.split(";")[0].split("=")[1]
        as_plain = {"cookie": f"desk={key}", "accept": "application/json"}
        assert httpx.get(f"{behind.url}/desk", headers=as_plain).status_code == 401


def test_an_id_that_was_brought_along_is_not_taken_on(server: Server) -> None:
    """Whoever plants an id in somebody's browser doesn't share the session; signed in again, the old one has no use."""
    planted = "x" * 43
    with AtDesk(server.url) as victim:
        victim.client.cookies.set("desk", planted)
        victim.client.post("/desk/sign-in", data={"name": NAMES["officer"], "password": PASSWORD})
        assert victim.client.get("/desk").status_code == 200
    assert httpx.get(f"{server.url}/desk", headers={"cookie": f"desk={planted}"}).status_code == 401


def test_signed_out_is_signed_out(server: Server) -> None:
    """The id that a browser, or a thief, still has leads nowhere; the browser is told to forget it."""
    with AtDesk(server.url, NAMES["officer"]) as one:
        key = one.client.cookies["desk"]
        met = one.sends("/desk/sign-out")
        assert met.headers["location"] == "/desk/sign-in" and "Max-Age=0" in met.headers["set-cookie"]
    assert httpx.get(f"{server.url}/desk", headers={"cookie": f"desk={key}"}).status_code == 401


@pytest.mark.parametrize(("column", "back"), [("seen_at", timedelta(hours=2)), ("until", timedelta(hours=12))])
def test_a_session_that_is_over_leads_to_sign_in(
    column: str, back: timedelta, server: Server, store: SqliteStore
) -> None:
    """Idle, or as old as it may be: a page goes to sign in, a call gets 401; it is no guess, however often it comes."""
    key = entered(store, "admin")
    db = sqlite3.connect(server.data / FILE)
    db.execute(f"update sessions set {column} = ? where digest = ?",
               [(datetime.now(UTC) - (back if column == "seen_at" else timedelta())).isoformat(timespec="microseconds"),
                digest_of(key)])  # fmt: skip
    db.commit()
    db.close()
    for _ in range(30):
        problem(call(server, "GET", "/desk", "application/json", key), 401)
    page = call(server, "GET", "/desk", "text/html", key)
    assert page.status_code == 303 and "Max-Age=0" in page.headers["set-cookie"]


def test_a_disabled_person_is_out_at_once(server: Server, store: SqliteStore) -> None:
    """The administrator's button, and the very next click of the other."""
    person = hire(store, "离职", "officer")
    with AtDesk(server.url, NAMES["admin"]) as boss, AtDesk(server.url, "离职") as gone:
        assert gone.client.get("/desk").status_code == 200
        assert boss.sends(f"/desk/staff/{person.id}/disable").status_code == 303
        assert gone.client.get("/desk").status_code == 303
        assert gone.client.post("/desk/sign-in", data={"name": "离职", "password": PASSWORD}).status_code == 401
        assert boss.sends(f"/desk/staff/{person.id}/enable").status_code == 303
        assert gone.client.get("/desk").status_code == 303
        assert gone.client.post("/desk/sign-in", data={"name": "离职", "password": PASSWORD}).status_code == 303


def test_a_changed_password_ends_the_other_sessions(server: Server, store: SqliteStore) -> None:
    """The page goes on under a new id; another browser is out."""
    hire(store, "换密码", "officer")
    with AtDesk(server.url, "换密码") as here, AtDesk(server.url, "换密码") as there:
        before = here.client.cookies["desk"]
        short = here.sends("/desk/password", now=PASSWORD, password="短", again="短")
        assert short.status_code == 422 and "至少15个字符" in short.text
        assert here.sends("/desk/password", now=OTHER, password=OTHER, again=OTHER).status_code == 422
        assert there.client.get("/desk").status_code == 200
        assert here.sends("/desk/password", now=PASSWORD, password=OTHER, again=OTHER).status_code == 303
        assert here.client.cookies["desk"] != before and here.client.get("/desk").status_code == 200
        assert there.client.get("/desk").status_code == 303


@pytest.mark.parametrize(
    ("wanted", "goes"),
    [
        ("/desk/queue?mine=1", "/desk/queue?mine=1"),
        ("/desk", "/desk"),
        ("https://evil.example/desk", "/desk"),
        ("//evil.example", "/desk"),
        ("/desk\\@evil.example", "/desk"),
        ("/desk.evil.example", "/desk"),
        ("/desk/\r\nset-cookie: a=b", "/desk"),
        ("javascript:alert(1)", "/desk"),
        ("/desk/sign-in?next=/desk", "/desk"),
        ("/", "/desk"),
    ],
)
def test_signing_in_leads_back_and_nowhere_else(wanted: str, goes: str, server: Server) -> None:
    """To the page that was asked for; never to another host."""
    assert back_to(wanted) == goes
    with AtDesk(server.url) as one:
        form = one.client.get("/desk/sign-in", params={"next": wanted}).text
        assert field(form, "next") == goes
        fields = {"name": NAMES["officer"], "password": PASSWORD, "next": wanted}
        assert one.client.post("/desk/sign-in", data=fields).headers["location"] == goes
        assert one.client.get("/desk/sign-in", params={"next": wanted}).headers["location"] == goes


def test_a_forged_sign_in_is_refused(server: Server) -> None:
    """Another site can't sign somebody in; a browser that says nothing of sites is met by its origin."""
    fields = {"name": NAMES["officer"], "password": PASSWORD}
    for headers, status in (
        ({"sec-fetch-site": "cross-site"}, 403), ({"origin": "http://evil.example"}, 403), ({"origin": "null"}, 403),
        ({"origin": server.url}, 303), ({}, 303),
    ):  # fmt: skip
        assert httpx.post(f"{server.url}/desk/sign-in", data=fields, headers=headers).status_code == status, headers


# --- guessing --------------------------------------------------------------------------------------------------------


def test_passwords_guessed_at_speed_are_throttled_by_all_workers(tmp_path: Path) -> None:
    """Two workers on one store count together; the sentence says how long; the account's owner waits as well."""
    hired(tmp_path / "data")
    with Server(tmp_path / "data", "--workers", "2") as two:
        met = []
        for _ in range(OF_ACCOUNT + 4):
            with AtDesk(two.url, NAMES["editor"], OTHER) as guess:
                met.append(guess.last)
        assert [one.status_code for one in met] == [401] * OF_ACCOUNT + [429] * 4
        assert met[-1].headers["retry-after"] == "900" and "请过15分钟再试" in met[-1].text
        with AtDesk(two.url, NAMES["editor"]) as owner:
            assert owner.last.status_code == 429
        with AtDesk(two.url, NAMES["officer"]) as other:
            assert other.last.status_code == 303


def test_codes_guessed_at_speed_are_throttled(server: Server) -> None:
    """The same answer for every wrong code and name, then a pause, in which the right code waits too."""
    _, code = invited(server.data, "被猜")
    with AtDesk(server.url) as guess:
        fields = {"name": "被猜", "password": PASSWORD, "again": PASSWORD}
        met = [
            guess.client.post("/desk/first", data=fields | {"code": "A" * CODE_LENGTH}) for _ in range(OF_ACCOUNT + 1)
        ]
        assert [one.status_code for one in met] == [422] * OF_ACCOUNT + [429]
        assert guess.client.post("/desk/first", data=fields | {"code": code}).status_code == 429


def test_session_ids_guessed_at_speed_are_throttled(tmp_path: Path) -> None:
    """Made-up ids: soon 429; whoever is signed in at the same address works on."""
    hired(tmp_path / "data")
    with Server(tmp_path / "data") as alone, AtDesk(alone.url, NAMES["officer"]) as working:
        met = [call(alone, "GET", "/desk", "application/json", f"{n}".ljust(43, "g")).status_code for n in range(40)]
        assert met[:20] == [401] * 20 and met[-1] == 429
        assert working.client.get("/desk").status_code == 200


# --- what people fill in ---------------------------------------------------------------------------------------------

NASTY = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>{{7*7}}"


def test_what_people_fill_in_is_never_markup(server: Server, store: SqliteStore) -> None:
    """Every field of every page, given back or stored by hand, comes back as words."""
    nasty = store.add_staff(NASTY, "officer", datetime.now(UTC)) or store.account(NASTY)
    store.audit(Person(NASTY, "admin"), NASTY, NASTY, datetime.now(UTC))
    assert nasty
    with AtDesk(server.url, NAMES["admin"]) as boss:
        query = {"q": NASTY, "who": NASTY, "action": NASTY, "object": NASTY, "next": NASTY}
        pages = [
            boss.client.get(path, params=query) for path in ("/desk", "/desk/directory", "/desk/audit", "/desk/staff")
        ]
        pages.append(boss.sends("/desk/staff", name=NASTY, role="officer"))
        pages.append(boss.sends("/desk/staff", name="好", role=NASTY))
        pages.append(boss.client.get("/desk/audit", params={"since": NASTY[:10]}))
    with AtDesk(server.url, NASTY) as nobody:
        pages.append(nobody.last)
        pages.append(nobody.client.get("/desk/sign-in", params=query))
        fields = {"name": NASTY, "code": NASTY, "password": OTHER, "again": OTHER}
        pages.append(nobody.client.post("/desk/first", data=fields))
        pages.append(nobody.client.post("/desk/first", data=fields | {"again": "x"}))
    for page in pages:
        assert "text/html" in page.headers["content-type"], page.text
        assert "<script>alert" not in page.text and "<img" not in page.text and "alert(1)&gt;49" not in page.text
        assert page.headers["content-security-policy"].startswith("default-src 'none'; script-src 'self'")
        assert page.headers["cache-control"] == "no-store" and page.headers["x-frame-options"] == "DENY"
    assert sum("&lt;script&gt;" in page.text for page in pages) >= 7


# --- the trail and the staff -----------------------------------------------------------------------------------------


def test_the_trail_tells_who_did_what(server: Server, store: SqliteStore) -> None:
    """Found by person, action and day; a hundred lines a page, then the older ones; looking leaves a line itself."""
    account = store.account(NAMES["officer"])
    assert account
    chen = account.person
    for number in range(120):
        store.audit(chen, "看", f"工单 B-{number:03}", datetime(2023, 3, 20, 16, 30, tzinfo=UTC))
    with AtDesk(server.url, NAMES["admin"]) as boss:
        query = {"who": chen.name, "action": "看", "object": "b-", "since": "2023-03-21", "until": "2023-03-21"}
        page = boss.client.get("/desk/audit", params=query).text
        assert page.count("2023-03-21 00:30:00") == 100 and "工单 B-119" in page and "工单 B-019" not in page
        older = re.search(r'href="(\?[^"]*older[^"]*)"', page)
        assert older
        rest = boss.client.get(f"/desk/audit{older[1].replace('&amp;', '&')}").text
        assert rest.count("2023-03-21 00:30:00") == 20 and "工单 B-000" in rest and "更早的" not in rest
        assert (
            "没有这样的记录" in boss.client.get("/desk/audit", params=query | {"until": "2023-03-20", "since": ""}).text
        )
        assert boss.client.get("/desk/audit", params={"since": "昨天"}).status_code == 422
    assert any(
        one.who == NAMES["admin"] and chen.name in one.object for one in store.trail(Sought(action="看操作记录"), 9)
    )


def test_an_administrator_keeps_the_staff(server: Server, store: SqliteStore) -> None:
    """Add, see the one-time sign-in once, another role, another sign-in; nobody changes their own account."""
    with AtDesk(server.url, NAMES["admin"]) as boss:
        made = boss.sends("/desk/staff", name="刘新", role="officer").text
        code = re.search(r"<code>((?:[A-Z0-9]{5}-){3}[A-Z0-9]{5})</code>", made)
        assert code and f"{server.url}/desk/first#" in made
        assert code[1] not in boss.client.get("/desk/staff").text
        again = boss.sends("/desk/staff", name="刘新", role="officer")
        assert again.status_code == 422 and "已经有“刘新”" in again.text
        account = store.account("刘新")
        assert account
        assert boss.sends(f"/desk/staff/{account.person.id}/role", role="editor").status_code == 303
        assert "没有“主任”这种角色" in boss.sends(f"/desk/staff/{account.person.id}/role", role="主任").text
        second = boss.sends(f"/desk/staff/{account.person.id}/sign-in").text
        assert code[1] not in second and "刘新的一次性登录" in second
        own = store.account(NAMES["admin"])
        assert own
        for change in ("disable", "role"):
            assert "请让另一位管理员" in boss.sends(f"/desk/staff/{own.person.id}/{change}", role="officer").text
        assert boss.sends("/desk/staff/999/disable").status_code == 404
    account = store.account("刘新")
    assert account and account.person.role == "editor"
    with pytest.raises(Exception, match="用不了"):
        SigningIn(store, lambda: datetime.now(UTC)).first("刘新", code[1], PASSWORD, "1")


def test_a_page_names_only_where_one_may_go(server: Server) -> None:
    """The navigation by role; nothing that isn't there yet."""
    for role, names in (
        ("officer", ["查询", "名录"]),
        ("editor", ["查询", "名录"]),
        ("admin", ["查询", "名录", "人员", "记录"]),
    ):
        with AtDesk(server.url, NAMES[role]) as one:  # type: ignore[index]
            page = one.client.get("/desk").text
        shown = re.findall(r"data-place>([^<]+)<", page)
        assert [name for name in shown if name in ("查询", "名录", "人员", "记录")] == names
        for path in re.findall(r'<a href="(/desk[^"]*)"[^>]*data-place', page):
            with AtDesk(server.url, NAMES[role]) as one:  # type: ignore[index]
                assert one.client.get(path).status_code == 200
