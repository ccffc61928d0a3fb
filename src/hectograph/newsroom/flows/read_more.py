"""*Read more*: chosen by content when a story is published or its text changes, and stored."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from hectograph.stories.feed.reader import Reader


def choose(stories: set[int], reader: Reader) -> set[int]:
    """Choose candidates for `stories` and, anew, for at most the twenty nearest others each; return the others whose
    choice changed."""
    return set()


def choose_all(stories: Iterable[int], reader: Reader, *, progress: Callable[[int], None] = lambda done: None) -> None:
    """Choose for many stories at once, as after an import."""
