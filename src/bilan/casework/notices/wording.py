"""What notices say, in both languages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.utils import translation

from bilan.casework.alerting import says, title
from bilan.casework.alerting.saying import place
from bilan.casework.models import Alert, Level
from bilan.casework.notices.message import Words
from bilan.pack import flows
from bilan.pack.registers.words import Bilingual
from bilan.pack.rules import current
from bilan.problems import LANGUAGES

ZH, EN = LANGUAGES
KINDS = {
    "opened": Bilingual("", ""),
    "reraised": Bilingual("再次出现", "Again"),
    "raised": Bilingual("等级上升", "Level raised"),
    "escalated": Bilingual("逾期未确认，已升级", "Not acknowledged, escalated"),
    "released": Bilingual("屏蔽到期仍在持续", "Suppression over, still ongoing"),
    "unexplained": Bilingual("申报时段已过仍在持续", "Declared window over, still ongoing"),
    "unfolded": Bilingual("仍在持续", "Still ongoing"),
    "cleared": Bilingual("已解除", "Cleared"),
    "reminder": Bilingual("提醒：尚未确认", "Reminder: not acknowledged yet"),
}
TOPICS = 5
"""Rules and flows a digest names."""


def level_name(level: int, language: str) -> str:
    """What a level is called."""
    with translation.override(language):
        return str(Level(level).label)


def of_alert(alert: Alert, kind: str) -> Words:
    """What is told about an alert.

    Parameters:
        kind: of the event.
    """
    return Words(_title(alert, kind, ZH), _title(alert, kind, EN), says(alert, ZH), says(alert, EN))


def of_digest(counted: Mapping[str, Any]) -> Words:
    """What a digest says.

    Parameters:
        counted: ``levels`` and ``topics``, each name → number.
    """
    levels = Counter({int(level): int(count) for level, count in counted.get("levels", {}).items()})
    total = sum(levels.values())
    return Words(
        f"另有 {total} 条通知合并为摘要",
        f"{total} more notices in a digest",
        _digest_body(levels, counted.get("topics", {}), ZH),
        _digest_body(levels, counted.get("topics", {}), EN),
    )


def _title(alert: Alert, kind: str, language: str) -> str:
    what = KINDS.get(kind, KINDS["opened"]).text(language)
    colon, open_, close = (": ", " (", ")") if language == EN else ("：", "（", "）")
    after = f"{open_}{what}{close}" if what else ""
    left, right = ("[", "] ") if language == EN else ("【", "】")
    return f"{left}{level_name(alert.level, language)}{right}{title(alert, language)}{colon}{place(alert, language)}{after}"


def _digest_body(levels: Counter[int], topics: Mapping[str, int], language: str) -> str:
    known = {name: flow.title for name, flow in flows.current(settings.CITY.pack).flows.items()}
    known |= {name: rule.title for name, rule in current(settings.CITY.pack).items()}
    english = language == EN
    comma, period = (", ", "; ") if english else ("、", "；")
    counted = comma.join(f"{level_name(level, language)} {levels[level]}" for level in sorted(levels, reverse=True))
    named = [
        f"{known[name].text(language) if name in known else name} {count}"
        for name, count in sorted(topics.items(), key=lambda item: (-item[1], item[0]))[:TOPICS]
    ]
    more = len(topics) - len(named)
    rest = (f"{comma}{more} other kinds" if english else f"{comma}其他 {more} 类") if more > 0 else ""
    return counted + period + comma.join(named) + rest
