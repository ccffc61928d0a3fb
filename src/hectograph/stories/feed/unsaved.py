"""Records of pages as they are in the editor's hands: for previews, and for what is given to an outsider."""

from __future__ import annotations

import json
from collections import defaultdict
from datetime import datetime
from typing import Any

from hectograph.press import records
from hectograph.stories import addresses, bodies
from hectograph.stories.feed import lists
from hectograph.stories.feed.reader import Reader, Row, StoryWindow
from hectograph.stories.home import Home
from hectograph.stories.plain import PlainPage
from hectograph.stories.story import HandPicked, Story, StoryByline, StoryCorrection, StoryTopic

_RELATIONS = {
    StoryByline: "story_bylines",
    StoryTopic: "story_topics",
    StoryCorrection: "corrections",
    HandPicked: "hand_picked",
}
_FIELDS = (
    "title", "kicker", "standfirst", "place", "section_id", "lead_photo_id", "lead_caption", "lead_alt", "staff",
    "sensitive", "dated", "locale_id", "translation_key",
)  # fmt: skip


class _UnsavedWindow(StoryWindow):
    """A window of one story whose words are in memory, not in the database."""

    def __init__(self, reader: Reader, row: Row, page: Story) -> None:
        super().__init__(reader, [row])
        self.page = page

    def hanging(self, model: Any, *fields: str) -> dict[int, list[tuple[Any, ...]]]:
        grouped: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
        for item in getattr(self.page, _RELATIONS[model]).all():
            values = tuple(getattr(item, name) for name in fields)
            if values[0] is not None:
                grouped[self.ids[0]].append(values)
        return grouped

    def addresses(self) -> dict[int, str]:
        pk, language = self.ids[0], self.reader.languages[self.page.locale_id]
        wanted = addresses.story_path(language, self.rows[0]["first_published_at"], self.page.slug or "story")
        return super().addresses() or {pk: wanted}


def story(page: Story, now: datetime) -> records.Story:
    """The story as it would be published at `now`."""
    reader = Reader()
    row: dict[str, Any] = {name: getattr(page, name) for name in _FIELDS}
    row |= {"pk": page.pk or 0, "first_published_at": page.first_published_at or now, "last_published_at": None}
    row["raw"] = json.dumps(page.body.get_prep_value())
    if page.last_published_at:
        row["last_published_at"] = now
    return _UnsavedWindow(reader, row, page).build()[row["pk"]]


def plain(page: PlainPage, now: datetime) -> records.Plain:
    """The plain page as it would be published at `now`."""
    reader = Reader()
    blocks = bodies.parse(json.dumps(page.body.get_prep_value()))
    language = reader.languages[page.locale_id]
    return records.Plain(
        id=page.pk or 0,
        language=language,
        path=addresses.plain_path(language, page.slug or "page"),
        title=page.title,
        body=bodies.build(blocks, reader.found([blocks])),
        modified=now,
    )


def front(page: Home) -> records.Front:
    """The front page with the leads and the breaking line that the editor has in hand."""
    reader = Reader()
    language = reader.languages[page.locale_id]
    return lists.front_of(reader, page, language)
