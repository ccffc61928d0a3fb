"""WordPress's export (WXR, an RSS dialect), as a stream: a gigabyte in the memory of one post.

Entities are never expanded, nothing is fetched, and a file that is broken gives all that is whole in it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

from lxml import etree

from hectograph.stories.importing import archive_files, gutenberg, languages
from hectograph.stories.importing.archive_files import BadArchive, Part
from hectograph.stories.importing.items import Attachment, Contents, Item
from hectograph.stories.importing.wxr_elements import (
    Element,
    all_meta,
    date,
    encoded,
    local,
    meta,
    plain,
    terms,
    text,
)
from hectograph.stories.importing.wxr_records import Found, Record, records

_KINDS = {"post", "page"}
_LEFT_STATES = {"trash", "auto-draft", "inherit"}
_STATES = {"publish": "publish", "future": "future", "private": "private"}
_NO_SECTION = {"uncategorized", "без рубрики", "без категории"}
_MACHINERY = ("nav_menu_item", "revision", "custom_css", "customize_changeset", "oembed_cache", "user_request", "wp_")
_LONG = 9_000_000  # characters; below, the parser keeps its own limits of depth and length
_MOST_NAMED = 1000  # items of other kinds that are named one by one; the rest is counted


def contents(path: Path) -> Contents:
    """A first pass: attachments, authors, blocks that posts share, and how much there is."""
    found = Contents()
    for number, element in _walk(path, found):
        if local(element) == "author":
            _author(found, text(element, "author_login"), text(element, "author_display_name"))
            continue
        kind, state = _kind(element), text(element, "status")
        if kind == "attachment":
            _attachment(element, found)
        elif kind in _KINDS and state not in _LEFT_STATES:
            found.items += 1
        else:
            _other(element, kind, number, found)
    return found


def items(path: Path, found: Contents) -> Iterator[Item]:
    """Every post and page in the file's order."""
    for number, element in _walk(path, Contents()):
        ours = local(element) == "item" and _kind(element) in _KINDS
        if ours and text(element, "status") not in _LEFT_STATES:
            yield from languages.each(_item(element, number, found))


def _kind(element: Element) -> str:
    """What an item is; one that says nothing of its kind, but holds a text, is a post."""
    kind = text(element, "post_type")
    return kind or ("post" if encoded(element, "content").strip() else "")


def _walk(path: Path, found: Contents) -> Iterator[tuple[int, Element]]:
    """Authors and whole items with their number in the file, one at a time."""
    any_there = False
    for part in archive_files.parts(path, (".xml", ".wxr")):
        seen = Found()
        with part.open() as file:
            for record in records(file, seen):
                any_there = True
                element = _parsed(record) if record.whole else None
                if element is not None:
                    yield record.number, element
                elif record.name == "item":
                    why = "can't be read" if record.whole else "breaks off in the middle"
                    where = f"{part.name}{part.name and ': '}Item {record.number} (line {record.line})"
                    found.problems.append(f"{where} {why}: it was left out.")
        _tell(seen, part, found)
    if not any_there:
        why = " ".join([f"{path.name} holds no posts.", *found.problems])
        raise BadArchive(why, "In WordPress: Tools, Export, All content.")


