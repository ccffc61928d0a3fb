"""Pages for one pair of eyes: the editor's preview, and one self-contained file for an outsider (a lawyer).

Both are the press's own output from the unsaved page, so that what is seen is what readers would get.
"""

from __future__ import annotations

import base64
import mimetypes
import re
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from wagtail.models import Page

from hectograph.newsroom.flows import media
from hectograph.press.render import Renderer
from hectograph.press.words import Vocabulary
from hectograph.stories.feed import unsaved
from hectograph.stories.feed.site import site
from hectograph.stories.home import Home
from hectograph.stories.story import Story

_MEDIA = re.compile(r"(?:\.\./)*media/([A-Za-z0-9._-]+)")
_SOURCE = re.compile(r"<source [^>]*>")
_SCRIPT = re.compile(r"<script\b.*?</script>", re.S)
_RELATIVE = re.compile(r'\bhref="(?:\.\./)*(?![a-z][a-z0-9+.-]*:|#|/)([^"]*)"', re.I)
_SRCSET = re.compile(r' (?:srcset|sizes)="[^"]*"')


def preview(page: Page, request: HttpRequest) -> HttpResponse:
    """What readers would see if `page`, with its unsaved changes, were published now."""
    html = _html(page, draft="").decode()
    # The editor's frame is served by the admin, so pictures come from there.
    return HttpResponse(_MEDIA.sub(r"/media/press/\1", html), content_type="text/html; charset=utf-8")


def one_file(page: Page) -> bytes:
    """The draft as one HTML file with its pictures inside, marked DRAFT and dated. It holds no script, and its links
    lead to the site: beside the file, on the outsider's disk, stands nothing."""
    now, base = timezone.now(), site().base_url
    words = Vocabulary(page.locale.language_code, settings.TIME_ZONE)
    html = _html(page, draft=words.time(now)).decode()
    html = _SRCSET.sub("", _SOURCE.sub("", _SCRIPT.sub("", html)))
    html = _MEDIA.sub(_inline, html)
    return _RELATIVE.sub(lambda found: f'href="{base}/{found[1]}"', html).encode()


def _html(page: Page, *, draft: str) -> bytes:
    renderer = Renderer(site())
    if isinstance(page, Story):
        return renderer.story(unsaved.story(page, timezone.now()), draft=draft)
    if isinstance(page, Home):
        return renderer.front(unsaved.front(page))
    return renderer.plain(unsaved.plain(page, timezone.now()), draft=draft)


def _inline(found: re.Match[str]) -> str:
    source = media.source(f"media/{found[1]}")
    if source is None:
        return ""
    kind = mimetypes.guess_type(source.name)[0] or "application/octet-stream"
    return f"data:{kind};base64,{base64.b64encode(Path(source).read_bytes()).decode()}"
