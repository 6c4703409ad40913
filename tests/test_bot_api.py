"""The tests' own Bot API refuses what Telegram refuses, each once, and otherwise behaves."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, MessageEntity
from telegram.error import NetworkError, RetryAfter, TimedOut

from tests.bot_api import BotApi, Person, blocked, dropped, refused, server_error, slow, too_many


@pytest.fixture(scope="module")
def server() -> Iterator[BotApi]:
    with BotApi() as api:
        yield api


@pytest.fixture
def api(server: BotApi) -> Iterator[BotApi]:
    server.calls.clear()
    yield server
    server.world.webhook = {}
    server.world.waiting.clear()


@pytest.fixture
def owner(api: BotApi) -> Person:
    return api.person()


def call(api: BotApi, method: str, *, token: str = "", **sent: Any) -> tuple[int, str]:
    """A call as a form carries it: objects are JSON inside strings. The status and the description."""
    form = {name: value if isinstance(value, str) else json.dumps(value) for name, value in sent.items()}
    answer = httpx.post(f"{api.url}/bot{token or api.token}/{method}", data=form)
    return answer.status_code, answer.json().get("description", "")


def keyboard(text: str = "条件", data: str = "ask:1@g", **more: Any) -> dict[str, Any]:
    return {"inline_keyboard": [[{"text": text, "callback_data": data, **more}]]}


def marked(offset: int, length: int, kind: str = "bold") -> dict[str, Any]:
    return {"type": kind, "offset": offset, "length": length}


REFUSED: list[tuple[str, str, dict[str, Any]]] = [
    ("Not Found: method not found", "sendPigeon", {}),
    ("parameter text is required", "sendMessage", {}),
    ("unknown parameters: colour", "sendMessage", {"text": "好", "colour": "red"}),
    ("unknown parameters: reply_markup.inline_keyboard.colour", "sendMessage",
     {"text": "好", "reply_markup": keyboard(colour="red")}),
    ("parameter disable_notification", "sendMessage", {"text": "好", "disable_notification": "perhaps"}),
    ("can't parse entities JSON object", "sendMessage", {"text": "好", "entities": "[{"}),
    ("message text is empty", "sendMessage", {"text": " \n"}),
    ("message is too long", "sendMessage", {"text": "😀" * 2048 + "好"}),
    ("message caption is too long", "sendDocument", {"document": "F1", "caption": "好" * 1025}),
    ("ends after the end of the text", "sendMessage", {"text": "一二", "entities": [marked(0, 3)]}),
    ("ends after the end of the text", "sendMessage", {"text": "一二", "entities": [marked(0, 0)]}),
    ("in the middle of a character", "sendMessage", {"text": "😀好", "entities": [marked(1, 2)]}),
    ("unsupported type", "sendMessage", {"text": "好", "entities": [marked(0, 1, "huge")]}),
    ("can't be nested", "sendMessage",
     {"text": "一二三", "entities": [marked(0, 3, "blockquote"), marked(1, 1, "expandable_blockquote")]}),
    ("object expected as reply markup", "sendMessage", {"text": "好", "reply_markup": {"buttons": []}}),
    ("reply_markup: parameter inline_keyboard.0.0.text", "sendMessage",
     {"text": "好", "reply_markup": {"inline_keyboard": [[{"callback_data": "x"}]]}}),
    ("BUTTON_DATA_INVALID", "sendMessage", {"text": "好", "reply_markup": keyboard(data="选" * 22)}),
    ("BUTTON_DATA_INVALID", "sendMessage", {"text": "好", "reply_markup": keyboard(data="")}),
    ("exactly one action", "sendMessage", {"text": "好", "reply_markup": keyboard(url="https://example.org")}),
    ("button text must be non-empty", "sendMessage", {"text": "好", "reply_markup": keyboard(text=" ")}),
    ("row must be non-empty", "sendMessage", {"text": "好", "reply_markup": {"inline_keyboard": [[]]}}),
    ("reply markup is too long", "sendMessage",
     {"text": "好", "reply_markup": {"inline_keyboard": [[{"text": "x", "callback_data": "x"}] * 9]}}),
    ("message to be replied not found", "sendMessage", {"text": "好", "reply_parameters": {"message_id": 9_999_999}}),
    ("chat not found", "sendMessage", {"chat_id": 5, "text": "好"}),
    ("message to edit not found", "editMessageText", {"message_id": 9_999_999, "text": "好"}),
    ("message to delete not found", "deleteMessage", {"message_id": 9_999_999}),
    ("phone number is empty", "sendContact", {"phone_number": "", "first_name": "王"}),
    ("first name must be non-empty", "sendContact", {"phone_number": "1", "first_name": ""}),
    ("VCARD_TOO_LONG", "sendContact", {"phone_number": "1", "first_name": "王", "vcard": "王" * 683}),
    ("wrong parameter action", "sendChatAction", {"action": "dancing"}),
    ("the chat is not a forum", "createForumTopic", {"name": "工单"}),
    ("the chat is not a forum", "closeForumTopic", {"message_thread_id": 1}),
    ("parameter message_thread_id is required", "reopenForumTopic", {}),
    ("unknown parameters: title", "createForumTopic", {"name": "工单", "title": "工单"}),
    ("topic name is empty", "createForumTopic", {"name": " "}),
    ("TOPIC_TITLE_TOO_LONG", "createForumTopic", {"name": "长" * 129}),
    ("invalid icon color", "createForumTopic", {"name": "工单", "icon_color": 1}),
    ("does not parse markup", "sendMessage", {"text": "<b>好</b>", "parse_mode": "HTML"}),
    ("does not play sendDice", "sendDice", {}),
]  # fmt: skip
REFUSED_ANYWHERE: list[tuple[str, str, dict[str, Any]]] = [
    ("query is too old", "answerCallbackQuery", {"callback_query_id": "1"}),
    ("BOT_COMMAND_INVALID", "setMyCommands", {"commands": [{"command": "帮助", "description": "帮助"}]}),
    ("BOT_COMMAND_DESCRIPTION_INVALID", "setMyCommands", {"commands": [{"command": "help", "description": ""}]}),
    ("BOT_COMMANDS_TOO_MUCH", "setMyCommands", {"commands": [{"command": "a", "description": "b"}] * 101}),
    ("BOT_DESCRIPTION_TOO_LONG", "setMyDescription", {"description": "好" * 513}),
    ("BOT_SHORT_DESCRIPTION_TOO_LONG", "setMyShortDescription", {"short_description": "好" * 121}),
    ("limit must be between", "getUpdates", {"limit": 101}),
    ("unknown update type", "getUpdates", {"allowed_updates": ["massage"]}),
    ("HTTPS URL", "setWebhook", {"url": "ftp://example.org"}),
    ("unallowed characters", "setWebhook", {"url": "https://example.org", "secret_token": "秘密"}),
]  # fmt: skip


@pytest.mark.parametrize(("says", "method", "sent"), REFUSED, ids=[f"{m}-{says}" for says, m, _ in REFUSED])
def test_a_call_against_the_rules_is_refused(
    api: BotApi, owner: Person, says: str, method: str, sent: dict[str, Any]
) -> None:
    """Status 4xx (501 for what is not played here), Telegram's words, and it is kept among the refusals."""
    status, told = call(api, method, **{"chat_id": owner.id, **sent})
    assert status in (400, 404, 501) and says in told
    assert [made.says for made in api.refusals] == [told] and not owner.screen()