def _parsed(record: Record) -> Element | None:
    """The element, as well as it can be read; huge trees are allowed only where a text is that long."""
    parser = etree.XMLParser(
        recover=True,
        huge_tree=len(record.text) > _LONG,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        return etree.fromstring(record.text.encode("utf-8"), parser)
    except (etree.XMLSyntaxError, ValueError):
        return None


def _tell(seen: Found, part: Part, found: Contents) -> None:
    file = part.name or "The file"
    found.problems += part.troubles
    if seen.encoding in ("cp1251", "cp1252"):
        found.problems.append(f"{file} was read as windows-{seen.encoding[2:]}, whatever it says of itself.")
    if seen.strays:
        found.problems.append(
            f"{file}: {seen.strays} characters are in another encoding than it says; read as well as can be."
        )
    if seen.cut:
        found.problems.append(
            f"{file}: {seen.cut} texts are longer than 16 MB, or items than 4 MB: their ends were cut off."
        )


# --- first pass ---------------------------------------------------------------------------------------------------


def _author(found: Contents, login: str, name: str) -> None:
    if login:
        found.authors[login] = plain(name) or login


def _attachment(element: Element, found: Contents) -> None:
    key, url = text(element, "post_id"), text(element, "attachment_url") or text(element, "guid")
    parent = text(element, "post_parent")
    found.attachments[key] = Attachment(
        key,
        url,
        plain(text(element, "title"))[:200],
        plain(meta(element).get("_wp_attachment_image_alt", ""))[:500],
        plain(encoded(element, "excerpt")),
        parent,
    )
    if parent not in ("", "0"):
        found.attached.setdefault(parent, []).append(key)


def _other(element: Element, kind: str, number: int, found: Contents) -> None:
    """What does not come in as a post of its own."""
    if kind == "wp_block":
        found.reusable[text(element, "post_id")] = encoded(element, "content")
        return
    if kind == "guest-author":
        fields = meta(element)
        _author(found, fields.get("cap-user_login", ""), fields.get("cap-display_name", ""))
    name = f"{kind} ({text(element, 'status')})" if kind in _KINDS else kind or "item without a type"
    found.left[name] = found.left.get(name, 0) + 1
    if kind not in _KINDS and not name.startswith(_MACHINERY) and len(found.not_ours) < _MOST_NAMED:
        label = text(element, "post_id") or f"item {number}"
        found.not_ours.append(f"{name} {label} “{plain(text(element, 'title'))[:60]}”")


# --- second pass --------------------------------------------------------------------------------------------------


def _item(element: Element, number: int, found: Contents) -> Item:
    notes: list[str] = []
    key = text(element, "post_id")
    if not key:
        notes.append("it has no number; its words stand for it")
    title, kind, fields = plain(languages.kept(text(element, "title"))), _kind(element), meta(element)
    if not text(element, "post_type"):
        notes.append("it does not say what it is; it came in as a post")
    sections = [name for name, _ in terms(element, "category") if name.lower() not in _NO_SECTION]
    _more_notes(element, kind, notes)
    body = gutenberg.whole(encoded(element, "content"), found.reusable, fields.get("footnotes", ""), notes)
    return Item(
        kind=kind,
        source=f"wordpress:{_site(element)}:{key or _digest(element)}",
        where=f"{kind} {key or f'item-{number}'} “{title[:60]}”",
        title=title,
        slug=text(element, "post_name"),
        status=_status(element),
        body=body,
        excerpt=plain(languages.kept(encoded(element, "excerpt"))),
        date=date(element, "post_date", notes),
        modified=date(element, "post_modified", []),
        old_urls=_old_urls(element),
        authors=_authors(element, found, notes),
        sections=tuple(sections),
        topics=tuple(name for name, _ in terms(element, "post_tag")),
        featured=fields.get("_thumbnail_id", ""),
        attached=tuple(found.attached.get(key, ())),
        comments=sum(1 for child in element if local(child) == "comment"),
        language=next((languages.code(slug or name) for name, slug in terms(element, "language")), ""),
        twins=next((slug or name for name, slug in terms(element, "post_translations")), ""),
        notes=tuple(notes),
    )


def _site(element: Element) -> str:
    """The site that an item is of: posts of two sites bear the same numbers. Its first address tells best, for that one
    stays when a site moves."""
    for name in ("guid", "link"):
        with suppress(ValueError):
            if host := urlsplit(text(element, name)).hostname:
                return host.removeprefix("www.")[:100]
    return ""


def _digest(element: Element) -> str:
    told = (text(element, name) for name in ("guid", "title", "post_date", "encoded"))
    return hashlib.sha256("\0".join(told).encode("utf-8", "replace")).hexdigest()[:24]


def _more_notes(element: Element, kind: str, notes: list[str]) -> None:
    if text(element, "is_sticky") == "1":
        notes.append("it was sticky; place it on the front page by hand")
    if kind == "page" and text(element, "post_parent") not in ("", "0"):
        notes.append("it stood below another page; pages stand side by side here")
    others = {child.get("domain") for child in element if local(child) == "category"}
    others -= {"category", "post_tag", "author", "post_format", "language", "post_translations", None, ""}
    if others:
        notes.append(f"terms of other kinds were left out ({', '.join(sorted(str(one) for one in others))})")


def _authors(element: Element, found: Contents, notes: list[str]) -> tuple[str, ...]:
    """Several authors where a plugin keeps them as terms, else the one of the post."""
    logins = [(name, slug.removeprefix("cap-")) for name, slug in terms(element, "author")]
    if logins:
        return tuple(dict.fromkeys(found.authors.get(slug) or found.authors.get(name) or name for name, slug in logins))
    login = text(element, "creator")
    if not login:
        return ()
    if login not in found.authors:
        notes.append("its author is not described in the file; the log-in name signs it")
    return (found.authors.get(login, login).partition("@")[0],)


def _old_urls(element: Element) -> tuple[str, ...]:
    """Where it stood, and where it stood before under other slugs."""
    link = text(element, "link")
    folder, _, _ = link.rstrip("/").rpartition("/")
    before = [f"{folder}/{slug}/" for slug in all_meta(element, "_wp_old_slug") if folder and "?" not in link and slug]
    return tuple(dict.fromkeys([*([link] if link else []), *before]))


def _status(element: Element) -> str:
    if text(element, "post_password"):
        return "protected"
    return _STATES.get(text(element, "status"), "draft")
