"""The store's form, step by step: each step runs once, in order, forwards only.

The number of steps taken stands in the file itself (`user_version`). A file that a newer program has written is
refused, never changed. (The migrations of sqlite-utils begin a deferred transaction, in which two processes that start
together can both believe a step to be theirs, and they let a newer file pass; so these few lines are our own.)
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from sqlite_utils import Database

from bot.sqlite_counting import counted_as
from bot.store import StoreFault

FIRST = """
create table conversations (
    id integer primary key,
    visitor text not null unique,
    door text not null,
    revision integer not null default 0,
    state text,
    opened_at text not null,
    changed_at text not null
) strict;

create table messages (
    id integer primary key,
    conversation integer not null references conversations (id),
    door text not null,
    direction text not null check (direction in ('in', 'out')),
    at text not null,
    "update" text,
    answers integer references messages (id),
    body text,
    sent_at text
) strict;
create unique index messages_update on messages (conversation, "update") where "update" is not null;
create index messages_of_conversation on messages (conversation, id);
create index messages_answers on messages (answers) where answers is not null;
create index messages_unsent on messages (door, id) where direction = 'out' and sent_at is null;

create table effects (
    id integer primary key,
    message integer not null references messages (id),
    kind text not null,
    about text not null
) strict;

create table feedback (
    message integer primary key references messages (id),
    useful integer not null check (useful in (0, 1)),
    at text not null
) strict;
"""

CASES_HANDED_ON = """
create table cases (
    id integer primary key,
    kind text not null check (kind in ('sheet', 'code')),
    digest text not null,
    visitor text not null,
    guide text not null,
    told text not null,
    scope text not null,
    at text not null,
    until text not null,
    unique (kind, digest)
) strict;
create index cases_of_visitor on cases (visitor, kind);
create index cases_until on cases (until);

create table code_tries (
    id integer primary key,
    visitor text not null,
    at text not null
) strict;

create table wishes (
    visitor text primary key,
    door text not null,
    guide text not null,
    at text not null
) strict;
"""

LINES = """
alter table messages add column line text;
alter table messages add column manner text;
alter table messages add column packed blob;
alter table messages add column parts integer not null default 0;
alter table messages add column outcome text;
drop index messages_unsent;
update messages set outcome = 'sent' where direction = 'out' and (sent_at is not null or door <> 'tg');
update messages set line = (
    select substr(c.visitor, 1, 2 + instr(substr(c.visitor, 4) || ':', ':'))
    from conversations c where c.id = messages.conversation
) where direction = 'out' and door = 'tg';
create index messages_unsent on messages (line, id) where line is not null and outcome is null;

create table inbox (
    id integer primary key,
    visitor text not null,
    place integer not null,
    "update" text not null,
    at text not null,
    body text not null,
    manner text not null
) strict;
create unique index inbox_update on inbox (visitor, "update");
create index inbox_order on inbox (visitor, place, id);

create table lines (
    line text primary key,
    holder text,
    due text,
    tries integer not null default 0
) strict;

create table dues (
    visitor text not null,
    "update" text not null,
    at text not null,
    body text not null,
    manner text not null,
    primary key (visitor, "update")
) strict;
create index dues_at on dues (at);

create table words (
    key text primary key,
    value text not null
) strict;
"""

ACCOUNTS = """
create table staff (
    id integer primary key,
    name text not null,
    key text not null unique,
    role text not null check (role in ('officer', 'editor', 'admin')),
    password text,
    made_at text not null,
    disabled_at text
) strict;

create table sign_ins (
    digest text primary key,
    staff integer not null references staff (id),
    until text not null
) strict;
create index sign_ins_of_staff on sign_ins (staff);

create table sessions (
    digest text primary key,
    staff integer not null references staff (id),
    seen_at text not null,
    until text not null
) strict;
create index sessions_of_staff on sessions (staff);

create table sign_in_tries (
    id integer primary key,
    key text not null,
    at text not null
) strict;
create index sign_in_tries_of_key on sign_in_tries (key, at);
create index sign_in_tries_at on sign_in_tries (at);

create table audit (
    id integer primary key,
    at text not null,
    staff integer references staff (id),
    who text not null,
    action text not null,
    object text not null
) strict;
create index audit_at on audit (at);
create index audit_of_staff on audit (staff, at);
create index audit_action on audit (action, id);
create trigger audit_is_not_changed before update on audit begin
    select raise(abort, 'the trail is append-only');
