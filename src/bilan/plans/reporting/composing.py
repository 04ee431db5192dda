"""Writing a report: every place in the texts of its outline is filled with a number, every table and chart is made."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from bilan.pack.reports import Block, BlockKind, Chapter, Outline, PeriodKind, Style
from bilan.pack.reports.keys import PLACE
from bilan.plans.reporting.context import Context
from bilan.plans.reporting.model import Column, Grid, Heading, Linker, Number, Paragraph, Picture, Piece, Run, Written
from bilan.plans.reporting.provider import Provider
from bilan.plans.reporting.sources.targets import plan_title
from bilan.plans.reporting.words import NOTHING

NUMERALS = "一二三四五六七八九十"
ROOM_TO_WRITE = "＿" * 5
Progress = Callable[[int, int], None]


def compose(outline: Outline, context: Context, number: int, linker: Linker, progress: Progress = lambda done, total: None) -> Written:
    """Write an issue of a report.

    Args:
        number: counts the issues of the period.
        linker: makes addresses of where numbers can be looked up.
        progress: told how many blocks are done, of how many.
    """
    author = _Author(outline, context, Provider(context, linker), progress)
    pieces = tuple(author.chapters(outline.chapters, 1))
    say = context.say
    heading = outline.heading.text(context.language) or author.title
    subtitle = say(f"（{author.period}）", author.period)
    issue = say(_chinese_issue(context, number), f"{context.period.at} · issue {number}")
    return Written(
        language=context.language,
        style=outline.style.value,
        title=author.title,
        heading=heading,
        subtitle=subtitle,
        issuer=author.words["bureau"],
        issue=issue,
        dated=author.words["today"],
        addressed=author.filled(outline.addressed.text(context.language)) if outline.style is Style.LETTER else "",
        pieces=(*pieces, *author.sources()),
        numbers=author.numbers,
        marks=_marks(context),
        signatures=[[author.filled(line.text(context.language)) for line in lines] for lines in outline.signatures],
        paper=outline.paper,
    )


def _words_of(context: Context) -> dict[str, str]:
    """Whom a paper of several is written for, and who leads them: room to write where nobody is named."""
    one = context.recipient
    if one is None:
        return {"recipient": NOTHING, "leader": NOTHING}
    return {"recipient": one.name, "leader": one.leader or ROOM_TO_WRITE}


def _chinese_issue(context: Context, number: int) -> str:
    """Year and running number of a bulletin, as newspapers have it, and how often it was written anew."""
    period = context.period
    running = {
        PeriodKind.DAY: period.begin.timetuple().tm_yday,
        PeriodKind.WEEK: period.begin.isocalendar().week,
        PeriodKind.MONTH: period.begin.month,
        PeriodKind.QUARTER: (period.begin.month + 2) // 3,
    }.get(period.kind)
    text = f"{period.year}年第{running}期" if running else f"{period.year}年"
    return text if number == 1 else f"{text}（第{number}次编制）"


def _marks(context: Context) -> tuple[str, ...]:
    marks = [context.say("演示数据", "Demo data")] if context.city.demo else []
    if not context.period.over:
        last = context.period.last
        marks.append(context.say(f"期内数据截至{last.month}月{last.day}日", f"not over: data up to {last.isoformat()}"))
    return tuple(marks)


class _Author:
    """Goes through an outline once and keeps every number it says."""

    def __init__(self, outline: Outline, context: Context, provider: Provider, progress: Progress) -> None:
        self.outline, self.context, self.provider = outline, context, provider
        self.numbers: dict[str, Number] = {}
        self.title = outline.title.text(context.language)
        self.period = context.period.text(context.language)
        self._progress, self._done, self._total = progress, 0, sum(1 for _ in outline.blocks())
        self._tables = self._pictures = 0
        today, say = context.today, context.say
        city = context.district("")
        self.words: Mapping[str, str] = {
            "period": self.period,
            "city": city,
            "bureau": say(f"{city}生态环境局", f"Ecology and Environment Bureau of {city}"),
            "today": say(f"{today.year}年{today.month}月{today.day}日", f"{today.day} {today:%B %Y}"),
            "year": str(context.period.year),
            "plan": plan_title(context),
            **_words_of(context),
        }

    def filled(self, text: str) -> str:
        """A text in which only words stand in braces."""
        return PLACE.sub(lambda match: self.words[match.group(1)], text)

    def chapters(self, chapters: tuple[Chapter, ...], level: int) -> Iterator[Piece]:
        """Headings with their blocks, numbered; a chapter of which every block is left out is left out too."""
        at = 0
        for chapter in chapters:
            said = [*self._blocks(chapter), *self.chapters(chapter.parts, level + 1)]
            if not said and (chapter.blocks or chapter.parts):
                continue
            at += 1
            yield Heading(level, _label(level, at, self.context.english), chapter.title.text(self.context.language))
            yield from said

    def sources(self) -> Iterator[Piece]:
        """A table at the end that says where each number can be looked up."""
        if not self.outline.sources or not self.numbers:
            return
        say = self.context.say
        yield Heading(1, "", say("附：数据来源", "Annex: where the numbers come from"))
        columns = (
            Column(say("数据项", "Number"), share=2.6),
            Column(say("取值", "Value"), share=1.4),
            Column(say("查询地址", "Where"), share=3),
        )
        rows = tuple((number.title, number.text, number.link or number.key) for number in self.numbers.values())
        yield Grid("", "", columns, rows, tuple(self.numbers))

    def _blocks(self, chapter: Chapter) -> Iterator[Piece]:
        for block in chapter.blocks:
            self._progress(self._done, self._total)
            yield from self._block(block)
            self._done += 1

    def _block(self, block: Block) -> Iterator[Piece]:
        if block.when and self._nothing(block.when):
            return
        match block.kind:
            case BlockKind.TEXT:
                yield Paragraph(tuple(self._runs(block.text.text(self.context.language))))
            case BlockKind.TABLE:
                yield from self._table(block)
            case BlockKind.CHART:
                yield from self._chart(block)

    def _nothing(self, key: str) -> bool:
        return self.provider.number(key).value in (None, 0)

    def _runs(self, text: str) -> Iterator[Run]:
        last = 0
        for match in PLACE.finditer(text):
            if match.start() > last:
                yield Run(text[last : match.start()])
            name = match.group(1)
            yield Run(self.words[name]) if name in self.words else Run(self._number(name).text, name)
            last = match.end()
        if last < len(text):
            yield Run(text[last:])

    def _number(self, key: str) -> Number:
        if key not in self.numbers:
            self.numbers[key] = self.provider.number(key)
        return self.numbers[key]

    def _caption(self, block: Block) -> str:
        return (block.text if block.text.zh else self.provider.caption(block.kind.value, block.name)).text(self.context.language)

    def _table(self, block: Block) -> Iterator[Piece]:
        found, say = self.provider.table(block.name), self.context.say
        if not found.rows:
            yield Paragraph((Run(say(f"{self._caption(block)}：本期无。", f"{self._caption(block)}: none in this period.")),))
            return
        self._tables += 1
        rows, note = found.rows, found.note
        if block.most and len(rows) > block.most:
            cut = say(f"共{len(rows)}项，列出前{block.most}项", f"the first {block.most} of {len(rows)}")
            rows, note = rows[: block.most], say("；", "; ").join(filter(None, (note, cut)))
        label = say(f"表{self._tables}", f"Table {self._tables}")
        yield Grid(label, self._caption(block), found.columns, rows, found.names[: len(rows)], note)

    def _chart(self, block: Block) -> Iterator[Piece]:
        drawn = self.provider.chart(block.name)
        if drawn is None:
            return
        self._pictures += 1
        label = self.context.say(f"图{self._pictures}", f"Figure {self._pictures}")
        yield Picture(label, self._caption(block), drawn.svg, drawn.ratio, drawn.alternative)


def _label(level: int, at: int, english: bool) -> str:
    """The numbering of a heading: 一、 （一） 1. as official documents have it; 1, 1.1 in English is left to the writer.

    Examples:
        >>> _label(1, 11, False), _label(2, 3, False), _label(3, 2, False), _label(1, 2, True)
        ('十一、', '（三）', '2.', '2 ')
    """
    if english:
        return f"{at} "
    return {1: f"{numeral(at)}、", 2: f"（{numeral(at)}）"}.get(level, f"{at}.")


def numeral(at: int) -> str:
    """A number up to 99 in Chinese numerals.

    Examples:
        >>> numeral(3), numeral(10), numeral(21)
        ('三', '十', '二十一')
    """
    tens, ones = divmod(at, 10)
    return ("" if tens == 0 else "十" if tens == 1 else f"{NUMERALS[tens - 1]}十") + (NUMERALS[ones - 1] if ones else "")
