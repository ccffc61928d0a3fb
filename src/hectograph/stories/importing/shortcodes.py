"""Shortcodes: what stands between two of them stays; pictures, links and words that they hold come along; the rest is
told of. A word in brackets within a sentence is just that."""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Callable, Sequence
from urllib.parse import unquote

Told = Callable[[str], None]

# Hostile bodies repeat an opening without end: each pattern stops at the next opening, so that time grows with length.
_ESCAPED = re.compile(r"\[(\[/?[a-z][^\[\]]{0,500}\])\]")
_CODE = re.compile(
    r"\[(sourcecode|source|code|php|html|xml|css|js|javascript|python|ruby|bash|shell|sql|java|csharp|cpp)\b[^\[\]]*\]"
    r"((?:(?!\[/?\1\b).)*)\[/\1\]",
    re.S,
)
_SHOWN_AS_IT_IS = re.compile(r"<(pre|code)\b(?:(?!<\1\b).)*?</\1>", re.S | re.I)
_RAW_HTML = re.compile(r"\[vc_raw_html[^\[\]]*\]([A-Za-z0-9+/=\s]*)\[/vc_raw_html\]")
_CAPTION = re.compile(r"\[(?:wp_)?caption([^\[\]]*)\]((?:(?!\[(?:wp_)?caption).)*?)\[/(?:wp_)?caption\]", re.S)
_GALLERY = re.compile(r"\[gallery([^\[\]]*)\]")
_EMBED = re.compile(r"\[embed[^\[\]]*\]([^\[\]]*)\[/embed\]")
_MEDIA = re.compile(r"\[(audio|video|playlist)\b([^\[\]]*)\](?:\s{0,9}\[/\1\])?")
_SHORTCODE = re.compile(r"\[(/?)([a-z][\w-]{1,60})((?:[\s=][^\[\]]*)?)/?\]")
_ALONE = re.compile(r"^[ \t]*\[([a-z][\w-]{2,60})/?\][ \t]*$", re.M)
_ATTRIBUTE = re.compile(r"([\w-]{1,60})\s?=\s?(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'\]]+))")
_HTTP = re.compile(r"https?://[^\s\"'<>|\]\u201c\u201d\u2033]{1,2000}")
_IMAGE = re.compile(r"\.(?:jpe?g|png|gif|webp|avif|heic|tiff?)$", re.I)
_NAMES_PICTURES = re.compile(r"image|img|photo|picture|include|^ids$", re.I)
_NUMBERS = re.compile(r"\d{1,12}(?:\s*,\s*\d{1,12})*")
# Attributes that readers saw the words of, and shortcodes whose words only editors saw.
_WORDS = re.compile(
    r"(?:^|_)(?:text|title|headline|heading|sub_?heading|sub_?title|caption|quote|author|content|description|message|"
    r"question|answer|button_text|job_title|position|name|h[1-6]|header|body)$"
)
_EDITORS_OWN = re.compile(r"form|slider|widget|menu|poll|map|admin|wpdm|sidebar|shop|cart|product")
_SAYS_SOMETHING = re.compile(r"[^\W\d_].*\s|^[A-ZА-ЯЁ]|[^\x00-\x7f]", re.S)
_HOSTS = {
    "youtube": "https://www.youtube.com/watch?v={}",
    "vimeo": "https://vimeo.com/{}",
    "wpvideo": "https://videopress.com/v/{}",
    "videopress": "https://videopress.com/v/{}",
    "dailymotion": "https://www.dailymotion.com/video/{}",
    "tweet": "https://x.com/i/status/{}",
    "gist": "https://gist.github.com/{}",
}
_EMBEDS = {*_HOSTS, "soundcloud", "slideshare", "googlemaps", "polldaddy", "twitter", "instagram", "facebook", "ted"}


def plain(body: str, told: Told, attached: Sequence[str] = ()) -> str:
    """The body without shortcodes. `attached` are the pictures that a gallery which names none shows."""
    if "[" not in body:
        return body
    body = _SHOWN_AS_IT_IS.sub(lambda found: _as_written(found[0]), body)
    body = _ESCAPED.sub(lambda found: _as_written(found[1]), body)
    body = _CODE.sub(lambda found: f"\n\n<pre>{_code(found[2])}</pre>\n\n", body)
    body = _RAW_HTML.sub(lambda found: _raw_html(found[1], told), body)
    body = _CAPTION.sub(lambda found: _caption(found[1], found[2]), body)
    body = _GALLERY.sub(lambda found: _gallery(found[1], told, attached), body)
    body = _EMBED.sub(lambda found: f"\n\n{linked(found[1].strip())}\n\n", body)
    body = _MEDIA.sub(lambda found: _media(found[1], found[2], told), body)
    return _unknown(body, told)


def linked(url: str) -> str:
    """A paragraph that is a link, where `url` is an address."""
    safe = html.escape(url, quote=True)
    return f'<p><a href="{safe}">{safe}</a></p>' if url.startswith(("http://", "https://")) else safe


def _as_written(text: str) -> str:
    return text.replace("[", "&#91;").replace("]", "&#93;")


def _code(text: str) -> str:
    """Code as it is to be read; some editors keep it with its signs escaped already."""
    escaped = "&lt;" in text or "&gt;" in text or "&amp;" in text
    return _as_written(text if escaped else html.escape(text, quote=False)).strip("\n")


