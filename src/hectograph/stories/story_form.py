"""The form in which a story is written. It begins in a section where one is obvious: without one nothing is kept.

A twin in another language gets an address from its own headline.
"""

from __future__ import annotations

from typing import Any

from hectograph.stories.page_form import PageForm
from hectograph.stories.section import Section


class StoryForm(PageForm):
    """A new story begins in the section that its writer wrote for last, or in the only one of its language."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance.pk and self.parent_page and not self.initial.get("section"):
            self.initial["section"] = self._likely_section()
        if self.instance.pk:
            self._begin_twin()

    def _begin_twin(self) -> None:
        """What a fresh twin took from the other language and can't keep stands empty."""
        story = self.instance
        if story.section_id and story.section.locale_id != story.locale_id:
            self.initial["section"] = None
        others = story.get_translations().filter(slug=story.slug, title=story.title)
        if story.first_published_at is None and others.exists():
            self.initial["slug"] = ""

    def _likely_section(self) -> int | None:
        locale = self.parent_page.locale_id
        own = self._meta.model.objects.filter(locale=locale, owner=self.for_user, owner__isnull=False)
        if last := own.order_by("-pk").values_list("section_id", flat=True).first():
            return int(last)
        sections = Section.objects.filter(locale=locale).values_list("pk", flat=True)[:2]
        return sections[0] if len(sections) == 1 else None
