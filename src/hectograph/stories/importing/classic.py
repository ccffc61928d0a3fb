"""WordPress's own notations turned into plain HTML: paragraphs made by empty lines, shortcodes, block comments."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Sequence

Told = Callable[[str], None]

# Hostile bodies repeat an opening without end: each pattern stops at the next opening, so that time grows with length.
_BLOCK_COMMENT = re.compile(r"<!--(?:(?!<!--).)*?-->", re.S)
_IS_BLOCKS = re.compile(r"<!--\s?wp:")
_CAPTION = re.compile(r"\[(?:wp_)?caption([^\[\]]*)\]((?:(?!\[(?:wp_)?caption).)*?)\[/(?:wp_)?caption\]", re.S)
_GALLERY = re.compile(r"\[gallery([^\[\]]*)\]")
_EMBED = re.compile(r"\[embed[^\[\]]*\]([^\[\]]*)\[/embed\]")
_MEDIA = re.compile(r"\[(audio|video|playlist)([^\[\]]*)\](?:\s{0,9}\[/\1\])?")
_WITH_ATTRIBUTES = re.compile(r"\[([a-z][\w-]{1,60})\s+\w{1,60}=[\"'][^\[\]]*\]")
_ALONE = re.compile(r"^[ \t]*\[([a-z][\w-]{2,60})/?\][ \t]*$", re.M)
_CLOSING = re.compile(r"\[/([a-z][\w-]{1,60})\]")
_BARE = re.compile(r"\[/?([a-z][\w-]{1,60})/?\]")
_MORE = re.compile(r"<!--\s?(more|nextpage)\b[^<>]*-->")
_PRE = re.compile(r"<(pre|script|style|textarea)\b(?:(?!<\1\b).)*?</\1>", re.S | re.I)
_BLOCK_TAG = re.compile(
    r"(</?(?:p|div|section|article|aside|h[1-6]|ul|ol|li|dl|dt|dd|blockquote|figure|figcaption|table|thead|tbody|tfoot|tr|td|th|"
    r"caption|hr|address|form|fieldset|iframe|object|video|audio|center|details|summary)\b[^<>]*>)",
    re.I,
)
_INNER = re.compile(r"^</?(?:li|dt|dd|tr|td|th|thead|tbody|tfoot|caption|figcaption|summary)\b", re.I)
_HOLDS = re.compile(r"^</?(?:div|section|article|aside|blockquote|address|form|fieldset|center|details|hr)\b", re.I)
_ATTRIBUTE = re.compile(r"(\w{1,60})\s?=\s?[\"']?([^\"'\]]+)[\"']?")
_URL_LINE = re.compile(r"^[ \t]*(https?://\S{1,2000})[ \t]*$", re.M)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def prepare(body: str, told: Told, attached: Sequence[str] = ()) -> str:
    """Plain HTML of a post's body, classic or made of blocks. `attached` are the pictures that were uploaded for it:
    a gallery that names none shows those."""
    blocks = bool(_IS_BLOCKS.search(body))
    body = _MORE.sub("\n\n", _CONTROL.sub("", body))
    body = _shortcodes(body, told, attached)
    body = _BLOCK_COMMENT.sub("", body)
    return body if blocks else paragraphs(body)


def _shortcodes(body: str, told: Told, attached: Sequence[str]) -> str:
    if "[" not in body:
        return body
    body = _CAPTION.sub(lambda found: _caption(found[1], found[2]), body)
    body = _GALLERY.sub(lambda found: _gallery(found[1], told, attached), body)
    body = _EMBED.sub(lambda found: f"\n\n{_linked(found[1].strip())}\n\n", body)
    body = _MEDIA.sub(lambda found: _media(found[1], found[2], told), body)
    return _unknown(body, told)


def _unknown(body: str, told: Told) -> str:
    """Shortcodes of plugins: those with attributes, those that are closed, those alone on a line. What stands between
    two of them stays. A word in brackets within a sentence is just that."""
    closed = {found[1] for found in _CLOSING.finditer(body)}
    names = {found[1] for found in _WITH_ATTRIBUTES.finditer(body)} | {found[1] for found in _ALONE.finditer(body)}
    names |= {name for name in closed if f"[{name}]" in body}
    if not names:
        return body
    for name in sorted(names):
        told(f"the shortcode [{name}] was taken out")
    body = _WITH_ATTRIBUTES.sub("", body)
    return _BARE.sub(lambda found: "" if found[1] in names else found[0], body)


def _caption(attributes: str, inner: str) -> str:
    image = re.search(r"(?:<a\b[^<>]*>\s{0,9})?<img\b[^<>]*>(?:\s{0,9}</a>)?", inner, re.S)
    picture = image[0] if image else ""
    text = inner.replace(picture, "", 1).strip() or dict(_ATTRIBUTE.findall(attributes)).get("caption", "")
    number = re.search(r"attachment_(\d+)", attributes)
    name = f' id="attachment_{number[1]}"' if number else ""
    return f"\n\n<figure{name}>{picture}<figcaption>{text}</figcaption></figure>\n\n"


def _gallery(attributes: str, told: Told, attached: Sequence[str]) -> str:
    found: dict[str, str] = dict(_ATTRIBUTE.findall(attributes))
    named: str = found.get("ids") or found.get("include") or ""
    numbers = [number for number in re.split(r"[,\s]+", named) if number.isdigit()] or list(attached)
    if not numbers:
        told("a gallery of all pictures of the post was taken out: the file names none")
    images = "".join(f'<img data-id="{number}" src="">' for number in numbers)
    return f'\n\n<figure class="gallery">{images}</figure>\n\n' if images else ""


def _media(kind: str, attributes: str, told: Told) -> str:
    source = next((value for _, value in _ATTRIBUTE.findall(attributes) if value.startswith("http")), "")
    told(f"[{kind}] became a link")
    return f"\n\n{_linked(source)}\n\n" if source else ""


def _linked(url: str) -> str:
    safe = html.escape(url, quote=True)
    return f'<p><a href="{safe}">{safe}</a></p>' if url.startswith(("http://", "https://")) else safe


def paragraphs(body: str) -> str:
    """Empty lines part paragraphs, single ones break lines; block elements and preformatted text stay as they are."""
    kept: list[str] = []

    def keep(found: re.Match[str]) -> str:
        kept.append(found[0])
        return f"\n\n\x01{len(kept) - 1}\x02\n\n"

    text = _PRE.sub(keep, body.replace("\r\n", "\n").replace("\r", "\n"))
    text = _URL_LINE.sub(lambda found: f"\n\n{_linked(found[1])}\n\n", text)
    text = _BLOCK_TAG.sub(lambda found: _parted(found[1]), text)
    parts = [_wrapped(part.strip()) for part in re.split(r"\n\s*\n", text) if part.strip()]
    return re.sub("\x01(\\d+)\x02", lambda found: kept[int(found[1])], "".join(parts))


def _parted(tag: str) -> str:
    """A tag with the empty lines that part it from what is beside it; what holds other blocks stands alone."""
    if _INNER.match(tag):
        return tag
    if _HOLDS.match(tag):
        return f"\n\n{tag}\n\n"
    return f"{tag}\n\n" if tag.startswith("</") else f"\n\n{tag}"


def _wrapped(part: str) -> str:
    if part.startswith(("<!--", "\x01")) or _BLOCK_TAG.match(part):
        return part
    return f"<p>{part}</p>".replace("\n", "<br>")
