"""Why a question was answered as it was, for editors and officers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dialogs.conversation import Conversation
from dialogs.hearing import as_read, corrected, cut
from dialogs.intent import Intent
from dialogs.library import Library
from dialogs.understanding import understand
from knowledge.finding import Found

_HOW = {"exact": "原词", "sound": "读音", "near": "近似", "initials": "首字母", "form": "句式"}
_KINDS = {
    "asks": "按方向和方面回答",
    "define": "解释词语",
    "overview": "总览",
    "over_all": "各方向比封顶、比例",
    "grounds": "追问凭什么，再说刚才那一条",
    "filter": "找有这个数的方向",
    "trade": "找和这个行业有关的方向",
    "people": "查人",
    "phone": "查电话",
    "mailbox": "查邮箱",
    "office": "查处室",
    "desk": "查区里的科室",
    "district": "查区",
    "attachment": "查附件",
    "elsewhere": "别的政策，不答",
    "silent": "指南没有写，不答",
    "which": "没说哪个方向，反问",
    "not_in_guide": "不在指南里，不答",
    "not_understood": "没听懂",
    "smalltalk": "寒暄",
    "empty": "没有文字",
}


@dataclass(frozen=True)
class Explained:
    """The decision with its evidence."""

    folded: str
    intent: Intent
    segments: tuple[Found, ...]

    @property
    def judged(self) -> str:
        """What was decided, in a few words."""
        return _KINDS.get(self.intent.kind, self.intent.kind)

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        return {
            "folded": self.folded,
            "decision": self.intent.kind,
            "confidence": round(self.intent.confidence, 2),
            "asks": [{"topics": list(ask.topics), "facets": list(ask.facets)} for ask in self.intent.asks],
            "segments": [
                {
                    "text": found.text,
                    "topics": _ranked(found.topics),
                    "facets": _ranked(found.facets),
                    "provisions": _ranked(found.provisions),
                    "alike": _ranked(found.liked.topics),
                    "strange": round(found.strange, 2),
                    "vetoes": [one.id for one in (*found.elsewhere, *found.silent)],
                    "evidence": [
                        {"term": m.term, "how": m.how, "targets": [f"{t.kind}:{t.id}" for t in m.targets]}
                        for m in found.matches
                    ],
                }
                for found in self.segments
            ],
        }

    def as_text(self) -> str:
        """For people."""
        lines = [
            f"听到：{self.folded}",
            f"判断：{self.judged}，把握{self.intent.confidence:.2f}",
        ]
        for ask in self.intent.asks:
            lines.append(f"答的是：{'、'.join(ask.topics)} × {'、'.join(ask.facets) or '概要'}")
        for found in self.segments:
            lines.append(f"片段“{found.text}”")
            for word, scores in (
                ("方向", found.topics),
                ("方面", found.facets),
                ("条文", found.provisions),
                ("像", found.liked.topics),
                ("像外面的", found.liked.elsewhere),
            ):
                ranked = _ranked(scores)[:3]
                if ranked:
                    lines.append(f"  {word}：" + "，".join(f"{name} {score}" for name, score in ranked))
            for match in found.matches:
                meant = [f"{t.kind}:{t.id}" for t in match.targets if t.kind != "filler"]
                if meant:
                    lines.append(f"  依据：{match.term}（{_HOW[match.how]}）→ {'、'.join(meant[:6])}")
            for one in (*found.elsewhere, *found.silent):
                lines.append(f"  否决：{one.id}，{one.say}")
            if found.strange:
                lines.append(f"  生词占{found.strange:.0%}")
        return "\n".join(lines)


def _ranked(scores: Mapping[str, float]) -> list[tuple[str, float]]:
    return sorted(((name, round(score, 2)) for name, score in scores.items()), key=lambda pair: -pair[1])[:5]


def explain(text: str, conversation: Conversation, library: Library) -> Explained:
    """The decision on a text in a conversation, with its evidence."""
    read = as_read(text, library.finder.scribe)
    folded = corrected(library.finder.speller.fold(read))
    intent = understand(read, conversation, library)
    return Explained(folded, intent, tuple(library.finder.find(segment) for segment in cut(folded)))
