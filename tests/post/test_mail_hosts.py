"""Who takes a domain's mail: asked once a day, within a bounded time, and never an error."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hectograph.post.domain import NoAnswer
from hectograph.post.mail_hosts import MailHosts


class Resolver:
    """Answers from a table, each taking `takes` seconds of its clock."""

    def __init__(self, takes: float = 0.0, **records: list[str]) -> None:
        self.now, self.takes, self.records, self.asked = 0.0, takes, records, list[str]()

    def ask(self, name: str, kind: str) -> list[str]:
        self.asked.append(f"{kind} {name}")
        self.now += self.takes
        if name not in self.records:
            raise NoAnswer
        return self.records[name]

    def hosts(self) -> MailHosts:
        return MailHosts(self.ask, lambda: self.now)


@pytest.mark.parametrize(
    ("records", "hosts"),
    [
        (["10 mx.yandex.net."], ("mx.yandex.net",)),
        (["10 MX1.Paper.Example.", "20 emx.mail.ru."], ("mx1.paper.example", "emx.mail.ru")),
        (["0 ."], ()),
        ([], ()),
        (["", "  "], ()),
    ],
)
def test_exchangers_are_read_from_their_records(records: list[str], hosts: tuple[str, ...]) -> None:
    assert Resolver(paper=records).hosts().of("Paper.") == hosts


def test_a_domain_is_asked_for_once_a_day() -> None:
    peer = Resolver(paper=["10 mx.paper.example."])
    hosts = peer.hosts()
    assert {hosts.of("paper"), hosts.of("PAPER")} == {("mx.paper.example",)}
    peer.now += 86_401
    hosts.of("paper")
    assert peer.asked == ["MX paper"] * 2


def test_one_that_nobody_answers_for_stands_alone_and_is_asked_for_again_soon() -> None:
    peer = Resolver()
    hosts = peer.hosts()
    assert hosts.of("paper") == hosts.of("paper") == ()
    peer.records["paper"] = ["10 mx.yandex.net."]
    peer.now += 301
    assert hosts.of("paper") == ("mx.yandex.net",)


def test_strangers_domains_that_never_answer_hold_the_opener_up_for_seconds_a_minute() -> None:
    peer = Resolver(takes=1.5)
    hosts = peer.hosts()
    for number in range(500):
        hosts.of(f"slow{number}.example")
    assert peer.now < 12
    peer.now += 60
    peer.records["paper"] = ["10 mx.yandex.net."]
    assert hosts.of("paper") == ("mx.yandex.net",)


@given(st.text(max_size=300))
def test_any_text_has_hosts_or_none(text: str) -> None:
    peer = Resolver()
    assert peer.hosts().of(text) == ()
