"""Class of farmland soil by GB 15618: screening and intervention values by pH and land use, the worst of five metals decides."""

from __future__ import annotations

from collections.abc import Sequence

import narwhals as nw

from bilan.problems import BilanError, Problem, nearest
from bilan.science.engine import AnyFrame, Native, run
from bilan.science.standards.soil.limits import LAND_USES, Band, Farmland, FarmlandItem, farmland_at
from bilan.science.standards.soil.verdicts import drop_helpers, in_force, item_class, put_together, screening_index, with_values

WORDS = {
    "paddy": ("paddy", "水田", "稻田"),
    "orchard": ("orchard", "果园", "园地"),
    "rotation": ("rotation", "水旱轮作", "水旱轮作地"),
}
"""How a land use is written; any other word, and an empty one, is other farmland."""


def judge_farmland(frame: Native, *, land_use: str = "land_use", items: Sequence[str] | None = None, with_index: bool = False) -> Native:
    """Judge every sample of farmland soil: screening and intervention values, class of the land.

    Parameters:
        frame: one row a sample: ``ph`` [-] and contents ``cd_soil``, ``hg_soil``, ``as_soil``, ``pb_soil``, ``cr_soil``, ``cu_soil``,
            ``ni_soil``, ``zn_soil``, ``hch_soil``, ``ddt_soil``, ``bap_soil`` [mg/kg], as numbers or as text with non-detects;
            optional ``start`` (naive date-time: rows before the standard's first day get no class).
        land_use: column with ``paddy``, ``orchard``, ``rotation`` (or the Chinese words); other farmland otherwise.
        items: items to judge; those that the frame has when not given.
        with_index: add ``index_<item>``, the content over the screening value.

    Returns:
        The frame with ``class_<item>`` (1 up to the screening value, 2 up to the intervention value, 3 above it), ``factor_<item>``
        (times over the screening value, empty when within), ``grade`` (1 priority protection, 2 safe use, 3 strict control: the worst
        of Cd, Hg, As, Pb, Cr), ``main`` (symbols over the screening value, largest factor first), ``deciding``, ``attained`` (no item
        over its screening value), ``items``, ``standard``, ``version``, ``valid``, ``unverified``. A metal whose values depend on pH
        has no class when the pH is missing.

    Raises:
        BilanError: no item, or an unknown one.

    Reference:
        GB 15618-2018 Tables 1 to 3; 农用地土壤环境质量类别划分技术指南 环办土壤[2019]53号

    Examples:
        >>> import polars as pl
        >>> soil = pl.DataFrame({"ph": [6.0, 6.0, 8.0], "land_use": ["水田", "旱地", "旱地"], "cd_soil": [0.35, 0.35, 4.5]})
        >>> judge_farmland(soil).select("grade", "main", "factor_cd_soil").rows()
        [(1, '', None), (2, 'Cd', 0.166667), (3, 'Cd', 6.5)]
    """
    known = farmland_at()
    return run(frame, lambda data: _judge(data, known, land_use, items, with_index))


def chosen(present: Sequence[str], wanted: Sequence[str] | None, known: Sequence[str]) -> list[str]:
    """Columns to judge; a problem when one is unknown or none is there."""
    for column in wanted or ():
        if column not in known:
            raise BilanError(Problem("soil.unknown_item", {"value": column, "allowed": tuple(known), "nearest": nearest(column, known)}))
    found = [column for column in known if column in present and (wanted is None or column in wanted)]
    if not found:
        raise BilanError(Problem("soil.no_items", {"allowed": tuple(known)}))
    return found


def _judge(data: AnyFrame, known: Farmland, land_use: str, items: Sequence[str] | None, with_index: bool) -> AnyFrame:
    schema = data.collect_schema()
    present = [known.items[column] for column in chosen(schema.names(), items, tuple(known.items))]
    data = with_values(data, [entry.column for entry in present])
    use = _use(land_use) if land_use in schema else nw.lit("other")
    ph = nw.col("ph").cast(nw.Float64) if "ph" in schema else nw.lit(None).cast(nw.Float64)
    data = data.with_columns(_use=use, _ph=nw.when((ph >= 0) & (ph <= 14)).then(ph))
    dated = "start" in schema
    for entry in present:
        data = data.with_columns(_screening(entry).alias("_s"), _by_ph(entry.intervention).alias("_g"))
        value = in_force(nw.col(f"_v_{entry.column}"), known.effective_from, dated)
        data = data.with_columns(
            item_class(value, nw.col("_s"), nw.col("_g") if entry.intervention else None).alias(f"class_{entry.column}"),
            nw.when(value > nw.col("_s")).then((value / nw.col("_s") - 1).round(6)).alias(f"factor_{entry.column}"),
        )
        if with_index:
            data = data.with_columns((value / nw.col("_s")).round(6).alias(screening_index(entry.column)))
    graded = [entry for entry in present if entry.in_class]
    return drop_helpers(put_together(data, present, graded, known.standard, known.version))


def _use(column: str) -> nw.Expr:
    text = nw.col(column).cast(nw.String).str.strip_chars()
    said: nw.Expr = nw.lit("other")
    for use, words in WORDS.items():
        said = nw.when(text.is_in(list(words))).then(nw.lit(use)).otherwise(said)
    return said


def _screening(entry: FarmlandItem) -> nw.Expr:
    by_use = {use: _by_ph(entry.screening_bands(use)) for use in LAND_USES if use != "rotation"}
    found = by_use["other"]
    found = nw.when(nw.col("_use") == "paddy").then(by_use["paddy"]).otherwise(found)
    found = nw.when(nw.col("_use") == "orchard").then(by_use["orchard"]).otherwise(found)
    return nw.when(nw.col("_use") == "rotation").then(nw.min_horizontal(by_use["paddy"], by_use["other"])).otherwise(found)


def _by_ph(bands: Sequence[Band]) -> nw.Expr:
    found: nw.Expr = nw.lit(None).cast(nw.Float64)
    for band in bands:
        if band.lower is None and band.upper is None:
            return nw.lit(band.value)
        within: nw.Expr = nw.lit(True)
        if band.lower is not None:
            within = within & (nw.col("_ph") > band.lower)
        if band.upper is not None:
            within = within & (nw.col("_ph") <= band.upper)
        found = nw.when(within).then(nw.lit(band.value)).otherwise(found)
    return found
