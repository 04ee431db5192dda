"""What cannot be read is refused with a sentence in both languages that says why and what to do."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import docx
import pypdf
import pytest

from bilan.plans.reader import package, pdf, read, reading
from bilan.problems import BilanError

CHINESE = "到2030年，全市优良天数比例达到95%。"


def word(text: str = CHINESE) -> bytes:
    document = docx.Document()
    document.add_paragraph(text)
    kept = io.BytesIO()
    document.save(kept)
    return kept.getvalue()


def blank_pages(count: int, password: str = "") -> bytes:
    writer = pypdf.PdfWriter()
    for _ in range(count):
        writer.add_blank_page(width=300, height=400)
    if password:
        writer.encrypt(password)
    kept = io.BytesIO()
    writer.write(kept)
    return kept.getvalue()


def zipped(**parts: bytes) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return kept.getvalue()


FILES = {
    "empty.txt": (b"", "plan.empty"),
    "blank.txt": ("\n \n　\n".encode(), "plan.empty"),
    "only-tags.md": (b"[bookmark: a]\n[image: b]\n", "plan.empty"),
    "english.txt": (b"By 2030 the share of good days in the city shall reach 95 per cent.", "plan.not_chinese"),
    "picture.txt": (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(200), "plan.no_text_file"),
    "old.doc": (bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600), "plan.old_word"),
    "locked.docx": (bytes.fromhex("d0cf11e0a1b11ae1") + "EncryptedPackage".encode("utf-16-le"), "plan.locked"),
    "page.html": ("<!DOCTYPE html><p>到2030年，全市优良天数比例达到95%。</p>".encode(), "plan.unknown_kind"),
    "table.xlsx": (zipped(**{"xl/workbook.xml": b"<workbook/>"}), "plan.unknown_kind"),
    "cut.docx": (word()[:900], "plan.broken"),
    "no-xml.docx": (zipped(**{"word/document.xml": b"<w:document", "[Content_Types].xml": b"<Types/>"}), "plan.broken"),
    "english.docx": (word("By 2030 the share of good days shall reach 95 per cent."), "plan.not_chinese"),
    "scan.pdf": (blank_pages(3), "plan.scanned"),
    "locked.pdf": (blank_pages(2, password="geheim"), "plan.locked"),
    "cut.pdf": (b"%PDF-1.7\n1 0 obj\n<<", "plan.broken"),
}


def refusal(folder: Path, name: str, content: bytes) -> str:
    """Code of the problem a file is refused with, once it was said in both languages."""
    path = folder / name
    path.write_bytes(content)
    with pytest.raises(BilanError) as told:
        read(path)
    (problem,) = told.value.problems
    assert name in problem.text() and name in problem.text("en")
    return problem.code


@pytest.mark.parametrize("name", FILES)
def test_refused(tmp_path, name):
    content, code = FILES[name]
    assert refusal(tmp_path, name, content) == code


def test_the_content_decides_not_the_extension(tmp_path):
    path = tmp_path / "规划.txt"
    path.write_bytes(word())
    assert [block.text for block in read(path).blocks] == [CHINESE]


def test_no_file(tmp_path):
    with pytest.raises(BilanError) as told:
        read(tmp_path / "none.txt")
    assert told.value.problems[0].code == "plan.no_file"


def test_the_name_people_know_stands_in_the_problem(tmp_path):
    path = tmp_path / "upload-8f3a"
    path.write_bytes(b"")
    with pytest.raises(BilanError) as told:
        read(path, "规划送审稿.docx")
    assert "规划送审稿.docx" in told.value.text()


def test_a_file_that_unpacks_to_far_too_much_is_never_unpacked(tmp_path, monkeypatch):
    monkeypatch.setattr(package, "LARGEST_XML", 100_000)
    body = b"<w:document>" + b" " * 300_000 + b"</w:document>"
    assert refusal(tmp_path, "bomb.docx", zipped(**{"word/document.xml": body})) == "plan.bomb"
    monkeypatch.setattr(package, "LARGEST", 100_000)
    assert refusal(tmp_path, "media.docx", zipped(**{"word/document.xml": b"<a/>", "word/media/a.bin": bytes(300_000)})) == "plan.bomb"


def test_entities_are_not_expanded(tmp_path):
    entities = '<!DOCTYPE a [<!ENTITY a "碧水碧水碧水碧水"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>'
    with zipfile.ZipFile(io.BytesIO(word())) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    body = parts["word/document.xml"].decode()
    head, tail = body.split("?>", 1)
    parts["word/document.xml"] = f"{head}?>{entities}{tail.replace(CHINESE, CHINESE + '&c;')}".encode()
    path = tmp_path / "entities.docx"
    path.write_bytes(zipped(**parts))
    try:
        text = "".join(block.text for block in read(path).blocks)
    except BilanError as error:
        assert error.problems[0].code == "plan.broken"
    else:
        assert len(text) < 200


def test_too_large_a_file_and_too_long_a_text(tmp_path, monkeypatch):
    monkeypatch.setattr(reading, "LARGEST_TEXT", 1000)
    assert refusal(tmp_path, "long.txt", (CHINESE * 100).encode()) == "plan.too_long"
    monkeypatch.setattr(reading, "MOST_LINES", 10)
    assert refusal(tmp_path, "lines.txt", f"{CHINESE}\n".encode() * 20) == "plan.too_many_lines"
    monkeypatch.setattr(reading, "LARGEST", 1000)
    assert refusal(tmp_path, "large.txt", (CHINESE * 100).encode()) == "plan.too_large"


def test_too_many_pages_and_too_slow_a_file(tmp_path, monkeypatch):
    monkeypatch.setattr(pdf, "MOST_PAGES", 2)
    assert refusal(tmp_path, "pages.pdf", blank_pages(3)) == "plan.too_many_pages"
    monkeypatch.setattr(pdf, "SECONDS", -1.0)
    assert refusal(tmp_path, "slow.pdf", blank_pages(1)) == "plan.too_slow"


def test_text_in_the_older_encoding_is_read(tmp_path):
    path = tmp_path / "gb.txt"
    path.write_bytes(CHINESE.encode("gb18030"))
    assert read(path).blocks[0].text == CHINESE
