"""What the gateway counts, in the format of Prometheus."""

from __future__ import annotations

from collections.abc import Iterator

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

LATENCIES = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)
_COUNTED = {
    "frames": "Frames accepted into the journal",
    "bytes": "Bytes received",
    "acknowledged": "Answers sent after the journal was durable",
    "commits": "Group commits of the journal",
}
_MEASURED = {
    "connections": "Connections open",
    "devices": "Devices connected",
    "pending_bytes": "Bytes waiting for the disk",
    "acknowledging": "1 while frames are acknowledged, 0 while something cannot be written",
}


class Metrics(Collector):
    """The counters of one gateway, in a registry of their own so that several gateways live in one process.

    The busiest ones are plain numbers that cost nothing until somebody asks.
    """

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.frames = 0
        self.bytes = 0
        self.acknowledged = 0
        self.commits = 0
        self._moment: dict[str, float] = {}
        self.rejected = Counter("bilan_gateway_rejected", "Frames that could not be used", ["code"], registry=self.registry)
        self.closed = Counter("bilan_gateway_closed", "Connections closed by the gateway", ["reason"], registry=self.registry)
        self.faults = Counter("bilan_gateway_faults", "Faults of disk, database and lake", ["what"], registry=self.registry)
        self.commands = Counter("bilan_gateway_commands", "Commands to devices by outcome", ["state"], registry=self.registry)
        self.latency = Histogram("bilan_gateway_commit_seconds", "From arrival to durable", buckets=LATENCIES, registry=self.registry)
        self.registry.register(self)

    def collect(self) -> Iterator[Metric]:
        """Give the plain numbers to the registry."""
        for name, text in _COUNTED.items():
            yield CounterMetricFamily(f"bilan_gateway_{name}", text, value=getattr(self, name))
        for name, text in _MEASURED.items():
            yield GaugeMetricFamily(f"bilan_gateway_{name}", text, value=self._moment.get(name, 0.0))

    def text(self, **moment: float) -> bytes:
        """Write everything for a scrape; `moment` are the values that only this moment knows."""
        self._moment = moment
        return generate_latest(self.registry)
