"""The HTML pages. One renderer serves one version of the site's record; same record in, same bytes out."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

from markupsafe import Markup, escape

from hectograph.press import pieces, schema, support_form
from hectograph.press.furniture import Furnisher, Furniture, css, css_hash, environment, loader, stylesheet
from hectograph.press.paths import (
    absolute,
    feed_path,
    lite_path,
    months_path,
    search_path,
    support_path,
    up,
)
from hectograph.press.records import (
    Bullets,
    Correction,
    FactBox,
    Front,
    Heading,
    ListKind,
    ListPage,
    MonthIndex,
    Paragraph,
    Plain,
    PullQuote,
    Quote,
    Redirect,
    Site,
    Story,
    Twin,
)
from hectograph.press.sign_up import trap
from hectograph.press.words import Vocabulary

_TAG = re.compile(r"<[^>]+>")
_WORDS_A_MINUTE = {"ru": 180}
_SAME_MOMENT = timedelta(minutes=1)
# Stand where styles and policy go, which depend on what the page turns out to hold. No record can hold such a tag.
_STYLE, _POLICY = Markup("<css>"), Markup("<csp>")
# Pages that show cards; the others do without their styles.
_LISTS = frozenset({"front.html", "list.html", "corrections.html", "months.html", "search.html", "letters.html"})
_STILL = frozenset({"removed.html", "not_found.html"})  # nothing on them is asked or filled in
_SEARCH_SCRIPTS = "script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; "


class Renderer:
    """Renders the pages of `site`."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self._vocabularies = {words.language: Vocabulary(words.language, site.time_zone) for words in site.languages}
        self._furniture = Furnisher(site, self._vocabularies)

    def vocabulary(self, language: str) -> Vocabulary:
        return self._vocabularies[language]

    def framed(self, template: str, language: str, path: str, **values: Any) -> bytes:
        """A page of another kind in the frame of all pages; `values` are the frame's and `template`'s."""
        return self._page(template, language, path, **values)

    def furniture(self, language: str, root: str) -> Furniture:
        """What stands on every page of `language`, for a page whose links start at `root`."""
        return self._furniture.at(language, root)

    # --- pages ----------------------------------------------------------------------------------------------------

    def story(self, story: Story, *, draft: str = "") -> bytes:
        """A story's page; where it was taken down, the honest page that stands there instead. `draft` is the text of
        a band across the top."""
        if story.removed_at:
            return self._page("removed.html", story.language, story.path, title=self._removed_title(story), story=story)
        words, root = self._vocabularies[story.language], up(story.path)
        furniture = self._furniture.at(story.language, root)
        return self._page(
            "story.html",
            story.language,
            story.path,
            title=f"{story.headline} — {self.site.words(story.language).name}",
            description=story.standfirst,
            twins=story.twins,
            canonical=True,
            draft=draft,
            lite=self.site.lite,
            support_at="" if story.sensitive else "#support",
            story=story,
            schema=schema.news_article(self.site, story),
            og_image=absolute(self.site, image) if (image := schema.largest_jpeg(story)) else "",
            byline=self._byline(story, root),
            updated=story.modified - story.published > _SAME_MOMENT,
            reading=words.plural("reading_minutes", self._minutes(story)),
            lead=Markup(pieces.figure(story.lead, root, words, eager=True)) if story.lead else "",  # noqa: S704
            body=pieces.BodyPrinter(words, root).blocks(story.body, letter=furniture.letter),
            corrected=lambda fix: self._corrected(fix, root),
            support="" if story.sensitive else furniture.support,
            more=[Markup(pieces.link(card, root, words)) for card in story.read_more],  # noqa: S704
        )

    def lite(self, story: Story) -> bytes:
        """The story without pictures, forms and menu, for bad networks."""
        path = lite_path(story.path)
        words, root, style = self._vocabularies[story.language], up(path), css("lite.css")
        names = ", ".join(byline.name for byline in story.bylines) or (words.text("staff") if story.staff else "")
        return self._render(
            "lite.html",
            words=words,
            site_words=self.site.words(story.language),
            story=story,
            root=root,
            names=names,
            css=style,
            csp=f"default-src 'none'; style-src 'sha256-{css_hash(style)}'; base-uri 'none'; form-action 'none'",
            canonical=absolute(self.site, story.path),
            corrected=lambda fix: self._corrected(fix, root),
            body=pieces.BodyPrinter(words, root, pictures=False).blocks(story.body),
        )

    def plain(self, page: Plain, *, draft: str = "") -> bytes:
        words = self._vocabularies[page.language]
        title = f"{page.title} — {self.site.words(page.language).name}"
        body = pieces.BodyPrinter(words, up(page.path)).blocks(page.body)
        return self._page(
            "plain.html",
            page.language,
            page.path,
            title=title,
            twins=page.twins,
            canonical=True,
            draft=draft,
            page=page,
            body=body,
        )

    def front(self, front: Front) -> bytes:
        site_words, words, root = self.site.words(front.language), self._vocabularies[front.language], up(front.path)
        furniture = self._furniture.at(front.language, root)
        title = f"{site_words.name} — {site_words.tagline}" if site_words.tagline else site_words.name
        leads = [
            Markup(pieces.card(card, root, words, sizes=pieces.CARD if place else pieces.WIDE))  # noqa: S704
            for place, card in enumerate(front.leads)
        ]
        return self._page(
            "front.html",
            front.language,
            front.path,
            title=title,
            description=site_words.tagline,
            twins=front.twins,
            canonical=True,
            support_at="#support",
            front=front,
            breaking_href=_href(front.breaking.path, root) if front.breaking else "",
            leads=leads,
            latest=[Markup(pieces.card(card, root, words, level=3)) for card in front.latest],  # noqa: S704
            letter=furniture.letter,
            support=furniture.support,
            archive=months_path(front.language),
        )

    def list_page(self, page: ListPage) -> bytes:
        """A page of any list. Numbered pages, which never change their stories, point search engines at themselves."""
        words, root = self._vocabularies[page.language], up(page.path)
        heading = self._heading(page)
        shared: dict[str, Any] = {
            "title": f"{heading} — {self.site.words(page.language).name}",
            "description": page.description,
            "twins": page.twins,
            "canonical": True,
            "feed": page.feed,
            "page": page,
        }
        if page.kind is ListKind.CORRECTIONS:
            fixes = [(card, fix, self._corrected(fix, root)) for card, fix in page.corrections]
            return self._page("corrections.html", page.language, page.path, fixes=fixes, **shared)
        portrait = pieces.picture(page.photo.crops, page.photo.alt, root, sizes=pieces.CARD) if page.photo else ""
        items = [Markup(pieces.card(card, root, words)) for card in page.cards]  # noqa: S704
        return self._page(
            "list.html",
            page.language,
            page.path,
            heading=heading,
            portrait=Markup(portrait),  # noqa: S704
            items=items,
            **shared,
        )

    def support(self, language: str, now: datetime) -> bytes:
        """The page that asks for support and says what a giver should know. Its months begin with the next one."""
        words, path = self._vocabularies[language], support_path(language)
        return self._page(
            "support_page.html",
            language,
            path,
            title=self._titled(language, "support_page"),
            twins=tuple(
                Twin(one.language, support_path(one.language))
                for one in self.site.languages
                if one.language != language
            ),
            canonical=True,
            support_at="#support",
            support=self._furniture.at(language, up(path)).support,
            giving=self.site.words(language).giving,
            transfer="transfer" in self.site.support.methods,
            transfer_only=", ".join(self.site.support.only.get("transfer", ())),
            months=support_form.months(words, now),
            remind_action=self.site.support.remind_action,
            trap=trap(words),
        )

    def months(self, index: MonthIndex) -> bytes:
        title = self._titled(index.language, "archive")
        return self._page("months.html", index.language, index.path, title=title, canonical=True, index=index)

    def search(self, language: str) -> bytes:
        title = self._titled(language, "search")
        return self._page(
            "search.html",
            language,
            search_path(language),
            title=title,
            csp_more=_SEARCH_SCRIPTS,
            noindex=True,
            archive=months_path(language),
        )

    def not_found(self, language: str) -> bytes:
        """The page for addresses where nothing stands. Its links start at the host's root: any depth is served it."""
        title = self._titled(language, "not_found_title")
        return self._page(
            "not_found.html", language, "404.html", title=title, root="/", noindex=True, archive=months_path(language)
        )

    def redirect(self, redirect: Redirect) -> bytes:
        language = redirect.path.partition("/")[0]
        words = self._vocabularies.get(language) or next(iter(self._vocabularies.values()))
        return self._render(
            "redirect.html",
            words=words,
            href=_href(redirect.target, up(redirect.path)),
            canonical=redirect.target if "://" in redirect.target else absolute(self.site, redirect.target),
        )

    def body_for_feed(self, story: Story) -> str:
        """A story's body as HTML with absolute links, for feeds: lead picture, text, corrections."""
        words, root = self._vocabularies[story.language], f"{self.site.base_url}/"
        lead = pieces.figure(story.lead, root, words) if story.lead else ""
        fixes = "".join(
            f"<p><b>{words.text(fix.kind.value)}</b>. {pieces.rooted(fix.html, root)}</p>" for fix in story.corrections
        )
        return f"{lead}{pieces.BodyPrinter(words, root).blocks(story.body)}{fixes}"

    # --- what stands on every page --------------------------------------------------------------------------------

    def _page(
        self,
        template: str,
        language: str,
        path: str,
        *,
        title: str,
        description: str = "",
        twins: tuple[Twin, ...] = (),
        canonical: bool = False,
        noindex: bool = False,
        draft: str = "",
        root: str | None = None,
        feed: str = "",
        lite: bool = False,
        support_at: str = "",
        csp_more: str = "",
        **values: Any,
    ) -> bytes:
        root = up(path) if root is None else root
        site_words, furniture = self.site.words(language), self._furniture.at(language, root)
        script = "" if template in _STILL else loader(root)
        page = self._rendered(
            template,
            words=self._vocabularies[language],
            site_words=site_words,
            root=root,
            title=title,
            description=description,
            canonical=absolute(self.site, path) if canonical else "",
            alternates=self._furniture.alternates(language, path, twins) if canonical else [],
            noindex=noindex or template == "removed.html",
            draft=draft,
            page_feeds=[
                ("rss", feed or feed_path(language)),
                ("atom", (feed or feed_path(language)).replace("feed.xml", "atom.xml")),
            ],
            css=_STYLE,
            loader=script,
            csp=_POLICY,
            top=furniture.top,
            switches=self._furniture.switches(language, twins),
            tools=self._furniture.tools(language, root, support_at or _support_elsewhere(template, language, root)),
            footer=self._furniture.with_lite(furniture.footer, path, root, language) if lite else furniture.footer,
            archive=values.pop("archive", months_path(language)),
            **values,
        )
        style = stylesheet(page, lists=template in _LISTS) + self._furniture.currency_styles(page)
        policy = self._furniture.csp(csp_more, style, script)
        return page.replace(_POLICY, policy, 1).replace(_STYLE, style, 1).encode()

    def _rendered(self, template: str, **values: Any) -> str:
        return environment().get_template(template).render(values)

    def _render(self, template: str, **values: Any) -> bytes:
        return self._rendered(template, **values).encode()

    # --- small parts ----------------------------------------------------------------------------------------------

    def _titled(self, language: str, word: str) -> str:
        return f"{self._vocabularies[language].text(word)} — {self.site.words(language).name}"

    def _removed_title(self, story: Story) -> str:
        return self._titled(story.language, "removed_title")

    def _heading(self, page: ListPage) -> str:
        words = self._vocabularies[page.language]
        if page.kind is ListKind.MONTH:
            year, month = page.title.split("-")
            return words.text("archive_month", month=words.month(int(year), int(month)))
        if page.kind is ListKind.CORRECTIONS:
            return words.text("corrections")
        return words.text("by_byline", who=page.title) if page.kind is ListKind.BYLINE else page.title

    def _byline(self, story: Story, root: str) -> Markup:
        words = self._vocabularies[story.language]
        names = [
            f'<a href="{root}{byline.path}">{escape(byline.name)}</a>' if byline.path else str(escape(byline.name))
            for byline in story.bylines
        ]
        if story.staff and not names:
            return Markup(words.text("staff"))  # noqa: S704 (our own word)
        return Markup(f"{words.text('by')} {', '.join(names)}" if names else "")  # noqa: S704 (escaped above)

    def _minutes(self, story: Story) -> int:
        count = sum(len(_text(block).split()) for block in story.body)
        return max(1, round(count / _WORDS_A_MINUTE.get(story.language, 200)))

    def _corrected(self, fix: Correction, root: str) -> Markup:
        return Markup(pieces.rooted(fix.html, root))  # noqa: S704 (records hold sanitised HTML)


def _text(block: object) -> str:
    if isinstance(block, Paragraph | Quote | FactBox):
        return _TAG.sub("", block.html) if "<" in block.html else block.html
    if isinstance(block, Heading | PullQuote):
        return block.text
    return " ".join(_TAG.sub("", item) for item in block.items) if isinstance(block, Bullets) else ""


def _href(path: str, root: str) -> str:
    return path if "://" in path or not path else f"{root}{path}"


def _support_elsewhere(template: str, language: str, root: str) -> str:
    """On a page without the form, *Support* leads to the page for it; on a sensitive story it is left out."""
    return "" if template in ("story.html", "removed.html") else f"{root}{support_path(language)}"
