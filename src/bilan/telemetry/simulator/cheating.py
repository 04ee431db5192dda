"""How numbers are falsified: each way changes what the instruments of one outlet show while it lasts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from bilan.telemetry.clock import DAY, HOUR
from bilan.telemetry.model import Point
from bilan.telemetry.simulator import gas, power, waste
from bilan.telemetry.simulator.block import Block, Key
from bilan.telemetry.simulator.events import AMMONIA, TOTAL_NITROGEN, Window
from bilan.telemetry.simulator.noise import Floats, Seconds, seeds_of, single
from bilan.telemetry.simulator.plant import profile_of
from bilan.telemetry.simulator.weather import LIVELY, Moments

NIGHT_SCALE, DRIFT_SCALE, CLIP = 0.35, 0.6, 0.97
NIGHT = (22, 6)
HOLD, REPLAY = 6 * HOUR, 2 * DAY
UNTREATED = 1.0
"""What a failing treatment lets through, as a multiple of the limit: half of the time the limit is exceeded."""
OVER = 1.6
"""What an outlet shows that exceeds the limit by order, as a multiple of the limit."""
FALSE_CONVERSION, FALSE_NITROGEN = 0.5, 0.6
IDLE_FLOW = 0.35
RANGE_LEAD, RANGE_HOUR, RANGE_CHECK, RANGE_SCALE = 2 * DAY, 13 * HOUR, 2 * HOUR, 0.5
"""How many midnights after its begin, and at which hour, a range is moved: while people work and the plant runs."""
OFF_POWER = 0.03
INVENTED_UNREST = 2.0

Elsewhen = Callable[[Point, Seconds, int], Block]
"""What a point really shows at other moments: point, starts, length of a span [s]."""


@dataclass
class Scene:
    """One outlet while somebody cheats.

    Attributes:
        block: all outlets of the network; changed in place.
        window: the event.
        point: the outlet.
        span: which of the block's moments lie in the window.
        moments: all moments of the block.
        elsewhen: what the outlet shows at other moments.
    """

    block: Block
    window: Window
    point: Point
    span: slice
    moments: Moments
    elsewhen: Elsewhen

    @property
    def times(self) -> Seconds:
        return self.moments.starts[self.span]

    @cached_property
    def item(self) -> tuple[str, float, float]:
        """The pollutant that is falsified: code, limit, usual level as a share of the limit."""
        item = profile_of(self.point).items[0]
        return item.parameter, item.limit, item.share

    def place(self, code: str) -> int:
        """Where the outlet stands among the rows of a parameter."""
        rows = self.block.rows.get(code)
        return self.window.row if rows is None else int(np.flatnonzero(rows == self.window.row)[0])

    def shown(self, code: str) -> Key:
        """The concentration that is compared with the limit."""
        converted = (code, "converted_mean")
        has = converted in self.block.values and profile_of(self.point).reference_o2 is not None
        return converted if has else (code, "mean")

    def get(self, key: Key) -> Floats:
        return self.block.values[key][self.place(key[0]), self.span]

    def put(self, key: Key, values: Floats) -> None:
        self.block.values[key][self.place(key[0]), self.span] = values

    def show(self, code: str, wanted: Floats) -> None:
        """Show a concentration, and let its measured value and the mass follow from it."""
        key = self.shown(code)
        real = self.get(key)
        ratio = np.where(real > 0, wanted / np.where(real > 0, real, 1), 1).astype(np.float32)
        for other in ((code, "mean"), (code, "converted_mean"), (code, "total")):
            if other in self.block.values:
                self.put(other, single(self.get(other) * ratio))
        self.put(key, single(np.where(np.isnan(real), real, wanted)))


def falsify(scene: Scene) -> None:
    """Change what an outlet shows within the scene's span."""
    WAYS[scene.window.kind.name](scene)


def parameter_of(name: str, point: Point) -> str:
    """The parameter whose numbers a fraud changes.

    Examples:
        >>> parameter_of("weatherless", Point("A", "source_gas", "", attributes={"profile": "stone"}))
        'a01012'
    """
    flow = gas.FLOW if point.network == "source_gas" else waste.FLOW
    water = point.network == "source_water"
    special = {"untreated": power.TREATMENT, "idle_flow": flow, "weatherless": gas.TEMPERATURE}
    if name == "ratio" and water:
        return TOTAL_NITROGEN
    return special.get(name, profile_of(point).items[0].parameter)


def checking(window: Window, times: Seconds) -> NDArray[np.bool_]:
    """Moments at which a fraud marks its own data as calibration."""
    begin = _moved(window)
    return (window.kind.name == "range") & (times >= begin) & (times < begin + RANGE_CHECK)


def _moved(window: Window) -> int:
    """When a range is moved."""
    return window.begin // DAY * DAY + RANGE_LEAD + RANGE_HOUR


