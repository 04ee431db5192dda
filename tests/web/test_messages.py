"""The site speaks Chinese and English completely."""

from __future__ import annotations

import re
from pathlib import Path

from bilan.web import messages

PLACE = re.compile(r"%\((\w+)\)s")


def test_every_message_has_a_chinese_translation() -> None:
    assert [problem.text("en") for problem in messages.check()] == []


def test_translations_keep_the_places_of_values() -> None:
    for path in messages.AREAS.glob("*.po"):
        for entry in messages.read(path):
            identifier = entry.id if isinstance(entry.id, str) else entry.id[0]
            string = entry.string if isinstance(entry.string, str) else entry.string[0]
            if identifier:
                assert set(PLACE.findall(identifier)) == set(PLACE.findall(string)), identifier


def test_messages_are_found_in_templates_code_and_scripts(tmp_path: Path) -> None:
    template = tmp_path / "a.html"
    template.write_text(
        '{% translate "One" %}{% card title=_("Two") %}'
        "{% blocktranslate count n=x trimmed %}\n {{ n }} a\n{% plural %}{{ n }} b{% endblocktranslate %}",
        encoding="utf-8",
    )
    script = tmp_path / "a.mjs"
    script.write_text('import { gettext } from "./i18n.mjs";\nconst text = `${gettext("Three")}` + gettext("Four");\n', encoding="utf-8")
    code = tmp_path / "a.py"
    code.write_text('from x import gettext as _\nlabel = _("Five")\n', encoding="utf-8")
    assert list(messages.messages_of(template)) == ["One", "Two", ("%(n)s a", "%(n)s b")]
    assert list(messages.messages_of(script)) == ["Three", "Four"]
    assert list(messages.messages_of(code)) == ["Five"]


def test_no_chinese_stands_in_templates_and_scripts() -> None:
    chinese = re.compile(r"[\u4e00-\u9fff]+")
    allowed = {"碧蓝", "碧", "蓝", "中文"}
    for path in messages.sources():
        if path.suffix in {".html", ".mjs"} and path.name != "500.html":
            found = set(chinese.findall(path.read_text(encoding="utf-8"))) - allowed
            # ECharts takes the parts of a Chinese date from us.
            assert found <= {"月", "日"}, (path.name, found)
