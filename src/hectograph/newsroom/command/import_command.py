"""Bring in an archive: a WordPress export (WXR) or a Ghost export (JSON)."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from hectograph.newsroom.progress import bar
from hectograph.stories.importing.writing import ImportOptions, run_import

HELP = "bring in a WordPress or Ghost archive"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("source", choices=("wordpress", "ghost"))
    parser.add_argument("file", type=Path, help="the export: WXR (.xml) or Ghost's .json, or a .gz or .zip of it")
    parser.add_argument(
        "--uploads", type=Path, help="folder with the pictures (wp-content/uploads, or Ghost's content)"
    )
    parser.add_argument("--fetch", action="store_true", help="fetch missing pictures from their addresses")
    parser.add_argument("--language", help="language of the stories (default: the site's first)")
    parser.add_argument("--json", action="store_true", help="print the report as one JSON object")


def run(args: argparse.Namespace) -> int:
    options = ImportOptions(language=args.language, uploads=args.uploads, fetch=args.fetch)
    with bar("Importing") as moved:
        report = run_import(args.source, args.file, options=options, progress=moved)
    if args.json:
        print(json.dumps(report.as_json(), ensure_ascii=False))
    else:
        for line in report.lines():
            print(line)
    return 0
