"""What the gateway counts, in the format of Prometheus."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

LATENCIES = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)


class Metrics:
    """The counters of one gateway, each in its own registry so that several gateways live in one process.

    The busiest ones are plain numbers, copied into the registry when somebody asks.
    """

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.frames = 0
        self.bytes = 0
        self.acknowledged = 0
        self.batches = 0
        self._plain = {
            name: Gauge(f"bilan_gateway_{name}", text, registry=self.registry)
            for name, text in {
                "frames_total": "Frames accepted into the journal",
                "bytes_total": "Bytes received",
                "acknowledged_total": "Answers sent after the journal was durable",
                "commits_total": "Group commits of the journal",
                "connections": "Connections open",
                "devices": "Devices connected",
                "pending_bytes": "Bytes waiting for the disk",
                "acknowledging": "1 while frames are acknowledged, 0 while something cannot be written",
            }.items()
        }
        self.rejected = Counter("bilan_gateway_rejected", "Frames that could not be used", ["code"], registry=self.registry)
        self.closed = Counter("bilan_gateway_closed", "Connections closed by the gateway", ["reason"], registry=self.registry)
        self.faults = Counter("bilan_gateway_faults", "Faults of disk, database and lake", ["what"], registry=self.registry)
        self.commands = Counter("bilan_gateway_commands", "Commands to devices by outcome", ["state"], registry=self.registry)
        self.latency = Histogram("bilan_gateway_commit_seconds", "From arrival to durable", buckets=LATENCIES, registry=self.registry)

    def text(self, **gauges: float) -> bytes:
        """Write everything for a scrape; `gauges` are the values of this moment."""
        values = {
            "frames_total": self.frames,
            "bytes_total": self.bytes,
            "acknowledged_total": self.acknowledged,
            "commits_total": self.batches,
            **gauges,
        }
        for name, value in values.items():
            self._plain[name].set(value)
        return generate_latest(self.registry)
