"""From words to a compiled letter: the headers that bulk mail owes its readers (RFC 2369, 2919, 8058), two bodies."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP

from hectograph.post import quoted
from hectograph.post.compiled import MARKS, Compiled, Slot
from hectograph.post.message import MessageProblem, Sender

_LIST = re.compile(r"[a-z0-9-]{1,40}(\.[a-z0-9-]{1,63})+")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")


@dataclass(frozen=True)
class Words:
    """What an edition says in one language, with `Slot.….mark` wherever something of the sending stands.

    `list_id` names the newsletter for mail programs, as weekly.courier.example.
    """

    language: str
    subject: str
    text: str
    html: str
    list_id: str


def compile_letter(words: Words, sender: Sender, link_hosts: tuple[str, ...]) -> Compiled:
    """The finished letter. A MessageProblem where its words can't stand in a header or its text lacks a way out."""
    for name, text in (("plain text", words.text), ("HTML", words.html)):
        if Slot.LEAVE.mark not in text:
            raise MessageProblem(f"The letter's {name} has no link to leave by.", "Put it back into the template.")
        if {found[0] for found in MARKS.finditer(text)} & {slot.mark for slot in (Slot.TO, Slot.MESSAGE_ID, Slot.DATE)}:
            raise MessageProblem(f"The letter's {name} names its reader.", "Take that out of the template.")
    subject = " ".join(words.subject.split())
    if not subject:
        raise MessageProblem("The letter has no subject.", "Write one.")
    boundary = "b_" + hashlib.sha256(f"{words.text}|{words.html}".encode()).hexdigest()[:40]
    head = _head(words, subject, sender, boundary)
    return Compiled(words.language, subject, head, _body(words, boundary), tuple(sorted(set(link_hosts))))


def _head(words: Words, subject: str, sender: Sender, boundary: str) -> bytes:
    if not _LIST.fullmatch(words.list_id) or not _LANGUAGE.fullmatch(words.language):
        raise MessageProblem("The newsletter's name or language can't stand in a header.", "Use letters and digits.")
    written = EmailMessage(policy=SMTP.clone(max_line_length=78))  # the library encodes what is not ASCII
    try:
        written["From"] = Address(sender.name, addr_spec=sender.address)
        written["Subject"] = subject
    except (ValueError, MessageError) as error:
        raise MessageProblem("The letter's headers can't be written.", "Look at its subject and sender.") from error
    leave = f"<{Slot.LINKS.mark}/l/{Slot.LEAVE.mark}>, <mailto:{Slot.LEAVE_MAIL.mark}>"
    rows = (
        f"To: {Slot.TO.mark}",
        f"Date: {Slot.DATE.mark}",
        f"Message-ID: {Slot.MESSAGE_ID.mark}",
        f"List-Id: <{words.list_id}>",
        f"List-Unsubscribe: {leave}",  # https first, unfolded: some programs read the first alone, or one line alone
        "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
        "Precedence: bulk",
        "Auto-Submitted: auto-generated",
        f"Content-Language: {words.language}",
        "MIME-Version: 1.0",
        f'Content-Type: multipart/alternative; boundary="{boundary}"',
    )
    return written.as_bytes().rstrip(b"\r\n") + b"\r\n" + "\r\n".join(rows).encode("ascii") + b"\r\n\r\n"


def _body(words: Words, boundary: str) -> bytes:
    mark = f"--{boundary}".encode()
    parts = b""
    for kind, text in (("plain", words.text), ("html", words.html)):
        about = f'Content-Type: text/{kind}; charset="utf-8"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n'
        parts += mark + b"\r\n" + about.encode() + quoted.encode(text) + b"\r\n"
    return parts + mark + b"--\r\n"
