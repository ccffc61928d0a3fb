"""What stands on every page of a language: top, footer, sign-up box, support form; styles and the security policy.

It is rendered once for each language and depth, and then only put in.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined
from jinja2.ext import Extension
from markupsafe import Markup

from hectograph.press import schema, support_form
from hectograph.press.consent import to_letters
from hectograph.press.paths import absolute, corrections_path, feed_path, lite_path, months_path, search_path
from hectograph.press.records import Site, Twin, Words
from hectograph.press.sign_up import trap
from hectograph.press.words import Vocabulary


@cache
def css(name: str) -> Markup:
    """A stylesheet of `assets/` without its line breaks; it is written tight already."""
    text = (files("hectograph.press") / "assets" / name).read_text(encoding="utf-8")
    return Markup("".join(line.strip() for line in text.splitlines()))  # noqa: S704 (our own file)


# Parts of the stylesheet, and what shows that a page needs them.
_PARTS = (
    ("forms.css", "<form"),
    ("off.css", " disabled"),
    ("more.css", '<section class="rm"'),
    ("letters.css", '<section class="lp"'),
    ("quote.css", "<blockquote"),
    ("table.css", "<table"),
    ("rule.css", "<hr"),
    ("pre.css", "<pre"),
    ("draft.css", '<p class="d"'),
    ("search.css", 'role="search"'),
)
# In one look: every page is looked through for them.
_TAGS = re.compile("|".join(re.escape(mark) for _, mark in _PARTS if mark[0] == "<"))


def stylesheet(page: str, *, lists: bool = False) -> Markup:
    """The styles that `page`, a whole HTML page, uses and no more. `lists` adds those of cards."""
    tags = set(_TAGS.findall(page))
    return _joined(lists, tuple(name for name, mark in _PARTS if mark in (tags if mark[0] == "<" else page)))


@cache
def _joined(lists: bool, parts: tuple[str, ...]) -> Markup:
    names = ("site.css", *(("lists.css",) if lists else ()), *parts)
    return Markup("").join(css(name) for name in names)


@cache
def script(name: str) -> Markup:
    """A script of `assets/` for the page itself, without its comments."""
    text = (files("hectograph.press") / "assets" / name).read_text(encoding="utf-8")
    lines = (line.strip() for line in text.splitlines() if not line.startswith("//"))
    return Markup("\n".join(line for line in lines if line))  # noqa: S704 (our own file)


@cache
def loader(root: str) -> Markup:
    """The one script of a page, whose links start at `root`: it fetches all others. A name alone is no address to a
    module: from a page at the root it starts with `./`."""
    return script("load.js").replace("@@root@@", root or "./")


@cache
def css_hash(style: str) -> str:
    """The stylesheet's SHA-256 in base64, as a content security policy names it (CSP 3, §2.3.1)."""
    return base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()


class OneLine(Extension):
    """Templates are written in lines; a page has none."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        return "".join(line.strip() for line in source.splitlines())


@cache
def environment() -> Environment:
    """The templates. A name that a template asks for and isn't given is an error, not an empty word."""
    loader = PackageLoader("hectograph.press", "templates")
    made = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, auto_reload=False, extensions=[OneLine]
    )
    made.globals["iso"] = schema.iso
    return made


@dataclass(frozen=True)
class Furniture:
    """What stands on every page of one language at one depth."""

    top: Markup
    footer: Markup
    letter: Markup
    support: Markup


