"""What the desk's pages call things: doors, reasons, states, what happened."""

from __future__ import annotations

from collections.abc import Mapping

DOORS: Mapping[str, str] = {"web": "网页", "tg": "Telegram", "api": "接口", "cli": "终端", "phone": "电话"}
REASONS: Mapping[str, str] = {
    "asked": "对方要找人",
    "missed": "助手没听懂",
    "doubt": "要人来判断",
    "unhelped": "上次没解决",
    "called": "值守员接过来",
    "phone": "来电",
}
STATES: Mapping[str, str] = {"waiting": "等人接手", "raised": "已上报", "taken": "办理中", "closed": "已办结"}
EVENTS: Mapping[str, str] = {
    "opened": "开了工单",
    "called": "接过会话",
    "claimed": "接手",
    "released": "退回队列",
    "transferred": "转给同事",
    "raised": "上报一级",
    "said": "回复",
    "closed": "办结",
    "left": "离开，工单退回",
    "withdrawn": "对方撤回",
    "erased": "对方删除了数据",
}
VERDICTS: Mapping[str, str] = {"eligible": "初步符合", "unknown": "还定不了", "not_eligible": "不符合"}
WITHOUT_AN_OFFICER: Mapping[str, str] = {"withdrawn": "对方自己撤回", "erased": "对方删除了数据"}
"""Outcomes that no officer has chosen."""
FACETS: Mapping[str, str] = {
    "amount": "金额、封顶",
    "rate": "比例",
    "conditions": "条件",
    "scope": "支持什么",
    "contact": "联系人",
    "email": "邮箱",
    "process": "怎么申报、交什么材料",
    "deadline": "什么时候截止",
    "library": "要不要入库",
    "recommendation": "要不要区里推荐",
    "exclusivity": "能不能和别的一起报",
    "attachment": "在哪个附件",
    "definition": "词语怎么算",
    "overview": "概要",
    "compare": "两个方向比较",
    "honesty": "造假、检查、追回",
    "district_contact": "区里找谁",
    "reverse_lookup": "查人、查电话",
    "other": "别的",
}
"""What of a topic is asked for, as editors choose it."""
STATUSES: Mapping[str, str] = {
    "answered": "答了",
    "clarify": "反问",
    "no_answer": "没答",
    "question": "问情况",
    "result": "出结果",
    "handover": "转人工",
    "notice": "寒暄、提示",
}
