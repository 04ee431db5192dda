"""The checker's report on a telegram, as device makers ask for it, in either language."""

from __future__ import annotations

from bilan.telemetry.hj212 import catalogue, crc
from bilan.telemetry.hj212.answers import meaning
from bilan.telemetry.hj212.check import Checked
from bilan.telemetry.hj212.packet import Packet

_WORDS = {
    "right": ("正确", "right"),
    "wrong": ("错误", "wrong"),
    "telegram": ("报文", "telegram"),
    "at": ("起始字节", "at byte"),
    "length": ("长度：声明 {}，实际 {}", "length: declared {}, actual {}"),
    "sum": ("校验：报文中 {}，计算 {}（标准）、{}（Modbus 高字节在前）、{}（Modbus 低字节在前）",
            "check sum: received {}, computed {} (standard), {} (Modbus high byte first), {} (Modbus low byte first)"),
    "ending": ("行尾：{}", "line end: {}"),
    "command": ("命令：{} {}", "command: {} {}"),
    "header": ("报文头：{}", "header: {}"),
    "edition": ("Flag 所示版本：{}，要求应答：{}，分包：{}", "edition by Flag: {}, answer wanted: {}, split: {}"),
    "yes": ("是", "yes"),
    "no": ("否", "no"),
    "items": ("数据：{} 个字段，{} 个因子", "data: {} fields, {} factors"),
    "problems": ("问题：", "problems:"),
    "garbage": ("不属于任何报文的字节", "bytes that belong to no telegram"),
}  # fmt: skip


def report(checked: Checked, ordinal: int, language: str = "zh-hans") -> str:
    """Write the report on one telegram.

    Args:
        checked: the telegram, from `check.check`.
        ordinal: its number in the file, from 1.
        language: ``zh-hans`` or ``en``.

    Returns:
        Several lines.

    Examples:
        >>> from bilan.telemetry.hj212.check import check
        >>> found, = check(b"##0026ST=91;CN=9014;MN=A1;CP=&&&&9800\\r\\n")
        >>> print(report(found, 1, "en").splitlines()[0])
        telegram 1, at byte 0: wrong (bad_length)
    """
    word = {name: pair[0 if language != "en" else 1] for name, pair in _WORDS.items()}
    frame, packet = checked.frame, checked.packet
    verdict = f"{word['wrong']} ({frame.error})" if frame.error else word["right"]
    lines = [f"{word['telegram']} {ordinal}, {word['at']} {frame.offset}: {verdict}"]
    if packet is None:
        lines.append(f"  {word['garbage']}: {frame.raw[:60]!r}")
    else:
        declared = "–" if frame.declared is None else frame.declared
        sums = [crc.checksum(frame.segment, variant) for variant in crc.VARIANTS]
        lines.append("  " + word["length"].format(declared, len(frame.segment)))
        lines.append("  " + word["sum"].format(frame.checksum or "–", *sums))
        lines.append("  " + word["ending"].format(checked.terminator))
        lines += _content(packet, word, language)
    if checked.problems:
        lines.append("  " + word["problems"])
        lines += [f"    - {problem.text(language)}" for problem in checked.problems]
    return "\n".join(lines)


def _content(packet: Packet, word: dict[str, str], language: str) -> list[str]:
    header = ("QN", "ST", "CN", "PW", "MN", "Flag", "PNUM", "PNO", "RF")
    lines = [
        "  "
        + word["header"].format("; ".join(f"{name}={getattr(packet, name.lower())}" for name in header if getattr(packet, name.lower())))
    ]
    command = catalogue.commands().get(packet.cn)
    if command:
        lines.append("  " + word["command"].format(packet.cn, command.name_en if language == "en" else command.name_zh))
    if packet.flag_number is not None:
        answers = [word["yes" if yes else "no"] for yes in (packet.wants_answer, bool(packet.flag_number & 2))]
        lines.append("  " + word["edition"].format(packet.edition, *answers))
    lines.append("  " + word["items"].format(len(packet.fields), len(packet.values)))
    lines += [
        f"    {name}={packet.fields[name]}: {meaning(name, packet.fields[name], language)}"
        for name in ("QnRtn", "ExeRtn")
        if name in packet.fields
    ]
    return lines
