"""`bilan hj212`: decode and check telegrams, list the commands of the protocol."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from bilan.cli import language as terminal_language
from bilan.problems import BilanError, Problem
from bilan.telemetry.hj212 import catalogue
from bilan.telemetry.hj212.check import as_json, check
from bilan.telemetry.hj212.report import report

_ESCAPE = re.compile(rb"\\(x[0-9A-Fa-f]{2}|r|n|\\)")
_ESCAPED = {b"r": b"\r", b"n": b"\n", b"\\": b"\\"}
LANGUAGE = click.option("--lang", type=click.Choice(["zh", "en"]), help="Language of the sentences · 语言")


@click.group(help="HJ 212 telegrams: decode and check · HJ 212 报文：解码与检查")
def hj212() -> None:
    pass


@hj212.command(help="One JSON object a telegram; exit code 1 when any is wrong. FILE - is standard input · 每条报文输出一个 JSON 对象")
@click.argument("file")
@click.option("--text", is_flag=True, help="A readable report instead of JSON · 输出可读的检查报告")
@click.option("--lines", is_flag=True, help="Each line is a telegram of its own · 每行一条报文")
@click.option("--escapes", is_flag=True, help=r"Lines write bytes as \r \n \\ \xHH; implies --lines · 行内使用转义")
@click.option("--column", type=int, help="Telegrams are in this tab-separated column, from 1; implies --lines · 报文所在的列（制表符分隔）")
@click.option("--key", metavar="HEX", help="SM4 key, 32 hex digits · SM4 密钥")
@click.option("--charset", type=click.Choice(["utf-8", "gbk"]), default="utf-8", help="Character set of texts · 文字的字符集")
@LANGUAGE
def decode(
    file: str, *, text: bool, lines: bool, escapes: bool, column: int | None, key: str | None, charset: str, lang: str | None
) -> None:
    """Print what every telegram of a file says and what is wrong with it."""
    secret = _key(key)
    content = sys.stdin.buffer.read() if file == "-" else _content(file)
    language = _language(lang)
    wrong = False
    ordinal = 0
    for stream in _streams(content, lines=lines, escapes=escapes, column=column):
        for checked in check(stream, charset, secret):
            ordinal += 1
            wrong = wrong or bool(checked.frame.error)
            told = report(checked, ordinal, language) if text else json.dumps(as_json(checked), ensure_ascii=False)
            click.echo(told.encode("utf-8", "backslashreplace"))
    if wrong:
        sys.exit(1)


@hj212.command(help="List the commands of the protocol · 列出协议的全部命令")
@click.option("--edition", type=click.Choice(["2005", "2017", "2025"]), help="Only those of one edition · 只列某一版")
@LANGUAGE
def commands(*, edition: str | None, lang: str | None) -> None:
    """Print the command table, one command a line, separated by tabs."""
    english = _language(lang) == "en"
    for command in catalogue.commands().values():
        if edition is None or edition in command.editions:
            name = command.name_en if english else command.name_zh
            fields = " ".join(command.request), " ".join(command.upload)
            click.echo("\t".join((command.cn, command.kind, command.direction, name, *fields, " ".join(command.editions))))


def _language(lang: str | None) -> str:
    return {"zh": "zh-hans", "en": "en"}[lang] if lang else terminal_language()


def _key(text: str | None) -> bytes | None:
    if text is None:
        return None
    if not re.fullmatch(r"[0-9A-Fa-f]{32}", text):
        raise BilanError(Problem("hj212.bad_key_text", {"length": len(text)}))
    return bytes.fromhex(text)


def _content(file: str) -> bytes:
    try:
        return Path(file).read_bytes()
    except OSError as error:
        raise BilanError(Problem("hj212.unreadable_file", {"file": file, "reason": error.strerror})) from error


def _streams(content: bytes, *, lines: bool, escapes: bool, column: int | None) -> Iterator[bytes]:
    """The byte streams in a file: the whole of it, or one a line."""
    if not (lines or escapes or column):
        yield content
        return
    for line in content.splitlines(keepends=not (escapes or column)):
        cell = line if column is None else b"".join(line.split(b"\t")[column - 1 : column])
        if cell.strip():
            yield _ESCAPE.sub(_byte, cell) if escapes else cell


def _byte(found: re.Match[bytes]) -> bytes:
    return _ESCAPED.get(found[1]) or bytes([int(found[1][1:], 16)])
