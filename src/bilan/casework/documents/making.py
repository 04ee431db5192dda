"""Filling a template with a case: who it is about, what was found, the evidence, the steps."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import timezone
from docxtpl import DocxTemplate
from jinja2 import TemplateError
from jinja2.sandbox import SandboxedEnvironment

from bilan.casework.docket import Docket
from bilan.casework.documents.declared import Paper
from bilan.casework.models import Case, Evidence, Step
from bilan.casework.moving import flow_of
from bilan.pack.flows import Flow
from bilan.people.visibility import NotVisible
from bilan.problems import BilanError, Problem
from bilan.registers.ledger import Ledger, Record
from bilan.registers.saying import ENTERPRISE, Speaker

SHORT = 16
"""Characters of a hash that are printed; the whole stands in the case."""
BUREAU = {"zh-hans": "{city}生态环境局", "en": "Ecology and Environment Bureau of {city}"}
COMMA = {"zh-hans": "；", "en": "; "}
YES_NO = {"zh-hans": {"yes": "是", "no": "否", "na": "不适用"}, "en": {"yes": "yes", "no": "no", "na": "not applicable"}}
KINDS = {
    "zh-hans": {"photo": "照片", "video": "视频", "audio": "录音", "document": "文件", "measurement": "监测", "signature": "签名"},
    "en": {name: name for name in ("photo", "video", "audio", "document", "measurement", "signature")},
}


def make(paper: Paper, docket: Docket, ledger: Ledger, case: Case, language: str) -> bytes:
    """Write a document of a visible case as a Word file.

    Parameters:
        docket, ledger: what the reader may see; what is masked for them is masked in the document.
        language: ``zh-hans`` or ``en``.

    Raises:
        BilanError: the template cannot be filled; its mistake is told.
    """
    template = DocxTemplate(paper.template(language))
    environment = SandboxedEnvironment(autoescape=True)
    try:
        template.render(content(docket, ledger, case, language), environment)
    except (TemplateError, ArithmeticError, TypeError, ValueError) as error:
        values = {"value": paper.template(language).name, "allowed": str(error)[:200]}
        raise BilanError(Problem("case.bad_template", values)) from error
    buffer = io.BytesIO()
    template.save(buffer)
    return buffer.getvalue()


def content(docket: Docket, ledger: Ledger, case: Case, language: str) -> dict[str, Any]:
    """Everything a template may name."""
    flow, steps = flow_of(case), list(docket.steps(case))
    proofs = list(docket.evidence(case))
    city = settings.CITY.name_en if language == "en" else settings.CITY.name_zh
    done = [step for step in steps if step.action == "move"]
    place = next((step for step in done if step.lon is not None), None)
    return {
        "bureau": BUREAU[language].format(city=city),
        "case": {"code": case.code, "title": case.title, "state": flow.state[case.state].title.text(language)},
        "party": party(ledger, case, language),
        "inspected": _time(done[0].done or done[0].at) if done else "",
        "place": case.place_name or (f"{place.lon:.5f}, {place.lat:.5f}" if place is not None else ""),
        "officers": COMMA[language].join(dict.fromkeys(step.author for step in done if step.author)),
        "values": values(ledger, flow, case, language),
        "checklist": [row for step in steps for row in _answers(flow, step, language)],
        "evidence": [_proof(entry, language) for entry in proofs],
        "steps": [_step(flow, step, language) for step in steps if step.action in {"open", "move", "reopen", "withdraw"}],
        "laws": COMMA[language].join(flow.laws),
        "result": case.result and flow.state[case.state].title.text(language),
        "due": _time(case.due)[:10] if case.due else "",
        "today": _time(timezone.now())[:10],
    }


def party(ledger: Ledger, case: Case, language: str) -> dict[str, str]:
    """Whom the case concerns, as far as the reader may see the enterprise; else what the case says itself."""
    record = _enterprise(ledger, case)
    if record is None:
        return {"name": case.place_name or case.organisation, "uscc": "", "address": "", "representative": ""}
    register, speaker = ledger.register(ENTERPRISE), Speaker(ledger, language)
    kept = ledger.values(record)
    speaker.learn(register, [kept])
    said = {name: speaker.said(register.fields[name], kept.get(name)).text for name in ("uscc", "address", "legal_person")}
    return {"name": record.name, "uscc": said["uscc"], "address": said["address"], "representative": said["legal_person"]}


def values(ledger: Ledger, flow: Flow, case: Case, language: str) -> list[dict[str, str]]:
    """What the steps collected, in words, in the order of the flow."""
    speaker = Speaker(ledger, language)
    said = [(field, speaker.said(field, case.data[name]).text) for name, field in flow.fields.items() if name in case.data]
    return [{"title": field.title.text(language), "text": text} for field, text in said if text]


def _enterprise(ledger: Ledger, case: Case) -> Record | None:
    code = case.entry if case.register == ENTERPRISE else case.organisation
    if not code:
        return None
    try:
        return ledger.entry(ENTERPRISE, code)
    except NotVisible:
        return None


def _answers(flow: Flow, step: Step, language: str) -> list[dict[str, str]]:
    transition = flow.transition.get(step.transition)
    checklist = flow.checklists.get(transition.checklist) if transition is not None else None
    if checklist is None:
        return []
    return [
        {
            "question": checklist.items[row["item"]].ask.text(language) if row["item"] in checklist.items else str(row["item"]),
            "answer": YES_NO[language].get(str(row["answer"]), str(row["answer"])),
            "note": str(row.get("note") or ""),
        }
        for row in step.checklist
    ]


def _proof(entry: Evidence, language: str) -> dict[str, str]:
    return {
        "name": entry.name,
        "kind": KINDS[language].get(entry.kind, entry.kind),
        "taken": _time(entry.taken or entry.received),
        "place": f"{entry.lon:.5f}, {entry.lat:.5f}" if entry.lon is not None and entry.lat is not None else "",
        "digest": entry.digest[:SHORT],
    }


def _step(flow: Flow, step: Step, language: str) -> dict[str, str]:
    transition = flow.transition.get(step.transition)
    after = flow.state.get(step.after)
    title = transition.title if transition is not None else after.title if after is not None else None
    return {"at": _time(step.at), "title": title.text(language) if title else step.action, "author": step.author, "note": step.note}


def _time(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}"
