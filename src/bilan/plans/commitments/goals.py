"""Goals without a number: what is to be kept, reached or finished, and what the province will set."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache

from bilan.plans.commitments.cells import handed_down
from bilan.plans.commitments.dates import Use, recurring
from bilan.plans.commitments.due import Due
from bilan.plans.commitments.model import Read
from bilan.plans.commitments.place import Place
from bilan.plans.commitments.rows import Draft
from bilan.plans.commitments.vocabulary import lookup, words

CLASSES = re.compile(r"劣?[ⅠⅡⅢⅣⅤIV]{1,3}类?(?:标准|水质|水体|要求|情况)|劣[ⅤV]|国[三四五六](?=及|排放|标准|阶段)|一级A")
LEFT = re.compile(
    r"(?P<wording>(?:完成|控制在|不低于|不高于|不超过|达到|按照?|满足|优于|落实)(?:国家|省|上级|市)?(?:级|里|上)*(?:政府|部门)?"
    r"(?:下达|要求|分解|核定|规定|考核)(?:的)?(?:目标|指标|任务|要求|标准)*(?:的)?(?:范围)?(?:以)?(?:之)?内?|不(?:高|低)于[^，；。]{2,14}水平)$"
)
STOOD = re.compile(r"(?:未|未能|常年|经常|基本|全面|稳定|均)*(?:为|超|达到?|出现过?|优于|消除|清零)[^，；。]*$")
ACTS = re.compile(r"淘汰|实施|执行|消除|消灭|达到|稳定在")
ENDEAVOUR = re.compile(r"^(?:力争|争取|确保|预计|努力|其中|并|要|将|应|使|使得|，|、)*")
RHETORIC = re.compile(r"完毕|到位|(?:以|坚持|立足|围绕|按照|根据|结合|依托|通过|为)|.*将立足")
LONGEST = 60
SHORTEST = 2
PEERS = re.compile(r"在[^，；。]{0,10}\d+个[^，；。]{2,12}中")


@cache
def _state() -> re.Pattern[str]:
    manners, states = "|".join(words("manners")), "|".join(words("states"))
    strong = "|".join(words("states", "strong", "yes"))
    return re.compile(
        rf"(?P<wording>(?:{manners})+(?:(?:在|居|位居)?(?:全国|全省|全市))?(?:{states})|走在(?:全国|全省)前列|(?:{manners})*(?:保持)?(?:{strong})|成为[^，；。]{{2,8}})$"
    )


@cache
def _deed() -> re.Pattern[str]:
    manners, deeds = "|".join(words("manners")), "|".join(words("deeds"))
    return re.compile(rf"^(?P<wording>(?:{manners})*(?P<verb>{deeds}))(?P<metric>[^，；。]{{{SHORTEST},{LONGEST}}})$")


THROUGH = re.compile(
    r"^(?P<subject>[^，；。]{2,40}?)(?P<wording>(?:基本|全面|稳定|均|全部|原则上|有条件的|严格)*(?P<verb>达到|稳定在|消除|消灭|无(?!废|害|缝|组织)|淘汰|满足|使用|采用|率先建成|建成|实现|完成))"
    r"(?P<metric>[^，；。的]{2,40})$"
)
UPON = re.compile(r"^(?:分别)?对(?P<subject>[^，；。]{2,30}?)进行(?P<metric>[^，；。]{2,30})$")
GIVING_UP = ("淘汰", "退出", "清退", "取缔")


def read(place: Place, span: tuple[int, int], made: list[Draft], due: Due) -> list[Read]:
    """The goals of a clause.

    Args:
        place: where it is read; `span`: the clause; `made`: its numbers, which leave no room for a goal in words; `due`: by when.
    """
    if any(draft.shape != "threshold" for draft in made):
        return []
    clause = place.text.plain[span[0] : span[1]].rstrip("，。；：")
    if place.status:
        told = CLASSES.search(clause) or "清零" in clause or "消除" in clause
        return _facts(place, clause, due) if told else []
    left = LEFT.search(clause) if handed_down(clause) else None
    again = recurring(clause)
    marked = CLASSES.search(clause) and ACTS.search(clause) and not clause.endswith(("行动", "方案", "计划"))
    if not (left or due.deadline or marked or again == "年度" or (again and "项目" in clause)):
        return []
    return _goal(place, _bare(place, span, again), due, again, bool(left))


def _bare(place: Place, span: tuple[int, int], again: str) -> str:
    """The clause without its dates and words of endeavour."""
    plain = place.text.plain
    taken = {glyph for date in place.days for glyph in range(date.begin, date.end)}
    clause = "".join(plain[glyph] for glyph in range(*span) if glyph not in taken).strip("，。；：！、—")
    clause = clause.removeprefix(again) if again != "年度" else clause
    return ENDEAVOUR.sub("", clause)


def _goal(place: Place, clause: str, due: Due, again: str, left: bool) -> list[Read]:
    area = next((word for word in ("全市", "全省", "我市", "全县", "全区") if clause.startswith(word)), "")
    rest = clause.removeprefix(area)
    found: list[Read] = []
    if left and (match := LEFT.search(rest)):
        found = [_record(place, area, rest[: match.start()], match["wording"], "target", due, again, left)]
    elif match := _deed().match(rest):
        metric, wording, verb = match["metric"].strip("了"), match["wording"], match["verb"]
        kind = _kind(metric, lookup("deeds", "kind")[verb], verb)
        if verb in GIVING_UP:
            found = [_record(place, area + metric, verb, wording, kind, due, again, left)]
        else:
            found = [_record(place, area, one, wording, kind, due, again, left) for one in _listed(metric, verb)]
    elif (match := _state().search(rest)) and SHORTEST <= match.start() <= LONGEST:
        metric = PEERS.sub("", rest[: match.start()]).removeprefix("实现")
        found = [_record(place, area, metric, match["wording"], _kind(metric, "target", match["wording"]), due, again, left)]
    elif match := UPON.match(rest):
        parts = match["metric"].split("和")
        named = parts if "分别" in rest and len(parts) > 1 else [match["metric"]]
        found = [_record(place, area + match["subject"], one, "进行", "task", due, again, left) for one in named]
        due_days = [date for date in place.days if date.use is Use.DUE]
        if len(named) == len(due_days) > 1:
            found = [replace(one, deadline=date.deadline) for one, date in zip(found, due_days, strict=True)]
    elif match := THROUGH.match(rest):
        found = [_through(place, area, match, due, again, left)]
    return [one for one in found if _sound(one)]


def _through(place: Place, area: str, match: re.Match[str], due: Due, again: str, left: bool) -> Read:
    subject, verb, metric = match["subject"], match["verb"], match["metric"]
    if verb in ("使用", "采用"):
        return _record(place, area + subject, verb + metric, match["wording"] + metric, "target", due, again, left)
    if verb in GIVING_UP:
        return _record(place, metric, verb, subject + verb, "task", due, again, left)
    if verb == "满足":
        return _record(place, area, subject, match["wording"] + metric, "target", due, again, left)
    return _record(
        place, area + subject, metric, match["wording"], _kind(metric, "task" if verb == "完成" else "target", verb), due, again, left
    )


def _sound(record: Read) -> bool:
    """Whether the words hang together: quotation marks in pairs, no mere heading."""
    words_of = record.metric + record.wording
    if RHETORIC.match(record.metric):
        return False
    return (
        words_of.count("“") == words_of.count("”")
        and not re.search(r"(?:以下|如下|主要)[^，；。]*目标|^(?:本|该)", record.metric)
        and len(record.metric) > 1
    )


def _kind(metric: str, usual: str, verb: str) -> str:
    if metric.endswith(("建设", "工程", "项目")) and (usual == "task" or "全覆盖" in verb):
        return "project"
    if usual == "target" and "实现" in verb and (metric.endswith(("监测", "改造", "整治", "评估", "联网", "监管"))):
        return "task"
    return usual


def _listed(metric: str, verb: str) -> list[str]:
    """Two things that are to be built or reached are two goals: 建成甲示范区和乙城市."""
    parts = metric.split("和")
    if verb in ("建成", "创建") and len(parts) == 2 and all(len(part) > 6 for part in parts):
        return parts
    return [metric]


def _record(place: Place, subject: str, metric: str, wording: str, kind: str, due: Due, again: str, left: bool) -> Read:
    text = place.text
    inherited = "inherited" if due.inherited and due.deadline else ""
    notes = tuple(note for note in (f"recurring:{again}" if again else "", due.note, inherited) if note)
    said = {"metric": metric, "wording": wording, "deadline": due.words, "kind": wording}
    return Read(
        section=place.block.section,
        sentence=text.words(place.begin, place.end),
        line=place.block.line_at(text.places[place.begin]),
        block=place.block.number,
        begin=text.places[place.begin],
        finish=text.places[place.end - 1] + 1,
        subject=subject,
        metric=metric.strip("、，的"),
        comparator="qualitative",
        kind=kind,
        wording=wording,
        deadline="" if again and due.inherited else due.deadline,
        handed_down=left,
        words={key: value for key, value in said.items() if value},
        notes=notes,
    )


def _facts(place: Place, clause: str, due: Due) -> list[Read]:
    """A state that was reached or missed, where a section tells what was or is."""
    clause = re.sub(r"^(?:19|20)\d{2}年(?:，)?", "", clause).removeprefix("目前")
    match = _deed().match(clause)
    if match:
        return [_record(place, "", match["metric"], match["wording"], "baseline_fact", due, "", False)]
    match = STOOD.search(clause)
    if match is None or match.start() < SHORTEST:
        return []
    metric = clause[: match.start()].strip("，、")
    record = _record(place, "", metric, match.group(), "baseline_fact", due, "", False)
    return [record] if _sound(record) and "（" not in metric else []
