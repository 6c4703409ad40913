"""A message in its questions: at its marks, between the items of a list, and where speech runs on without marks."""

from __future__ import annotations

import re
from itertools import pairwise

from dialogs.hearing import cut

_JOINED = re.compile(r"\s*\+\s*|(?<=[一-鿿])/(?=[一-鿿])|(?<=[一-鿿])；(?=[一-鿿])")
"""What joins items of a list of questions (徐克举邮箱 + 申报开始日 + 截止日)."""
_ENDS = re.compile(
    r"(?:多少钱?|几个点|几成|几年|几号|哪天|哪位|找谁问?|是谁|吗|哪里|哪儿)(?:啊|呀|呢|嘛|哈|来着|的)*"
    r"(?=[^的个家以才就算条项元万年月天钱点些][^,。?!]*?(?:多少|几|谁|哪|吗|什么|怎么|要不要|能不能|是不是))"
    r"|(?<=.{6})(?=要不要|能不能|是不是|除了|然后|另外|顺便|顺带|再就是|再一个)"
)
"""Where speech without marks goes on to its next question (两位老师电话分别是多少报名截止是几号)."""
RUN_ON = 14
"""Letters from which a piece without marks may hold two questions."""


def questions_in(folded: str) -> list[str]:
    """A folded message in questions: at its marks, between the items of a list, and where speech runs on."""
    pieces = [segment for piece in cut(folded) for segment in _JOINED.split(piece)]
    segments = [segment for piece in pieces for segment in (_run_on(piece) if len(piece) >= RUN_ON else [piece])]
    return [segment.strip(",;。 ") for segment in segments if len(segment.strip(",;。 ")) >= 2]


def _run_on(piece: str) -> list[str]:
    ends = [0, *(found.end() for found in _ENDS.finditer(piece)), len(piece)]
    return [piece[start:end] for start, end in pairwise(ends) if end > start]
