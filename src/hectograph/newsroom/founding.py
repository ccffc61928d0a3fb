"""Makes a newsroom out of an empty database: tables, languages, one front page each, roles. Idempotent."""

from __future__ import annotations

from django.conf import settings
from django.core.management import call_command
from wagtail.models import Locale, Page, Site

from hectograph.newsroom.access.roles import make_roles
from hectograph.readers import newsletter
from hectograph.stories.home import Home
from hectograph.stories.site_words import SiteRecord, SiteWords


def found() -> None:
    """Bring database, languages, front pages and roles to what the settings ask for."""
    make_folders()
    call_command("migrate", verbosity=0, interactive=False)
    furnish()


def make_folders() -> None:
    """All that a newsroom keeps lies in these."""
    for folder in (settings.HECTO_HOME, settings.MEDIA_ROOT, settings.SITE_ROOT, settings.STATIC_ROOT):
        folder.mkdir(parents=True, exist_ok=True)
    settings.HECTO_KEYS.mkdir(mode=0o700, parents=True, exist_ok=True)


def furnish() -> None:
    """Languages, front pages and roles, in a database whose tables are there."""
    locales = [Locale.objects.get_or_create(language_code=code)[0] for code, _ in settings.LANGUAGES]
    homes = [_home(locale) for locale in locales]
    _drop_welcome_page()
    for home in homes[1:]:
        if home.translation_key != homes[0].translation_key:
            Home.objects.filter(pk=home.pk).update(translation_key=homes[0].translation_key)
    _site(homes[0])
    newsletter.offered()  # makes the weekly one
    make_roles()


def _home(locale: Locale) -> Home:
    home = Home.objects.filter(locale=locale).first()
    if home is None:
        root = Page.objects.get(depth=1)
        code = locale.language_code
        home = root.add_child(instance=Home(title=f"Front page ({code})", slug=f"front-{code}", locale=locale))
    return home


def _drop_welcome_page() -> None:
    welcome = Page.objects.filter(depth=2, slug="home").exact_type(Page).first()
    if welcome:
        Site.objects.filter(root_page=welcome).delete()
        welcome.delete()


def _site(home: Home) -> None:
    if not Site.objects.exists():
        Site.objects.create(hostname="localhost", root_page_id=home.pk, is_default_site=True)
    record = SiteRecord.objects.first() or SiteRecord.objects.create()
    for code, _ in settings.LANGUAGES:
        SiteWords.objects.get_or_create(site=record, language=code, defaults={"name": settings.WAGTAIL_SITE_NAME})
