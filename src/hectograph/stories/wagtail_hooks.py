"""The room's doors in the admin: stories, bylines, sections and topics as lists of their own."""

from __future__ import annotations

from wagtail import hooks
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from hectograph.stories import front_stays  # noqa: F401 (registers its own)
from hectograph.stories.byline import Byline
from hectograph.stories.section import Section, Topic
from hectograph.stories.story_list import StoryList


@hooks.register("register_admin_viewset")
def story_list() -> StoryList:
    return StoryList("stories")


class BylineViewSet(SnippetViewSet):
    model = Byline
    icon = "user"
    list_display = ["__str__", "slug"]


class SectionViewSet(SnippetViewSet):
    model = Section
    icon = "folder-open-inverse"
    list_display = ["name", "slug", "order", "in_menu"]


class TopicViewSet(SnippetViewSet):
    model = Topic
    icon = "tag"
    list_display = ["name", "slug"]


class WordsGroup(SnippetViewSetGroup):
    items = (SectionViewSet, TopicViewSet, BylineViewSet)
    menu_label = "Sections, names"
    menu_icon = "list-ul"
    menu_order = 20


register_snippet(WordsGroup)
