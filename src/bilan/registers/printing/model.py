"""What is printed, and the words of the paper itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bilan.pack.registers import Bilingual
from bilan.registers.dossier import Dossier

WORDS: dict[str, Bilingual] = {
    "completeness": Bilingual("完整度", "Completeness"),
    "missing": Bilingual("缺项", "Missing"),
    "values": Bilingual("实时数据与评价", "Values and verdicts"),
    "permits": Bilingual("许可与限值", "Permits and limits"),
    "links": Bilingual("关联", "Links"),
    "documents": Bilingual("文件", "Documents"),
    "events": Bilingual("大事记", "What happened"),
    "about": Bilingual("概况", "About this entry"),
    "place": Bilingual("位置与周边", "Place and surroundings"),
    "state": Bilingual("状态", "State"),
    "code": Bilingual("编号", "Code"),
    "parameter": Bilingual("因子", "Parameter"),
    "value": Bilingual("数值", "Value"),
    "time": Bilingual("时间", "Time"),
    "limit": Bilingual("限值", "Limit"),
    "over": Bilingual("超限", "above the limit"),
    "masked": Bilingual("脱敏", "masked"),
    "unverified": Bilingual("待核", "unverified"),
    "near": Bilingual("1 公里内", "Within 1 km"),
    "zones": Bilingual("所在分区", "Lies in"),
    "printed": Bilingual("打印于", "printed"),
    "by": Bilingual("打印人", "by"),
    "as_of": Bilingual("数据截至", "as of"),
    "now": Bilingual("当前", "now"),
    "demo": Bilingual("演示数据", "Demo data"),
    "archived": Bilingual("已归档", "Archived"),
    "when": Bilingual("时间", "When"),
    "what": Bilingual("事项", "What"),
    "name": Bilingual("名称", "Name"),
    "distance": Bilingual("距离", "Distance"),
    "page": Bilingual("第 {page} 页，共 {pages} 页", "page {page} of {pages}"),
    "sketch": Bilingual("示意图，无审图号", "Working sketch without a map approval number"),
}
"""Headings and notes of the paper."""


@dataclass(frozen=True, slots=True)
class Printed:
    """A dossier with what a sheet of paper says of itself.

    Attributes:
        city: name of the city; `person` who prints, `moment` when (wall time).
        as_of: day looked from; empty for now.
        demo: whether the data are invented.
        outlines: outlines of the districts as GeoJSON.
    """

    dossier: Dossier
    language: str
    city: str
    person: str
    moment: datetime
    as_of: str = ""
    demo: bool = False
    outlines: Mapping[str, Any] | None = None

    def word(self, name: str) -> str:
        """A word of the paper."""
        return WORDS[name].text(self.language)

    def text(self, words: Bilingual) -> str:
        """A declared text."""
        return words.text(self.language)

    @property
    def footer(self) -> str:
        """City, when and by whom it was printed, as of when the data are, and whether they are invented."""
        parts = [
            self.city,
            f"{self.word('printed')} {self.moment:%Y-%m-%d %H:%M}",
            f"{self.word('by')} {self.person}",
            f"{self.word('as_of')} {self.as_of or f'{self.moment:%Y-%m-%d %H:%M}'}",
            self.word("demo") if self.demo else "",
        ]
        return " · ".join(part for part in parts if part)
