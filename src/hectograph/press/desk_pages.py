"""The pages that a desk answers with: files with marked places (`@@token@@` and its like), which the desk fills.

The contract with `desk/` is data: names and places are those of `desk/answers.py`, held together by a test.
"""

from __future__ import annotations

from collections.abc import Iterator

from hectograph.press.consent import to_letters
from hectograph.press.furniture import css, css_hash, environment
from hectograph.press.records import Site
from hectograph.press.sign_up import trap
from hectograph.press.words import Vocabulary

# What each page asks for: nothing, the sign-up form, the same once more, one button, or preferences.
FORMS = {
    "sent": "",
    "again": "sign-up",
    "address": "sign-up",
    "foreign": "sign-up",
    "meant": "sign-up",
    "watched": "sign-up",
    "refused": "",
    "busy": "busy",
    "link": "",
    "confirm": "confirm",
    "confirmed": "",
    "leave": "leave",
    "left": "",
    "erased": "",
    "prefer": "prefer",
    "saved": "",
}


def pages(site: Site, *, second_door: str = "") -> Iterator[tuple[str, bytes]]:
    """`<language>/<name>.html` and bytes of every page. `second_door` is another desk's address, ending in a slash."""
    style = css("site.css") + css("forms.css") + css("desk.css")
    policy = (
        f"default-src 'none'; img-src data:; style-src 'sha256-{css_hash(style)}'; base-uri 'none'; "
        f"form-action 'self'{f' {second_door}' if second_door else ''}"
    )
    vocabularies = {words.language: Vocabulary(words.language, site.time_zone) for words in site.languages}
    languages = [(code, words.own_name) for code, words in vocabularies.items()]
    template = environment().get_template("desk.html")
    for code, words in vocabularies.items():
        for name, form in FORMS.items():
            page = template.render(
                words=words,
                site_words=site.words(code),
                root=f"{site.base_url}/",
                title=words.text(f"desk_{name}_title"),
                name=name,
                form=form,
                css=style,
                csp=policy,
                action="/",
                second_door=second_door,
                newsletters=site.words(code).letter.newsletters,
                languages=languages,
                consent=to_letters(words, len(site.words(code).letter.newsletters)),
                trap=trap(words),
            )
            yield f"{code}/{name}.html", page.encode()
