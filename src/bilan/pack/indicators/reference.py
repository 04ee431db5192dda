"""The reference page of indicators: keys of their files, tables that queries may ask, and every indicator of the base pack."""

from __future__ import annotations

from bilan.pack.indicators.loading import load, templates
from bilan.pack.indicators.tables import tables
from bilan.pack.registers.keys import keys
from bilan.pack.registers.reference.layout import both, code, table

KEYS = {
    "indicator": "指标文件 · A file (indicators/NAME.sql, or NAME.yaml with a template)",
    "missing": "缺数规则 · missing",
    "parameter": "参数 · parameters",
    "template": "模板文件 · A template (indicators/templates/NAME.sql)",
    "slot": "模板的参数 · parameters of a template",
    "series": "填报数据 · Reported figures (indicators/reported.yaml)",
}


def page() -> str:
    """Write the reference in Markdown."""
    lines = [
        "# 指标：键、表与基础包 · Indicators: keys, tables, base pack",
        "",
        "怎样写指标见“写一个指标”。 How indicators are written: [Write an indicator](../../how-to/write-an-indicator.md).",
        "",
        *_keys(),
        "## 基础包的指标 · Indicators of the base pack",
        "",
    ]
    rows = [(code(entry.name), both(entry.title), entry.unit, entry.source.value, entry.standard) for entry in load()]
    lines += table(("名称 · Name", "指标 · Indicator", "单位 · Unit", "来源 · Source", "依据 · Rests on"), rows)
    lines += ["## 查询模板 · Templates", ""]
    shared = [
        (code(entry.name), both(entry.title), both(entry.about), ", ".join(map(code, entry.parameters))) for entry in templates().values()
    ]
    lines += table(("名称 · Name", "模板 · Template", "算法 · How", "参数 · Parameters"), shared)
    lines += ["## 可用的表 · Tables", ""]
    for entry in tables().values():
        columns = [(code(column.name), column.type, column.unit, both(column.title)) for column in entry.columns.values()]
        lines += [f"### {entry.name}", "", both(entry.title), "", both(entry.about), ""]
        lines += table(("列 · Column", "类型 · Type", "单位 · Unit", "含义 · Meaning"), columns)
    lines += [
        "台账的表 `registers.…` 与 `history.…` 的列即台账的字段。 The columns of `registers.…` and `history.…` are the fields of the "
        "[registers](registers/index.md).",
        "",
    ]
    return "\n".join(lines)


def _keys() -> list[str]:
    lines: list[str] = []
    for name, title in KEYS.items():
        rows = [
            (code(key.name), key.kind, "是 · yes" if key.needed else "", ", ".join(map(code, key.allowed)), both(key.about))
            for key in keys("indicators")[name].values()
        ]
        lines += [f"## {title}", "", *table(("键 · Key", "值 · Value", "必需 · Needed", "允许 · Allowed", "说明 · About"), rows)]
    return lines
