"""Codes of a whole table checked at once."""

from __future__ import annotations

from datetime import date
from typing import Any, cast

import narwhals as nw

from bilan.science.engine import Native, need
from bilan.science.standards.waste.codes import CodeCheck, check


def judge(frame: Native, *, column: str = "waste_code", day: date | None = None) -> Native:
    """Check every code of a column.

    Parameters:
        frame: an eager frame (Polars, pandas) with `column`.
        column: column of the code.
        day: day of the records; the list in force today when not given.

    Returns:
        The frame with ``code`` (as the list writes it), ``category``, ``category_zh``, ``category_en``, ``hazards``, ``valid``,
        ``nearest`` (comma-joined), ``reason_zh``, ``reason_en``, ``unverified``.

    Raises:
        BilanError: the column is missing.

    Reference:
        国家危险废物名录 (2025 and 2021 editions); the rows not checked are named in ``unverified``

    Examples:
        >>> import polars as pl
        >>> judge(pl.DataFrame({"waste_code": ["HW49 900-041-49", "900-041-94"]})).select("code", "category", "valid").rows()
        [('900-041-49', 'HW49', True), ('900-041-94', '', False)]
    """
    data = nw.from_native(cast(Any, frame), eager_only=True)
    need(data, column)
    texts = data[column].to_list()
    known = {text: check(str(text), day) for text in set(texts) if text is not None}
    found = [known.get(text) for text in texts]
    backend = nw.get_native_namespace(data)
    columns = {name: [_say(entry, name) for entry in found] for name in _COLUMNS}
    added = [nw.new_series(name, values, _COLUMNS[name], backend=backend) for name, values in columns.items()]
    native: Native = data.with_columns(*added).to_native()
    return native


_COLUMNS: dict[str, Any] = dict.fromkeys(
    ("code", "category", "category_zh", "category_en", "hazards", "nearest", "reason_zh", "reason_en", "unverified"), nw.String
) | {"valid": nw.Boolean}


def _say(entry: CodeCheck | None, name: str) -> Any:
    if entry is None:
        return None
    said: dict[str, Any] = {
        "code": str(entry.code) if entry.code else None,
        "category": entry.category,
        "category_zh": entry.name.zh,
        "category_en": entry.name.en,
        "hazards": entry.hazards,
        "nearest": ",".join(entry.nearest),
        "reason_zh": entry.problem.text() if entry.problem else "",
        "reason_en": entry.problem.text("en") if entry.problem else "",
        "unverified": entry.unverified,
        "valid": entry.valid,
    }
    return said[name]
