"""The reference of the declaration of flows and checklists: every key, from the table that the reader goes by."""

from __future__ import annotations

from bilan.pack.expressions import FUNCTIONS
from bilan.pack.flows.model import ASKS, KNOWN
from bilan.pack.flows.reading import PLACEHOLDERS
from bilan.pack.registers.keys import keys
from bilan.pack.registers.reference.layout import both, code, table

TITLES = {
    "flow": "流程文件 · A flow (flows/NAME.yaml)",
    "subject": "对象 · subject",
    "opening": "开办 · opening",
    "flow-state": "状态 · states",
    "part": "并行分支 · states.parallel",
    "transition": "步骤 · transitions",
    "evidence": "证据 · evidence",
    "guard": "条件 · guard",
    "escalation": "升级 · escalate",
    "reopen": "重新开启 · reopen",
    "checklist": "检查清单文件 · A checklist (checklists/NAME.yaml)",
    "checklist-section": "清单分节 · sections",
    "item": "清单条目 · items",
}


def flow_keys_page() -> str:
    """Write the reference of all keys in Markdown.

    Examples:
        >>> flow_keys_page().splitlines()[0]
        '# 流程与清单声明的全部键 · Every key of a flow and a checklist'
    """
    lines = [
        "# 流程与清单声明的全部键 · Every key of a flow and a checklist",
        "",
        "双语文字写成“中文 · English”。字段的键见台账声明。",
        "A text in both languages is one string, `中文 · English`. The keys of fields are those of registers.",
        "",
    ]
    header = ("键 · Key", "值 · Value", "必需 · Needed", "允许 · Allowed", "说明 · About")
    for name, entries in keys("flows").items():
        rows = [
            (code(key.name), key.kind, "是 · yes" if key.needed else "", ", ".join(map(code, key.allowed)), both(key.about))
            for key in entries.values()
        ]
        lines += [f"## {TITLES[name]}", "", *table(header, rows)]
    lines += [
        "## 表达式 · Expressions",
        "",
        "名称 · Names: 办件各步骤的字段、对象台账的字段 · fields of the case and of its entry; "
        + ", ".join(f"{code(name)} {both(words)}" for name, words in KNOWN.items()),
        "",
        "函数 · Functions: " + ", ".join(map(code, FUNCTIONS)),
        "",
        "仅用于条件 · Only in guards: " + ", ".join(map(code, ASKS)),
        "",
        "## 编号样式 · Code patterns",
        "",
        ", ".join(code(f"{{{name}}}" if name != "serial" else "{serial:5}") for name in PLACEHOLDERS),
        "",
    ]
    return "\n".join(lines)
