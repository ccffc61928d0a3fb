"""WordPress's own notations turned into plain HTML: paragraphs made by empty lines, shortcodes, block comments."""

from __future__ import annotations

import html
import re
from collections.abc import Callable

Told = Callable[[str], None]

_BLOCK_COMMENT = re.compile(r"<!--.*?-->", re.S)
_IS_BLOCKS = re.compile(r"<!--\s*wp:")
_CAPTION = re.compile(r"\[(?:wp_)?caption([^\]]*)\](.*?)\[/(?:wp_)?caption\]", re.S)
_GALLERY = re.compile(r"\[gallery([^\]]*)\]")
_EMBED = re.compile(r"\[embed[^\]]*\](.*?)\[/embed\]", re.S)
_MEDIA = re.compile(r"\[(audio|video|playlist)([^\]]*)\](?:\s*\[/\1\])?")
_WITH_ATTRIBUTES = re.compile(r"\[([a-z][\w-]+)\s+\w+=[\"'][^\]]*\]")
_CLOSING = re.compile(r"\[/([a-z][\w-]+)\]")
_MORE = re.compile(r"<!--\s*(more|nextpage)[^>]*-->")
_PRE = re.compile(r"<(pre|script|style|textarea)\b.*?</\1>", re.S | re.I)
_BLOCK_TAG = re.compile(
    r"(</?(?:p|div|section|article|aside|h[1-6]|ul|ol|li|dl|dt|dd|blockquote|figure|figcaption|table|thead|tbody|tfoot|tr|td|th|"
    r"caption|hr|address|form|fieldset|iframe|object|video|audio|center|details|summary)\b[^>]*>)",
    re.I,
)
_INNER = re.compile(r"^</?(?:li|dt|dd|tr|td|th|thead|tbody|tfoot|caption|figcaption|summary)\b", re.I)
_ATTRIBUTE = re.compile(r"(\w+)\s*=\s*[\"']?([^\"'\]]+)[\"']?")
_URL_LINE = re.compile(r"^\s*(https?://\S+)\s*$", re.M)


def prepare(body: str, told: Told) -> str:
    """Plain HTML of a post's body, classic or made of blocks."""
    blocks = bool(_IS_BLOCKS.search(body))
    body = _MORE.sub("\n\n", body)
    body = _shortcodes(body, told)
    body = _BLOCK_COMMENT.sub("", body)
    return body if blocks else paragraphs(body)


def _shortcodes(body: str, told: Told) -> str:
    body = _CAPTION.sub(lambda found: _caption(found[1], found[2]), body)
    body = _GALLERY.sub(lambda found: _gallery(found[1], told), body)
    body = _EMBED.sub(lambda found: f"\n\n{_linked(found[1].strip())}\n\n", body)
    body = _MEDIA.sub(lambda found: _media(found[1], found[2], told), body)
    for found in _WITH_ATTRIBUTES.finditer(body):
        told(f"the shortcode [{found[1]}] was taken out")
    names = {found[1] for found in _WITH_ATTRIBUTES.finditer(body)}
    body = _WITH_ATTRIBUTES.sub("", body)
    return _CLOSING.sub(lambda found: "" if found[1] in names else found[0], body)


def _caption(attributes: str, inner: str) -> str:
    image = re.search(r"(?:<a\b[^>]*>\s*)?<img\b[^>]*>(?:\s*</a>)?", inner, re.S)
    picture = image[0] if image else ""
    text = inner.replace(picture, "", 1).strip() or dict(_ATTRIBUTE.findall(attributes)).get("caption", "")
    number = re.search(r"attachment_(\d+)", attributes)
    name = f' id="attachment_{number[1]}"' if number else ""
    return f"\n\n<figure{name}>{picture}<figcaption>{text}</figcaption></figure>\n\n"


def _gallery(attributes: str, told: Told) -> str:
    found: dict[str, str] = dict(_ATTRIBUTE.findall(attributes))
    named: str = found.get("ids") or found.get("include") or ""
    numbers = [number for number in re.split(r"[,\s]+", named) if number.isdigit()]
    if not numbers:
        told("a gallery of all pictures of the post was taken out: it names none")
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
    text = _BLOCK_TAG.sub(lambda found: found[1] if _INNER.match(found[1]) else f"\n\n{found[1]}\n\n", text)
    parts = [_wrapped(part.strip()) for part in re.split(r"\n\s*\n", text) if part.strip()]
    return re.sub("\x01(\\d+)\x02", lambda found: kept[int(found[1])], "".join(parts))


def _wrapped(part: str) -> str:
    if part.startswith(("<!--", "\x01")) or _BLOCK_TAG.match(part):
        return part
    return f"<p>{part}</p>".replace("\n", "<br>")
