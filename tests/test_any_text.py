"""Any text at any point of a conversation gives one reply of the contract's form and raises nothing."""

from __future__ import annotations

import re
from datetime import date
from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.opening import open_library
from dialogs.library import Library
from dialogs.messages import Choice, Happened, Text, TicketOpened
from dialogs.saying import unproved
from dialogs.turn import respond, start
from knowledge.desk_hours import Hours
from tests.test_questions import items
from tests.visitor import well_formed

PIECES = st.sampled_from(
    [
        "流片",
        "最多",
        "多少",
        "海淀",
        "电话",
        "张静",
        "方向7",
        "方向",
        "和8",
        "区别",
        "附件",
        "16",
        "呢",
        "那",
        "不是",
        "，",
        "？",
        "85235681",
        "@",
        "入库",
        "推荐",
        "上海",
        "2024年",
        "谢谢",
        "转人工",
        "EDA",
        "zheng-che",
        "％",
        "5000万",
        "第二个",
        "测一测",
        "是的",
        "不清楚",
        "没有",
        "1200万",
        "去年九月",
        "改成600万",
        "固投",
        "上一步",
        "先看结果",
        "重来",
        "取消",
        "为什么问",
        "另一个项目",
        "能报什么",
        "都测",
        "按前面的",
        "\u202e",
        "🙏",
    ]
)
OPTIONS = [
    "ask:1.amount@2023-batch-1",
    "person:3@2023-batch-1",
    "ask:@",
    "overview@2019",
    "@@@",
    "ask:1.x@2023-batch-1",
    "assess:10@2023-batch-1",
    "assess:4b@2023-batch-1",
    "assess:99@2023-batch-1",
    "answer:is_advanced_mfg.1@2023-batch-1",
    "answer:is_advanced_mfg.2@2023-batch-1",
    "answer:lease_mode.7@2023-batch-1",
    "answer:.@2023-batch-1",
    "answer:reg_beijing.²@2023-batch-1",
    "back:@2023-batch-1",
    "sheet:@2023-batch-1",
    "go:@2023-batch-1",
    "keep:@2023-batch-1",
    "take:@2023-batch-1",
    "other-project:@2023-batch-1",
    "other:@2023-batch-1",
    "restart:@2023-batch-1",
    "stop:@2023-batch-1",
    "why:@2023-batch-1",
    "change:@2023-batch-1",
    "true",
    "design",
    "human:asked@2023-batch-1",
    "human:x@2023-batch-1",
    "helped:1001.no@2023-batch-1",
    "helped:²@2023-batch-1",
    "no-person:@2023-batch-1",
]
SENT = [turn for item in items("seen") for turn in item["turns"]]
CLAUSES = sorted({piece for turn in SENT for piece in re.split(r"[，。？！,?]", turn) if 3 <= len(piece) <= 16})
MESSAGES = st.one_of(
    st.lists(PIECES, max_size=8).map("".join),
    st.sampled_from(SENT),
    st.lists(st.sampled_from(CLAUSES), min_size=2, max_size=3).map("，".join),
    st.text(max_size=60),
    st.sampled_from(OPTIONS).map(Choice),
    st.sampled_from(
        [Happened("claimed", 1001, "李明"), Happened("said", 1001, "李明"), Happened("closed", 1001, "李明")]
    ),
)
_A_SUM = re.compile(r"\d(?:万元|亿元|%)")
HOURS = Hours("night", "工作日9:00至12:00", "", "明天（周五）9:00")


@cache
def _library() -> Library:
    return open_library()


IN_THE_MIDST = [
    [],
    ["assess:10@2023-batch-1"],
    ["assess:4@2023-batch-1", "assess:12@2023-batch-1"],
    ["assess:8@2023-batch-1", "answer:is_advanced_mfg.1@2023-batch-1", "answer:lease_key_equipment.1@2023-batch-1"],
    ["assess:8@2023-batch-1", "answer:is_advanced_mfg.2@2023-batch-1"],
    ["other:@2023-batch-1"],
]


@settings(max_examples=200, deadline=None)
@given(
    begun=st.sampled_from(IN_THE_MIDST),
    messages=st.lists(MESSAGES, min_size=1, max_size=4),
    today=st.dates(date(2023, 1, 1), date(2027, 1, 1)),
)
def test_one_reply_and_no_exception(begun: list[str], messages: list[str | Choice | Happened], today: date) -> None:
    """The conversation stays JSON, the reply stays proved, whatever was said before, in an interview too."""
    library = _library()  # not a fixture: a failing example would print it whole
    conversation = start(library)
    for message in [*map(Choice, begun), *messages]:
        said = Text(message) if isinstance(message, str) else message
        turn = respond(conversation, said, library=library, today=today)
        if any(effect.kind == "open" for effect in turn.effects):
            turn = respond(turn.conversation, TicketOpened(1001, 1, HOURS), library=library, today=today)
        if turn.reply is None:
            assert turn.conversation == conversation
            assert conversation.speaker == "officer" or turn.effects[0].kind == "refused"
            continue
        assert not unproved(turn.reply, library), turn.reply.text
        well_formed(turn.reply, library)
        assert turn.reply.status != "no_answer" or not _A_SUM.search(turn.reply.text), turn.reply.text
        conversation = type(conversation).model_validate_json(turn.conversation.model_dump_json())
        assert conversation == turn.conversation
