"""Problems of other rooms in the language of who works here: their sentences are the catalogue's keys."""

from __future__ import annotations

from django.utils.translation import gettext as _

from hectograph.errors import Problem
from hectograph.payments.processors.transfer.lines import StatementRefused


def spoken(problem: Problem) -> str:
    """What is wrong and what to do about it; as it was raised where the catalogue has no words for it."""
    if isinstance(problem, StatementRefused):
        message = _("This statement can't be read. %(why)s Nothing of it was kept.") % {"why": _(problem.why)}
    else:
        message = _(problem.message)
    return f"{message} {_(problem.remedy)}".strip().replace("`", "")  # those mark commands in a terminal