def _constant(scene: Scene) -> None:
    code, limit, _ = scene.item
    share = 0.35 + 0.3 * (scene.window.begin // 60 % 997) / 997
    scene.show(code, np.full_like(scene.get(scene.shown(code)), np.float32(limit * share)))


def _clipped(scene: Scene) -> None:
    code, limit, share = scene.item
    real = scene.get(scene.shown(code)) * np.float32(UNTREATED / share)
    scene.show(code, single(np.minimum(real, np.float32(limit * CLIP))))


def _copied(scene: Scene) -> None:
    code = scene.item[0]
    key = scene.shown(code)
    other = int(np.flatnonzero(scene.block.rows[code] == scene.window.source)[0])
    scene.show(code, scene.block.values[key][other, scene.span].copy())


def _drift(scene: Scene) -> None:
    code = scene.item[0]
    done = (scene.times - scene.window.begin) / (scene.window.end - scene.window.begin)
    scene.show(code, single(scene.get(scene.shown(code)) * (1 - DRIFT_SCALE * done)))


def _night(scene: Scene) -> None:
    code = scene.item[0]
    real = scene.get(scene.shown(code))
    hour = scene.times % DAY // HOUR
    scene.show(code, single(np.where((hour >= NIGHT[0]) | (hour < NIGHT[1]), real * np.float32(NIGHT_SCALE), real)))


def _from_elsewhen(scene: Scene, *choices: Seconds) -> None:
    """Show what was there at other moments: of several choices the first at which the plant ran."""
    code = scene.item[0]
    key = scene.shown(code)
    shown = real = scene.get(key)
    for starts in reversed(choices):
        then = scene.elsewhen(scene.point, starts, scene.moments.seconds).values[key][0]
        shown = single(np.where(np.isnan(then) | (then <= 0), shown, then))
    scene.show(code, single(np.where(real > 0, shown, real)))


def _stair(scene: Scene) -> None:
    begin = scene.window.begin
    held = (scene.times - begin) // HOLD * HOLD + begin
    _from_elsewhen(scene, held, held + HOLD)


def _replayed(scene: Scene) -> None:
    begin = scene.window.begin // DAY * DAY
    _from_elsewhen(scene, (scene.times - begin) % REPLAY + begin - REPLAY)


def _ratio(scene: Scene) -> None:
    if scene.point.network == "source_water":
        ammonia, nitrogen = scene.get((AMMONIA, "mean")), scene.get((TOTAL_NITROGEN, "mean"))
        scene.show(TOTAL_NITROGEN, single(np.where(nitrogen > 0, ammonia * np.float32(FALSE_NITROGEN), nitrogen)))
        return
    key = scene.shown(scene.item[0])
    scene.put(key, single(scene.get(key) * np.float32(FALSE_CONVERSION)))


def _untreated(scene: Scene) -> None:
    key = (power.TREATMENT, "mean")
    full = scene.get((power.PRODUCTION, "mean"))
    scene.put(key, single(np.minimum(scene.get(key), full * np.float32(OFF_POWER))))


def _idle_flow(scene: Scene) -> None:
    if scene.block.stopped is None:
        return
    stopped = scene.block.stopped[scene.window.row, scene.span]
    water = scene.point.network == "source_water"
    code = waste.FLOW if water else gas.FLOW
    design = float(scene.point.attributes.get("capacity", profile_of(scene.point).capacity))
    stream = design * IDLE_FLOW * (waste.LITRES / DAY if water else 1 / HOUR)
    scene.put((code, "mean"), single(np.where(stopped, np.float32(stream), scene.get((code, "mean")))))
    if scene.moments.seconds:
        total = np.float32(stream * scene.moments.seconds / (waste.LITRES if water else 1))
        scene.put((code, "total"), single(np.where(stopped, total, scene.get((code, "total")))))


def _range(scene: Scene) -> None:
    code, _, share = scene.item
    raised = scene.get(scene.shown(code)) * np.float32(0.95 / share)
    after = scene.times >= _moved(scene.window) + RANGE_CHECK
    scene.show(code, single(np.where(after, raised * np.float32(RANGE_SCALE), raised)))


def _weatherless(scene: Scene) -> None:
    key = (gas.TEMPERATURE, "mean")
    seeds = seeds_of([scene.point.code], "invented", scene.moments.seed)
    unrest = scene.moments.noise(seeds, LIVELY, 0.3)[0, scene.span]
    invented = profile_of(scene.point).temperature + np.float32(INVENTED_UNREST) * unrest
    stopped = scene.block.stopped[scene.window.row, scene.span] if scene.block.stopped is not None else False
    scene.put(key, single(np.where(stopped, scene.get(key), invented)))


def _exceedance(scene: Scene) -> None:
    code, _, share = scene.item
    scene.show(code, single(scene.get(scene.shown(code)) * np.float32(OVER / share)))


WAYS: dict[str, Callable[[Scene], None]] = {
    "constant": _constant,
    "clipped": _clipped,
    "copied": _copied,
    "drift": _drift,
    "night": _night,
    "stair": _stair,
    "replayed": _replayed,
    "ratio": _ratio,
    "untreated": _untreated,
    "idle_flow": _idle_flow,
    "range": _range,
    "weatherless": _weatherless,
    "exceedance": _exceedance,
}
"""Fraud → how it is done."""
