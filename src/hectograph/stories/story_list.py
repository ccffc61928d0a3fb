"""The list of all stories, and where a new one begins: in each language with one press, none before another."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.functional import cached_property
from wagtail.admin.views.pages.choose_parent import ChooseParentView
from wagtail.admin.views.pages.listing import IndexView
from wagtail.admin.viewsets.pages import PageListingViewSet
from wagtail.admin.widgets.button import HeaderButton

from hectograph.stories.home import Home
from hectograph.stories.story import Story


def beginnings(user: Any) -> list[tuple[Home, str]]:
    """The front pages below which `user` may write, each with the address of an empty story."""
    homes = Home.objects.select_related("locale").order_by("pk")
    own = [home for home in homes if home.permissions_for_user(user).can_add_subpage()]
    return [(home, reverse("wagtailadmin_pages:add", args=["stories", "story", home.pk])) for home in own]


class StoryIndex(IndexView):
    """With a button for each language. What a story stands below says no more than the language beside its headline."""

    base_columns = [column for column in IndexView.base_columns if column.name != "parent"]

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        ways = beginnings(self.request.user)
        names = [f"Add: {home.locale}" for home, _ in ways] if len(ways) > 1 else ["Add story"]
        return [HeaderButton(name, url=way, icon_name="plus") for name, (_, way) in zip(names, ways, strict=False)]


class LanguageOfStory(ChooseParentView):
    """Asked where *Add* names no language: Wagtail would take the first one."""

    template_name = "stories/language_of_story.html"
    page_title = "Language of the story"

    def get_valid_parent_pages(self, user: Any) -> Any:
        return Home.objects.filter(pk__in=[home.pk for home, _ in beginnings(user)])

    def get_page_subtitle(self) -> str:
        return ""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        ways = [(home.locale, way) for home, way in beginnings(self.request.user)]
        return {**super().get_context_data(**kwargs), "ways": ways}


class StoryList(PageListingViewSet):
    model = Story
    index_view_class = StoryIndex
    choose_parent_view_class = LanguageOfStory
    icon = "doc-full-inverse"
    menu_label = "Stories"
    menu_order = 10
    add_to_admin_menu = True
