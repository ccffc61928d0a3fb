"""The desk: takes what people send, tells nothing, keeps it sealed and in order."""

import base64
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from hectograph.desk import answers, forms
from hectograph.press import desk_pages
from hectograph.sealing import at_rest, envelope
from hectograph.sealing.capability import Capability, Purpose, issue
from hectograph.sealing.seal import seal
from tests.desk.conftest import Street
from tests.loops import run

Streets = Callable[..., Street]
ADDRESS = "anna.reader@example.org"


def link(street: Street, purpose: Purpose, *, days: int = 7) -> str:
    until = datetime.now(UTC) + timedelta(days=days)
    return issue(street.links, Capability(purpose, bytes(range(16)), until, ("ru",)))


def test_the_press_renders_every_page_that_the_desk_answers_with() -> None:
    assert set(desk_pages.FORMS) == set(answers.NAMES)


def test_a_sign_up_is_sealed_and_kept(street: Street) -> None:
    status, page, _ = run(street.post("/sign-up", address=f" {ADDRESS} ", language="ru", text="v1"))
    assert status == 200
    assert "Проверьте почту" in page
    assert street.kept() == [{"kind": "sign-up", "address": ADDRESS, "language": "ru", "letter": "", "text": "v1"}]


def test_no_file_of_the_desk_holds_what_was_typed(street: Street) -> None:
    run(street.post("/sign-up", address=ADDRESS, language="en"))
    files = [path for path in Path(street.configuration.spool).parent.rglob("*") if path.is_file()]
    held = b"".join(path.read_bytes() for path in files)
    encoded = {ADDRESS, base64.b64encode(ADDRESS.encode()).decode(), ADDRESS.encode().hex(), "203.0.113.9"}
    assert [form for form in encoded if form.encode() in held] == []


def test_an_envelope_that_the_browser_sealed_is_kept_as_it_is(street: Street) -> None:
    sealed = seal(street.configuration.intake[0], b'{"kind": "sign-up"}')
    run(street.post("/sign-up", sealed=base64.b64encode(sealed).decode(), after="9"))
    assert street.desk.spool.store.page(0, 10).rows == [(1, sealed)]


def test_an_envelope_as_rows_are_kept_in_is_no_form(street: Street) -> None:
    public = street.configuration.intake[0]
    locked = at_rest.lock(envelope.key_id(public), bytes(32), b'{"kind": "sign-up"}')
    status, _, _ = run(street.post("/sign-up", sealed=base64.b64encode(locked).decode(), language="en"))
    assert status == 409
    assert street.kept() == []


def test_an_envelope_to_a_retired_key_is_asked_for_again_and_nobody_is_thanked(street: Street) -> None:
    sealed = base64.b64encode(seal(bytes([9] * 32), b"x")).decode()
    status, page, _ = run(street.post("/sign-up", sealed=sealed, language="en"))
    assert status == 409
    assert 'name="address"' in page
    assert street.kept() == []


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "no-at-sign",
        "a@b",
        "two@at@example.org",
        "line\r\nBcc: other@example.org@example.org",
        "nul\0@example.org",
        '"quoted local"@example.org',
        "x" * 65 + "@example.org",
        "a@" + "x" * 320 + ".org",
        "dots..dots@example.org",
        "<a@example.org>",
    ],
)
def test_what_is_no_address_gets_a_clear_answer_and_is_not_kept(street: Street, typed: str) -> None:
    status, page, _ = run(street.post("/sign-up", address=typed, language="en"))
    assert status == 422
    assert "This address can" in page
    assert street.kept() == []


@given(st.text(max_size=400))
def test_no_text_becomes_an_address_that_could_break_out_of_a_header(text: str) -> None:
    found = forms.address(text)
    assert found is None or not set(found) & set('\r\n\0 <>,;"')


def test_an_international_domain_is_written_in_ascii() -> None:
    assert forms.address("anna@Пример.рф") == "anna@xn--e1afmkfd.xn--p1ai"


def test_a_mistyped_host_is_asked_about_and_not_refused(street: Street) -> None:
    _, page, _ = run(street.post("/sign-up", address="anna@gmial.com", language="en"))
    assert "anna@gmail.com" in page
    assert street.kept() == []
    run(street.post("/sign-up", address="anna@gmial.com", language="en", anyway="1"))
    assert street.kept()[0]["address"] == "anna@gmial.com"


