"""The page of one register: what it holds, by which rules, for whom."""

from __future__ import annotations

from collections.abc import Iterator

from bilan.pack.expressions import Expression
from bilan.pack.registers.display import number
from bilan.pack.registers.fields import Field, FieldType, Sensitivity
from bilan.pack.registers.model import Activity, Register, Registers
from bilan.pack.registers.reference.layout import both, code, table
from bilan.pack.roles import Capability, Roles
from bilan.pack.vocab.units import unit_symbol

SENSITIVITIES = {
    Sensitivity.PUBLIC: "公开 · public",
    Sensitivity.INTERNAL: "内部 · internal",
    Sensitivity.RESTRICTED: "受限 · restricted",
    Sensitivity.PERSONAL: "个人信息 · personal",
}
GEOMETRIES = {"none": "无 · none", "point": "点 · point", "line": "线 · line", "polygon": "面 · polygon", "any": "任意 · any"}
TYPES = {
    FieldType.TEXT: "文字 · text",
    FieldType.LONG: "长文字 · long text",
    FieldType.INTEGER: "整数 · integer",
    FieldType.DECIMAL: "数值 · decimal",
    FieldType.DATE: "日期 · date",
    FieldType.PERIOD: "起止日期 · period",
    FieldType.BOOLEAN: "是否 · yes or no",
    FieldType.CHOICE: "选择 · choice",
    FieldType.PARAMETER: "监测项目与限值 · parameter with limit",
    FieldType.PERSON: "人员 · person",
    FieldType.ORGANISATION: "单位 · organisation",
    FieldType.DISTRICT: "行政区划 · district",
    FieldType.LINK: "关联 · link",
    FieldType.ATTACHMENT: "附件 · attachment",
    FieldType.URL: "网址 · address",
    FieldType.TABLE: "表格 · table",
    FieldType.COMPUTED: "计算 · computed",
}
VERDICTS = {"allowed": "允许 · allowed", "limited": "限制 · limited", "forbidden": "禁止 · forbidden"}
_ACTIVITY = (
    "结论 · Verdict", "内容 · Says", "条件 · When", "活动 · Activity", "条款 · Clause", "有效期 · In force", "可信度 · Confidence"
)  # fmt: skip
_HEADER = (
    "字段 · Field", "名称 · Title", "类型 · Type", "单位 · Unit", "要求 · Demands", "敏感级别 · Sensitivity", "导入列名 · Import headings"
)  # fmt: skip


def register_page(register: Register, registers: Registers, roles: Roles) -> str:
    """Write the page of a register in Markdown."""
    lines = [f"# {both(register.title)}", "", both(register.about), "", *_facts(register, registers)]
    for section in register.sections:
        lines += [f"## {both(section.title)}", "", *table(_HEADER, (_row(entry, register) for entry in section.fields)), ""]
        lines += [line for entry in section.fields for line in _columns(entry, register)]
    lines += _states(register)
    lines += _rules(register)
    lines += _zone(register)
    lines += _readers(register, roles)
    lines += _back(register, registers)
    return "\n".join(_single(lines)) + "\n"


def _facts(register: Register, registers: Registers) -> list[str]:
    group = registers.groups.get(register.group)
    pairs = [
        ("名称 · Name", code(register.name)),
        ("分组 · Group", both(group.title) if group else register.group),
        ("责任科室 · Kept by", both(register.department)),
        ("空间类型 · Place", GEOMETRIES.get(register.geometry, register.geometry)),
        ("编码 · Code", _code(register)),
        ("敏感级别 · Sensitivity", SENSITIVITIES[register.sensitivity]),
        ("列表 · List", ", ".join(map(code, register.columns)) + f" ↕ {code(register.sort)}"),
        ("查重 · Duplicates", ", ".join(map(code, register.duplicates))),
        (
            "监测数据 · Readings",
            " ← ".join(filter(None, map(code, (register.series.network, register.series.by)))) if register.series else "",
        ),
        ("法律依据 · Legal basis", "；".join(register.laws)),
        ("规划条目 · Plan items", ", ".join(map(code, register.serves))),
    ]
    return table(("", ""), ((name, text) for name, text in pairs if text))


def _code(register: Register) -> str:
    rule = register.code
    given = f"人工填写 · given by people{f' ({code(rule.matches)})' if rule.matches else ''}"
    return code(rule.pattern) + (f" ({code(rule.matches)})" if rule.matches else "") if rule.pattern else given


