"""When so much is refused that it must be about us: stop, ask a person, and hold no reader to blame."""

from __future__ import annotations

from collections import Counter, deque

from hectograph.post.outcomes import Outcome, State

_WINDOW = 200  # answers
_SHARE = 0.05  # of them refused for good
_ALIKE = 20  # refusals by policy (5.7.x) that are alike


def about_us(outcome: Outcome) -> bool:
    """A refusal of the sender, not of the reader: policy and authentication (RFC 3463 §3.8), or the MAIL command."""
    return outcome.state is State.REJECTED and (
        outcome.status.startswith("5.7.") or (outcome.step in ("mail", "data") and outcome.code != 552)
    )


class Breakers:
    """Hears every answer; says why to stop."""

    def __init__(self) -> None:
        self._last: deque[Outcome] = deque(maxlen=_WINDOW)
        self._blameless: list[int] | None = None  # once it stopped: who was refused within the window, and since

    def heard(self, outcome: Outcome) -> str:
        """The reason to pause the edition; empty to go on."""
        if not outcome.code:
            return ""
        self._last.append(outcome)
        if outcome.state is not State.REJECTED:
            return ""
        if self._blameless is not None:  # mails that were under way when it stopped
            self._blameless.append(outcome.claim.reader)
            return ""
        reason = self._reason(outcome)
        if reason:
            self._blameless = [one.claim.reader for one in self._last if one.state is State.REJECTED]
        return reason

    def _reason(self, outcome: Outcome) -> str:
        alike = Counter((one.code, one.status, one.step) for one in self._last if about_us(one))
        if alike and max(alike.values()) >= _ALIKE:
            return f"The relay refuses us ({outcome.code} {outcome.status}): its policy, not the readers' addresses."
        refused = sum(one.state is State.REJECTED for one in self._last)
        if len(self._last) == _WINDOW and refused > _WINDOW * _SHARE:
            return f"{refused} of the last {_WINDOW} mails were refused for good. Look at the relay before going on."
        return ""

    def blameless(self) -> list[int]:
        """Readers whose refusals led to the stop: they get the letter when it goes on."""
        return self._blameless or []