@pytest.mark.parametrize(
    ("says", "method", "sent"), REFUSED_ANYWHERE, ids=[f"{m}-{says}" for says, m, _ in REFUSED_ANYWHERE]
)
def test_so_is_one_that_has_no_chat(api: BotApi, says: str, method: str, sent: dict[str, Any]) -> None:
    """The same for what concerns the bot itself."""
    status, told = call(api, method, **sent)
    assert status == 400 and says in told


def test_the_longest_text_passes(api: BotApi, owner: Person) -> None:
    """4096 UTF-16 units are allowed, and a text that looks like JSON is a text."""
    assert call(api, "sendMessage", chat_id=owner.id, text="😀" * 2048)[0] == 200
    assert call(api, "sendMessage", chat_id=owner.id, text='["流片"]')[0] == 200
    assert owner.screen()[-1].text == '["流片"]'


@pytest.mark.parametrize(("token", "status"), [("4242:" + "A" * 35, 401), ("hello", 404), ("", 200)])
def test_only_its_own_token_is_let_in(api: BotApi, token: str, status: int) -> None:
    """401 for another bot's, 404 for what is none at all."""
    assert call(api, "getMe", token=token)[0] == status


def test_an_edit_must_change_something(api: BotApi, owner: Person) -> None:
    """An unchanged edit is refused, a changed one is seen; other people's messages can't be edited."""
    mine = owner.says("流片")
    call(api, "sendMessage", chat_id=owner.id, text="3000", reply_markup=keyboard())
    sent = {"chat_id": owner.id, "message_id": owner.screen()[0].message_id, "text": "3000"}
    assert "not modified" in call(api, "editMessageText", **sent, reply_markup=keyboard())[1]
    assert call(api, "editMessageText", **sent)[0] == 200
    assert owner.screen()[0].edited and not owner.screen()[0].buttons
    assert "can't be edited" in call(api, "editMessageText", chat_id=owner.id, message_id=mine, text="x")[1]


