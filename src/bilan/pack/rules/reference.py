"""The reference page of rules: keys, columns and functions, from the tables that the reader goes by."""

from __future__ import annotations

from bilan.pack.registers.keys import keys
from bilan.pack.registers.reference.layout import both, code, table
from bilan.pack.rules.columns import described
from bilan.pack.rules.functions import functions

KEYS = {
    "file": "规则文件 · A file (rules/NAME.yaml)",
    "rule": "规则 · A rule",
    "where": "对象范围 · where",
    "level": "级别 · levels",
    "escalation": "升级 · escalate",
}
COLUMNS = {
    "own": "监测序列的列 · Columns of series",
    "clock": "时刻 · When the moment begins",
    "verdicts": "评价结论的列 · Columns of verdicts",
    "devices": "设备的列 · Columns of devices",
    "terms": "期限的列 · Columns of terms",
    "says": "语句中的其他名称 · Further names in sentences",
}
GROUPS = {
    "window": "回看窗口 · Windows",
    "outside": "与其他对比 · Comparison with what is outside",
    "pattern": "造假与异常模式 · Patterns of falsified measurement",
    "moment": "单个时刻 · Of one moment",
}


def page() -> str:
    """Write the reference in Markdown."""
    lines = [
        "# 规则声明的键、列与函数 · Keys, columns and functions of rules",
        "",
        "怎样写规则见“写一条预警规则”。 How rules are written: [Write a rule](../../how-to/write-a-rule.md).",
        "",
    ]
    tables = keys("rules")
    for name, title in KEYS.items():
        rows = [
            (code(key.name), key.kind, "是 · yes" if key.needed else "", ", ".join(map(code, key.allowed)), both(key.about))
            for key in tables[name].values()
        ]
        lines += [f"## {title}", "", *table(("键 · Key", "值 · Value", "必需 · Needed", "允许 · Allowed", "说明 · About"), rows)]
    for name, title in COLUMNS.items():
        named = [(code(entry.name), entry.kind.value, both(entry.about)) for entry in described() if entry.table == name]
        lines += [f"## {title}", "", *table(("名称 · Name", "种类 · Kind", "说明 · About"), named)]
    lines += [
        "监测序列还可用任何因子的编码或列名 · Series: any parameter too, by its code or column "
        "([Vocabulary](vocabulary.md)). 台账条目可用其全部字段 · Entries: all their fields, and `today`.",
        "",
    ]
    for group, title in GROUPS.items():
        of_group = [entry for entry in functions().values() if entry.group == group]
        told = [(code(entry.signature), entry.gives, both(entry.about), code(entry.example) if entry.example else "") for entry in of_group]
        lines += [f"## {title}", "", *table(("函数 · Function", "结果 · Gives", "说明 · About", "例 · Example"), told)]
    return "\n".join(lines)
