"""How fast telegrams are read: `python benchmarks/codec.py [number of telegrams]`.

Twelve factors, 565 bytes of data segment, one thread, CPU time. The floor is a straightforward `split`-based reader that
checks nothing; the same reader with the folded check sum is what one would write first. Every reader runs several times
in turn on the same telegrams and its best run counts, so that the ratios hold on a busy machine too.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable

from bilan.telemetry.hj212 import Framer, crc16, fast, parse
from bilan.telemetry.hj212.building import wrap

FACTORS = ("a34004", "a34002", "a21026", "a21004", "a21005", "a05024", "a21003", "a01001", "a01002", "a01006", "a01007", "a01008")
LENGTH = 565
ROUNDS = 5
BATCH = 64


def telegrams(count: int) -> list[bytes]:
    """Minute telegrams of fifty loggers, each of exactly the promised length."""
    chance = random.Random(212)
    made = []
    for index in range(count):
        head = f"QN=20260301{index % 240000000:09d};ST=22;CN=2051;PW=123456;MN=010000A8900016F0000{index % 50:05d};Flag=5;CP=&&"
        items = ";".join(f"{factor}-Avg={chance.uniform(100, 999):.3f},{factor}-Flag=N" for factor in FACTORS)
        body = f"{head}DataTime=20260301100000;{items}"
        filling = LENGTH - 2 - len(body)
        # Longer numbers in the first factors make up the length.
        for factor in FACTORS:
            digits = min(6, filling)
            body = body.replace(f",{factor}-Flag", f"{'123456'[:digits]},{factor}-Flag")
            filling -= digits
        made.append(wrap(f"{body}&&".encode()))
    assert all(len(telegram) == LENGTH + 12 for telegram in made)
    return made


def split_only(made: list[bytes]) -> None:
    """The floor: split and convert, trust everything."""
    for telegram in made:
        _split(telegram[6:-6])


def split_checked(made: list[bytes]) -> None:
    """The floor with length and check sum looked at."""
    for telegram in made:
        segment = telegram[6 : 6 + int(telegram[2:6])]
        if crc16(segment) == int(telegram[-6:-2], 16):
            _split(segment)


def _split(segment: bytes) -> tuple[dict[str, str], dict[str, float], dict[str, str]]:
    head, _, area = segment.decode().partition(";CP=&&")
    header = dict(item.split("=") for item in head.split(";"))
    values, marks = {}, {}
    for group in area[:-2].split(";"):
        for item in group.split(","):
            key, text = item.split("=")
            if key.endswith("-Flag"):
                marks[key] = text
            else:
                values[key] = float(text)
    return header, values, marks


def stream(made: list[bytes]) -> None:
    """Bilan, from the byte stream of busy connections: frames, check sums, headers, numbers."""
    framer = Framer()
    for start in range(0, len(made), BATCH):
        for frame in framer.feed(b"".join(made[start : start + BATCH])):
            fast.read(frame.segment)


def one_by_one(made: list[bytes]) -> None:
    """Bilan, one telegram at a time as a quiet connection delivers them."""
    framer = Framer()
    for telegram in made:
        for frame in framer.feed(telegram):
            fast.read(frame.segment)


def headers_only(made: list[bytes]) -> None:
    """What the gateway does before it acknowledges: frames, check sums, headers."""
    framer = Framer()
    for telegram in made:
        for frame in framer.feed(telegram):
            fast.read_header(frame.segment)


def journalled(made: list[bytes]) -> None:
    """What the ingest process does with journal records: check sum, header, numbers."""
    for telegram in made:
        segment = telegram[6:-6]
        if crc16(segment) == int(telegram[-6:-2], 16):
            fast.read(segment)


def thoroughly(made: list[bytes]) -> None:
    """Bilan's whole packet with every text, problem and field."""
    framer = Framer()
    for telegram in made:
        for frame in framer.feed(telegram):
            parse(frame.segment)


READERS: dict[str, Callable[[list[bytes]], None]] = {
    "split, nothing checked (floor)": split_only,
    "split, CRC checked": split_checked,
    "bilan: CRC, header, numbers": journalled,
    "bilan: Framer, header, numbers": stream,
    "bilan: the same, one by one": one_by_one,
    "bilan: Framer and header": headers_only,
    "bilan: Framer and parse()": thoroughly,
}


def main() -> None:
    """Print the table."""
    made = telegrams(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
    best = dict.fromkeys(READERS, float("inf"))
    for _ in range(ROUNDS):
        for name, reader in READERS.items():
            begin = time.process_time()
            reader(made)
            best[name] = min(best[name], time.process_time() - begin)
    floor = best["split, nothing checked (floor)"]
    print(f"{len(made):,} telegrams, {len(FACTORS)} factors, {LENGTH} bytes\n")
    print(f"| {'reader':32} | telegrams / CPU s | µs each | × floor |")
    print(f"|{'-' * 34}|------------------:|--------:|--------:|")
    for name, seconds in best.items():
        print(f"| {name:32} | {len(made) / seconds:17,.0f} | {seconds / len(made) * 1e6:7.2f} | {floor / seconds:7.2f} |")


if __name__ == "__main__":
    main()
