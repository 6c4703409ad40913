"""What the sheet's sections are called, on the page and on paper alike."""

from __future__ import annotations

from typing import Any

LABELS: dict[str, Any] = {
    "next": "次选",
    "told": "您说的情况",
    "parts": "逐项结论",
    "missing": "还要知道",
    "doubts": "正文没写清的",
    "shared": "正文没写清的，对以上几项都一样",
    "checks": "逐条对照条款",
    "holds": {True: "满足", False: "不满足", None: "待定"},
    "unasked": "没有测的方向（没有判断，也不代表不行）",
    "steps": "下一步，按次序办",
    "instead": "接下来可以做的",
    "contacts": "找谁问",
}
