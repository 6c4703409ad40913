"""The matcher at a hundred to a hundred thousand phrasings, beside what a person would take instead.

Each build runs in a process of its own, so that the memory it takes is its own. The phrasings are made up from word
lists with the SEED; every question is a phrasing with one character lost, so that no exact hit ends a scan early.
Run as `python -m tests.bench_matching NAME SIZE SEED` it measures one and prints its figures.
"""

from __future__ import annotations

import json
import random
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from itertools import pairwise, product
from pathlib import Path
from typing import Any

POLICYDESK = Path(sys.executable).parent / "policydesk"
SIZES = (100, 1_000, 10_000, 100_000)
BASELINES = ("rapidfuzz", "bm25s", "fts5")
PER_ENTRY = 5
QUESTIONS = 200

WHO = [
    "小微企业", "个体户", "高校毕业生", "退役军人", "老年人", "残疾人", "新市民", "农户", "外籍专家", "留学生",
    "科研院所", "民办学校", "幼儿园", "养老院", "诊所", "药店", "餐馆", "物业", "合作社", "出租车司机",
]  # fmt: skip
WHAT = [
    "住房公积金", "失业保险", "居住证", "营业执照", "排污许可", "食品经营许可", "医保报销", "生育津贴", "稳岗补助",
    "创业担保贷款", "专利资助", "展会补贴", "设备更新", "屋顶光伏", "充电桩", "老旧电梯", "危房改造", "购房资格",
    "车辆指标", "技能证书", "职称评审", "税务登记", "发票申领", "社保转移", "培训券", "科技券", "数据出境",
    "广告备案", "施工许可", "消防验收",
]  # fmt: skip
HOW = [
    "怎么申请", "需要哪些材料", "多久能办好", "在哪里办理", "可以网上办吗", "要交多少钱", "到期了怎么续",
    "被退回来怎么办", "谁来审批", "能不能代办", "什么条件才行", "每年几月开始",
]  # fmt: skip
FRAME = [
    "{}办{}{}", "请问{}的{}{}", "{}想办{}，{}", "咨询一下{}{}{}", "{}关于{}的事{}", "我们是{}，{}{}",
    "听说{}也有{}，{}", "{}第一次弄{}{}",
]  # fmt: skip
PLACE = [
    "", "本市", "外地", "开发区", "郊区", "城里", "换了地址后", "年底前", "疫情期间", "跨区", "集体户", "线上",
]  # fmt: skip


def phrasings(size: int, seed: int) -> list[str]:
    """Different made-up questions."""
    chance = random.Random(seed)
    every = [
        place + frame.format(who, what, how) for place, frame, who, what, how in product(PLACE, FRAME, WHO, WHAT, HOW)
    ]
    return chance.sample(every, size)


def questions(texts: list[str], seed: int) -> list[str]:
    """Phrasings with one character lost."""
    chance = random.Random(seed + 1)
    places = ((text, chance.randrange(len(text))) for text in chance.choices(texts, k=QUESTIONS))
    return [text[:at] + text[at + 1 :] for text, at in places]


def _grams(text: str) -> list[str]:
    return [*text, *(a + b for a, b in pairwise(text))]


def _rapidfuzz(texts: list[str]) -> Callable[[str], object]:
    from rapidfuzz import fuzz, process

    return lambda question: process.extractOne(question, texts, scorer=fuzz.ratio)


def _bm25s(texts: list[str]) -> Callable[[str], object]:
    import bm25s

    index = bm25s.BM25()
    index.index([_grams(text) for text in texts], show_progress=False)
    return lambda question: index.retrieve([_grams(question)], k=min(10, len(texts)), show_progress=False)


