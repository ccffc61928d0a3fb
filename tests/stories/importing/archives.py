"""Small archives, written as a test wants them, and what became of them."""

import json
import zipfile
from pathlib import Path
from typing import Any

from hectograph.stories.importing.converted import Converted
from hectograph.stories.story import Story

SPACES = {
    "excerpt": "http://wordpress.org/export/1.2/excerpt/",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "wp": "http://wordpress.org/export/1.2/",
}


def post(number: int, title: str = "A post", body: str = "Words.", *, more: str = "", **fields: str) -> str:
    """An item as WordPress writes it; `fields` replace those of `wp:`, `more` stands at its end."""
    given = {
        "post_id": str(number),
        "post_date_gmt": f"2020-01-{number % 28 + 1:02} 08:00:00",
        "post_name": f"post-{number}",
        "status": "publish",
        "post_type": "post",
        **fields,
    }
    inside = "".join(f"<wp:{name}><![CDATA[{value}]]></wp:{name}>" for name, value in given.items())
    link = f"<link>https://old.example/2020/{given['post_name']}/</link>"
    return (
        f"<item><title>{title}</title>{link}<content:encoded><![CDATA[{body}]]></content:encoded>{inside}{more}</item>"
    )


def meta(key: str, value: str) -> str:
    return (
        f"<wp:postmeta><wp:meta_key>{key}</wp:meta_key><wp:meta_value><![CDATA[{value}]]></wp:meta_value></wp:postmeta>"
    )


def wxr(*items: str, head: str = '<?xml version="1.0" encoding="UTF-8"?>', spaces: bool = True) -> str:
    declared = "".join(f' xmlns:{name}="{url}"' for name, url in SPACES.items()) if spaces else ""
    return f'{head}\n<rss version="2.0"{declared}><channel><title>Old</title>{"".join(items)}</channel></rss>'


def written(folder: Path, text: str | bytes, name: str = "export.xml") -> Path:
    file = folder / name
    file.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass"))
    return file


def zipped(folder: Path, **files: str) -> Path:
    file = folder / "export.zip"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, text in files.items():
            packed.writestr(name.replace("__", "."), text)
    return file


def ghost(folder: Path, posts: list[dict[str, Any]], *, bare: bool = False, **tables: Any) -> Path:
    data = {"data": {"posts": posts, **tables}}
    return written(folder, json.dumps(data if bare else {"db": [data]}), "ghost.json")


def ghost_post(number: int, **fields: Any) -> dict[str, Any]:
    return {
        "id": f"p{number}",
        "title": f"Post {number}",
        "slug": f"post-{number}",
        "status": "published",
        "html": "<p>Words.</p>",
        "published_at": "2023-03-01T08:00:00.000Z",
        **fields,
    }


def body_of(title: str) -> str:
    """The body of the story that came in under `title`, as it is stored."""
    return str(Story.objects.get(title=title).body.get_prep_value())


def kinds(done: Converted) -> list[str]:
    """The kinds of blocks that a body became, in order."""
    return [block["type"] for block in done.blocks]
