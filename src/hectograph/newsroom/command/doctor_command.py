"""Look the newsroom over: settings, disk, worker, late stories, what waits. Exit code 1 where something is wrong."""

from __future__ import annotations

import argparse
import json

from django.utils import timezone

from hectograph.newsroom import health

HELP = "look the newsroom over and say what to do"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print the findings as a JSON list")


def run(args: argparse.Namespace) -> int:
    findings = health.examine(timezone.now())
    if args.json:
        print(json.dumps([finding.as_row() for finding in findings], ensure_ascii=False))
    else:
        for finding in findings:
            print(f"{'ok  ' if finding.ok else 'BAD '} {finding.what}{'' if finding.ok else f'  → {finding.remedy}'}")
    return 0 if all(finding.ok for finding in findings) else 1