class Furnisher:
    """Makes furniture for `site`, and the parts of a page's head that depend on the site alone."""

    def __init__(self, site: Site, vocabularies: Mapping[str, Vocabulary]) -> None:
        self.site, self._vocabularies = site, vocabularies
        self._parts: dict[tuple[str, str], Furniture] = {}
        self.tools = lru_cache(1024)(self._tools)

    def csp(self, more: str, style: str, loader: str) -> str:
        if loader:
            loading = f"script-src 'sha256-{css_hash(loader)}' 'self'"
            more = more.replace("script-src 'self'", loading) if more else f"{loading}; "
        if "connect-src" not in more:  # search engines' own audits read robots.txt from within the page
            more += "connect-src 'self'; "
        return (
            f"default-src 'none'; img-src 'self' data:; style-src 'sha256-{css_hash(style)}'; {more}"
            f"base-uri 'none'; form-action {self._form_hosts}"
        )

    @cached_property
    def _form_hosts(self) -> str:
        actions = [self.site.support.action, self.site.support.remind_action]
        actions += [
            action for words in self.site.languages for action in (words.letter.action, words.letter.second_action)
        ]
        hosts = sorted({f"{url.scheme}://{url.netloc}" for action in actions if (url := urlsplit(action)).netloc})
        return " ".join(hosts) or "'none'"

    def alternates(self, language: str, path: str, twins: tuple[Twin, ...]) -> list[tuple[str, str]]:
        if not twins:
            return []
        pairs = sorted([(language, path), *((twin.language, twin.path) for twin in twins)])
        default = dict(pairs).get(self.site.languages[0].language, path)
        return [(code, absolute(self.site, at)) for code, at in [*pairs, ("x-default", default)]]

    def switches(self, language: str, twins: tuple[Twin, ...]) -> list[tuple[str, str, str]]:
        """The other languages: the same page there, or that language's front."""
        own = {twin.language: twin.path for twin in twins}
        others = (words for words in self.site.languages if words.language != language)
        return [(w.language, self._vocabularies[w.language].own_name, own.get(w.language, w.front)) for w in others]

    def _tools(self, language: str, root: str, support_at: str) -> Markup:
        """What follows the other languages at the top of a page: search, *Support* (which leads to `support_at`; empty:
        left out) and the menu."""
        values = {"words": self._vocabularies[language], "site_words": self.site.words(language), "root": root}
        return self._part("tools.html", {**values, "search": search_path(language), "support_at": support_at})

    def currency_styles(self, page: str) -> Markup:
        """What shows the amounts of the chosen currency alone, where `page` holds the form."""
        return self._currency_styles if 'id="support"' in page else Markup()

    @cached_property
    def _currency_styles(self) -> Markup:
        return support_form.currency_styles(self.site.support)

    def at(self, language: str, root: str) -> Furniture:
        key = language, root
        if key not in self._parts:
            self._parts[key] = self._furnish(language, root)
        return self._parts[key]

    def _furnish(self, language: str, root: str) -> Furniture:
        site_words, words, support = self.site.words(language), self._vocabularies[language], self.site.support
        values = {"words": words, "site_words": site_words, "root": root, "support": support}
        return Furniture(
            top=self._part("top.html", values),
            footer=self._part("footer.html", {**values, "links": self._footer_links(site_words, words)}),
            letter=self._part(
                "letter.html",
                {
                    **values,
                    "letter": site_words.letter,
                    "consent": to_letters(words, len(site_words.letter.newsletters)),
                    "trap": trap(words),
                },
            )
            if site_words.letter.title
            else Markup(),
            support=self._part(
                "support.html", {**values, **support_form.values(support, words), "giving": site_words.giving}
            ),
        )

    def _part(self, template: str, values: dict[str, Any]) -> Markup:
        return Markup(environment().get_template(template).render(values).strip())  # noqa: S704 (our own templates)

    def _footer_links(self, site_words: Words, words: Vocabulary) -> list[tuple[str, str]]:
        language = site_words.language
        links = [
            (words.text("about"), site_words.about),
            (words.text("how_to_read"), site_words.how_to_read),
            (words.text("privacy"), site_words.privacy),
            (words.text("corrections"), corrections_path(language)),
            (words.text("archive"), months_path(language)),
            (words.text("feed"), feed_path(language)),
        ]
        return [(name, path) for name, path in links if path]

    def with_lite(self, footer: Markup, path: str, root: str, language: str) -> Markup:
        words = self._vocabularies[language]
        item = f'<li><a href="{root}{lite_path(path)}">{words.text("lite")}</a></ul>'
        return Markup(str(footer).replace("</ul>", item, 1))  # noqa: S704 (paths are ours)
