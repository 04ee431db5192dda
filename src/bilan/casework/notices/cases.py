"""What people are told of cases."""

from __future__ import annotations

from collections.abc import Sequence

from bilan.casework.models import Case
from bilan.casework.notices.inbox import tell
from bilan.casework.notices.message import Words
from bilan.pack.registers.words import Bilingual
from bilan.people.models import Person

KINDS = {
    "case.assigned": Bilingual("交给您办理", "Assigned to you"),
    "case.moved": Bilingual("已进入下一步", "Moved on"),
    "case.returned": Bilingual("被退回", "Returned"),
    "case.closed": Bilingual("已办结", "Closed"),
    "case.reopened": Bilingual("重新打开", "Reopened"),
    "case.urged": Bilingual("催办", "Pressed for"),
    "case.due": Bilingual("即将到期", "Due soon"),
    "case.overdue": Bilingual("已逾期", "Overdue"),
    "case.transferred": Bilingual("移交给您", "Handed to you"),
    "case.batch": Bilingual("有一批办件交给您", "A batch of cases is yours"),
}
"""What happened → how it is said; what stands in no line is said as the case's title alone."""
GRAVE = {"case.overdue": 3, "case.returned": 3, "case.reopened": 3, "case.urged": 3}
"""What happened → least level of its notice."""
BATCH = "case.batch"
MINE = "/cases/mine"


def told(kind: str, case: Case, persons: Sequence[Person]) -> None:
    """Tell persons that something happened to a case; in the transaction in which it happened."""
    said = KINDS.get(kind)
    zh, en = (f"【{said.zh}】", f"[{said.en}] ") if said else ("", "")
    about = f"{case.code} {case.place_name}".strip()
    words = Words(f"{zh}{case.title}", f"{en}{case.title}", about, about)
    tell(persons, kind, words, level=max(case.level, GRAVE.get(kind, 1)), case=case, link=MINE if kind == BATCH else "")
