"""Newsletters as the press and the mails name them: rows of `readers`, words of the site where they have none."""

from __future__ import annotations

from django.db.models import QuerySet

from hectograph.press import records
from hectograph.readers.newsletter import Newsletter, NewsletterWords
from hectograph.stories.site_words import SiteWords


def offered(language: str) -> tuple[records.Newsletter, ...]:
    """Those that can be asked for, in their order."""
    slugs = list(Newsletter.objects.filter(offered=True).values_list("slug", flat=True))
    words = {row.newsletter.slug: row for row in _words(language)}
    return tuple(
        records.Newsletter(slug, name_of(slug, language), words[slug].promise if slug in words else "")
        for slug in slugs
    )


def name_of(slug: str, language: str) -> str:
    """What a newsletter is called; where nobody named it, what the sign-up box is called."""
    named = _words(language).filter(newsletter__slug=slug).exclude(name="").first()
    if named:
        return named.name
    box = SiteWords.objects.filter(language=language).exclude(letter_title="").first()
    return box.letter_title if box else slug


def _words(language: str) -> QuerySet[NewsletterWords]:
    return NewsletterWords.objects.filter(language=language).select_related("newsletter")