def _row(entry: Field, register: Register) -> tuple[str, ...]:
    sensitivity = SENSITIVITIES[entry.sensitivity] if entry.sensitivity and entry.sensitivity is not register.sensitivity else ""
    return (
        code(entry.name),
        both(entry.title),
        _type(entry),
        unit_symbol(entry.unit),
        "；".join(_demands(entry)),
        sensitivity,
        "、".join(entry.aliases),
    )


def _type(entry: Field) -> str:
    many = "（多个 · several）" if entry.many else ""
    to = {FieldType.CHOICE: f" `{entry.of}`", FieldType.LINK: f" → `{entry.of}`"}.get(entry.type, "")
    formula = f" = {code(entry.formula.text)}" if entry.formula else ""
    return f"{TYPES[entry.type]}{to}{many}{formula}"


def _demands(entry: Field) -> Iterator[str]:
    if entry.required is True:
        yield "必填 · required"
    elif isinstance(entry.required, Expression):
        yield f"必填条件 · required when {code(entry.required.text)}"
    if entry.visible:
        yield f"适用条件 · applies when {code(entry.visible.text)}"
    if entry.lower is not None or entry.upper is not None:
        yield " … ".join("" if bound is None else number(bound) for bound in (entry.lower, entry.upper)).strip()
    if entry.unique:
        yield "不得重复 · unique"
    for text in (entry.pattern, entry.check):
        if text:
            yield code(text)
    if entry.help.zh:
        yield both(entry.help)


def _columns(entry: Field, register: Register) -> list[str]:
    if not entry.columns:
        return []
    return [f"### {both(entry.title)} ({code(entry.name)})", "", *table(_HEADER, (_row(column, register) for column in entry.columns))]


def _states(register: Register) -> list[str]:
    rows = ((code(state.code), both(state.title), "是 · yes" if state.active else "否 · no") for state in register.states)
    return ["## 状态 · States", "", *table(("代码 · Code", "名称 · Title", "在用 · In being"), rows)]


def _rules(register: Register) -> list[str]:
    rows = [(code(rule.text), both(says)) for rule, says in register.rules]
    return ["## 规则 · Rules", "", *table(("必须成立 · Must hold", "否则 · Otherwise"), rows)] if rows else []


def _zone(register: Register) -> list[str]:
    zone = register.zone
    if not zone:
        return []
    buffer = f"，缓冲 {zone.buffer:g} m · buffer" if zone.buffer else ""
    return [
        "## 分区规则 · Zone rules",
        "",
        f"优先级 · Priority {zone.priority}{buffer}{f'，个别条款 · own clauses {code(zone.table)}' if zone.table else ''}",
        "",
        *table(_ACTIVITY, (_activity(rule) for rule in zone.rules)),
    ]


def _activity(rule: Activity) -> tuple[str, ...]:
    what = ", ".join((*map(code, rule.activities), *map(code, rule.industries), *rule.words))
    force = f"{rule.valid_from or '…'} – {rule.valid_to or '…'}" if rule.valid_from or rule.valid_to else ""
    when = code(rule.when.text) if rule.when else ""
    return VERDICTS.get(rule.verdict, rule.verdict), both(rule.text), when, what or "全部 · all", rule.clause, force, rule.confidence


def _readers(register: Register, roles: Roles) -> list[str]:
    """Which roles see the register, its own sensitivity taken, and up to which sensitivity."""
    rows = []
    for role in roles.values():
        grants = [grant for grant in role.grants if Capability.SEE in grant.may and grant.on_register(register.name, register.group)]
        seen = {level for grant in grants for level in grant.sensitivities}
        if register.sensitivity in seen:
            extents = sorted({grant.extent.value for grant in grants})
            rows.append((both(role.title), ", ".join(extents), ", ".join(SENSITIVITIES[level] for level in Sensitivity if level in seen)))
    return ["## 谁可以查看 · Who may see it", "", *table(("角色 · Role", "范围 · Scope", "级别 · Sensitivity"), rows)] if rows else []


def _back(register: Register, registers: Registers) -> list[str]:
    rows = []
    for other, link in registers.pointing.get(register.name, ()):
        seen = link.reverse if link.reverse.zh else other.title
        rows.append((f"[{both(other.title)}]({other.name}.md)", code(link.name), both(seen)))
    return ["## 指向本台账 · Links from", "", *table(("台账 · Register", "字段 · Field", "名称 · Title"), rows)] if rows else []


def _single(lines: list[str]) -> list[str]:
    """Lines with never two empty ones in a row."""
    return [line for place, line in enumerate(lines) if line or (place and lines[place - 1])]
