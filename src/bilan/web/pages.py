"""Showing a page: render its template, or send one of its tables as a file when the address asks for it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from bilan.people import audit
from bilan.web.components.table import Table


def show(request: HttpRequest, template: str, *, status: int = 200, **values: Any) -> HttpResponse:
    """Render `template` with `values`; every `Table` among them can be exported by ``?export=csv|xlsx|parquet&table=ID``."""
    for value in values.values():
        if isinstance(value, Table) and (file := value.respond(request)) is not None:
            audit.record("export", request.path, request=request, detail={"form": request.GET.get("export", ""), "table": value.id})
            return file
    return render(request, template, values, status=status)
