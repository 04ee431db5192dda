"""The rules: what each watches, in words and as it is declared, how many alerts it has, what is wrong with the files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from django.db.models import Count, Max
from django.http import HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from bilan.casework.evaluating.schedule import group
from bilan.casework.models import AlertState
from bilan.pack.loader import base
from bilan.pack.registers.loading import current as registers
from bilan.pack.rules import LEVELS, RuleSpec
from bilan.pack.vocab import networks, parameters
from bilan.people.roles import Action, Capability, Right
from bilan.people.visibility import NotVisible, visible_to
from bilan.web import site
from bilan.web.areas.alerts import saying, words
from bilan.web.areas.alerts.frame import tabs, watch
from bilan.web.areas.alerts.words import level_badge, wall_of
from bilan.web.components import numbers
from bilan.web.components import words as names
from bilan.web.components.table import Column, Filter, Row, Table
from bilan.web.pages import show
from bilan.web.registry import Request, page

FOLDER = "rules"
TESTS = (Right(Capability.ASSIGN, "kernel/casework"), Right(Capability.CONFIGURE, "kernel/packs"))
"""Who may try rules: one of the two is enough."""
ORIGINS = {"base": gettext_noop("Base pack"), "city": gettext_noop("This city")}


@page("alerts/rules", name="rules", section="alerts", reads=Action.SEE)
def rules(request: Request) -> HttpResponse:
    """All rules, and what is wrong with their files."""
    found = watch(request)
    table = _table(request, found["evaluated"])
    return show(request, "alerts/rules.html", table=table, faults=_faults(), watch=found, tabs=tabs(request, "rules"))


@page("alerts/rules/<slug:rule>", name="rule", section="alerts", reads=Action.SEE)
def rule(request: Request, rule: str) -> HttpResponse:
    """One rule: in words, as it is declared, and what it has found."""
    spec = known(rule)
    return show(
        request,
        "alerts/rule.html",
        spec=spec,
        title=spec.title.text(numbers.language()),
        about=spec.about.text(numbers.language()),
        says=spec.says.text(numbers.language()),
        lines=lines(spec),
        levels=[(level_badge(entry.level), entry.when.text if entry.when else "") for entry in spec.levels],
        steps=[_step(step) for step in spec.escalate],
        confidence=words.CONFIDENCE.get(spec.confidence),
        declaration=declaration(spec),
        place=origin_file(spec),
        open=_counted(request).get(rule, {}).get("open", 0),
        tabs=tabs(request, "rules"),
        may_test=may_test(request),
    )


def known(name: str) -> RuleSpec:
    """The rule of that name.

    Raises:
        NotVisible: there is none.
    """
    spec = saying.rules().get(name)
    if spec is None:
        raise NotVisible(name)
    return spec


def may_test(request: Request) -> bool:
    """Whether the reader may try rules on the past."""
    scope = visible_to(request.user)
    return any(scope.can(right) for right in TESTS)


def lines(spec: RuleSpec) -> list[tuple[str, str]]:
    """The declaration as titles and texts."""
    language = numbers.language()
    where, known_registers = spec.where, registers(site.city().pack).registers
    series = spec.subject.timed
    found = [
        (_("Watches"), words.said(words.SUBJECTS, spec.subject.value)),
        (_("Networks"), ", ".join(numbers.named(networks()[code]) for code in where.networks if code in networks())),
        (_("Parameters"), ", ".join(numbers.labelled(parameters()[code]) if code in parameters() else code for code in where.parameters)),
        (_("Points where"), where.points.text if where.points else ""),
        (
            _("Registers"),
            ", ".join(known_registers[name].title.text(language) if name in known_registers else name for name in where.registers),
        ),
        (_("Entries where"), where.when.text if where.when else ""),
        (_("Method"), where.method),
        (_("Names"), ", ".join(where.names)),
        (_("Values by"), names.interval(spec.interval) if series else ""),
        (_("Looks back"), _("%(n)s moments or hours") % {"n": f"{spec.lookback:g}"} if series and spec.lookback else ""),
        *((f"{name} =", formula.text) for name, formula in spec.let.items()),
        (_("Fires when"), spec.condition.text),
        (_("For so many moments"), str(spec.times) if spec.times > 1 else ""),
        (_("Clears when"), spec.clear.text if spec.clear else _("the condition no longer holds")),
        (_("Clear for so many moments"), str(spec.clear_times) if spec.clear_times > 1 else ""),
        (_("Explained by"), ", ".join(_kind(kind) for kind in spec.explained_by)),
        (_("No notices between"), " – ".join(f"{at // 60:02d}:{at % 60:02d}" for at in spec.quiet) if spec.quiet else ""),
        (_("Folds with"), _cause(spec.cause)),
        (_("Responsible"), saying.role_of(spec.role)),
        (_("Flow of the case"), spec.flow),
        (_("Case is opened"), words.said(words.OPENS, spec.opens) if spec.flow else ""),
        (_("Serves plan items"), ", ".join(spec.serves)),
    ]
    return [(title, text) for title, text in found if text]


def declaration(spec: RuleSpec) -> str:
    """The lines of the file that declare a rule; the rule ends where another list item or nothing follows."""
    text = _read(spec.source).splitlines()
    first = max(0, spec.line - 1)
    if first >= len(text):
        return ""
    while first and not text[first].lstrip().startswith("- "):
        first -= 1
    indent = len(text[first]) - len(text[first].lstrip())
    last = first + 1
    while last < len(text) and (not text[last].strip() or len(text[last]) - len(text[last].lstrip()) > indent):
        last += 1
    return "\n".join(line[indent:] for line in text[first:last]).rstrip()


def origin_file(spec: RuleSpec) -> str:
    """File and line of a rule, as an administrator of the city looks for it."""
    return f"{_folder(spec.source)}/{Path(spec.source).name}:{spec.line}"


def _folder(source: str) -> str:
    return f"pack/{FOLDER}" if origin(source) == "city" else f"bilan/pack/{FOLDER}"


def origin(source: str) -> str:
    """Whether a file is the city's or the base pack's."""
    return "city" if source.startswith(str(site.city().pack)) else "base"


def _read(source: str) -> str:
    """Text of a rules file: only files of the two folders that rules are read from."""
    name = Path(source).name
    folder: Path | Traversable = site.city().pack / FOLDER if origin(source) == "city" else base(FOLDER)
    file = folder.joinpath(name)
    return file.read_text(encoding="utf-8") if file.is_file() else ""


def _faults() -> list[dict[str, Any]]:
    language = numbers.language()
    return [
        {
            "text": problem.text(language),
            "place": f"{_folder(problem.place.file)}/{Path(problem.place.file).name}:{problem.place.row or ''}" if problem.place else "",
        }
        for problem in saying.faults()
    ]


def _counted(request: Request) -> dict[str, dict[str, Any]]:
    """How many alerts each rule has open, and when it last opened or changed one, as far as the reader may see."""
    found = request.docket.alerts().order_by().values("rule", "state").annotate(n=Count("pk"), changed=Max("changed"))
    counted: dict[str, dict[str, Any]] = {}
    for line in found:
        entry = counted.setdefault(line["rule"], {"open": 0, "all": 0, "changed": None})
        entry["all"] += line["n"]
        entry["open"] += line["n"] if line["state"] != AlertState.CLEARED else 0
        entry["changed"] = max(filter(None, (entry["changed"], line["changed"])), default=None)
    return counted


def _table(request: Request, evaluated: Mapping[str, int]) -> Table:
    counted = _counted(request)
    rows = [_row(spec, counted.get(name, {}), evaluated) for name, spec in saying.rules().items()]
    return Table(
        id="rules",
        caption=_("Rules"),
        columns=[
            Column(
                "title",
                _("Rule"),
                href=lambda row: reverse("rule", args=[row["rule"]]),
                render=lambda row: format_html('<span class="rule-title">{}</span>', row["title"]),
            ),
            Column("state", _("State"), render=_state),
            Column("open", _("Open alerts"), kind="number", decimals=0, render=_open),
            Column("level", _("Highest level"), kind="number", render=lambda row: level_badge(row["level"])),
            Column("subject", _("Watches")),
            Column("what", _("Of these"), wide=True),
            Column("role", _("Responsible"), wide=True),
            Column("changed", _("Last alert"), kind="age", wide=True),
            Column("evaluated", _("Evaluated"), kind="age", wide=True),
            Column("condition", _("Condition"), shown=False),
            Column("laws", _("Legal basis"), shown=False),
            Column("confidence", _("Confidence"), shown=False),
            Column("rule", _("Name"), shown=False),
            Column("file", _("File"), shown=False),
            Column("all", _("Alerts so far"), kind="number", decimals=0, shown=False),
        ],
        rows=rows,
        query=request.GET,
        search=("title", "rule", "subject", "what", "role", "condition", "laws"),
        filters=[
            Filter("subject_code", _("All subjects"), [(code, str(title)) for code, title in words.SUBJECTS.items()]),
            Filter("state", _("In force or not"), [("on", _("In force")), ("off", _("Switched off"))]),
            Filter("origin", _("Every origin"), [(code, _(title)) for code, title in ORIGINS.items()]),
        ],
        sort="-open",
        empty=_("No rules are declared."),
    )


def _row(spec: RuleSpec, counted: Mapping[str, Any], evaluated: Mapping[str, int]) -> dict[str, Any]:
    language = numbers.language()
    return {
        "rule": spec.rule,
        "title": spec.title.text(language),
        "state": "on" if spec.active else "off",
        "open": counted.get("open", 0),
        "all": counted.get("all", 0),
        "changed": wall_of(counted.get("changed")),
        "evaluated": evaluated.get(group(spec)) if spec.active else None,
        "level": max((entry.level for entry in spec.levels), default=LEVELS["warning"]),
        "subject": words.said(words.SUBJECTS, spec.subject.value),
        "subject_code": spec.subject.value,
        "what": _what(spec),
        "role": saying.role_of(spec.role),
        "condition": spec.condition.text,
        "laws": "; ".join(spec.laws),
        "confidence": str(words.CONFIDENCE.get(spec.confidence, ("", spec.confidence))[1]),
        "origin": origin(spec.source),
        "file": origin_file(spec),
    }


def _what(spec: RuleSpec) -> str:
    known_registers = registers(site.city().pack).registers
    where = spec.where
    parts: Sequence[str] = (
        [numbers.named(networks()[code]) for code in where.networks if code in networks()]
        or [known_registers[name].title.text(numbers.language()) for name in where.registers if name in known_registers]
        or ([where.method] if where.method else list(where.names))
    )
    shown = [numbers.labelled(parameters()[code]) for code in where.parameters if code in parameters()]
    text = ", ".join(parts)
    few = ", ".join(shown[:6]) + (" …" if len(shown) > 6 else "")
    return ": ".join(part for part in (text, few) if part)


def _state(row: Row) -> SafeString:
    tone, text = ("ok", _("In force")) if row["state"] == "on" else ("quiet", _("Switched off"))
    return format_html('<span class="status status-{}">{}</span>', tone, text)


def _open(row: Row) -> Any:
    if not row["open"]:
        return numbers.digits(0, 0)
    return format_html('<a href="{}?rule={}">{}</a>', reverse("alerts"), row["rule"], numbers.digits(row["open"], 0))


def _kind(kind: str) -> str:
    return words.said(words.WINDOWS, kind)


def _cause(cause: str) -> str:
    if cause.startswith("rule:"):
        name = cause.removeprefix("rule:")
        return _("the alerts of “%(title)s”") % {"title": saying.title_of(name)}
    return words.said(words.CAUSES, cause)


def _step(step: Any) -> dict[str, Any]:
    hours = step.after / 3600
    after = _("after %(n)s h") % {"n": f"{hours:g}"}
    return {"after": after, "badge": level_badge(step.level) if step.level else "", "role": saying.role_of(step.role) if step.role else ""}