def _raw_html(packed: str, told: Told) -> str:
    try:
        return unquote(base64.b64decode(packed, validate=False).decode("utf-8", "replace"))
    except ValueError:
        told("HTML that a page builder had packed can't be read, and was taken out")
        return ""


def _attributes(text: str) -> dict[str, str]:
    """The attributes of a shortcode, however they are quoted; rich editors turn quotes and ampersands into entities."""
    plain_text = html.unescape(text).translate({0x201C: '"', 0x201D: '"', 0x2033: '"'})
    return {name.lower(): one or two or three for name, one, two, three in _ATTRIBUTE.findall(plain_text)}


def _caption(attributes: str, inner: str) -> str:
    image = re.search(r"(?:<a\b[^<>]*>\s{0,9})?<img\b[^<>]*>(?:\s{0,9}</a>)?", inner, re.S)
    picture = image[0] if image else ""
    text = inner.replace(picture, "", 1).strip() or _attributes(attributes).get("caption", "")
    number = re.search(r"attachment_(\d+)", attributes)
    name = f' id="attachment_{number[1]}"' if number else ""
    return f"\n\n<figure{name}>{picture}<figcaption>{text}</figcaption></figure>\n\n"


def _gallery(attributes: str, told: Told, attached: Sequence[str]) -> str:
    found = _attributes(attributes)
    named = found.get("ids") or found.get("include") or ""
    numbers = [number for number in re.split(r"[,\s]+", named) if number.isdigit()] or list(attached)
    if not numbers:
        told("a gallery of all pictures of the post was taken out: the file names none")
    images = _images(numbers)
    return f'\n\n<figure class="gallery">{images}</figure>\n\n' if images else ""


def _images(numbers: Sequence[str]) -> str:
    return "".join(f'<img data-id="{number}" src="">' for number in numbers)


def _media(kind: str, attributes: str, told: Told) -> str:
    sources = list(dict.fromkeys(_HTTP.findall(html.unescape(attributes))))
    if not sources:
        told(f"[{kind}] was taken out: it names no address ({' '.join(attributes.split())[:100]})")
        return ""
    told(f"[{kind}] became a link")
    return f"\n\n{linked(sources[0])}\n\n"


# --- shortcodes of plugins and page builders --------------------------------------------------------------------------


def _unknown(body: str, told: Told) -> str:
    """Those with attributes, those that are closed, those that show something from elsewhere, those alone on a line."""
    found = list(_SHORTCODE.finditer(body))
    closed = {one[2] for one in found if one[1]}
    names = {one[2] for one in found if _is_one(one[2], one[3])} | {one[1] for one in _ALONE.finditer(body)}
    names |= {one[2] for one in found if one[2] in closed and not one[1]}
    for name in sorted(names):
        told(f"the shortcode [{name}] was taken out")
    return _SHORTCODE.sub(lambda one: _left_of(one[2], one[3]) if one[2] in names else one[0], body)


def _is_one(name: str, rest: str) -> bool:
    attributes = _ATTRIBUTE.search(rest)
    return bool(attributes or _HTTP.search(rest) or (name in _EMBEDS and rest.strip()))


def _left_of(name: str, rest: str) -> str:
    """What a reader saw of a shortcode that is in its attributes: pictures, links, words."""
    if not rest.strip():
        return ""
    values = _attributes(rest)
    if name in _EMBEDS or _HTTP.fullmatch(rest.lstrip("= \xa0").strip()):
        return _shown(name, rest, values)
    parts = [_image(key, value) for key, value in values.items()]
    if not _EDITORS_OWN.search(name):
        parts += [_said(name, key, value) for key, value in values.items()]
    parts += [_target(value) for value in values.values()]
    text = "".join(dict.fromkeys(parts))
    return f"\n\n{text}\n\n" if text else ""


def _shown(name: str, rest: str, values: dict[str, str]) -> str:
    address = _HTTP.search(html.unescape(rest))
    if address:
        return f"\n\n{linked(address[0])}\n\n"
    number = values.get("id") or values.get("v") or next(iter(rest.strip("= \xa0\"'").split()), "")
    return f"\n\n{linked(_HOSTS[name].format(number))}\n\n" if number and name in _HOSTS else ""


def _image(key: str, value: str) -> str:
    if _HTTP.fullmatch(value) and _IMAGE.search(value.partition("?")[0]):
        return f'<img src="{html.escape(value, quote=True)}">'
    if _NAMES_PICTURES.search(key) and _NUMBERS.fullmatch(value) and value != "0":
        return _images([number.strip() for number in value.split(",")])
    return ""


def _said(name: str, key: str, value: str) -> str:
    text = unquote(value) if "%" in value else value
    if not _WORDS.search(key) or not _SAYS_SOMETHING.search(text) or _HTTP.match(text):
        return ""
    return f"<h3>{text}</h3>" if "heading" in name or "title" in name else f"<p>{text}</p>"


def _target(value: str) -> str:
    """Where a button or a box led to."""
    packed = re.search(r"(?:^|\|)url:([^|]+)", value)  # as WPBakery keeps a link
    address = unquote(packed[1]) if packed else value
    is_link = _HTTP.fullmatch(address) and not _IMAGE.search(address.partition("?")[0])
    return linked(address) if is_link else ""
