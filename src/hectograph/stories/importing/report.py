"""What an import did, item by item."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass
class Line:
    """One item and its `outcome` (a key of _TITLES), what was changed on its way in, and what is missing."""

    where: str
    outcome: str
    changes: list[str] = field(default_factory=list)
    gaps: list[str] = field(default_factory=list)


_TITLES = {
    "draft": "came in as a draft",
    "came": "came in",
    "changed": "was updated",
    "same": "is here already",
    "edited": "was edited here since and stays as it is",
    "skipped": "was left out",
    "left": "was counted and left",
}


@dataclass
class ImportReport:
    posts: int = 0
    pages: int = 0
    items: list[Line] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def add(self, line: Line) -> Line:
        self.items.append(line)
        return line

    def as_json(self) -> dict[str, object]:
        """Counts first: `posts` and `pages` of the archive that are in the newsroom now, `skipped` ones that are not,
        `changed` items that were altered on their way in, `gaps` things that are missing; then every item."""
        return {
            "posts": self.posts,
            "pages": self.pages,
            "skipped": sum(1 for line in self.items if line.outcome == "skipped"),
            "changed": sum(1 for line in self.items if line.changes),
            "gaps": sum(len(line.gaps) for line in self.items),
            "problems": self.problems,
            "items": [vars(line) for line in self.items],
        }

    def lines(self) -> Iterator[str]:
        """The report for people: drafts first, for someone must decide about them; then changes and gaps."""
        yield from self.problems
        for outcome, title in _TITLES.items():
            for line in self.items:
                if line.outcome == outcome and (outcome in ("draft", "skipped", "left") or line.changes or line.gaps):
                    yield f"{line.where} {title}."
                    yield from (f"    changed: {text}" for text in line.changes)
                    yield from (f"    missing: {text}" for text in line.gaps)
        counts = self.as_json()
        names = ("posts", "pages", "skipped", "changed", "gaps")
        yield ", ".join(f"{name}: {counts[name]}" for name in names)