end;
create trigger audit_is_not_deleted before delete on audit begin
    select raise(abort, 'the trail is append-only');
end;
"""

TICKETS = """
create table tickets (
    no integer primary key,
    conversation integer not null references conversations (id),
    door text not null,
    reason text not null,
    state text not null check (state in ('waiting', 'raised', 'taken', 'closed')),
    holder text,
    addressed text,
    opened_at text not null,
    waiting_at text not null,
    claimed_at text,
    answered_at text,
    closed_at text,
    outcome text,
    helped integer check (helped in (0, 1))
) strict;
create unique index tickets_open_of_conversation on tickets (conversation) where closed_at is null;
create index tickets_open on tickets (state, waiting_at, no) where closed_at is null;
create index tickets_closed on tickets (closed_at) where closed_at is not null;
create index tickets_of_conversation on tickets (conversation);

create table ticket_events (
    id integer primary key,
    ticket integer not null,
    message integer references messages (id),
    at text not null,
    event text not null,
    officer text not null,
    addressed text not null,
    said text not null,
    refused text not null
) strict;
create index ticket_events_of_ticket on ticket_events (ticket, id);
create index ticket_events_of_message on ticket_events (message);

create table notes (
    id integer primary key,
    ticket integer not null references tickets (no),
    officer text not null,
    at text not null,
    body text not null
) strict;
create index notes_of_ticket on notes (ticket, id);

create table officers_seen (
    officer text primary key,
    at text not null
) strict;

create table erasures (
    receipt text primary key,
    door text not null,
    at text not null
) strict;
"""

PRESENCE = """
create table presence (
    ticket integer not null,
    who text not null,
    at text not null,
    typing text,
    primary key (ticket, who)
) strict, without rowid;
create index presence_at on presence (at);
"""
"""Who has a ticket before them now: an officer by name, its visitor without one. Nothing older than a minute stays."""

MAIL = """
alter table tickets add column consent text check (consent in ('yes', 'no'));

create table mailboxes (
    address text primary key,
    confirmed_at text not null
) strict;

create table letters (
    id integer primary key,
    token text not null unique,
    ticket integer not null references tickets (no),
    officer text not null,
    at text not null,
    address text not null,
    contact text not null,
    question text not null,
    facts text not null,
    state text not null check (
        state in ('consent', 'ready', 'sending', 'sent', 'bounced', 'failed', 'dropped', 'answered')
    ),
    tries integer not null default 0,
    due text not null,
    sent_at text,
    why text not null default ''
) strict;
create index letters_due on letters (due, id) where state in ('ready', 'sending');
create index letters_of_ticket on letters (ticket, id);

create table letter_answers (
    id integer primary key,
    letter integer not null references letters (id),
    name text not null,
    at text not null,
    kind text not null check (kind in ('answer', 'auto', 'bounce', 'delay')),
    sender text not null,
    body text not null
) strict;
create unique index letter_answers_once on letter_answers (letter, name);

create table letter_files (
    answer integer not null references letter_answers (id),
    n integer not null,
    name text not null,
    size integer not null,
    body blob,
    primary key (answer, n)
) strict;
"""

COUNTS = """
create table kinds (
    id integer primary key,
    status text not null,
    reason text not null,
    topics text not null,
    facets text not null,
    districts text not null,
    finished integer not null check (finished in (0, 1)),
    unique (status, reason, topics, facets, districts, finished)
) strict;

create table tallies (
    day text not null,
    door text not null,
    kind integer not null references kinds (id),
    n integer not null,
    primary key (day, door, kind)
) strict, without rowid;

create table visits (
    day text not null,
    door text not null,
    conversation integer not null references conversations (id),
    primary key (day, door, conversation)
) strict, without rowid;

alter table messages add column kind integer references kinds (id);
alter table tickets add column waited integer;
create index tickets_opened on tickets (date(opened_at, '+8 hours'));
create index feedback_at on feedback (at);

create temporary table counting as
    select said, day, door, conversation, json_extract(kind, '$[0]') as status, json_extract(kind, '$[1]') as reason,
        json_extract(kind, '$[2]') as topics, json_extract(kind, '$[3]') as facets,
        json_extract(kind, '$[4]') as districts, json_extract(kind, '$[0]') = 'result' and coalesce(
            lag(json_extract(kind, '$[0]')) over (partition by conversation order by said), ''
        ) <> 'result' as finished
    from (
        select m.id as said, date(m.at, '+8 hours') as day, m.door as door, m.conversation as conversation,
            counted_as(a.body, a.packed, a.id is not null) as kind
        from messages m left join messages a on a.answers = m.id
        where m.direction = 'in' and m.manner is not 'desk'
    );