def _fts5(texts: list[str]) -> Callable[[str], object]:
    store = sqlite3.connect(":memory:")
    store.execute("create virtual table phrasings using fts5(grams, content='')")
    rows = ((number, " ".join(a + b for a, b in pairwise(text))) for number, text in enumerate(texts, 1))
    store.executemany("insert into phrasings(rowid, grams) values (?, ?)", rows)
    store.execute("insert into phrasings(phrasings) values ('optimize')")
    query = "select rowid from phrasings where phrasings match ? order by rank limit 10"

    def ask(question: str) -> object:
        wanted = " OR ".join(f'"{a}{b}"' for a, b in pairwise(question))
        return store.execute(query, [wanted]).fetchall()

    return ask


BUILDS = {"rapidfuzz": _rapidfuzz, "bm25s": _bm25s, "fts5": _fts5}


def _resident_mb() -> float:
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * 4096 / 1e6


def baseline(name: str, size: int, seed: int) -> dict[str, float]:
    """One baseline in this process: p50 and p99 of a question, seconds and MB of the build."""
    texts = phrasings(size, seed)
    BUILDS[name](texts[:2])("暖一暖")  # so that the library's own loading is not counted as the build
    before, began = _resident_mb(), time.perf_counter()
    ask = BUILDS[name](texts)
    build_s, mb = time.perf_counter() - began, _resident_mb() - before
    times = []
    for question in questions(texts, seed):
        began = time.perf_counter()
        ask(question)
        times.append(1000 * (time.perf_counter() - began))
    return _figures(sorted(times), build_s, mb)


def _figures(times: list[float], build_s: float, mb: float) -> dict[str, float]:
    return {
        "p50_ms": round(times[len(times) // 2], 3),
        "p99_ms": round(times[int(0.99 * len(times))], 3),
        "build_s": round(build_s, 2),
        "mb": round(mb, 1),
    }


def ours(size: int, seed: int) -> dict[str, float]:
    """`policydesk match --stats` over the same phrasings, five to an entry."""
    texts = phrasings(size, seed)
    with tempfile.TemporaryDirectory() as folder:
        corpus = Path(folder) / "corpus.jsonl"
        entries = (
            {"id": number, "questions": texts[number : number + PER_ENTRY]} for number in range(0, size, PER_ENTRY)
        )
        corpus.write_text("\n".join(json.dumps(entry, ensure_ascii=False) for entry in entries), encoding="utf-8")
        asked = "\n".join(json.dumps({"text": text}, ensure_ascii=False) for text in questions(texts, seed))
        command = [str(POLICYDESK), "match", "--corpus", str(corpus), "--batch", "-", "--stats"]
        done = subprocess.run(command, input=asked.encode(), capture_output=True, check=True)
    stats = json.loads(done.stderr.decode().splitlines()[-1])
    return {key: stats[key] for key in ("p50_ms", "p99_ms", "build_s", "mb")}


def match_figures(seed: int) -> dict[str, dict[str, Any]]:
    """By phrasings: ours, and each baseline beside it."""
    figures: dict[str, dict[str, Any]] = {}
    for size in SIZES:
        figures[str(size)] = {**ours(size, seed), **{name: _apart(name, size, seed) for name in BASELINES}}
    return figures


def _apart(name: str, size: int, seed: int) -> dict[str, float]:
    command = [sys.executable, "-m", "tests.bench_matching", name, str(size), str(seed)]
    done = subprocess.run(command, capture_output=True, check=True, cwd=Path(__file__).parent.parent)
    figures: dict[str, float] = json.loads(done.stdout.decode().splitlines()[-1])
    return figures


def as_lines(figures: dict[str, dict[str, Any]]) -> str:
    """The figures as a table for a person."""
    rows = [f"{'问法':>8}  {'匹配器':<14} p50毫秒  p99毫秒  建库秒  占用MB"]
    for size, row in figures.items():
        for name in ("policydesk", *BASELINES):
            one = row if name == "policydesk" else row[name]
            times = f"{one['p50_ms']:8.3f} {one['p99_ms']:8.3f}"
            rows.append(f"{size:>8}  {name:<14} {times} {one['build_s']:7.2f} {one['mb']:7.1f}")
    return "\n".join(rows)


if __name__ == "__main__":
    print(json.dumps(baseline(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))))
