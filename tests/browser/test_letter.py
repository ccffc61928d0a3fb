"""A reader with a browser: signs up on a page, gets the mail, confirms, changes preferences, leaves. With the processes
of the demo: desk, opener, relay."""

import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.signing_in import sign_in
from tests.process import Home, port_for_later, wait_for

pytestmark = pytest.mark.browser
_LINK = re.compile(r'href="(http://127\.0\.0\.1:\d+/l/[\w-]+)"')


@dataclass(frozen=True)
class Running:
    home: Home
    site: str
    mails: str
    admin: str

    def mail(self, address: str, subject: str) -> str:
        """The page of mails, once a mail to `address` with `subject` is there: its links."""
        for _ in range(1200):  # two minutes: a loaded machine takes its time
            with urllib.request.urlopen(self.mails) as answer:
                page = answer.read().decode()
            found = [part for part in page.split("<article>") if address in part and subject in part]
            if found:
                return _LINK.findall(found[0])[0]
            time.sleep(0.1)
        raise AssertionError(f"no mail {subject!r}")


@pytest.fixture(scope="module")
def running(built: Home, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """`hecto demo`, whole, in a copy of what was built; pages of that lead to the desk at one port."""
    first, desk = port_for_later(5), int((built.folder / "desk-port").read_text())
    admin, site, bank, mail, mails = range(first, first + 5)  # the page of mails is at the port after the relay's
    home = Home(tmp_path_factory.mktemp("letter"))
    shutil.copytree(built.folder, home.folder, dirs_exist_ok=True)
    words = ["demo", f"--port={admin}", f"--site={site}", f"--desk={desk}", f"--mail={mail}", f"--bank={bank}"]
    command = [sys.executable, "-m", "hectograph.newsroom.command.main", *words]
    process = subprocess.Popen(command, env=home.environment, stdout=subprocess.PIPE, text=True, start_new_session=True)
    assert process.stdout is not None
    try:
        for line in process.stdout:
            if line.startswith("The demo takes"):
                break
        wait_for(desk, process)
        yield Running(home, f"http://127.0.0.1:{site}", f"http://127.0.0.1:{mails}/", f"http://127.0.0.1:{admin}")
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)
        process.stdout.close()


def a_story(running: Running, language: str) -> str:
    page = next((running.home.site / language).glob("20*/*/*.html"))
    return f"{running.site}/{page.relative_to(running.home.site)}"


@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without"])
@pytest.mark.parametrize(
    ("language", "sign_up", "confirm", "yes", "welcome", "leave"),
    [
        ("en", "Sign up", "Please confirm", "Yes, send me the letter", "You are on the list;", "Leave the letter"),
        ("ru", "Подписаться", "Подтвердите", "Да, присылайте", "Вы подписаны", "Отписаться"),
    ],
)
def test_a_reader_signs_up_confirms_and_leaves(
    chromium: Browser,
    running: Running,
    script: bool,
    language: str,
    sign_up: str,
    confirm: str,
    yes: str,
    welcome: str,
    leave: str,
) -> None:
    address = f"reader.{language}.{'js' if script else 'plain'}@example.org"
    context = chromium.new_context(java_script_enabled=script)
    page = context.new_page()
    posted: list[str] = []
    page.on("request", lambda request: posted.append(request.post_data or "") if request.method == "POST" else None)
    page.goto(a_story(running, language))
    page.locator("input[name=address]").fill(address)
    if script:
        time.sleep(2.2)  # a person takes longer than a machine
    page.locator("input[name=address] >> xpath=ancestor::form").get_by_role("button", name=sign_up).click()
    page.wait_for_url("**/sign-up")
    assert script is (address.replace("@", "%40") not in posted[0])
    page.goto(running.mail(address, confirm))
    page.get_by_role("button", name=yes).click()
    page.wait_for_load_state()
    page.goto(running.mail(address, welcome))
    page.get_by_text(leave, exact=True).first.click()
    page.locator("main button").first.click()
    page.wait_for_load_state()
    assert "404" not in page.title()
    assert context.cookies() == []
    context.close()
    _state_becomes(running, "unsubscribed", address)


def _state_becomes(running: Running, state: str, address: str) -> None:
    code = (
        "import django, sys; django.setup()\n"
        "from hectograph.newsroom import opener\nfrom hectograph.readers.subscriber import Subscriber\n"
        "print(Subscriber.objects.get(index=opener.open_vault().index(sys.argv[1])).state)"
    )
    found: Any = None
    for _ in range(20):
        command = [sys.executable, "-c", code, address]
        done = subprocess.run(command, env=running.home.environment, capture_output=True, text=True)
        found = done.stdout.strip()
        if found == state:
            return
        time.sleep(0.5)
    raise AssertionError(f"{found} instead of {state}")


def test_fridays_letter_is_written_tested_approved_arrives_and_can_be_left(chromium: Browser, running: Running) -> None:
    context = chromium.new_context(viewport={"width": 1280, "height": 1000})
    page = context.new_page()
    password = (running.home.folder / "keys/demo-password").read_text().strip()
    sign_in(page, running.admin, "editor", password)
    page.goto(f"{running.admin}/admin/letters/")
    page.get_by_role("link", name=re.compile("Write")).first.click()
    page.locator("#order li").first.wait_for()
    titles = page.locator(".letters-title").all_inner_texts()
    with page.expect_navigation():
        page.get_by_role("button", name="Up: " + titles[1].removesuffix(" Edit story")).press("Enter")  # by keyboard
    assert page.locator(".letters-title").all_inner_texts()[:2] == [titles[1], titles[0]]
    expect(page.get_by_role("button", name="Up: " + titles[1].removesuffix(" Edit story"))).to_be_focused()
    _drag(page, 2, 1)
    page.fill("#subject", "A Friday like no other")
    page.locator(".letters-saved").wait_for()  # kept without a click
    assert page.locator(".letters-title").all_inner_texts()[:2] == titles[:2]
    page.get_by_role("button", name="Save and preview").click()
    for name in ("HTML mail, light", "HTML mail, dark", "HTML mail on a phone", "HTML mail without pictures"):
        page.frame_locator(f"iframe[title='{name}']").locator("h1").wait_for()
    page.fill("#address", "tester@example.org")
    page.get_by_role("button", name="Send a test").click()
    assert running.mail("tester@example.org", "A Friday like no other")
    page.get_by_role("button", name="Approve all languages").click()
    page.get_by_role("button", name="Send now").click()
    page.locator(".letters-tag.done").wait_for(timeout=60_000)  # the numbers move by themselves
    page.goto(running.mail("ada.reader@example.org", "A Friday like no other"))
    page.locator("main button").first.click()
    page.wait_for_load_state()
    context.close()
    _state_becomes(running, "unsubscribed", "ada.reader@example.org")


def _drag(page: Any, one: int, above: int) -> None:
    """Take the entry numbered `one` by its grip and let it go above the entry `above`."""
    grips = page.locator(".letters-grip")
    grips.nth(one).scroll_into_view_if_needed()
    start, end = grips.nth(one).bounding_box(), grips.nth(above).bounding_box()
    page.mouse.move(start["x"] + 5, start["y"] + 5)
    page.mouse.down()
    page.mouse.move(end["x"] + 60, end["y"] + 40, steps=6)
    page.mouse.move(end["x"] + 60, end["y"] - 8, steps=4)
    page.mouse.up()
