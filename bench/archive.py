"""A large WordPress export brought in: seconds and memory.

uv run python -m bench.archive --gigabytes 1 --json
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from pathlib import Path

from bench import measure
from bench.peers import gazette

_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0"'
    ' xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    ' xmlns:wp="http://wordpress.org/export/1.2/"><channel><title>Old</title>\n'
)
_POST_BYTES = 500_000  # a long read with its markup; most of a real archive is smaller


def write(file: Path, size: int) -> int:
    """An export of about `size` bytes; returns how many posts it holds."""
    words = [text for piece in gazette.pieces(40) for text in piece.paragraphs]
    body = "".join(f"<p>{text}</p>\n" for text in words)
    body = (body * (_POST_BYTES // len(body) + 1))[:_POST_BYTES].rpartition("<p>")[0]
    count = 0
    with file.open("w") as out:
        out.write(_HEAD)
        while out.tell() < size:
            count += 1
            out.write(_post(count, body))
        out.write("</channel></rss>\n")
    return count


def _post(number: int, body: str) -> str:
    fields = {
        "post_id": str(number),
        "post_date_gmt": f"20{10 + number % 10}-{number % 12 + 1:02}-{number % 28 + 1:02} 08:00:00",
        "post_name": f"post-{number}",
        "status": "publish",
        "post_type": "post",
    }
    inside = "".join(f"<wp:{name}><![CDATA[{value}]]></wp:{name}>" for name, value in fields.items())
    return f"<item><title>Post {number}</title><content:encoded><![CDATA[{body}]]></content:encoded>{inside}</item>\n"


def figures(size: int) -> dict[str, object]:
    with tempfile.TemporaryDirectory(prefix="bench-archive-") as scratch:
        file, home = Path(scratch) / "export.xml", Path(scratch) / "home"
        count = write(file, size)
        environment = {"HECTO_HOME": str(home), "HECTO_KEYS": f"{scratch}/keys", "HECTO_LANGUAGES": "en"}
        hecto = [sys.executable, "-m", "hectograph.newsroom.command.main"]
        measure.run([*hecto, "init", "--no-account"], environment=environment)
        done = measure.run([*hecto, "import", "wordpress", str(file)], environment=environment, memory=True)
        mb = round(os.path.getsize(file) / 1e6)
    return {
        "archive_mb": mb,
        "archive_posts": count,
        "archive_pss_mb": round(done.pss_mb),
        "archive_s": round(done.seconds),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gigabytes", type=float, default=1.05)
    parser.add_argument("--json", action="store_true", help="(always on: the figures are one JSON object)")
    args = parser.parse_args()
    print(json.dumps({**figures(int(args.gigabytes * 1e9)), "machine": measure.machine()}, indent=1))


if __name__ == "__main__":
    main()
