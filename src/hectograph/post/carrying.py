"""One connection's work: mails handed over one after the other, the next one's envelope behind this one's final dot.

A mail's INTENT is in the journal before its final dot is written, its answer after. So of a process that was killed one
knows of each mail: it can't have been taken, it was taken or refused, or only the relay knows. A text no longer than
what may wait in a connection goes out in one breath with its dot, which spares both sides a turn; a longer one goes
first, so that a line which breaks within it leaves nobody in doubt.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple, Protocol

from hectograph.post.outcomes import Claim, Mail, Outcome, State
from hectograph.post.smtp import Broken, Reply, Session, envelope

_DOT = b".\r\n"


class Addressed(NamedTuple):
    """A mail whose addresses can stand in commands, and the two commands."""

    mail: Mail
    first: bytes  # MAIL
    second: bytes  # RCPT


class Ink(Protocol):
    """What is written down about a mail, before and after its final dot. An OSError of `intent` stops the dot."""

    def intent(self, claim: Claim) -> None: ...

    async def secured(self) -> None:
        """Until what was written can outlive a power cut, where that is asked for; OSError where it can't."""

    def answer(self, claim: Claim, state: State, code: int) -> None: ...


class Source(Protocol):
    """Where mails come from. Whoever takes one tells what became of it."""

    def ready(self) -> Mail | None:
        """The next mail, if one may go at once."""

    async def following(self) -> Mail | None:
        """The next mail, waited for; None where there is to be no more."""


Done = Callable[[Outcome], None]


class Carrier:
    """Hands over what `source` gives until there is no more or the session ends. `done` hears of every mail."""

    def __init__(self, session: Session, source: Source, ink: Ink, done: Done) -> None:
        self.session, self.source, self.ink, self.done = session, source, ink, done
        self.handed = 0
        self.stopped = False  # by a 421: the relay wants no more of this connection
        self._wire, self._times = session.wire, session.timeouts

    async def carry(self, most: int) -> None:
        """At most `most` mails. Raises Broken when the connection does; each mail's fate has been told by then."""
        opened: Addressed | None = None
        while not self.stopped and (opened or self.handed < most):
            opened = opened or await self._first()
            if opened is None:
                break
            self.handed += 1
            opened = await self._hand(opened, last=self.handed >= most)
        if self.stopped:
            self._wire.abort()
        else:
            self.session.close()

    async def _first(self) -> Addressed | None:
        """Wait for a mail and write its envelope; nothing else is under way."""
        while (mail := await self.source.following()) is not None:
            if (addressed := self._addressed(mail)) is not None:
                self._open(addressed)
                return addressed
        return None

    def _next(self) -> Addressed | None:
        """A mail to follow at once, if there is one."""
        while (mail := self.source.ready()) is not None:
            if (addressed := self._addressed(mail)) is not None:
                return addressed
        return None

    def _addressed(self, mail: Mail) -> Addressed | None:
        """None where the addresses can't stand in a command: the mail is refused here and never sent."""
        try:
            return Addressed(mail, *envelope(mail.sender, mail.to))
        except ValueError:
            self.done(Outcome(mail.claim, State.REJECTED, 553, "5.1.3", "rcpt"))
            return None

    def _open(self, one: Addressed) -> None:
        try:
            self._wire.write(self._commands(one))
        except Broken:
            self.done(Outcome(one.mail.claim, State.READY))
            raise

    def _commands(self, one: Addressed) -> bytes:
        """The envelope, or for a relay that does not pipeline its first command."""
        return one.first + one.second + b"DATA\r\n" if self.session.pipelining else one.first

    async def _hand(self, opened: Addressed, *, last: bool) -> Addressed | None:
        """Hand over a mail whose envelope is on its way; returns the one behind it, if its envelope is, too."""
        mail = opened.mail
        try:
            refused = await self._envelope(opened)
        except Broken:
            self.done(Outcome(mail.claim, State.READY))
            raise
        if refused is not None:
            self.done(refused)
            return None
        text = await self._body(mail)
        await self._intend(mail)
        after = self._dot(mail, text, last=last)
        await self._answer(mail, after)
        if self.stopped and after is not None:
            self.done(Outcome(after.mail.claim, State.READY))
            return None
        return after

    async def _envelope(self, opened: Addressed) -> Outcome | None:
        """None where the relay waits for the text; else what to say of the mail. Afterwards the session is clean."""
        mail = opened.mail
        refused: Outcome | None = None
        reply = Reply(0, "")
        for step, line in (("mail", b""), ("rcpt", opened.second), ("data", b"DATA\r\n")):
            if line and not self.session.pipelining:
                self._wire.write(line)
            reply = await self._wire.reply(self._times.data if step == "data" else self._times.command)
            if reply.code == 421:
                self.stopped = True
                return Outcome(mail.claim, State.READY, 421, reply.status, step)
            refused = refused or _refused(mail, reply, step)
            if refused and not self.session.pipelining:
                break
        if refused:
            await self._clean(text_awaited=reply.code == 354)
        return refused

    async def _clean(self, *, text_awaited: bool) -> None:
        """After a refusal: a lone dot where the relay waits for a text all the same (it is no mail), and RSET."""
        if text_awaited:
            self._wire.write(_DOT)
            await self._wire.reply(self._times.dot)
        self._wire.write(b"RSET\r\n")
        reply = await self._wire.reply(self._times.command)
        self.stopped = self.stopped or reply.code == 421

    async def _body(self, mail: Mail) -> Sequence[bytes]:
        """Write the text; returns it where it is to go with its dot."""
        try:
            if self._wire.takes_at_once(sum(map(len, mail.data))):
                return mail.data
            self._wire.write(*mail.data)
            await self._wire.room(self._times.block)
            return ()
        except Broken:
            self.done(Outcome(mail.claim, State.READY))  # no final dot was written: it can't have been taken
            raise

    async def _intend(self, mail: Mail) -> None:
        try:
            self.ink.intent(mail.claim)
            await self.ink.secured()
        except OSError:
            self._wire.abort()
            self.done(Outcome(mail.claim, State.READY))
            raise

    def _dot(self, mail: Mail, text: Sequence[bytes], *, last: bool) -> Addressed | None:
        """What is left of the text, the final dot, and in the same breath the envelope of the mail behind, which is
        returned."""
        after = None if last else self._next()
        try:
            self._wire.write(*text, _DOT + self._commands(after) if after else _DOT)
        except Broken:
            self.done(Outcome(mail.claim, State.UNCERTAIN, 0, "", "dot"))
            if after is not None:
                self.done(Outcome(after.mail.claim, State.READY))
            raise
        return after

    async def _answer(self, mail: Mail, after: Addressed | None) -> None:
        try:
            reply = await self._wire.reply(self._times.dot)
        except Broken:
            self.done(Outcome(mail.claim, State.UNCERTAIN, 0, "", "dot"))
            if after is not None:
                self.done(Outcome(after.mail.claim, State.READY))
            raise
        state = _fate(reply.code)
        self.stopped = self.stopped or reply.code == 421
        self.ink.answer(mail.claim, state, reply.code)
        self.done(Outcome(mail.claim, state, reply.code, reply.status, "dot"))


def _fate(code: int) -> State:
    if code < 300:
        return State.ACCEPTED
    return State.REJECTED if code >= 500 else State.DEFERRED


def _refused(mail: Mail, reply: Reply, step: str) -> Outcome | None:
    good = reply.code == 354 if step == "data" else 200 <= reply.code < 300
    if good:
        return None
    return Outcome(mail.claim, State.REJECTED if reply.code >= 500 else State.DEFERRED, reply.code, reply.status, step)
