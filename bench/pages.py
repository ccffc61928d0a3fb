"""What it costs to read the sample newsroom: bytes, requests, Lighthouse's scores. Built by `hecto demo --once`."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import sync_playwright

from bench import measure
from hectograph.newsroom import site_server

ROOT = Path(__file__).parents[1]
LONG_STORY = "water-meters"  # the sample's story of 1,500 words, in both languages
_LIGHTHOUSE = ROOT / ".tools/lighthouse"


def figures() -> dict[str, Any]:
    """Every figure of the built demo."""
    with demo() as site, served(site) as address:
        stories = [_page_of(ROOT / f"samples/newsroom/stories/{code}/{LONG_STORY}.md", site) for code in ("en", "ru")]
        fronts = [site / "index.html", site / "ru/index.html"]
        paths = [f"/{page.relative_to(site).as_posix()}" for page in (*stories, *fronts)]
        return {
            "story_br_bytes": max(_packed(page) for page in stories),
            "front_br_bytes": max(_packed(page) for page in fronts),
            **_requests(address, paths[:2]),
            **_lighthouse(address, paths),
        }


@contextmanager
def demo() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as scratch:
        environment = {"HECTO_HOME": f"{scratch}/var", "HECTO_KEYS": f"{scratch}/keys", "HECTO_LANGUAGES": "en,ru"}
        words = [sys.executable, "-m", "hectograph.newsroom.command.main", "demo", "--once"]
        subprocess.run(words, env={**os.environ, **environment}, check=True, stdout=subprocess.DEVNULL)
        yield Path(scratch) / "var/site"


@contextmanager
def served(site: Path) -> Iterator[str]:
    with site_server.server(site, 0) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def _page_of(sample: Path, site: Path) -> Path:
    lines = sample.read_text().splitlines()
    slug = next(line.split('"')[1] for line in lines if line.startswith("slug = "))
    return next(page for page in site.rglob(f"{slug}.html") if "lite" not in page.parts)


def _packed(page: Path) -> int:
    """Bytes of the file that a reader is served."""
    return page.with_name(f"{page.name}.br").stat().st_size


def _requests(address: str, paths: list[str]) -> dict[str, int]:
    """Requests to read a story, its pictures apart, and requests to anyone but the site; the most of any page."""
    own, others = [], []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for path in paths:
            page, asked = browser.new_page(), list[Any]()
            page.on("request", lambda request, asked=asked: asked.append(request))
            page.goto(f"{address}{path}", wait_until="networkidle")
            foreign = [r for r in asked if urlsplit(r.url).netloc != urlsplit(address).netloc and r.url[:5] != "data:"]
            own.append(
                len([r for r in asked if r.resource_type != "image" and r not in foreign and r.url[:5] != "data:"])
            )
            others.append(len(foreign))
        browser.close()
    return {"story_requests": max(own), "third_party_requests": max(others)}


def _lighthouse(address: str, paths: list[str]) -> dict[str, Any]:
    """The lowest score of the four categories, on a phone, and which audits cost something."""
    program = _LIGHTHOUSE / "node_modules/.bin/lighthouse"
    if not program.exists():
        install = [
            "npm",
            "install",
            "--prefix",
            str(_LIGHTHOUSE),
            "--no-audit",
            "--no-fund",
            "--silent",
            "lighthouse@13",
        ]
        if not shutil.which("npm") or subprocess.run(install, check=False).returncode:
            return {"lighthouse_min": None, "lighthouse_missing": "npm could not install it"}
    scores: dict[str, dict[str, int]] = {}
    costly: set[str] = set()
    for path in paths:
        report = _audit(program, address + path)
        scores[path] = {name: round(100 * found["score"]) for name, found in report["categories"].items()}
        costly |= _failed(report)
    lowest = min(score for page in scores.values() for score in page.values())
    return {"lighthouse_min": lowest, "lighthouse": scores, "lighthouse_costly_audits": sorted(costly)}


def _audit(program: Path, address: str) -> dict[str, Any]:
    flags = ["--quiet", "--output=json", "--chrome-flags=--headless=new --no-sandbox", "--no-enable-error-reporting"]
    categories = "--only-categories=performance,accessibility,best-practices,seo"
    environment = {**os.environ, "CHROME_PATH": shutil.which("chromium") or ""}
    done = subprocess.run([program, address, *flags, categories], env=environment, check=True, capture_output=True)
    return dict(json.loads(done.stdout))


def _failed(report: dict[str, Any]) -> set[str]:
    weighed = {ref["id"] for found in report["categories"].values() for ref in found["auditRefs"] if ref["weight"]}
    audits = {name: audit["score"] for name, audit in report["audits"].items() if name in weighed}
    return {name for name, score in audits.items() if score is not None and score < 0.9}


if __name__ == "__main__":
    sys.stdout.write(json.dumps({**figures(), "machine": measure.machine()}, indent=1) + "\n")
