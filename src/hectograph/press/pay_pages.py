"""The desk's pages about paying: the pay page and one page for each word that may come back. Files with marked places,
which the desk fills; names and places are those of `desk/pay_pages.py`, held together by a test.

The pay page is the one page of ours that calls someone else. Its policy names the processor's addresses and no other.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from hectograph.press.furniture import css, css_hash, environment, script
from hectograph.press.paths import support_path
from hectograph.press.records import Site
from hectograph.press.words import Vocabulary

# What follows the words of each page: nothing, a form, facts, or the page that changes by itself.
TOLD = {
    "ask": "ask",
    "under-way": "waits",
    "unknown": "waits",
    "paid": "thanks",
    "processing": "thanks",
    "declined": "again",
    "refused": "more",
    "refused-asked": "more",
    "refused-caution": "again",
    "refused-terms": "again",
    "caution": "caution",
    "expired": "again",
    "away": "again",
    "closed": "again",
    "already": "",
    "transfer": "transfer",
    "done": "done",
    "failed": "again",
    "shown": "",
    "gone": "",
    "crowded": "kept",
    "over": "",
    "email": "email",
    "watched": "email",
    "plan": "plan",
    "plan-away": "cancel",
    "kept": "",
    "asking": "waits",
    "mended": "link",
    "remind-sent": "sent",
    "remind-address": "reminder",
    "remind-watched": "calendar",
    "remind-confirm": "button",
    "remind-confirmed": "",
    "remind-forget": "button",
    "remind-forgotten": "",
}
_NO_TRANSFER = "-no-transfer"  # ends the name of a pay page in a currency that no transfer is taken in
PAY = {
    **{"pay-once": "payment", "pay-again": "subscription"},
    **{f"pay-once{_NO_TRANSFER}": "payment", f"pay-again{_NO_TRANSFER}": "subscription"},
    "card": "setup",
    "account": "setup",
}
_DEBIT = "sepa_debit"
_SETS_UP = {"card": ("card",), "account": (_DEBIT,)}  # the fields of each page that charges nothing
_MESSAGES = ("opening", "ready", "slow", "unloaded", "busy", "working", "lost")
_MESSAGES_OF_THE_DESK = ("away", "crowded", "over", "wrong", "email_wrong")
_ANOTHER_WAY = ("slow", "unloaded", "crowded")  # messages that name the transfer, where the page offers one
_LABELS = (
    *("again", "day_wrong", "plan_amount", "plan_next", "plan_paused", "plan_expires", "plan_go-on"),
    *("plan_ending", "plan_ended", "plan_account"),
    *("paid_manage", "paid_receipt", "paid_code", "plan_title"),
    *("transfer_reference", "transfer_amount", "transfer_account", "transfer_name", "transfer_bic"),
)
_SAMPLE = 123_456_789  # minor units: shows where a language puts the sign, and how it groups


@dataclass(frozen=True)
class Rail:
    """What the pay page needs to know of the card processor. `script` is the whole address of its script, `api` and
    `frames` are origins. Without a `key` no card fields are shown. `transfer` holds the currencies that the newsroom's
    own account takes, none where it offers none. `demo` says on the page that no money moves."""

    service: str = "Stripe"
    key: str = ""
    script: str = ""
    api: str = ""
    frames: tuple[str, ...] = ()
    methods: tuple[str, ...] = ("card",)
    currencies: tuple[str, ...] = ("USD",)
    transfer: tuple[str, ...] = ()
    demo: bool = False

    @property
    def script_origin(self) -> str:
        return "/".join(self.script.split("/")[:3])


def pages(site: Site, rail: Rail) -> Iterator[tuple[str, bytes]]:
    """`pay/<language>/<name>.html` and bytes of every page, and the words that the desk itself puts in, as JSON.
    In a folder of their own: the sign-up form has pages of the same names."""
    for words_of_site in site.languages:
        words = Vocabulary(words_of_site.language, site.time_zone)
        folder = f"pay/{words.language}"
        for name, form in TOLD.items():
            yield f"{folder}/{name}.html", _page("told.html", site, rail, words, name=name, form=form)
        for name, mode in PAY.items():
            own = replace(rail, transfer=()) if name.endswith(_NO_TRANSFER) else rail
            own = replace(own, methods=_SETS_UP.get(name, own.methods))
            yield f"{folder}/{name}.html", _page("pay.html", site, own, words, name=name, mode=mode)
        yield f"{folder}/pay.json", json.dumps(_own_words(rail, words), ensure_ascii=False).encode()


def _page(template: str, site: Site, rail: Rail, words: Vocabulary, *, name: str, **more: str) -> bytes:
    style = css("site.css") + css("forms.css") + css("desk.css") + css("pay.css")
    own = _script(name, more.get("form", ""))
    text = words.texts("pay")
    page = environment().get_template(template).render(
        words=words,
        pay=text,
        site_words=site.words(words.language),
        root=f"{site.base_url}/",
        name=name,
        rail=rail,
        support_page=support_path(words.language),
        css=style,
        script=own,
        csp=_policy(rail, style, own),
        messages=json.dumps(_messages(text, rail, more), ensure_ascii=False).replace("<", "\\u003c"),
        **more,
    )  # fmt: skip
    return page.encode()


def _script(name: str, form: str) -> str:
    if name in PAY:
        return script("pay.js")
    return script("wait.js") if form == "waits" else ""


def _policy(rail: Rail, style: str, own: str) -> str:
    """Nothing is allowed but our style, our script, and what the processor's fields need."""
    own_alone = ["img-src data:", f"style-src 'sha256-{css_hash(style)}'", "base-uri 'none'", "form-action 'self'"]
    parts = ["default-src 'none'", *own_alone]
    if own:
        theirs = f" {rail.script_origin}" if rail.key else ""
        parts += [f"script-src 'sha256-{css_hash(own)}'{theirs}", f"connect-src 'self'{_spaced(rail, rail.api)}"]
        parts += [f"frame-src {' '.join(rail.frames)}"] if rail.key else []
    return "; ".join(parts)


