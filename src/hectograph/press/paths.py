"""Addresses that the press derives by itself, and links that work in any folder of any host."""

from __future__ import annotations

from hectograph.press.records import Site


def front_path(site: Site, language: str) -> str:
    return site.words(language).front


def lite_path(path: str) -> str:
    """The page without pictures beside the page at `path`."""
    return f"lite/{path}"


def search_path(language: str) -> str:
    return f"{language}/search.html"


def support_path(language: str) -> str:
    return f"{language}/support.html"


def months_path(language: str) -> str:
    return f"{language}/archive.html"


def corrections_path(language: str) -> str:
    return f"{language}/corrections.html"


def feed_path(language: str, section_path: str = "") -> str:
    """The RSS feed of a language, or of the section whose page is at `section_path`."""
    return f"{_feed_folder(language, section_path)}/feed.xml"


def atom_path(language: str, section_path: str = "") -> str:
    return f"{_feed_folder(language, section_path)}/atom.xml"


def _feed_folder(language: str, section_path: str) -> str:
    return section_path.removesuffix(".html") if section_path else language


def up(path: str) -> str:
    """What leads from the page at `path` to the site's root: `../../` for `en/city/3.html`."""
    return "../" * path.count("/")


def absolute(site: Site, path: str) -> str:
    """The address on the newsroom's own domain; a folder's index goes without its file name."""
    return f"{site.base_url}/{path.removesuffix('index.html') if path.endswith('index.html') else path}"


def letters_path(language: str, newsletter: str, year: int = 0) -> str:
    """A newsletter's archive: its newest letters, or those of `year`."""
    return f"{language}/letters/{newsletter}/{year}.html" if year else f"{language}/letters/{newsletter}.html"


def newest_letter_path(language: str, newsletter: str) -> str:
    """Where the newest letter always stands: what *Preview* leads to."""
    return f"{language}/letters/{newsletter}/newest.html"