def test_a_callback_is_answered_once(api: BotApi, owner: Person) -> None:
    """The clock on the button stops at the first answer; the second is stale."""
    call(api, "sendMessage", chat_id=owner.id, text="3000", reply_markup=keyboard())
    tap = owner.taps("条件")
    assert tap.answer is None
    assert call(api, "answerCallbackQuery", callback_query_id=tap.callback)[0] == 200
    assert tap.answer == {"text": "", "show_alert": False}
    assert "query is too old" in call(api, "answerCallbackQuery", callback_query_id=tap.callback)[1]


def updates(api: BotApi, **sent: Any) -> list[dict[str, Any]]:
    answer = httpx.post(f"{api.url}/bot{api.token}/getUpdates", data={k: str(v) for k, v in sent.items()}, timeout=60)
    return list(answer.json()["result"])


def test_updates_stay_until_they_are_confirmed(api: BotApi, owner: Person) -> None:
    """A bot that dies after the poll gets them again; a later offset lets them go."""
    owner.says("流片")
    owner.says("EDA")
    first = updates(api)
    assert [u["message"]["text"] for u in first] == ["流片", "EDA"] and updates(api) == first
    assert [u["message"]["text"] for u in updates(api, offset=first[1]["update_id"])] == ["EDA"]
    assert updates(api, offset=first[1]["update_id"] + 1) == []
    owner.gets_it_again()
    assert updates(api) == first[1:]


def test_a_long_poll_ends_when_something_comes(api: BotApi, owner: Person) -> None:
    """Nobody waits out the timeout."""
    found: list[Any] = []
    poll = threading.Thread(target=lambda: found.extend(updates(api, timeout=50)))
    begun = time.monotonic()
    poll.start()
    owner.says("流片")
    poll.join(60)
    assert found[0]["message"]["text"] == "流片" and time.monotonic() - begun < 40


def test_two_pollers_and_a_webhook_conflict(api: BotApi) -> None:
    """409 for the older of two polls, and for any poll while a webhook is set."""
    told: list[int] = []
    first = threading.Thread(target=lambda: told.append(call(api, "getUpdates", timeout="25")[0]))
    first.start()
    while first.is_alive():
        updates(api, timeout=0)
        first.join(0.05)
    assert told == [409]
    assert call(api, "setWebhook", url="https://example.org/hook")[0] == 200
    assert call(api, "getUpdates")[0] == 409
    assert call(api, "deleteWebhook")[0] == 200
    assert call(api, "getUpdates")[0] == 200


def test_somebody_who_blocked_the_bot(api: BotApi, owner: Person) -> None:
    """403 until they come back."""
    owner.blocks()
    assert call(api, "sendMessage", chat_id=owner.id, text="好") == (403, "Forbidden: bot was blocked by the user")
    owner.unblocks()
    assert call(api, "sendMessage", chat_id=owner.id, text="好")[0] == 200


async def test_faults_come_on_demand(api: BotApi, owner: Person) -> None:
    """429 with its seconds, 500, 403, 400, a slow answer, and connections cut before and after the effect."""
    neighbour = api.person("李先生")
    api.fails("sendMessage", too_many(7), server_error(), blocked(), refused("can't parse entities"), to=owner)
    async with Bot(api.token, base_url=f"{api.url}/bot") as bot:
        await bot.send_message(neighbour.id, "别人不受影响")
        with pytest.raises(RetryAfter) as told:
            await bot.send_message(owner.id, "一")
        assert told.value._retry_after.total_seconds() == 7
        for says in ("Internal Server Error", "blocked by the user", "an't parse entities"):
            with pytest.raises(Exception, match=says):
                await bot.send_message(owner.id, "二")
        api.fails("sendMessage", slow(0.6), dropped(), dropped(after=True))
        with pytest.raises(TimedOut):
            await bot.send_message(owner.id, "三", read_timeout=0.3)
        for _ in "四五":
            with pytest.raises(NetworkError):
                await bot.send_message(owner.id, _)
    api.until(lambda: len(owner.screen()) == 2)
    assert [screen.text for screen in owner.screen()] == ["三", "五"]
    assert not api.refusals and [screen.text for screen in neighbour.screen()] == ["别人不受影响"]


