"""Fuses and alarms call a person: on the admin's home, by the doctor and on the publisher's board, with what to do.

Group 16 of the attacks, from the newsroom's side: cards that are tried out close their way, and somebody is told.
"""

import ast
from argparse import Namespace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

import hectograph
from hectograph.errors import Problem
from hectograph.newsroom import health
from hectograph.newsroom.command import support_command
from hectograph.newsroom.flows import fuses
from hectograph.support import fuse
from hectograph.support.operator_action import OperatorAction
from tests.newsroom.test_money_admin import BOARD, person

SETTLE, HOME = "/admin/newsroom/money/settle/", "/admin/"
KIND = "a payment stays unclear"


def kinds() -> set[str]:
    """Of every alarm that is raised by its words."""
    trees = [ast.parse(path.read_text()) for path in Path(hectograph.__file__).parent.rglob("*.py")]
    calls = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Call)]
    raised = [call for call in calls if isinstance(call.func, ast.Attribute) and call.func.attr == "alarm"]
    first = [call.args[0] for call in raised if call.args]
    return {str(word.value) for word in first if isinstance(word, ast.Constant)}


def bad(now: datetime) -> list[str]:
    return [f"{one.what} {one.remedy}" for one in health.examine(now) if not one.ok]


def test_every_alarm_says_what_to_do() -> None:
    assert len(kinds()) > 5
    assert kinds() <= fuse.REMEDIES.keys()


@pytest.mark.parametrize(("heard", "times"), [(["asked"], 901), (["read", "bad"], 30)])
def test_cards_that_are_tried_out_are_told_on_the_home_and_on_the_board(
    newsroom: Any, heard: list[str], times: int
) -> None:
    meter = fuses.Meter(timezone.now)
    for what in heard * times:
        meter.seen("card", what)
    client = person("publisher")
    for address in (HOME, BOARD):
        page = client.get(address).content.decode()
        assert "card" in page
        assert "too many" in page.lower()
        assert "Cards are being tried out" in page
    assert not meter.is_open("card")
    assert meter.is_open("transfer")


def test_a_fuse_is_told_though_the_cashier_is_down_and_no_more_once_it_is_whole(newsroom: Any) -> None:
    now = timezone.now()
    fuse.blow("card", "too many disputes", now, timedelta(hours=1))
    assert any("too many disputes" in words for words in bad(now))
    assert not any("too many disputes" in words for words in bad(now + timedelta(hours=2)))


@pytest.mark.parametrize("role", ["publisher", "operator"])
def test_an_alarm_is_settled_with_a_reason_and_the_name_of_who_did(newsroom: Any, role: str) -> None:
    client = person(role)
    fuse.alarm(KIND, "pi_1", timezone.now())
    (row,) = fuse.open_alarms()
    page = client.post(SETTLE, {"alarm": row.pk, "reason": " it was\ncharged once "}, follow=True).content.decode()
    assert "pi_1" not in page
    act = OperatorAction.objects.get(act="alarm")
    assert (act.by, act.note, act.about) == (f"of-{role}", "it was charged once", f"{KIND}: pi_1")
    assert not any(KIND in words for words in bad(timezone.now()))


@pytest.mark.parametrize("reason", ["", " ", "x" * 201, "told anna@example.org"])
def test_without_a_reason_it_waits_on(newsroom: Any, reason: str) -> None:
    fuse.alarm(KIND, "pi_1", timezone.now())
    page = person("publisher").post(SETTLE, {"alarm": fuse.open_alarms()[0].pk, "reason": reason}, follow=True)
    assert "Say in a line" in page.content.decode()
    assert fuse.open_alarms()
    assert not OperatorAction.objects.exists()


@pytest.mark.parametrize("role", ["reporter", "editor"])
def test_nobody_else_settles_and_a_look_settles_nothing(newsroom: Any, role: str) -> None:
    fuse.alarm(KIND, "pi_1", timezone.now())
    words = {"alarm": fuse.open_alarms()[0].pk, "reason": "done"}
    assert person(role).post(SETTLE, words).status_code == 403
    assert Client().post(SETTLE, words).status_code == 302
    assert person("publisher").get(SETTLE, words).status_code == 405
    assert fuse.open_alarms()


def test_the_command_lists_what_to_do_and_settles(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    fuse.alarm(KIND, "pi_1", timezone.now())
    number = fuse.open_alarms()[0].pk
    support_command._alarms(Namespace(settle=None, reason="", person="ines"))
    assert "it was charged there, or it was not" in capsys.readouterr().out
    with pytest.raises(Problem, match="line"):
        support_command._alarms(Namespace(settle=number, reason="", person="ines"))
    support_command._alarms(Namespace(settle=number, reason="seen in the dashboard", person="ines"))
    assert capsys.readouterr().out == ""
    with pytest.raises(Problem, match="no such alarm"):
        fuse.settle(number, "ines", "again", timezone.now())
