"""The reference of the declaration: every key, from the table that the reader goes by."""

from __future__ import annotations

from bilan.pack.expressions import FUNCTIONS, OUTSIDE
from bilan.pack.registers.fields import COMMON
from bilan.pack.registers.keys import COLUMN_KEYS, COLUMN_TYPES, keys
from bilan.pack.registers.reading import PLACEHOLDERS
from bilan.pack.registers.reference.layout import both, code, table
from bilan.pack.registers.reference.register_page import TYPES

TITLES = {
    "register": "台账文件 · A register (registers/NAME.yaml, zones/NAME.yaml)",
    "code": "编码 · code",
    "state": "状态 · states",
    "style": "地图样式 · style",
    "list": "列表 · list",
    "series": "监测点位 · series",
    "section": "分节 · sections",
    "field": "字段 · fields, columns",
    "rule": "跨字段规则 · rules",
    "zone": "分区 · zone",
    "activity": "分区条款 · zone.rules",
    "list-rule": "名录规则文件 · A list rule (lists/NAME.yaml)",
    "criterion": "列入条件 · criteria",
}


def keys_page() -> str:
    """Write the reference of all keys in Markdown."""
    lines = [
        "# 台账声明的全部键 · Every key of a declaration",
        "",
        "双语文字写成“中文 · English”。 A text in both languages is one string, `中文 · English`.",
        "",
    ]
    header = ("键 · Key", "值 · Value", "必需 · Needed", "允许 · Allowed", "说明 · About")
    for name, entries in keys().items():
        rows = []
        for key in entries.values():
            allowed = ", ".join(map(code, key.allowed)) if key.allowed else ""
            types = f" ({', '.join(key.types)})" if key.types and len(key.types) < len(TYPES) - 2 else ""
            rows.append((code(key.name), key.kind + types, "是 · yes" if key.needed else "", allowed, both(key.about)))
        lines += [f"## {TITLES[name]}", "", *table(header, rows)]
    lines += [
        "## 字段类型 · Types of fields",
        "",
        *table(("类型 · Type", "内容 · Holds"), ((code(kind), text) for kind, text in TYPES.items())),
    ]
    lines += [
        "表格的列 · Columns of a table: " + ", ".join(map(code, COLUMN_TYPES)) + "；" + ", ".join(map(code, sorted(COLUMN_KEYS))),
        "",
        "## 表达式 · Expressions",
        "",
        "名称 · Names: 本台账的字段 · the register's fields, " + ", ".join(map(code, COMMON)),
        "",
        "函数 · Functions: " + ", ".join(map(code, FUNCTIONS)),
        "",
        "仅用于计算字段 · Only in computed fields: " + ", ".join(map(code, OUTSIDE)),
        "",
        "空值使算术结果为空、使比较不成立；规则所比较的值缺失时不检查该规则。"
        " An absent value makes arithmetic absent and comparisons false; a rule is not checked while a value it compares is absent.",
        "",
        "## 编码样式 · Code patterns",
        "",
        ", ".join(code(f"{{{name}}}" if name != "serial" else "{serial:5}") for name in PLACEHOLDERS) + ", `{字段名 · field}`",
        "",
    ]
    return "\n".join(lines)
