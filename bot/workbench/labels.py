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
MISSES: Mapping[str, str] = {
    "other_policy": "别的政策",
    "not_in_guide": "指南没写",
    "not_understood": "没听懂",
}
"""Why something was not answered, as the assistant said it."""
FACETS: Mapping[str, str] = {
    "amount": "金额",
    "rate": "比例",
    "conditions": "条件",
    "scope": "支持什么",
    "deadline": "截止时间",
    "process": "怎么申报",
    "recommendation": "区里推荐",
    "library": "入库",
    "exclusivity": "能不能一起报",
    "attachment": "附件",
    "honesty": "真实性和检查",
    "contact": "联系人",
    "email": "邮箱",
    "district_contact": "区里的联系人",
    "reverse_lookup": "这是谁、谁的电话",
    "overview": "有哪些方向",
    "compare": "比较几个方向",
    "definition": "词的意思",
    "other": "其他",
}
"""What was asked of a topic (`knowledge.guide.Facet`)."""
STATUSES: Mapping[str, str] = {
    "answered": "答了",
    "clarify": "反问",
    "no_answer": "没答",
    "question": "问情况",
    "result": "出结果",
    "handover": "转人工",
    "notice": "寒暄、提示",
}
