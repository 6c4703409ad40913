"""Topics of a group are kept apart, and several chats that are told to wait make all wait."""

from __future__ import annotations

from dialogs.messages import Choice
from tests.bot_api import BotApi, Group, Person, too_many
from tests.test_telegram import Running, api, door, owner  # noqa: F401

HERE, THERE = 7, 8


def said_in(api: BotApi, group: Group, topic: int | None) -> str:  # noqa: F811
    """What the bot has written in a topic of a group."""
    with api.world.changed:
        messages = list(api.world.messages[group.id].values())
    own = [one for one in messages if one["from"]["is_bot"] and one.get("message_thread_id") == topic]
    return "\n".join(one.get("text", "") for one in own)


def test_a_member_has_another_talk_in_each_topic(api: BotApi, owner: Person, door: Running) -> None:  # noqa: F811
    """那邮箱呢 goes on with what was asked in the same topic, and is answered there."""
    group = api.group("园区群")
    owner.says("@policydesk_bot 流片最多补多少", to=group, topic=HERE)
    owner.sees("3000万元", of=group)
    owner.says("@policydesk_bot 融资租赁最多补多少", to=group, topic=THERE)
    owner.sees("1000万元", of=group)
    owner.says("@policydesk_bot 联系人邮箱呢", to=group, topic=HERE)
    owner.sees("wanganran@jxj.beijing.gov.cn", of=group)
    assert "流片" in said_in(api, group, HERE) and "融资租赁" not in said_in(api, group, HERE)
    assert "wanganran" not in said_in(api, group, THERE) and not said_in(api, group, None)
    store = door.conductor.store
    turns = [store.transcript(f"tg:{group.id}:{owner.id}{end}", 9) for end in (f":{HERE}", f":{THERE}", "")]
    assert [len(one) for one in turns] == [2, 1, 0]


def test_a_tap_counts_in_the_topic_where_the_button_stands(api: BotApi, owner: Person, door: Running) -> None:  # noqa: F811
    group = api.group("园区群")
    owner.says("@policydesk_bot 流片最多补多少", to=group, topic=HERE)
    owner.sees("3000万元", of=group)
    owner.taps("申报条件", to=group)
    visitor = f"tg:{group.id}:{owner.id}:{HERE}"
    api.until(lambda: len(door.conductor.store.transcript(visitor, 9)) == 2, "for the tap")
    assert door.conductor.store.transcript(visitor, 1)[0].message == Choice("ask:1.conditions@2023-batch-1")


def test_several_chats_that_are_told_to_wait_make_all_wait(api: BotApi, door: Running) -> None:  # noqa: F811
    """Three 429 at once: we send too much altogether; a fourth chat isn't written to before one of them may go on."""
    slowed = [api.person(name) for name in ("甲", "乙", "丙")]
    for person in slowed:
        api.fails("sendMessage", too_many(2), to=person)
        person.says("流片最多补多少")
    api.until(lambda: [made.status for made in api.made("sendMessage")] == [429] * 3, "for three refusals")
    fourth = api.person("丁")
    fourth.says("EDA最多补多少")
    fourth.sees("500万元", within=120)
    for person in slowed:
        person.sees("3000万元", within=120)
    made = [(one.sent["chat_id"], one.status) for one in api.made("sendMessage")]
    assert [status for _, status in made] == [429] * 3 + [200] * 4
    assert int(made[3][0]) != fourth.id