async def test_the_library_gets_through(api: BotApi, owner: Person) -> None:
    """Keyboards, entities, cards and files as python-telegram-bot sends them; the screen shows them."""
    async with Bot(api.token, base_url=f"{api.url}/bot") as bot:
        button = InlineKeyboardMarkup([[InlineKeyboardButton("条件", callback_data="ask:1@g")]])
        bold = [MessageEntity("bold", 2, 2)]
        await bot.send_message(owner.id, "😀3000", entities=bold, reply_markup=button, disable_notification=True)
        await bot.send_contact(owner.id, "+861085235681", "王安然", vcard="BEGIN:VCARD")
        await bot.send_document(owner.id, b"%PDF", filename="结果.pdf", caption="测算结果")
    first, card, file = owner.sees("3000", "王安然", "结果.pdf", messages=3)
    assert first.styles == (("bold", "30"),) and first.buttons == ((("条件", "ask:1@g"),),)
    assert card.contact["phone_number"] == "+861085235681" and (file.document, file.text) == ("结果.pdf", "测算结果")


def test_a_group_marks_commands_and_mentions(api: BotApi, owner: Person) -> None:
    """What the app marks for the bot, in UTF-16 units."""
    group = api.group("园区群")
    owner.says("😀 @policydesk_bot 流片", to=group)
    owner.sends("photo", "/help@policydesk_bot", to=group)
    said, photo = (update["message"] for update in updates(api))
    assert said["chat"]["type"] == "supergroup" and said["entities"] == [{"type": "mention", "offset": 3, "length": 15}]
    assert photo["photo"] and photo["caption_entities"][0]["type"] == "bot_command"


# --- a group with topics ---------------------------------------------------------------------------------------------


def test_topics_are_made_closed_opened_and_deleted(api: BotApi) -> None:
    """Each says what it made; what is said in one stands there; deleted, it is gone with what stood in it."""
    group = api.forum("值守群")
    form = {"chat_id": group.id, "name": "工单1", "icon_color": 0x6FB9F0}
    made = httpx.post(f"{api.url}/bot{api.token}/createForumTopic", json=form).json()["result"]
    thread = made["message_thread_id"]
    assert made == {"message_thread_id": thread, "name": "工单1", "icon_color": 0x6FB9F0}
    here: dict[str, Any] = {"chat_id": group.id, "message_thread_id": thread}
    assert call(api, "sendMessage", **here, text="好")[0] == 200 and group.texts(thread)[-1] == "好"
    assert call(api, "closeForumTopic", **here)[0] == 200 and group.threads[thread]["closed"]
    assert call(api, "sendMessage", **here, text="管理员还能说")[0] == 200
    assert call(api, "reopenForumTopic", **here)[0] == 200 and not group.threads[thread]["closed"]
    assert call(api, "deleteForumTopic", **here)[0] == 200 and not group.threads and not group.texts(thread)


def test_topics_want_their_rights_and_their_state(api: BotApi) -> None:
    """In Telegram's words."""
    group, poor = api.forum("值守群"), api.forum("没给权限的群", "can_pin_messages")
    _, thread = call(api, "createForumTopic", chat_id=group.id, name="工单1"), max(group.threads)
    here: dict[str, Any] = {"chat_id": group.id, "message_thread_id": thread}
    there: dict[str, Any] = {"chat_id": group.id, "message_thread_id": 9_999_999}
    assert "not enough rights to create a topic" in call(api, "createForumTopic", chat_id=poor.id, name="工单")[1]
    assert "not enough rights to delete" in call(api, "deleteForumTopic", chat_id=poor.id, message_thread_id=1)[1]
    assert "TOPIC_NOT_MODIFIED" in call(api, "reopenForumTopic", **here)[1]
    call(api, "closeForumTopic", **here)
    assert "TOPIC_NOT_MODIFIED" in call(api, "closeForumTopic", **here)[1]
    for method in ("closeForumTopic", "deleteForumTopic"):
        assert "message thread not found" in call(api, method, **there)[1]
    assert "message thread not found" in call(api, "sendMessage", **there, text="好")[1]
    api.world.rights[group.id].clear()
    assert "TOPIC_CLOSED" in call(api, "sendMessage", **here, text="好")[1]


def test_a_menu_may_be_for_one_chat(api: BotApi) -> None:
    """It doesn't change that of the others."""
    group, menu = api.forum("值守群"), [{"command": "take", "description": "接手"}]
    before = list(api.world.commands)
    assert call(api, "setMyCommands", commands=menu, scope={"type": "chat", "chat_id": group.id})[0] == 200
    assert api.world.commands_of[group.id] == menu and api.world.commands == before
    assert "chat not found" in call(api, "setMyCommands", commands=menu, scope={"type": "chat", "chat_id": -7})[1]
    assert call(api, "setMyCommands", commands=menu, scope={"type": "all_group_chats"})[0] == 501
