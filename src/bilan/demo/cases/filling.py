"""What is filled in and handed in with each step of a demo case."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone
from PIL import Image, ImageDraw

from bilan.casework.models import Case, Evidence
from bilan.casework.moving import Move
from bilan.demo.cases.plans import value_of
from bilan.pack.expressions import Expression
from bilan.pack.flows import Flow, Transition
from bilan.pack.registers import Field, FieldType, Registers
from bilan.registers import attachments

NOTE = "按要求办理（演示） as asked for (demo)"
PERSON = {"name": "演示人", "phone": "0000-20000000"}
TEXTS = ("已现场核实，按要求办理（演示）", "资料齐全，措施到位（演示）", "已落实并留存记录（演示）")
TRUE = "true"
BEFORE = timedelta(minutes=40)
"""How long before a step its evidence was taken."""


class Files:
    """The few files that all demo evidence shows; each content lies once under its digest."""

    def __init__(self) -> None:
        self._content = {
            "photo": attachments.keep(io.BytesIO(picture("DEMO PHOTO")), "photo.png", 1 << 20, _any),
            "signature": attachments.keep(io.BytesIO(picture("signed: demo")), "signature.png", 1 << 20, _any),
            "document": attachments.keep(io.BytesIO(picture("DEMO DOCUMENT")), "document.png", 1 << 20, _any),
        }

    def hand_in(self, cases: Sequence[Case], transition: Transition, at: datetime) -> None:
        """Lay what a transition asks for into each case, taken on the spot shortly before."""
        pieces = []
        for need in transition.evidence:
            content = self._content.get(need.kind)
            if content is None:
                continue
            for case in cases:
                for number in range(need.least):
                    pieces.append(
                        Evidence(
                            case=case,
                            requirement=need.name,
                            kind=need.kind,
                            name=f"{need.title.zh}-{number + 1}.png",
                            mime=content.mime,
                            size=content.size,
                            digest=content.digest,
                            lon=case.lon,
                            lat=case.lat,
                            accuracy=8.0 if case.lon is not None else None,
                            taken=at - BEFORE,
                            received=at - BEFORE / 2,
                            author="演示 demo",
                        )
                    )
        Evidence.objects.bulk_create(pieces, batch_size=500)


def picture(text: str) -> bytes:
    """A small picture that says what it is."""
    image = Image.new("RGB", (480, 320), "#e7eef0")
    pen = ImageDraw.Draw(image)
    pen.rectangle((12, 12, 467, 307), outline="#0f766e", width=3)
    pen.text((170, 150), text, fill="#334155")
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def filled(
    flow: Flow, transition: Transition, case: Case, at: datetime, registers: Registers, entry: dict[str, Any], way: str = ""
) -> Move:
    """What is filled in for a transition of a case.

    Parameters:
        entry: values of what the case is about.
        way: name that values are told by; the flow's when left out.
    """
    today = timezone.localtime(at).date()
    texts = {field.name: value_of(way or flow.name, transition.name, field.name) for field in transition.fields}
    values = {field.name: _value(field, texts[field.name], case, today, registers, entry) for field in transition.fields}
    given = {name: value for name, value in values.items() if value is not None}
    around = {**entry, **given}
    checklist = [] if not transition.checklist else _answers(flow, transition.checklist, around)
    return Move(given, checklist=checklist, note=NOTE if transition.note or transition.kind != "forward" else "", done=at)


def _value(field: Field, text: str | None, case: Case, today: date, registers: Registers, entry: dict[str, Any]) -> Any:
    if text is not None and text.startswith("="):
        return Expression(text[1:])(entry)
    if text == "" or (text is None and field.required is False):
        return None
    match field.type:
        case FieldType.DATE:
            name, _, days = (text or "").rpartition("+")
            begin = date.fromisoformat(entry[name]) if entry.get(name) else today
            return (begin + timedelta(days=int(days or 0))).isoformat()
        case FieldType.BOOLEAN:
            return text == TRUE
        case FieldType.CHOICE:
            code = text or registers.vocabularies[field.of].terms[0].code
            return [code] if field.many else code
        case FieldType.INTEGER | FieldType.DECIMAL:
            number = float(text) if text else max(field.lower or 0.0, 1.0)
            return int(number) if field.type is FieldType.INTEGER else number
        case FieldType.PERSON:
            return PERSON
        case FieldType.TEXT:
            return text or f"演示-{case.pk:05d}"
        case FieldType.LONG:
            return text or TEXTS[case.pk % len(TEXTS)]
    return None


def _answers(flow: Flow, name: str, around: dict[str, Any]) -> list[dict[str, Any]]:
    found = []
    for item in flow.checklists[name].items.values():
        if item.when is not None and not item.when.holds(around):
            continue
        good = next((word for word in ("yes", "no") if word not in item.bad), "yes")
        found.append({"item": item.name, "answer": {"yesno": good, "number": f"{max(item.lower or 0, 1):g}"}.get(item.answer, "演示")})
    return found


def _any(_content: attachments.Content) -> None:
    """Every content is welcome."""