def _spaced(rail: Rail, origin: str) -> str:
    return f" {origin}" if rail.key else ""


def _messages(text: dict[str, str], rail: Rail, more: dict[str, str]) -> dict[str, str]:
    """What the page's script says, by the word for it."""
    said = {name: text[name] for name in (*_MESSAGES, *_MESSAGES_OF_THE_DESK)} | {"watched": text["watched_text"]}
    if rail.transfer and more.get("mode") != "setup":
        said |= {name: f"{said[name]} {text['or_transfer']}" for name in _ANOTHER_WAY}
    return said


def _own_words(rail: Rail, words: Vocabulary) -> dict[str, Any]:
    """What the desk says within its pages: amounts, how often, why not."""
    text = words.texts("pay")
    return {
        "money": {currency: _written(words, currency) for currency in rail.currencies},
        "how": {name: text[f"how_{name}"] for name in ("once", "monthly", "annual")},
        "ask": {name: text[f"ask_{name}"] for name in ("amount", "low", "high", "currency", "frequency")},
        "labels": {name: text[name] for name in _LABELS},
        "dates": [_month(words, number) for number in range(1, 13)],
        **{name: _reasons(text, name) for name in ("declined", "failed", "done")},
    }


def _reasons(text: dict[str, str], page: str) -> dict[str, str]:
    """What stands in the page `page` for each reason, by the reason."""
    names = [name for name in text if name.startswith(f"{page}_") and name not in (f"{page}_title", f"{page}_text")]
    return {name.removeprefix(f"{page}_"): text[name] for name in names}


def _month(words: Vocabulary, number: int) -> str:
    """How a date of a month is written, with `{day}` and `{year}` in it."""
    shown = words.date(datetime(2077, number, 8, 12, tzinfo=UTC))
    return shown.replace("2077", "{year}").replace("8", "{day}", 1)


def _written(words: Vocabulary, currency: str) -> list[str]:
    """How amounts of a currency are written: what stands before and after, between thousands, before the decimals."""
    shown = words.amount(_SAMPLE, currency)
    first, last = shown.index("1"), shown.rindex("9") + 1
    digits = shown[first:last]
    has_decimals = digits.endswith("89") and not digits[-3].isdigit()
    return [
        shown[:first],
        shown[last:],
        digits[1] if not digits[1].isdigit() else "",
        digits[-3] if has_decimals else ".",
    ]
