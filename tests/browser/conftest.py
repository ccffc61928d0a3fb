"""A built demo, served, and a real Chromium."""

import os
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from hectograph.newsroom import site_server
from tests import shared
from tests.process import Home, port_for_later

# Playwright's own loop runs in this thread; Django must not take that for an async view.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
CHROMIUM = shutil.which("chromium")


@pytest.fixture(scope="session")
def built() -> Home:
    """The newsroom of `hecto demo --once`, one for all workers. It is read; whoever acts in it takes a copy."""
    return Home(shared.once("demo", _build))


def _build(folder: Path) -> None:
    home, desk = Home(folder), port_for_later()
    home.found()
    home.hecto("demo", "--once", f"--desk={desk}")
    (folder / "desk-port").write_text(str(desk))


@pytest.fixture(scope="session")
def demo(built: Home) -> Path:
    """The demo's site."""
    return built.site


@pytest.fixture(scope="session")
def site(demo: Path) -> Iterator[str]:
    """The demo's address, below no folder."""
    with site_server.server(demo, 0) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    if not CHROMIUM:
        pytest.skip("Chromium is not installed")
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: Browser) -> Iterator[Any]:
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    yield context.new_page()
    context.close()
