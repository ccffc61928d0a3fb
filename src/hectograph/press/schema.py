"""What machines are told about a story: schema.org NewsArticle as JSON-LD."""

from __future__ import annotations

import json
import re
from datetime import datetime
from typing import Any

from markupsafe import Markup

from hectograph.press.paths import absolute
from hectograph.press.records import Site, Story

_TAG = re.compile(r"<[^>]+>")
_IN_SCRIPT = (("<", "\\u003c"), (">", "\\u003e"), ("&", "\\u0026"))
_encoded = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def iso(at: datetime) -> str:
    """`2026-11-24T08:30:00Z` from an aware time in UTC."""
    return f"{at.isoformat()[:19]}Z"


def largest_jpeg(story: Story) -> str:
    """The path of the lead picture's widest JPEG; empty without one."""
    paths = [r.path for r in story.lead.renditions if r.format == "jpeg"] if story.lead else []
    return paths[-1] if paths else ""


def news_article(site: Site, story: Story) -> Markup:
    """The JSON-LD of a story, safe inside a script element. What the page's head says already (address, language,
    description) is not said twice: each page has 9 KB."""
    words = site.words(story.language)
    newsroom = {"@type": "NewsMediaOrganization", "name": words.name, "url": f"{site.base_url}/"}
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": story.headline,
        "datePublished": iso(story.published),
        "dateModified": iso(story.modified),
        "author": [{"@type": "Person", "name": byline.name} for byline in story.bylines] or newsroom,
    }
    if image := largest_jpeg(story):
        data["image"] = absolute(site, image)
    if story.corrections:
        data["correction"] = [
            {"@type": "CorrectionComment", "text": _TAG.sub("", fix.html), "datePublished": iso(fix.at)}
            for fix in story.corrections
        ]
    text = _encoded(data)
    for sign, safe in _IN_SCRIPT:
        text = text.replace(sign, safe)
    return Markup(text)  # noqa: S704 (no sign is left that could end the script)
