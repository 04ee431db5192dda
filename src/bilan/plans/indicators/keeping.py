"""Values that are kept: appended, never changed, the newest marked."""

from __future__ import annotations

from typing import Any

import polars as pl
from django.db import transaction
from django.utils import timezone

from bilan.plans.models import IndicatorValue
from bilan.registers.portions import PORTION, portions


def keep(frame: pl.DataFrame) -> int:
    """Keep computed values.

    A value whose inputs are those of the newest kept one is not kept again; the ones before stay, so that what was once reported can be
    shown.

    Args:
        frame: as `bilan.plans.indicators.computing.compute` gives it.

    Returns:
        How many were kept.
    """
    now = timezone.now()
    with transaction.atomic():
        known = {
            (value.indicator, value.version, value.district, value.period): (value.pk, value.inputs)
            for value in IndicatorValue.objects.filter(indicator__in=frame["indicator"].unique().to_list(), latest=True).only(
                "indicator", "version", "district", "period", "inputs"
            )
        }
        fresh = [row for row in frame.iter_rows(named=True) if known.get(_key(row), (0, None))[1] != row["inputs"]]
        replaced = [known[_key(row)][0] for row in fresh if _key(row) in known]
        for keys in portions(replaced):
            IndicatorValue.objects.filter(pk__in=keys).update(latest=False)
        IndicatorValue.objects.bulk_create((_kept(row, now) for row in fresh), batch_size=PORTION)
    return len(fresh)


def _key(row: dict[str, Any]) -> tuple[str, str, str, str]:
    return row["indicator"], row["version"], row["district"], row["period"]


def _kept(row: dict[str, Any], now: Any) -> IndicatorValue:
    return IndicatorValue(**row, computed=now, latest=True)