def test_a_watched_host_is_warned_about_before_anything_is_kept(streets: Streets) -> None:
    street = streets(watched_hosts=frozenset({"watched.example"}))
    _, page, _ = run(street.post("/sign-up", address="anna@watched.example", language="en"))
    assert "can be read by others" in page
    assert '<button class="q">Sign up all the same' in page  # what is advised against does not stand out
    assert street.kept() == []
    run(street.post("/sign-up", address="anna@watched.example", language="en", anyway="2"))
    assert len(street.kept()) == 1


def test_a_newsroom_may_refuse_a_watched_host(streets: Streets) -> None:
    street = streets(watched_hosts=frozenset({"watched.example"}), refuse_watched=True)
    run(street.post("/sign-up", address="anna@watched.example", anyway="2"))
    assert street.kept() == []


@pytest.mark.parametrize("more", [{"website": "http://spam.example"}, {"after": "0.3"}])
def test_a_machine_gets_the_usual_answer_and_nothing_is_kept(street: Street, more: dict[str, str]) -> None:
    honest = run(street.post("/sign-up", address=ADDRESS, language="en"))
    machine = run(street.post("/sign-up", address=ADDRESS, language="en", **more))
    assert machine[:2] == honest[:2]
    assert len(street.kept()) == 1


def test_one_client_is_slowed_down_and_told(streets: Streets) -> None:
    street = streets(limits={"per_client": 3})

    async def five() -> list[int]:
        return [(await street.post("/sign-up", address=f"a{n}@example.org"))[0] for n in range(5)]

    assert run(five()) == [200, 200, 200, 429, 429]
    assert len(street.kept()) == 3


def test_the_whole_desk_has_a_fuse(streets: Streets) -> None:
    street = streets(limits={"per_client": 0, "in_all": 2})

    async def three() -> list[int]:
        return [(await street.post("/sign-up", address=f"a{n}@example.org"))[0] for n in range(3)]

    assert run(three()) == [200, 200, 429]


def test_a_body_of_any_size_takes_no_memory(street: Street) -> None:
    status, _, _ = run(street.ask("POST", "/sign-up", b"address=" + b"a" * 5_000_000))
    assert status == 413
    assert street.kept() == []


def test_a_full_spool_thanks_nobody(streets: Streets) -> None:
    street = streets(limits={"spool_bytes": 100_000, "per_client": 0})

    async def many() -> list[int]:
        return [(await street.post("/sign-up", address=f"a{n}@example.org"))[0] for n in range(400)]

    found = run(many())
    assert found[-1] == 503
    assert len(street.kept()) == found.count(200)


def test_no_answer_sets_a_cookie_or_lets_itself_be_stored(street: Street) -> None:
    for answer in (run(street.post("/sign-up", address=ADDRESS)), run(street.ask("GET", "/l/x"))):
        assert "set-cookie" not in answer[2]
        assert answer[2]["cache-control"] == "no-store"
        assert answer[2]["referrer-policy"] == "no-referrer"


# --- mailed links -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("purpose", list(Purpose))
@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_scanners_change_nothing(street: Street, purpose: Purpose, method: str) -> None:
    for _ in range(50):
        run(street.ask(method, f"/l/{link(street, purpose)}"))
    assert street.kept() == []


def test_the_page_of_a_link_has_one_button_in_the_readers_language(street: Street) -> None:
    _, page, _ = run(street.ask("GET", f"/l/{link(street, Purpose.CONFIRM)}"))
    assert page.count("<button>") == 1
    assert "Да, присылайте" in page


def test_the_press_of_the_button_is_kept_as_a_wish(street: Street) -> None:
    run(street.post(f"/l/{link(street, Purpose.CONFIRM)}"))
    (wish,) = street.kept()
    assert wish == {"kind": "wish", "purpose": 1, "number": bytes(range(16)).hex(), "chosen": {}, "letters": []}


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"", ""),
        (b"List-Unsubscribe=One-Click", "application/x-www-form-urlencoded"),
        (
            b'--x\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--\r\n',
            "multipart/form-data; boundary=x",
        ),
        (b"\xff\xfe junk", "text/plain"),
    ],
)
def test_one_click_leaves_whatever_the_body(street: Street, body: bytes, kind: str) -> None:
    headers = {"content_type": kind} if kind else {}
    status, _, found = run(
        street.ask("POST", f"/l/{link(street, Purpose.LEAVE)}", body, origin="https://elsewhere.example", **headers)
    )
    assert status == 200
    assert "location" not in found
    assert [wish["purpose"] for wish in street.kept()] == [Purpose.LEAVE]


