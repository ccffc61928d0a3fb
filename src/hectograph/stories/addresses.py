"""Where each page stands on the site. A path, once given, stays or leads on to the new one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from django.conf import settings

from hectograph.press.records import ListKind
from hectograph.stories.press_state import Address, FormerSlug


def front_path(language: str) -> str:
    return "index.html" if language == settings.LANGUAGE_CODE else f"{language}/index.html"


def story_path(language: str, published: datetime, slug: str) -> str:
    """`en/2026/11/slug.html`: year and month (UTC) of the first publication, so that a later date moves nothing."""
    return f"{language}/{published.astimezone(UTC):%Y/%m}/{slug}.html"


def plain_path(language: str, slug: str) -> str:
    return f"{language}/pages/{slug}.html"


def list_path(kind: ListKind, language: str, slug: str) -> str:
    """The front of a list; its numbered pages stand in the folder of the same name."""
    folders = {
        ListKind.SECTION: slug,
        ListKind.TOPIC: f"topics/{slug}",
        ListKind.BYLINE: f"by/{slug}",
        ListKind.MONTH: f"months/{slug}",
        ListKind.CORRECTIONS: "corrections",
        ListKind.LATEST: "latest",
    }
    return f"{language}/{folders[kind]}.html"


def numbered_path(front: str, number: int) -> str:
    return front if number == 0 else f"{front.removesuffix('.html')}/{number}.html"


def current(pages: Iterable[int]) -> dict[int, str]:
    """Paths by page id, for those that have one."""
    rows = Address.objects.filter(page__among=list(pages), current=True)
    return dict(rows.values_list("page", "path"))


def old(page: int) -> list[str]:
    """Paths that `page` had before."""
    return list(Address.objects.filter(page=page, current=False).values_list("path", flat=True))


def settle(page: int, wanted: str) -> list[str]:
    """Give `page` the path `wanted`, or the nearest free one; return the paths whose files change by it.

    The year and month of a first path stay, whatever becomes of the date. Old paths stay on as redirects.
    """
    rows = {row.path: row for row in Address.objects.filter(page=page)}
    old = next((row for row in rows.values() if row.current), None)
    if old and _name(old.path) == _name(wanted) and old.path.count("/") == wanted.count("/"):
        return []
    folder = old.path.rpartition("/")[0] if old else wanted.rpartition("/")[0]
    path = _free(page, f"{folder}/{_name(wanted)}")
    if old and old.path == path:
        return []
    Address.objects.filter(page=page, current=True).update(current=False)
    Address.objects.update_or_create(path=path, defaults={"page": page, "current": True})
    return [path, *rows]


def settle_new(wanted: Mapping[int, str]) -> None:
    """The same for a window of pages by id, mostly without an address yet: those whose path is free get it at once."""
    held = set(Address.objects.filter(page__in=list(wanted)).values_list("page", flat=True))
    taken = set(Address.objects.filter(path__in=list(wanted.values())).values_list("path", flat=True))
    first: dict[str, int] = {}
    for page, path in wanted.items():
        if page not in held and path not in taken:
            first.setdefault(path, page)
    Address.objects.bulk_create(Address(path=path, page=page, current=True) for path, page in first.items())
    for page, path in wanted.items():
        if first.get(path) != page:
            settle(page, path)


def _name(path: str) -> str:
    return path.rpartition("/")[2]


def _free(page: int, path: str) -> str:
    stem = path.removesuffix(".html")
    for attempt in range(1, 1000):
        candidate = path if attempt == 1 else f"{stem}-{attempt}.html"
        if not Address.objects.filter(path=candidate).exclude(page=page).exists():
            return candidate
    raise RuntimeError("a thousand pages want one address")


# --- lists that were renamed --------------------------------------------------------------------------------------


def note_new_slug(kind: ListKind, row: int, before: str, *, same_folder: Iterable[int]) -> None:
    """The list of `row` had the slug `before`. Of two that had it the later one keeps it; `same_folder` are the rows
    whose lists would stand at the same place."""
    FormerSlug.objects.filter(kind=kind, slug=before, row__in=list(same_folder)).exclude(row=row).delete()
    FormerSlug.objects.get_or_create(kind=kind, row=row, slug=before)


def former_slugs(kind: ListKind, row: int) -> list[str]:
    return list(FormerSlug.objects.filter(kind=kind, row=row).order_by("slug").values_list("slug", flat=True))


def forget_former(kind: ListKind, row: int) -> list[str]:
    """Drop the former slugs of a row that is gone; returns them."""
    slugs = former_slugs(kind, row)
    FormerSlug.objects.filter(kind=kind, row=row).delete()
    return slugs
