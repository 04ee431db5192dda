"""Invented land and works: soil, sound, a stack, a vegetation index seen twice."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import polars as pl

from bilan.science.samples.chance import Numbers, memory, rounded


def soils(count: int = 40, *, seed: int = 7) -> pl.DataFrame:
    """Samples of farmland; cadmium and lead fall with the distance from an old smelter.

    Returns:
        ``point``, ``distance`` from the smelter [km], ``land_use`` (``paddy`` or ``other``), ``ph`` [-], ``cd_soil``, ``hg_soil``,
        ``as_soil``, ``pb_soil``, ``cr_soil``, ``cu_soil``, ``ni_soil``, ``zn_soil`` [mg/kg].

    Examples:
        >>> soils(5)["land_use"].to_list()
        ['paddy', 'other', 'paddy', 'other', 'paddy']
    """
    random = np.random.default_rng(seed)
    distance = np.linspace(0.3, 9.0, count)
    near = np.exp(-distance / 1.9)
    levels = {
        "cd_soil": (0.14, 2.6),
        "hg_soil": (0.08, 0.3),
        "as_soil": (9, 14),
        "pb_soil": (32, 240),
        "cr_soil": (58, 10),
        "cu_soil": (24, 60),
        "ni_soil": (22, 6),
        "zn_soil": (80, 260),
    }
    contents = {name: rounded((base + more * near) * random.lognormal(0, 0.22, count), 3) for name, (base, more) in levels.items()}
    place = {
        "point": [f"F{number + 1:02d}" for number in range(count)],
        "distance": rounded(distance, 2),
        "land_use": (["paddy", "other"] * count)[:count],
    }
    return pl.DataFrame({**place, "ph": rounded(random.normal(6.1, 0.6, count), 1), **contents})


def noise_minutes(days: int = 2, *, seed: int = 8) -> pl.DataFrame:
    """Minutes of sound at three points: a park, a street of shops and a trunk road.

    Returns:
        ``point`` (``park``, ``shops``, ``road``), ``zone_class`` (``1``, ``2``, ``4a``), ``start``, ``leq`` [dB(A)].

    Examples:
        >>> noise_minutes(days=1).group_by("zone_class").len().sort("zone_class").rows()
        [('1', 1440), ('2', 1440), ('4a', 1440)]
    """
    random = np.random.default_rng(seed)
    first = datetime(2025, 5, 6)
    start = pl.datetime_range(first, first + timedelta(days=days), "1m", closed="left", eager=True, time_unit="us")
    hour = start.dt.hour().to_numpy() + start.dt.minute().to_numpy() / 60
    busy = 1 / (1 + np.exp(-(hour - 6.5) * 1.6)) - 1 / (1 + np.exp(-(hour - 22.0) * 1.1))
    frames = []
    for point, zone, quiet, lift, loud in (("park", "1", 40.0, 9.0, 3.0), ("shops", "2", 46.0, 11.5, 4.0), ("road", "4a", 54.0, 14.0, 4.5)):
        level = quiet + lift * busy + 1.5 * memory(random, len(start), 0.95) + random.gamma(1.1, loud / 2.0, len(start))
        frames.append(
            pl.DataFrame({"point": [point] * len(start), "zone_class": [zone] * len(start), "start": start, "leq": rounded(level, 1)})
        )
    return pl.concat(frames)


def stack_hours(days: int = 14, *, seed: int = 12) -> pl.DataFrame:
    """Hours of a coal-fired boiler: calibrations at night, a stop, a start, and an hour or two over the limit.

    Returns:
        ``point``, ``start``; ``so2``, ``nox``, ``dust`` [mg/m³ of dry gas], ``o2`` [%], ``gas_flow`` [m³/s], ``flag`` (HJ 212 mark: N, C
        calibration, F stop), ``state`` (HJ 76: N, St start-up), ``running``.

    Examples:
        >>> stack_hours(days=2).group_by("flag").len().sort("flag")["flag"].to_list()
        ['C', 'N']
    """
    random = np.random.default_rng(seed)
    first = datetime(2025, 3, 1)
    start = pl.datetime_range(first, first + timedelta(days=days), "1h", closed="left", eager=True, time_unit="us")
    count = len(start)
    hour, at = start.dt.hour().to_numpy(), np.arange(count)
    stopped = (at >= 120) & (at < 138)
    starting = (at >= 138) & (at < 141)
    calibrating = (hour == 3) & ~stopped
    load = 0.8 + 0.14 * np.sin((hour - 8) / 24 * 2 * np.pi) + 0.04 * memory(random, count, 0.9)
    oxygen = 7.6 + 6.0 * (0.95 - load) + 0.3 * memory(random, count, 0.8) + 6 * starting
    trouble = np.exp(-(((at - 205) / 3.5) ** 2))
    columns = {
        "so2": (17 + 3 * memory(random, count, 0.9) + 45 * trouble) * (1 + starting),
        "nox": (31 + 4 * memory(random, count, 0.85)) * (1 + 0.8 * starting),
        "dust": 4.2 + 0.8 * memory(random, count, 0.9) + 5 * trouble,
        "gas_flow": 210 * load,
    }
    values = {name: pl.Series(rounded(np.clip(series, 0.2, None), 2)) for name, series in columns.items()}
    frame = pl.DataFrame({"point": ["stack"] * count, "start": start, **values, "o2": rounded(np.clip(oxygen, 3, 19), 2)})
    quiet = [pl.when(pl.Series(stopped)).then(None).otherwise(pl.col(name)).alias(name) for name in (*columns, "o2")]
    return frame.with_columns(
        *quiet,
        flag=pl.Series(np.where(stopped, "F", np.where(calibrating, "C", "N"))),
        state=pl.Series(np.where(starting, "St", "N")),
        running=pl.Series(~stopped),
    )


def raster_pair(side: int = 120, *, seed: int = 13) -> tuple[Numbers, Numbers]:
    """A vegetation index of a hilly square before and after three clearings; a cloud hides a corner.

    Parameters:
        side: pixels [1]; think of them as 10 m wide.
        seed: of chance.

    Returns:
        Before and after, each shape (side, side) [-]; NaN under the cloud.

    Examples:
        >>> before, after = raster_pair(40)
        >>> before.shape, bool((before[20:] - after[20:] > 0.3).any())
        ((40, 40), True)
    """
    random = np.random.default_rng(seed)
    row, column = np.mgrid[0:side, 0:side] / side
    before = 0.62 + 0.12 * np.sin(column * 7) * np.cos(row * 5) + random.normal(0, 0.02, (side, side))
    after = before + 0.02 + random.normal(0, 0.02, (side, side))
    for middle, across, wide, high in ((0.62, 0.28, 0.10, 0.07), (0.75, 0.70, 0.06, 0.12), (0.58, 0.85, 0.04, 0.03)):
        after[((row - middle) / high) ** 2 + ((column - across) / wide) ** 2 < 1] -= 0.42
    after[np.hypot(row, column) < 0.18] = np.nan
    return before, after
