"""The matcher alone: any FAQ, any wording, three outcomes, and the lines of `policydesk match`."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from functools import cache
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.opening import KNOWLEDGE
from knowledge.matching import Match, Matcher, matcher
from knowledge.reading import read_wording
from knowledge.sounding import Sounding, sounding
from knowledge.spelling import Speller, speller
from knowledge.wording import Wording
from tests.test_commands import run

LIBRARY = {
    "card": ["图书馆借书证怎么办理", "办借书证要带什么材料"],
    "renew": ["借的书到期了怎么续借", "在手机上能续借图书吗"],
    "late": ["图书超期归还要交多少滞纳金", "书还晚了罚款怎么算"],
    "lost": ["把图书馆的书弄丢了怎么赔偿", "书丢了要赔多少钱"],
    "hours": ["图书馆几点开门几点关门", "周末图书馆开放吗"],
    "room": ["自习室座位怎么预约", "怎么取消预约好的座位"],
    "print": ["在图书馆打印一张多少钱", "哪里可以打印复印"],
    "wifi": ["图书馆的wifi密码是多少", "怎么连上馆里的无线网络"],
    "bank": ["银行卡怎么绑定借书证", "押金退到哪张银行卡"],
}  # fmt: skip


@cache
def tables() -> tuple[Speller, Sounding, Wording]:
    """Made where they are used: every worker loads this file."""
    return speller({}), sounding(), read_wording(KNOWLEDGE)


def made(entries: dict[str, list[str]]) -> Matcher:
    return matcher(entries.items(), *tables())


@cache
def librarian() -> Matcher:
    return made(LIBRARY)


def first(found: Match) -> str | int | None:
    return found.candidates[0][0] if found.candidates else None


@pytest.mark.parametrize("entry", LIBRARY)
def test_a_known_wording_is_answered(entry: str) -> None:
    """Each phrasing finds its own entry, and surely."""
    for phrasing in LIBRARY[entry]:
        found = librarian().match(phrasing)
        assert (first(found), found.decision) == (entry, "answer"), phrasing
        assert found.confidence > 0.8


@pytest.mark.parametrize(
    ("asked", "entry"),
    [
        ("ＷＩＦＩ密码是多少？", "wifi"),
        ("圖書館借書證如何辦理", "card"),
        ("图书超其归还要教多少滞那金", "late"),
        ("自习是坐位怎么遇约", "room"),
        ("借书证么怎办理图书馆", "card"),
        ("图书馆几点门开点几门关", "hours"),
        ("图馆打一张多少钱", "print"),
        ("你好，请问一下图书馆周末开放吗，谢谢", "hours"),
        ("zixishizuoweizenmeyuyue", "room"),
        ("jie shu zheng zen me ban li", "card"),
        ("yinhangkazenmebangding", "bank"),
        ("yajintuidaonazhangyinhangka", "bank"),
        ("zai shouji shang neng xujie 图书吗", "renew"),
        ("tusu caoqi guihuan yao jiao duosao zinajin", "late"),
    ],
)
def test_a_mistyped_wording_still_finds_its_entry(asked: str, entry: str) -> None:
    """Widths, traditional characters, homophones, swapped and lost characters, politeness, pinyin in every form."""
    found = librarian().match(asked)
    assert first(found) == entry and found.decision != "decline"


def test_politeness_and_question_words_weigh_nothing() -> None:
    """The same matter, asked with openers and in another form, is as sure; politeness alone is still a text."""
    plain, polite = librarian().match("借书证怎么办理"), librarian().match("您好，麻烦问一下借书证如何办理呢，谢谢")
    assert first(polite) == first(plain) and abs(polite.confidence - plain.confidence) < 0.1
    assert librarian().match("你好，谢谢").decision == "decline"


@pytest.mark.parametrize("asked", ["借书证丢了怎么补办", "自习室可以带饭吗"])
def test_a_near_miss_is_offered_not_answered(asked: str) -> None:
    """Our subject with another question: a choice is shown, nothing is claimed."""
    assert librarian().match(asked).decision == "offer"


@pytest.mark.parametrize(
    "asked", ["今天北京天气冷不冷", "红烧肉放几勺糖", "how tall is the eiffel tower", "", "。。。", "🙂", "\x00"]
)
def test_a_foreign_question_is_declined(asked: str) -> None:
    """Nothing of it is ours; a text without a word finds nothing."""
    assert librarian().match(asked).decision == "decline"


def test_a_tie_is_offered() -> None:
    """The same phrasing in two entries: either may be meant."""
    found = made({"a": ["几点开门"], "b": ["几点开门"], "c": ["怎么续借"]}).match("几点开门")
    assert found.decision == "offer" and {one for one, _ in found.candidates[:2]} == {"a", "b"}


def test_scores_fall_and_confidence_is_a_share() -> None:
    """Best first, at most ten, all within 0…1."""
    found = librarian().match("图书馆怎么办理借书")
    scores = [score for _, score in found.candidates]
    assert scores == sorted(scores, reverse=True) and 1 < len(scores) <= 10
    assert all(0 <= value <= 1 for value in [*scores, found.confidence])


def test_one_question_among_ten_thousand() -> None:
    """Many entries that share their words: each is still found with a character lost."""
    who = [f"{a}{b}厂" for a, b in product("东南西北中新老大小高", "江河湖海山川林田城港")]
    what = [f"{a}{b}" for a, b in product("铸造冲压焊接喷涂装配检测包装运输储存清洗"[::2], "工位机床仪器班组线"[::2])]
    texts = [f"{one}的{other}怎么报修" for one, other in product(who, what)]
    texts += [f"{one}的{other}几时保养" for one, other in product(who, what)]
    entries = {str(number): [text] for number, text in enumerate(texts[:10_000])}
    found = made(entries)
    chance = random.Random(1)
    for number in chance.sample(sorted(entries), 20):
        text = entries[number][0]
        assert number in [entry for entry, _ in found.match(text[:-1]).candidates[:3]]


def test_an_empty_faq_declines_everything() -> None:
    """No entry, no candidate."""
    assert made({}).match("图书馆几点开门") == Match((), "decline", 0.0)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=80) | st.text("借书证怎么办理zhuanglv 0９😀的", max_size=40))
def test_any_text_gives_an_outcome(text: str) -> None:
    """Nothing raises; the outcome follows the confidence."""
    found = librarian().match(text)
    assert 0 <= found.confidence <= 1 and found.decision in ("answer", "offer", "decline")
    assert found.candidates or found.decision == "decline"


def test_a_very_long_text_is_read_at_once() -> None:
    """A pasted page and a run of letters without end."""
    assert librarian().match("我们单位的情况是这样的。" * 2000 + "借书证怎么办理").decision in ("offer", "decline")
    assert librarian().match("zhuang" * 5000).decision == "decline"


def test_figures_in_pinyin_and_polyphones() -> None:
    """A character sounds as its word does: 银行 is yinhang, 行走 is xingzou; figures and strange letters stay."""
    tables = sounding()
    assert tables.sounds("银行") == tables.sounds("yinhang") != tables.sounds("yinxing")
    assert tables.sounds("行走") == tables.sounds("xingzou")
    assert tables.sounds("zhuang") == tables.sounds("zuan") == tables.sounds("装")
    assert tables.sounds("5g") == "5g"
    assert tables.typed("tuikuan") and not tables.typed("etf") and not tables.typed("level")


# The command


@pytest.fixture
def corpus(tmp_path: Path) -> Callable[..., str]:
    """Writes lines as a corpus and gives its path."""

    def write(*lines: object) -> str:
        path = tmp_path / "corpus.jsonl"
        texts = (line if isinstance(line, str) else json.dumps(line, ensure_ascii=False) for line in lines)
        path.write_text("\n".join(texts), encoding="utf-8")
        return str(path)

    return write


def entries() -> list[dict[str, object]]:
    return [{"id": entry, "questions": questions} for entry, questions in LIBRARY.items()]


def test_the_lines_have_the_form_of_the_contract(corpus: Callable[..., str]) -> None:
    """Candidates with id and score, decision, confidence; ids come back as they were given."""
    path = corpus(*entries(), {"id": 7, "questions": ["电子书怎么下载"]})
    status, out, error = run("match", "--corpus", path, "--batch", "-", typed='{"text": "怎样下载电子书"}\n'.encode())
    (row,) = map(json.loads, out.splitlines())
    assert (status, error) == (0, "") and set(row) == {"candidates", "decision", "confidence"}
    assert row["candidates"][0]["id"] == 7 and all(set(one) == {"id", "score"} for one in row["candidates"])
    assert row["decision"] == "answer" and 0 <= row["confidence"] <= 1


def test_stats_are_the_last_line_of_standard_error(corpus: Callable[..., str], tmp_path: Path) -> None:
    """Entries, phrasings, seconds, milliseconds and megabytes."""
    batch = tmp_path / "batch.jsonl"
    batch.write_text('{"text": "几点开门"}\n' * 3, encoding="utf-8")
    status, out, error = run("match", "--corpus", corpus(*entries()), "--batch", str(batch), "--stats")
    stats = json.loads(error.splitlines()[-1])
    assert status == 0 and len(out.splitlines()) == 3
    assert set(stats) == {"entries", "phrasings", "build_s", "p50_ms", "p99_ms", "mb"}
    assert (stats["entries"], stats["phrasings"]) == (9, 18) and 0 < stats["p50_ms"] <= stats["p99_ms"]


def test_bad_questions_get_a_line_of_their_own(corpus: Callable[..., str]) -> None:
    """One answer or one error a line, in order; the rest goes on; exit status 2."""
    lines = ['{"text": "几点开门"}', "不是JSON", '{"txt": 1}', '["几点"]', '{"text": 3}', "", '{"text": "怎么续借"}']
    typed = "\n".join(lines).encode() + b"\n\xff\n"
    status, out, error = run("match", "--corpus", corpus(*entries()), "--batch", "-", typed=typed)
    rows = [json.loads(line) for line in out.splitlines()]
    assert (status, error) == (2, "")
    assert ["error" in row for row in rows] == [False, True, True, True, True, False, True]
    assert all(set(row) == {"id", "error"} and row["id"] is None for row in rows if "error" in row)
    assert "第2行" in rows[1]["error"] and "text" in rows[2]["error"]


def test_bad_entries_are_named_and_left_out(corpus: Callable[..., str]) -> None:
    """The other entries still answer; each fault is one sentence; exit status 2."""
    bad = ["{", {"questions": ["x"]}, {"id": "room", "questions": ["又一次"]}, {"id": "n", "questions": "一句"}]
    path = corpus(*entries(), *bad)
    status, out, error = run("match", "--corpus", path, "--batch", "-", typed='{"text": "怎么续借"}'.encode())
    assert status == 2 and json.loads(out)["candidates"][0]["id"] == "renew"
    says = error.splitlines()
    assert len(says) == 4 and all(f"第{10 + n}行" in line for n, line in enumerate(says)) and "前面已有" in says[2]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([], "--corpus 和 --batch 都要写"),
        (["--corpus", "-"], "--corpus 和 --batch 都要写"),
        (["--corpus", "-", "--batch", "-"], "不能都写 -"),
        (["--corpus", "/没有/库", "--batch", "-"], "打不开文件“/没有/库”"),
        (["--corpus", "-", "--batch", "/没有/题"], "打不开文件“/没有/题”"),
        (["--corpus", "/", "--batch", "-"], "打不开文件“/”"),
        (["--corpora", "x"], "不认识的选项“--corpora”"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_bad_usage_gets_one_sentence(
    arguments: list[str], says: str, refused: Callable[..., tuple[int, str, str]]
) -> None:
    """What was wrong, on standard error, without a traceback."""
    status, out, error = refused("match", *arguments)
    assert (status, out) == (2, "") and says in error and len(error.splitlines()) == 1


def test_an_empty_corpus_declines(corpus: Callable[..., str]) -> None:
    """An empty file is a FAQ without entries."""
    status, out, _ = run("match", "--corpus", corpus(), "--batch", "-", typed='{"text": "几点开门"}'.encode())
    assert status == 0 and json.loads(out) == {"candidates": [], "decision": "decline", "confidence": 0.0}
