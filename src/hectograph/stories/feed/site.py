"""The record of what stands on every page."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings

from hectograph.press import records
from hectograph.press.support_records import Offered
from hectograph.stories import addresses
from hectograph.stories.few_pages import few
from hectograph.stories.plain import PlainPage
from hectograph.stories.section import Section
from hectograph.stories.site_words import CurrencyOffer, SiteRecord, SiteWords, amounts

_previews: list[Callable[[str], str]] = [lambda language: ""]
_newsletters: list[Callable[[str], tuple[records.Newsletter, ...]]] = [lambda language: ()]


def use_previews(path_of: Callable[[str], str]) -> None:
    """`newsroom.wiring` calls this once: `path_of` says where the newest letter of a language stands."""
    _previews[:] = [path_of]


def use_newsletters(offered: Callable[[str], tuple[records.Newsletter, ...]]) -> None:
    """`newsroom.wiring` calls this once: `offered` says which newsletters can be asked for, in a language."""
    _newsletters[:] = [offered]


def site() -> records.Site:
    """The site as it stands now."""
    row = SiteRecord.objects.order_by("pk").first() or SiteRecord()
    words = {words.language: words for words in row.words.all()} if row.pk else {}
    return records.Site(
        base_url=row.base_url,
        languages=tuple(_words(row, code, words.get(code)) for code, _ in settings.LANGUAGES),
        time_zone=settings.TIME_ZONE,
        support=_support(row),
        lite=row.lite,
        version=row.version,
    )


def _support(row: SiteRecord) -> records.Support:
    others = row.offers.exclude(currency=row.currency).order_by("pk") if row.pk else ()
    standing = records.Support()
    methods = tuple(one for one in standing.methods if one in settings.HECTO_SUPPORT_METHODS) or standing.methods
    offers = _payable(tuple(_offered(one) for one in (row, *others)), methods)
    takes = {one: tuple(offer.currency for offer in offers if _takes(one, offer.currency)) for one in methods}
    return records.Support(
        offers=offers,
        methods=tuple(one for one in methods if takes[one]),
        only={one: taken for one, taken in takes.items() if 0 < len(taken) < len(offers)},
        action=row.support_action,
        remind_action=row.remind_action,
    )


def _payable(offers: tuple[Offered, ...], methods: tuple[str, ...]) -> tuple[Offered, ...]:
    """Those that a method takes; all of them where none is taken, and then the desk says which are."""
    return tuple(one for one in offers if any(_takes(method, one.currency) for method in methods)) or offers


def _takes(method: str, currency: str) -> bool:
    """A SEPA debit is in euros alone, and a transfer in what the bank takes on the newsroom's account."""
    only = {"sepa": ["EUR"], "transfer": settings.HECTO_TRANSFER_CURRENCIES}
    return currency in only.get(method, [currency])


def _offered(row: SiteRecord | CurrencyOffer) -> Offered:
    return Offered(
        row.currency,
        once=amounts(row.once),
        monthly=amounts(row.monthly),
        annual=amounts(row.annual),
        minimum=amounts(row.minimum)[0],
    )


def _words(row: SiteRecord, language: str, words: SiteWords | None) -> records.Words:
    words = words or SiteWords(language=language, name=settings.WAGTAIL_SITE_NAME)
    roles = _pages_with_a_role(language)
    return records.Words(
        language=language,
        name=words.name,
        tagline=words.tagline,
        menu=_menu(language),
        front=addresses.front_path(language),
        message_title=words.message_title,
        message=paragraphs(words.message),
        letter=records.Letter(
            words.letter_title,
            words.letter_text,
            row.letter_action,
            _previews[0](language),
            second_action=row.letter_second_action,
            key=row.intake_key,
            watched_hosts=tuple(settings.HECTO_WATCHED_HOSTS),
            newsletters=_newsletters[0](language),
        ),
        giving=records.Giving(
            words.crime_notice, paragraphs(words.money_use), words.support_contact, words.reminder_title
        ),
        notice=words.notice,
        footer=words.footer,
        about=roles.get("about", ""),
        privacy=roles.get("privacy", ""),
        how_to_read=roles.get("how_to_read", ""),
    )


def paragraphs(text: str) -> tuple[str, ...]:
    """What an editor wrote, parted at empty lines."""
    parts = (part.strip() for part in text.replace("\r\n", "\n").split("\n\n"))
    return tuple(part for part in parts if part)


def _menu(language: str) -> tuple[records.Section, ...]:
    rows = Section.objects.filter(locale__language_code=language, in_menu=True).order_by("order", "pk")
    return tuple(section(row, language) for row in rows)


def section(row: Section, language: str) -> records.Section:
    path = addresses.list_path(records.ListKind.SECTION, language, row.slug)
    return records.Section(row.pk, row.name, path, row.description)


def _pages_with_a_role(language: str) -> dict[str, str]:
    rows = few(PlainPage).filter(locale__language_code=language, live=True).exclude(role="").order_by("-pk")
    by_role = dict(rows.values_list("role", "pk"))
    paths = addresses.current(by_role.values())
    return {role: paths[pk] for role, pk in by_role.items() if pk in paths}
