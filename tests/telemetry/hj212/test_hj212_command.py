from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from bilan.problems import BilanError
from bilan.telemetry.hj212.command import hj212
from tests.telemetry.hj212.vectors import captured, vectors


def run(*arguments, given=b""):
    result = CliRunner().invoke(hj212, arguments, input=given)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def right_ones():
    return [vector for vector in vectors() if "error" not in vector.expected and not vector.key]


def test_a_stream_is_decoded_one_object_a_telegram():
    known = right_ones()
    result = run("decode", "-", given=b"".join(vector.raw for vector in known))
    told = [json.loads(line) for line in result.output.splitlines()]
    assert result.exit_code == 0
    assert [one["mn"] for one in told] == [vector.expected["mn"] for vector in known]


def test_a_wrong_telegram_is_named_and_sets_the_exit_code():
    result = run("decode", "-", given=b"##0021ST=91;CN=9014;CP=&&&&DA81\r\nGET / HTTP/1.0\r\n")
    assert [json.loads(line)["error"] for line in result.output.splitlines()] == ["bad_crc", "no_header"]
    assert result.exit_code == 1


def test_escaped_lines_of_a_column_are_decoded(tmp_path):
    file = tmp_path / "telegrams.tsv"
    file.write_bytes(b"one\t##0013ST=91;CP=&&&&3B80\\r\\n\ntwo\t##0013ST=91;CP=&&&&0000\\n\n")
    told = [json.loads(line) for line in run("decode", str(file), "--escapes", "--column", "2").output.splitlines()]
    assert [(one.get("error"), one.get("terminator")) for one in told] == [(None, None), ("bad_crc", "LF")]


def test_encrypted_telegrams_are_decoded_with_their_key():
    (encrypted,) = [vector for vector in vectors() if vector.key]
    result = run("decode", "-", "--key", encrypted.key.hex(), given=encrypted.raw)
    assert json.loads(result.output)["values"] == encrypted.expected["values"]


@pytest.mark.parametrize(
    ("lang", "words"),
    [("zh", ["错误 (bad_crc)", "CRC-16/MODBUS（低字节在前）", "声明 141"]), ("en", ["wrong (bad_crc)", "low byte first", "declared 141"])],
)
def test_the_report_for_makers_says_figures_and_reasons_in_either_language(lang, words):
    (vector,) = [vector for vector in vectors() if vector.name == "derived-modbus-lo-hi"]
    output = run("decode", "-", "--text", "--lang", lang, given=vector.raw).output
    assert all(word in output for word in [*words, "AB45", "6600"])


def test_every_vector_has_a_report_in_both_languages():
    for vector in vectors():
        for lang in ("zh", "en"):
            assert run("decode", "-", "--text", "--lang", lang, given=vector.raw).output


def test_unreadable_values_are_listed_with_their_reason():
    body = b"QN=1617957600465;ST=22;CN=2O11;MN=A1;Flag=300;RF=0;CP=&&DataTime=2026;a34004-Rtd=nan;a34002-Rtd=1e3&&"
    output = run("decode", "-", "--text", "--lang", "en", given=b"##%04d%s0000" % (len(body), body)).output
    assert all(
        text in output
        for text in ['QN "1617957600465"', 'Flag "300"', 'command code "2O11"', 'RF "0"', '"2026"', '"nan" of a34004-Rtd', "exponent"]
    )


def test_undecodable_bytes_do_not_stop_the_output():
    result = run("decode", "-", given=b"##0040ST=91;CN=3020;MN=A;CP=&&a-Info=x\xff\xff1&&&&0000\r\n")
    assert json.loads(result.output.splitlines()[0])["error"]


def test_commands_are_listed_by_edition():
    listed = [line.split("\t")[0] for line in run("commands", "--edition", "2025", "--lang", "en").output.splitlines()]
    assert "3024" in listed and "1021" not in listed


@pytest.mark.parametrize("arguments", [("decode", "no/such/file"), ("decode", "-", "--key", "12")])
def test_what_cannot_be_done_is_said(arguments):
    with pytest.raises(BilanError) as caught:
        run(*arguments)
    assert caught.value.text() != caught.value.text("en")


def test_the_captured_telegrams_are_all_right():
    content = b"\n".join(stream.encode() + b"\t" + telegram for stream, telegram in captured()[:500])
    assert run("decode", "-", "--column", "2", given=content).exit_code == 0
