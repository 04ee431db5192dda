"""A list of entries as a file in answer to a request, with a line in the audit log."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import quote

from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, StreamingHttpResponse
from django.utils import timezone, translation

from bilan.pack.registers import Register
from bilan.people import audit
from bilan.people.roles import Capability
from bilan.problems import BilanError, Problem, nearest
from bilan.registers.exporting.columns import Values, columns, everything
from bilan.registers.exporting.files import FORMS, MAPPED
from bilan.registers.ledger import Ledger


def respond(
    request: HttpRequest, entries: QuerySet[Any], register: Register, form: str, names: Sequence[str] = ()
) -> StreamingHttpResponse | FileResponse:
    """Entries as a file to keep, filtered, sorted and as of the day that `entries` is.

    Args:
        request: its `ledger` says what the reader may see; other values are masked.
        entries: from `Ledger.entries`.
        form: one of `FORMS`.
        names: columns in their order; empty for all.

    Raises:
        NotAllowed: the reader may not export this register.
        BilanError: there is no such form or column, or the register has no places to draw.
    """
    ledger: Ledger = request.ledger
    ledger.require(Capability.EXPORT, register)
    known = forms_of(register)
    if form not in known:
        values = {"name": "export", "value": form, "allowed": list(known), "nearest": nearest(form, known)}
        raise BilanError(Problem("web.bad_parameter", values))
    wanted, language = FORMS[form], translation.get_language() or "zh-hans"
    chosen = columns(register, list(names) or everything(register), language)
    rows = Values(ledger, register, chosen, language, worded=wanted.worded).of(entries)
    detail = {"form": form, "columns": [column.name for column in chosen], "query": request.META.get("QUERY_STRING", "")[:500]}
    audit.record("register.export", register.name, request=request, detail=detail)
    content = wanted.write(register, chosen, rows)
    day = timezone.localdate() if ledger.as_of is None else timezone.localtime(ledger.as_of).date()
    name = f"{register.title.text(language)}-{day:%Y%m%d}.{wanted.suffix}"
    if isinstance(content, Iterator):
        response: StreamingHttpResponse | FileResponse = StreamingHttpResponse(content, content_type=wanted.mime)
    else:
        response = FileResponse(content, content_type=wanted.mime)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return response


def forms_of(register: Register) -> dict[str, str]:
    """Kinds of file a register's list can leave as: name in the address → title."""
    return {name: form.title for name, form in FORMS.items() if register.mapped or name not in MAPPED}
