"""Where in the document one is: the headings above, and the name of the section by which a sentence is cited."""

from __future__ import annotations

from dataclasses import dataclass, field

from bilan.plans.reader.headings import Heading, Rank

LEVELS = {Rank.CHAPTER: 2, Rank.SECTION: 3, Rank.PART: 4, Rank.ARTICLE: 5, Rank.PLAIN: 6, Rank.BOX: 6, Rank.TABLE: 6}


@dataclass(slots=True)
class Outline:
    """The headings that hold at a place, by rank.

    Attributes:
        restarts: whether articles are counted anew in each part, so that their number alone would not name one.
    """

    restarts: bool = False
    standing: dict[Rank, Heading] = field(default_factory=dict)
    plain_level: int = 0

    def enter(self, heading: Heading, level: int = 0) -> None:
        """Go on below a heading; what stood at its rank or below no longer holds."""
        rank = heading.rank
        if rank in (Rank.BOX, Rank.TABLE):
            self.leave(rank)
        else:
            kept = {other: standing for other, standing in self.standing.items() if other < rank}
            if rank is Rank.PLAIN and level and level <= self.plain_level:
                kept = {} if level <= 2 else kept
            self.standing = kept
            self.plain_level = level if rank is Rank.PLAIN else 0
        self.standing[rank] = heading

    def leave(self, rank: Rank) -> None:
        """End a box or a table."""
        self.standing = {other: standing for other, standing in self.standing.items() if other < rank}

    def within(self, rank: Rank) -> bool:
        """Whether one is below a heading of this rank."""
        return rank in self.standing

    def name(self) -> str:
        """Name of the section: the box or table, else chapter and section, article, or part with its words."""
        for rank in (Rank.TABLE, Rank.BOX):
            if rank in self.standing:
                return self.standing[rank].label
        labels = [self.standing[rank].label for rank in (Rank.CHAPTER, Rank.SECTION) if rank in self.standing]
        part, article = self.standing.get(Rank.PART), self.standing.get(Rank.ARTICLE)
        if labels:
            return "".join([*labels, part.label if part else "", article.label if article else ""])
        if article is not None:
            return f"{part.label if part and self.restarts else ''}{article.label}"
        if part is not None:
            return part.text
        plain = self.standing.get(Rank.PLAIN)
        return plain.words if plain else ""

    def titles(self) -> tuple[str, ...]:
        """Headings above, outermost first."""
        return tuple(self.standing[rank].text for rank in sorted(self.standing) if self.standing[rank].text)