insert into kinds (status, reason, topics, facets, districts, finished)
    select distinct status, reason, topics, facets, districts, finished from counting;
create unique index counting_said on counting (said);
update messages set kind = (
    select k.id from counting c join kinds k on k.status = c.status and k.reason = c.reason and k.topics = c.topics
        and k.facets = c.facets and k.districts = c.districts and k.finished = c.finished
    where c.said = messages.id
) where direction = 'in' and manner is not 'desk';
create index effects_noted on effects (message) where kind = 'note';
insert into tallies (day, door, kind, n)
    select date(at, '+8 hours'), door, kind, count(*) from messages where kind is not null group by 1, 2, 3;
insert into visits (day, door, conversation) select distinct day, door, conversation from counting;
drop table counting;
"""
"""What is counted of every turn of a visitor; those that were kept before are counted here, once."""

KNOWLEDGE = """
create table knowledge_versions (
    number integer primary key,
    at text not null,
    who text not null,
    note text not null,
    document text not null,
    again integer
) strict;
create trigger knowledge_versions_are_not_changed before update on knowledge_versions begin
    select raise(abort, 'versions are append-only');
end;
create trigger knowledge_versions_are_not_deleted before delete on knowledge_versions begin
    select raise(abort, 'versions are append-only');
end;

create table knowledge_drafts (
    id integer primary key,
    at text not null,
    who text not null,
    change text not null
) strict;

create table knowledge_previews (
    seen text primary key,
    who text not null,
    at text not null,
    done integer not null,
    total integer not null,
    result text not null,
    moved text not null
) strict;
"""
"""What editors publish over the guide, version by version; the changes that wait; what they would change."""

STAFF_GROUP = """
create table telegram_accounts (
    account integer primary key,
    staff integer not null unique references staff (id),
    at text not null
) strict;

create table telegram_codes (
    staff integer primary key references staff (id),
    digest text not null unique,
    until text not null
) strict;

create table threads (
    ticket integer primary key references tickets (no),
    chat integer not null,
    thread integer not null,
    unique (chat, thread)
) strict;
"""
"""Who of the staff is who on Telegram; a ticket's thread in their group. The group itself stands among `words`."""

SENT_AGAIN = """
alter table notes add column key text;
create unique index notes_once on notes (ticket, officer, key) where key is not null;

alter table conversations add column opened_by text;
create unique index conversations_opened_by on conversations (opened_by) where opened_by is not null;
"""
"""What is sent again after an answer was lost: the key of an officer's note, the name of a visitor's first message."""

SET_ASIDE = """
create table knowledge_asides (
    id integer primary key,
    at text not null,
    who text not null,
    count integer not null,
    marks text not null
) strict;
"""
"""Unanswered questions that editors have set aside; no words, which a visitor may erase: digests of them."""

STEPS: tuple[str, ...] = (
    FIRST, CASES_HANDED_ON, LINES, ACCOUNTS, TICKETS, PRESENCE, MAIL, COUNTS, KNOWLEDGE, STAFF_GROUP, SENT_AGAIN,
    SET_ASIDE,
)  # fmt: skip
"""Append only: what has been released is never edited."""


def migrate(db: Database, steps: tuple[str, ...] = STEPS) -> None:
    """Bring a store to the newest form; `StoreFault` where it is newer than this program."""
    db.conn.create_function("counted_as", 3, counted_as, deterministic=True)
    db.execute("begin immediate")
    try:
        taken = db.execute("pragma user_version").fetchone()[0]
        if taken > len(steps):
            raise StoreFault(
                f"数据是新版程序写的（第{taken}版，本程序只认到第{len(steps)}版），请换用新版程序，"
                "或用 POLICYDESK_DATA 另指一个文件夹。"
            )
        for step in steps[taken:]:
            for statement in statements(step):
                db.execute(statement)
        db.execute(f"pragma user_version = {len(steps)}")
    except BaseException:
        db.rollback()
        raise
    db.commit()


def statements(step: str) -> Iterator[str]:
    """The statements of a step, one by one: `executescript` would commit the transaction that holds them together."""
    held = ""
    for line in step.strip().splitlines(keepends=True):
        held += line
        if sqlite3.complete_statement(held):
            yield held.strip()
            held = ""
