"""HJ 212, the telegrams of China's pollution and environment monitors: editions 2005, 2017 and 2025.

Examples:
    >>> framer = Framer()
    >>> frame, = framer.feed(build(Packet(st="31", cn="2011", mn="A1", flag="5", values={"a21026": {"Rtd": "12.5"}})))
    >>> packet = parse(frame.segment)
    >>> packet.values["a21026"]["Rtd"]
    '12.5'
    >>> answer(packet, "9014").cn
    '9014'
"""

from bilan.telemetry.hj212 import fast
from bilan.telemetry.hj212.answers import answer, answered
from bilan.telemetry.hj212.building import build
from bilan.telemetry.hj212.crc import crc16
from bilan.telemetry.hj212.frame import Frame
from bilan.telemetry.hj212.framing import Framer
from bilan.telemetry.hj212.packet import Packet
from bilan.telemetry.hj212.parsing import parse

__all__ = ["Frame", "Framer", "Packet", "answer", "answered", "build", "crc16", "fast", "parse"]
