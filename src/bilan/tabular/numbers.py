"""Numbers as people write them: as text, full width, with grouping, below a detection limit, or missing."""

from __future__ import annotations

import polars as pl

_DASHES = ("", "-", "--", "---", "—", "——", "－", "－－", "/", "\\", "*")
_WORDS = ("na", "n/a", "null", "none", "nil", "无", "缺测", "缺失", "无数据", "停运", "维护", "故障", "未测", "未监测")
MISSING = (*_DASHES, *_WORDS, "#n/a", "#value!", "#ref!", "#div/0!")
NOT_DETECTED = ("未检出", "nd", "n.d.", "n.d", "bdl", "<dl", "<mdl")
_FULL = "０１２３４５６７８９．－＋＜＞，％Ｌｌ　（）"
_HALF = "0123456789.-+<>,%Ll ()"
_GROUPED = r"^[-+]?\d{1,3}(,\d{3})+(\.\d+)?$"
_NUMBER = r"^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d{1,3})?$"
_BELOW = r"^(?:[<≤]\s*([\d.]+(?:[eE][-+]?\d{1,3})?)|([\d.]+(?:[eE][-+]?\d{1,3})?)\s*[LlDd])$"


def read_numbers(cells: pl.Series) -> pl.DataFrame:
    """Read one column of cells.

    A value below the detection limit (``<0.01`` or ``0.01L``) becomes half the limit, as HJ 91.2-2022 and GB 3838 practice
    have it for averages.

    Args:
        cells: text, or numbers that are passed through.

    Returns:
        One row a cell: `value` (null when missing or unreadable), `below` (whether half a detection limit stands in),
        `trouble` (code of the problem, null when none).

    Examples:
        >>> read_numbers(pl.Series(["１２.5", "<0.01", "0.02L", "--", "12,5x", "NaN", "1,234"]))["value"].to_list()
        [12.5, 0.005, 0.01, None, None, None, 1234.0]
    """
    if cells.dtype.is_numeric() or cells.dtype == pl.Boolean:
        return _checked(pl.DataFrame({"value": cells.cast(pl.Float64), "below": pl.repeat(False, len(cells), eager=True)}))
    text = cells.cast(pl.String, strict=False).fill_null("").str.replace_many(list(_FULL), list(_HALF)).str.strip_chars().alias("text")
    frame = pl.DataFrame(text).with_columns(
        plain=pl.when(pl.col("text").str.contains(_GROUPED)).then(pl.col("text").str.replace_all(",", "")).otherwise(pl.col("text")),
        low=pl.col("text").str.to_lowercase(),
        limit=pl.coalesce(pl.col("text").str.extract(_BELOW, 1), pl.col("text").str.extract(_BELOW, 2)).cast(pl.Float64, strict=False),
    )
    number = pl.when(pl.col("plain").str.contains(_NUMBER)).then(pl.col("plain")).cast(pl.Float64, strict=False)
    missing = pl.col("low").is_in(MISSING)
    return frame.select(
        value=pl.coalesce(number, pl.col("limit") / 2),
        below=pl.col("limit").is_not_null() & number.is_null(),
        trouble=pl.when(number.is_not_null() & ~number.is_finite())
        .then(pl.lit("value.infinite"))
        .when(number.is_not_null() | pl.col("limit").is_not_null() | missing)
        .then(None)
        .when(pl.col("low").is_in(NOT_DETECTED))
        .then(pl.lit("value.not_detected"))
        .when(pl.col("low").is_in(["nan", "inf", "-inf", "infinity", "-infinity", "+inf"]))
        .then(pl.lit("value.nan"))
        .when(pl.col("plain").str.contains(r"^[-+]?[\d.]+\s*\([A-Za-z]{1,3}\)$"))
        .then(pl.lit("value.marked"))
        .otherwise(pl.lit("value.not_a_number")),
    ).with_columns(value=pl.when(pl.col("trouble").is_null()).then("value"))


def _checked(frame: pl.DataFrame) -> pl.DataFrame:
    finite = pl.col("value").is_finite()
    return frame.with_columns(
        trouble=pl.when(pl.col("value").is_not_null() & ~finite).then(pl.lit("value.nan")),
        value=pl.when(finite).then("value"),
    )
