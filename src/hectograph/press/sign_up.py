"""What the sign-up form carries on every page: a trap for machines, and what seals it."""

from __future__ import annotations

from importlib.resources import files

from markupsafe import Markup, escape

from hectograph.press.records import Letter
from hectograph.press.words import Vocabulary


def sealing_script(letter: Letter) -> bytes:
    """`seal.js`: seals the form in the reader's browser to the key that it brings. Fetched when somebody starts to fill
    the form in; so a new key is a new file of its own, and no page carries one."""
    text = (files("hectograph.press") / "assets" / "seal.js").read_text(encoding="utf-8")
    text = "".join(line for line in text.splitlines(keepends=True) if not line.startswith("//"))
    return text.replace("@@key@@", letter.key).replace("@@hosts@@", " ".join(letter.watched_hosts)).encode()


def trap(words: Vocabulary) -> Markup:
    """A field that people don't see and machines fill in. Its name is none that browsers fill by themselves."""
    label = escape(words.text("desk_trap"))
    field = '<input name="website" tabindex="-1" autocomplete="off">'
    return Markup(f'<div class="skip" aria-hidden="true"><label>{label}{field}</label></div>')  # noqa: S704 (escaped)
