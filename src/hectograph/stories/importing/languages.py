"""Archives in several languages: in which an item is, and which items say the same (twins)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from hectograph.stories.importing.items import Item

# qTranslate keeps all languages in one text, each behind a mark: <!--:en-->…<!--:ru-->…<!--:--> or [:en]…[:ru]…[:].
_MARK = re.compile(r"<!--:([a-z]{2})?-->|\[:([a-z]{2})?\]")


def code(name: str) -> str:
    """The language alone of what an archive calls it (ru_RU, ru-ru, RU)."""
    return re.split(r"[-_]", name.strip().lower())[0][:8]


def kept(text: str) -> str:
    """`text` with its marks in a form that outlives the removal of tags."""
    return re.sub(r"<!--:([a-z]{2})?-->", r"[:\1]", text)


def each(item: Item) -> Iterator[Item]:
    """The item, or one for each language that its text holds."""
    titles, bodies, excerpts = by_language(item.title), by_language(item.body), by_language(item.excerpt)
    found = list(dict.fromkeys([*bodies, *titles]))
    if not found:
        yield item
        return
    for number, language in enumerate(found):
        yield replace(
            item,
            source=item.source if number == 0 else f"{item.source}#{language}",
            where=f"{item.where} ({language})",
            title=titles.get(language, "") if titles else item.title,
            body=bodies.get(language, "") if bodies else item.body,
            excerpt=excerpts.get(language, "") if excerpts else item.excerpt,
            language=language,
            twins=item.source,
            slug=item.slug if number == 0 else "",
            old_urls=item.old_urls if number == 0 else (),
            comments=item.comments if number == 0 else 0,
        )


def by_language(text: str) -> dict[str, str]:
    """The text in each language that it is in; what stands outside of all marks is in each. Empty without marks."""
    if not (found := list(_MARK.finditer(text))):
        return {}
    names = list(dict.fromkeys(name for mark in found if (name := mark[1] or mark[2])))
    parts = {name: [text[: found[0].start()]] for name in names}
    for mark, after in zip(found, [*found[1:], None], strict=True):
        said, name = text[mark.end() : after.start() if after else len(text)], mark[1] or mark[2]
        for one in [name] if name else names:
            parts[one].append(said)
    return {name: "".join(said) for name, said in parts.items()}
