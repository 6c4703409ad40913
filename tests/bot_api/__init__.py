"""The tests' own Bot API: a real HTTP server on loopback that refuses what Telegram refuses.

    with BotApi() as api:                              # a free port, a thread of its own
        bot = Bot(api.token, base_url=api.url + "/bot")
        owner = api.person("王女士")                    # her private chat with the bot
        owner.says("流片最多补多少")
        owner.sees("3000万元", "王安然")                 # waits until her screen shows both
        owner.taps("申报条件")                           # the newest button whose label holds these words
        group = api.group("园区群")
        owner.says("@policydesk_bot 你好", to=group)
        api.fails("sendMessage", too_many(1))           # the next one gets 429; see faults.py
        assert not api.refusals                         # nothing that the bot sent was against the rules

Where the bot has set a webhook, updates are posted there: a chat's one after the other, a refused one again
(`api.deliveries`: number and status of each post; 0 where there was no answer).

What is checked, on every call
    schema.py   the method is one of the published API, every parameter is known, typed and there (also inside objects);
                the schema is aiogram's pydantic models, a code base that our bot shares nothing with
    limits.py   what the models don't hold: lengths in UTF-16 units, entities in range, bytes of callback data, rows and
                kinds of buttons, names of commands, names and colours of topics
    world.py    what depends on what happened before: chat and message known, blocked, unchanged edits, callbacks stale
                or answered twice, getUpdates under a webhook or beside another one, the token; of a group with topics
                (`api.forum("值守群")`): the bot's rights, whether a topic is there, closed already, or not

What a person does and sees is people.py; HTTP, threads and the faults on demand are server.py. All of it may be called
from any thread; waiting is waiting for a change, never sleeping. Updates are kept until a later offset confirms them,
as Telegram keeps them, so a bot that is killed gets them again. One server serves any number of people. Methods that no
test has needed yet answer 501, so that nobody takes silence for success.
"""

from tests.bot_api.faults import Fault, blocked, dropped, moved, refused, server_error, silent, slow, too_many
from tests.bot_api.people import Group, Person, Screen
from tests.bot_api.server import BotApi

__all__ = [
    "BotApi",
    "Fault",
    "Group",
    "Person",
    "Screen",
    "blocked",
    "dropped",
    "moved",
    "refused",
    "server_error",
    "silent",
    "slow",
    "too_many",
]
