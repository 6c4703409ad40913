"""Messages that come in, as mail programs and others write them."""

from __future__ import annotations

from email.message import EmailMessage
from email.policy import SMTP

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.mail.outbox import Arrived
from bot.mail.reading import KEPT_EACH, LONGEST_TEXT, MOST_FILES, TOO_LONG, parsed, read, referred
from tests.posting import OWN


def heard(raw: bytes, sender: str = "a@b.example") -> Arrived:
    """A message, read."""
    return read(parsed(raw), raw, sender, OWN)


def mail(head: str, body: bytes = b"") -> bytes:
    """A message by its lines."""
    return "\r\n".join(head.strip().splitlines()).encode() + b"\r\n\r\n" + body


@pytest.mark.parametrize(
    ("head", "body", "says"),
    [
        ("Content-Type: text/plain; charset=gb2312", "按附件1执行".encode("gb2312"), "按附件1执行"),
        ("Content-Type: text/plain; charset=utf-8", "按附件1执行".encode("gb18030"), "按附件1执行"),
        ("Content-Type: text/plain; charset=nonsense", "按附件1".encode(), "按附件1"),
        ("Content-Type: text/html; charset=utf-8",
         "<style>p{}</style><p>按附件1</p><script>alert(1)</script><br>执行<blockquote>原文</blockquote>".encode(),
         "按附件1\n执行"),
        ("Content-Type: text/plain; charset=utf-8",
         "好的\n------------------ 原始邮件 ------------------\n发件人: 值守".encode(), "好的"),
        ("Content-Type: text/plain; charset=utf-8", "好的\n> 您好\n>> 再\n谢谢\x00\x1b[31m".encode(), "好的\n谢谢[31m"),
    ],
    ids=["gb2312", "wrong charset", "no charset", "html", "qq", "quoted"],
)  # fmt: skip
def test_only_what_was_written_is_kept(head: str, body: bytes, says: str) -> None:
    """In the charsets and forms that are in use here, without what is quoted."""
    arrived = heard(mail(head, body))
    assert (arrived.text, arrived.kind) == (says, "answer")


def test_a_long_text_is_cut_and_says_so() -> None:
    arrived = heard(mail("Content-Type: text/plain; charset=utf-8", ("长" * 30_000).encode()))
    assert len(arrived.text) <= LONGEST_TEXT + len(TOO_LONG) + 1 and arrived.text.endswith(TOO_LONG)


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        ("Auto-Submitted: no", "answer"), ("Auto-Submitted: auto-generated", "auto"),
        ("auto-submitted: AUTO-REPLIED; x=y", "auto"), ("Precedence: first-class", "answer"),
        ("Precedence: Bulk", "auto"), ("Precedence: auto_reply", "auto"), ("X-Autorespond: x", "auto"),
        ("List-Id: <x>", "auto"), (f"Message-ID: <1001.{'a' * 32}@hotline.example>", "auto"),
        ("Content-Type: multipart/report; report-type=disposition-notification; boundary=b", "auto"),
    ],
)  # fmt: skip
def test_what_is_automatic(head: str, kind: str) -> None:
    """By what it says of itself; our own letter that comes back is nobody's answer either."""
    assert heard(mail(head)).kind == kind
    assert heard(mail(head), "").kind == "auto"


def test_attachments_are_listed_and_the_small_ones_kept() -> None:
    """A name is one line and no path; what is large is a name and a size, and so is what is one too many."""
    message = EmailMessage(policy=SMTP)
    message.set_content("见附件")
    for size in (KEPT_EACH, KEPT_EACH + 1, KEPT_EACH, KEPT_EACH):
        message.add_attachment(b"x" * size, maintype="a", subtype="b", filename=f"{size}.bin")
    arrived = heard(message.as_bytes())
    assert [body is not None for _, _, body in arrived.files] == [True, False, True, False]
    odd = mail(
        'Content-Type: a/b; name="=?utf-8?B?Li4vLi4vZXRjXHBhc3N3ZA0KQmNjOiB4?="\nContent-Disposition: attachment'
    )
    ((name, size, body),) = heard(odd).files
    assert "\n" not in name and "/" not in name and "\\" not in name and (size, body) == (0, b"")
    many = EmailMessage(policy=SMTP)
    for number in range(MOST_FILES + 5):
        many.add_attachment(b"x", maintype="a", subtype="b", filename=f"{number}")
    assert len(heard(many.as_bytes()).files) == MOST_FILES


def test_the_same_message_has_the_same_name() -> None:
    """By its Message-ID; one without it by all of it."""
    one, other = mail("Message-ID: <1@x>", b"a"), mail("Message-ID: <1@x>", b"b")
    assert heard(one).name == heard(other).name
    assert heard(mail("X: y", b"a")).name != heard(mail("X: y", b"b")).name


HEADS = ("Content-Type", "Message-ID", "From", "In-Reply-To", "References", "Auto-Submitted", "Content-Disposition",
         "Content-Transfer-Encoding", "Precedence")  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(HEADS), st.binary(max_size=60)), max_size=6), st.binary(max_size=300), st.text()
)
def test_nothing_that_comes_in_breaks_us(heads: list[tuple[str, bytes]], body: bytes, sender: str) -> None:
    """Any bytes for headers and body."""
    raw = b"".join(name.encode() + b": " + value + b"\r\n" for name, value in heads) + b"\r\n" + body
    message = parsed(raw)
    referred(message, OWN)
    arrived = read(message, raw, sender, OWN)
    assert arrived.sender.isprintable() and len(arrived.text) <= LONGEST_TEXT + 20


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(["mixed", "report", "alternative", "related", "digest"]), st.binary(max_size=400))
def test_nor_any_structure(kind: str, body: bytes) -> None:
    """Any bytes between the boundaries of a message that says it has parts."""
    head = f"Content-Type: multipart/{kind}; boundary=b; report-type=delivery-status\r\n\r\n--b\r\n".encode()
    heard(head + b"Content-Type: message/delivery-status\r\n\r\n" + body + b"\r\n--b\r\n" + body)