def test_a_forged_link_gets_the_answer_of_a_real_one_and_keeps_nothing(street: Street) -> None:
    real = run(street.post(f"/l/{link(street, Purpose.LEAVE)}"))
    until = datetime.now(UTC) + timedelta(days=7)
    stranger = issue(Ed25519PrivateKey.generate(), Capability(Purpose.LEAVE, bytes(16), until, ("ru",)))
    forged = run(street.post(f"/l/{stranger}"))
    assert forged[0] == real[0]
    assert len(street.kept()) == 1


def test_the_page_of_preferences_changes_nothing_that_is_not_chosen(street: Street) -> None:
    token = link(street, Purpose.PREFER)
    page = run(street.ask("GET", f"/l/{token}"))[1]
    fields = re.findall(r'name="([^"]*)" value="([^"]*)" checked', page)
    assert {"language", "pause", "act"} <= {name for name, _ in fields}
    run(street.post(f"/l/{token}", **dict(fields)))
    assert street.kept()[0]["chosen"] == {}


def test_preferences_travel_as_chosen(street: Street) -> None:
    token = link(street, Purpose.PREFER)
    run(street.post(f"/l/{token}", language="en", pause="4", act="", junk="x"))
    assert street.kept()[0]["chosen"] == {"language": "en", "pause": "4"}


def test_the_letters_leave_link_opens_all_preferences_next_door(street: Street) -> None:
    token = link(street, Purpose.LEAVE)
    assert 'name="pause"' in run(street.ask("GET", f"/p/{token}"))[1]
    run(street.post(f"/p/{token}", pause="4"))
    (wish,) = street.kept()
    assert (wish["purpose"], wish["chosen"], wish["letters"]) == (Purpose.PREFER, {"pause": "4"}, [])


@pytest.mark.parametrize("purpose", [Purpose.CONFIRM])
def test_a_link_for_something_else_opens_no_preferences(street: Street, purpose: Purpose) -> None:
    token = link(street, purpose)
    assert run(street.ask("GET", f"/p/{token}"))[0] == 404
    run(street.post(f"/p/{token}", act="erase"))
    assert street.kept() == []


def test_looking_at_preferences_by_the_leave_link_leaves_nothing(street: Street) -> None:
    run(street.ask("GET", f"/p/{link(street, Purpose.LEAVE)}"))
    assert street.kept() == []


# --- fetching ---------------------------------------------------------------------------------------------------------


def test_what_is_fetched_stays_until_it_is_acknowledged(street: Street) -> None:
    for name in ("a", "b"):
        run(street.post("/sign-up", address=f"{name}@example.org"))
    first = run(street.pull())
    again = run(street.pull())
    assert first["rows"] == again["rows"]
    assert [number for number, _ in first["rows"]] == [1, 2]
    after = run(street.pull(after=2, done=2, life=first["life"]))
    assert after["rows"] == []
    assert street.kept() == []


def test_an_acknowledgement_meant_for_another_spool_deletes_nothing(street: Street) -> None:
    run(street.post("/sign-up", address=ADDRESS))
    found = run(street.pull(after=99, done=99, life="of a desk that was replaced"))
    assert len(found["rows"]) == 1
    assert len(street.kept()) == 1


def test_a_second_copy_of_the_newsroom_is_refused(street: Street) -> None:
    run(street.post("/sign-up", address=ADDRESS))
    run(street.pull(puller="one"))
    refused = run(street.pull(puller="a clone", done=1))
    assert refused["status"] == 403
    assert "another copy" in refused["body"]
    assert len(street.kept()) == 1


def test_a_copy_takes_the_place_of_one_that_is_gone_when_it_is_told_to(street: Street) -> None:
    run(street.post("/sign-up", address=ADDRESS))
    run(street.pull(puller="one", at=1000))
    assert len(run(street.pull(puller="restored", at=2000, adopt=True))["rows"]) == 1
    assert run(street.pull(puller="restored"))["left"] == 0
    assert run(street.pull(puller="one"))["status"] == 403


def test_an_old_word_of_a_copy_sent_again_takes_no_place(street: Street) -> None:
    run(street.pull(puller="one", at=1000))
    run(street.pull(puller="two", at=2000, adopt=True))
    run(street.pull(puller="three", at=3000, adopt=True))
    assert run(street.pull(puller="two", at=2000, adopt=True))["status"] == 403
    assert "rows" in run(street.pull(puller="three"))


def test_a_stranger_fetches_nothing(street: Street, streets: Streets) -> None:
    run(street.post("/sign-up", address=ADDRESS))
    street.newsroom = streets().newsroom
    assert run(street.pull())["status"] == 403
