"""Mails that come back, written after the public shapes of many systems; no mail of anybody's is among them."""

READER = "reader@mail.example"
OURS = "b+1@bounce.example"


def mail(subject: str, body: str, sender: str = "MAILER-DAEMON@mx.example", more: str = "") -> bytes:
    """A mail in plain words."""
    head = f"Return-Path: <>\nFrom: {sender}\nTo: {OURS}\nSubject: {subject}\n{more}"
    return f"{head}\n{body}".encode()


def report(
    status: str, words: str, action: str = "failed", text: str = "It could not be delivered.", to: str = READER
) -> bytes:
    """A delivery status report (RFC 3464) about `to`."""
    return f"""Return-Path: <>
From: Mail Delivery System <MAILER-DAEMON@mx.example>
To: {OURS}
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="limit"

--limit
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 8bit

{text}

--limit
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; {to}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; {words}

--limit
Content-Type: message/rfc822

From: letter@newsroom.example
To: {to}
Subject: The Friday letter
Message-ID: <1@newsroom.example>

Words.
--limit--
""".encode()


def feedback(kind: str) -> bytes:
    """A feedback report (RFC 5965)."""
    return f"""From: feedback@isp.example
To: {OURS}
Subject: FW: The Friday letter
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="limit"

--limit
Content-Type: text/plain

This is an abuse report for a mail received from 192.0.2.1.
--limit
Content-Type: message/feedback-report

Feedback-Type: {kind}
User-Agent: Example/1.0
Version: 1
Original-Mail-From: <{OURS}>

--limit
Content-Type: message/rfc822

From: letter@newsroom.example
To: {READER}
Subject: The Friday letter

Words.
--limit--
""".encode()


# What it is, the mail, the reason. The names are the systems whose manner is followed.
# fmt: off
REPORTS = [
    ("Postfix", "5.1.1", f"550 5.1.1 <{READER}>: Recipient address rejected: User unknown in virtual mailbox table", "no such mailbox"),
    ("Gmail", "5.1.1", "550-5.1.1 The email account that you tried to reach does not exist. 550 5.1.1 NoSuchUser - gsmtp", "no such mailbox"),
    ("Gmail, inactive", "5.2.1", "550-5.2.1 The email account that you tried to reach is inactive. - gsmtp", "mailbox disabled"),
    ("Gmail, full", "4.2.2", "452-4.2.2 The recipient's inbox is out of storage space. - gsmtp", "mailbox full"),
    ("Gmail, DMARC", "5.7.26", "550-5.7.26 Unauthenticated email from newsroom.example is not accepted due to domain's DMARC policy.", "authentication"),
    ("Gmail, rate", "4.7.28", "421-4.7.28 Gmail has detected an unusual rate of unsolicited mail originating from your IP address.", "rate limited"),
    ("Exchange Online", "5.1.10", "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup", "no such mailbox"),
    ("Exchange Online, directory", "5.4.1", "550 5.4.1 Recipient address rejected: Access denied. AS(201806281) [AM7EUR.prod.protection.outlook.com]", "no such mailbox"),
    ("Outlook.com", "5.5.0", "550 5.5.0 Requested action not taken: mailbox unavailable", "no such mailbox"),
    ("Outlook.com, blocked", "5.7.1", "550 5.7.1 Unfortunately, messages from [192.0.2.1] weren't sent. Your network is on our block list (S3140).", "blocked"),
    ("Yahoo", "5.0.0", "554 delivery error: dd This user doesn't have a mail.example account (reader@mail.example) [0]", "no such mailbox"),
    ("Yahoo, disabled", "5.0.0", "554 30 Sorry, your message to reader@mail.example cannot be delivered. This mailbox is disabled (554.30).", "mailbox disabled"),
    ("Yahoo, deferred", "4.7.0", "421 4.7.0 [TSS04] Messages from 192.0.2.1 temporarily deferred due to unexpected volume or user complaints", "rate limited"),
    ("mail.ru", "5.0.0", "550 Message was not accepted -- invalid mailbox. Local mailbox reader@mail.example is unavailable: user not found", "no such mailbox"),
    ("mail.ru, full", "5.2.2", "552 5.2.2 user's mailbox is over quota", "mailbox full"),
    ("mail.ru, spam", "5.0.0", "550 spam message rejected. Please visit the help page or report details to abuse.", "content refused"),
    ("Yandex", "5.7.1", "550 5.7.1 No such user!", "no such mailbox"),
    ("Yandex, spam", "5.7.1", "554 5.7.1 [2] Message rejected under suspicion of SPAM", "content refused"),
    ("iCloud", "5.1.1", "550 5.1.1 <reader@mail.example>: user does not exist", "no such mailbox"),
    ("iCloud, full", "5.2.2", "552 5.2.2 <reader@mail.example>: user is over quota", "mailbox full"),
    ("Zimbra, null MX", "5.1.10", "556 5.1.10 Recipient address has null MX: domain does not accept mail", "domain gone"),
    ("no domain", "5.4.4", "Host or domain name not found. Name service error for name=mail.example type=A: Host not found", "domain gone"),
    ("Barracuda", "5.7.1", "550 permanent failure for one or more recipients (reader@mail.example:blocked)", "blocked"),
    ("Spamhaus", "5.7.1", "554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org", "blocked"),
    ("Mimecast", "5.0.0", "550 Rejected by header based manually Blocked Senders - https://community.mimecast.com", "blocked"),
    ("Proofpoint, unknown", "5.1.1", "550 5.1.1 User Unknown", "no such mailbox"),
    ("IronPort", "5.1.0", "5.1.0 - Unknown address error 550-'5.7.1 Mail from your IP address is blocked'", "blocked"),
    ("too big", "5.3.4", "552 5.3.4 Message size exceeds fixed limit", "message too big"),
    ("greylisted to the end", "4.2.0", "450 4.2.0 <reader@mail.example>: Recipient address rejected: Greylisted, see help", "rate limited"),
    ("a loop", "5.4.6", "554 5.4.6 Too many hops 26 (25 max)", "mail loop"),
    ("a loop, in words", "5.0.0", "Mail loop detected: this mail was here before", "mail loop"),
    ("timeout", "4.4.1", "connect to mx.mail.example[192.0.2.9]:25: Connection timed out", "unreachable"),
    ("expired", "4.4.7", "550 4.4.7 QUEUE.Expired; message expired", "unreachable"),
    ("our password", "5.7.8", "535 5.7.8 Authentication credentials invalid", "authentication"),
    ("SPF", "5.7.23", "550 5.7.23 The message was rejected because of Sender Policy Framework violation", "authentication"),
    ("no PTR", "5.7.25", "550 5.7.25 The IP address sending this message does not have a PTR record setup", "authentication"),
    ("sender's domain", "5.1.8", "550 5.1.8 Domain of sender address does not exist", "authentication"),
    ("Russian words", "5.0.0", "550 Пользователь не найден", "no such mailbox"),
    ("Russian words, full", "5.0.0", "552 Почтовый ящик получателя переполнен", "mailbox full"),
    ("silent", "5.0.0", "X", "unknown"),
]

PLAIN = [
    ("a bare address in a line", mail("Undeliverable Mail", f"""Delivery failed 10 attempts: {READER}

Original message follows.

From: letter@newsroom.example
To: {READER}
""", "Postmaster <postmaster@mx.example>"), "unknown"),
    ("an address and nothing else of it", mail("Delivery failure", f"Tried for long, {READER} takes nothing: mailbox full"), "mailbox full"),
    ("Spanish words", mail("failure notice", f"Su mensaje no pudo ser entregado.\n<{READER}>:\nEsta casilla ha expirado por falta de uso."), "mailbox disabled"),
    ("Domino", mail(f"DELIVERY FAILURE: Recipient user name reader ({READER}) not unique.", f"was not delivered to:\n{READER}\nbecause: Recipient user name not unique. Several matches found in Domino Directory."), "no such mailbox"),
    ("qmail", mail("failure notice", f"""Hi. This is the qmail-send program at mx.example.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<{READER}>:
192.0.2.9 does not like recipient.
Remote host said: 550 sorry, no mailbox here by that name. (#5.1.1)
Giving up on 192.0.2.9.

--- Below this line is a copy of the message.

Return-Path: <{OURS}>
To: {READER}
Subject: The Friday letter
"""), "no such mailbox"),
    ("Exim", mail("Mail delivery failed: returning message to sender", f"""This message was created automatically by mail delivery software.

A message that you sent could not be delivered to one or more of its
recipients. This is a permanent error. The following address(es) failed:

  {READER}
    host mx.mail.example [192.0.2.9]
    SMTP error from remote mail server after RCPT TO:<{READER}>:
    552 5.2.2 Mailbox full

------ This is a copy of the message, including all the headers. ------

Subject: The Friday letter
To: {READER}
""", more="Auto-Submitted: auto-replied\n"), "mailbox full"),
    ("sendmail", mail("Returned mail: see transcript for details", f"""The original message was received at Fri, 20 Nov 2026 10:00:00 +0200

   ----- The following addresses had permanent fatal errors -----
<{READER}>
    (reason: 550 5.1.1 <{READER}>... User unknown)

   ----- Transcript of session follows -----
550 5.1.1 <{READER}>... User unknown
"""), "no such mailbox"),
    ("Lotus Domino", mail("DELIVERY FAILURE: User reader not listed in Directory", f"""Your message

  Subject: The Friday letter

was not delivered to:

  {READER}

because:

  User reader ({READER}) not listed in Domino Directory
""", sender="Postmaster@mail.example"), "no such mailbox"),
    ("GroupWise", mail("Mail System Error - Returned Mail", f"""The message that you sent was undeliverable to the following:
\treader ({READER}) mailbox is disabled
""", sender="GroupWise Mail System <postmaster@mail.example>"), "mailbox disabled"),
    ("old Exchange", mail("Undeliverable: The Friday letter", f"""Your message did not reach the following recipient(s):

{READER} on Fri, 20 Nov 2026 10:00:00 +0200
    The recipient name is not recognized
""", sender="System Administrator <postmaster@mail.example>"), "no such mailbox"),
    ("in Russian", mail("Недоставленное сообщение", f"""Письмо не было доставлено следующему получателю:

{READER}

Причина: почтовый ящик переполнен.
""", more="Content-Type: text/plain; charset=utf-8\n"), "mailbox full"),
    ("in German", mail("Unzustellbar: Der Freitagsbrief", f"""Ihre Nachricht konnte nicht zugestellt werden:

{READER}

Empfänger unbekannt.
""", more="Content-Type: text/plain; charset=utf-8\n"), "no such mailbox"),
    ("HTML alone", mail("Delivery Failure", f"""<html><body><p>Your message could not be delivered to
<b>{READER}</b>:</p><p>550 5.1.1 no such user here</p></body></html>""", more="Content-Type: text/html\n"), "no such mailbox"),
]

NO_BOUNCES = [
    ("away, by RFC 3834", mail("Re: The Friday letter", "I am away.", "anna@mail.example", "Auto-Submitted: auto-replied\n"), "auto-reply"),
    ("away, from nobody", mail("Automatic reply: The Friday letter", "I am out of the office.", "anna@mail.example"), "auto-reply"),
    ("away, in Russian", mail("Автоответ: Письмо", "Я в отпуске.", "anna@mail.example"), "auto-reply"),
    ("away, in German", mail("Abwesenheitsnotiz: Brief", "Ich bin nicht da.", "anna@mail.example"), "auto-reply"),
    ("away, an old program", mail("gone fishing", "Back on Monday.", "anna@mail.example", "X-Autoreply: yes\n"), "auto-reply"),
    ("away, by Yahoo", mail("Re: letter", "On leave.", "anna@mail.example", "Precedence: auto_reply\n"), "auto-reply"),
    ("away, in Polish, half encoded", mail("[Automatyczna =?iso-8859-2?Q?odpowied=BC?=] letter", "Nie ma mnie.", "anna@mail.example"), "auto-reply"),
    ("away, in Latvian", mail("Arpus biroja: letter", "Es neesmu.", "anna@mail.example"), "auto-reply"),
    ("away, by Notes", mail("AUTO: Anna Finch is out of the office. (returning 05/01/2026)", "", "anna@mail.example"), "auto-reply"),
    ("from nobody about an unknown user", mail("Ticket by unknown user", "This is a ticket.", "").replace(b"Return-Path: <>\nFrom: \n", b"Return-Path: <anna@mail.example>\n"), "other"),
    ("prove that you are human", mail("Please confirm your message", "To complete delivery, prove you are human.", "anna@mail.example"), "challenge"),
    ("prove it, by Boxbe", mail("Waiting", "Click here.", "no-reply@boxbe.example", "X-Boxbe-Cid: 1\n"), "challenge"),
    ("late", mail("Warning: message 1abc delayed 24 hours", "It has not yet been delivered.\nNo action is required on your part."), "delay"),
    ("late, by report", report("4.4.1", "connection timed out", action="delayed"), "delay"),
    ("delivered", report("2.1.5", "250 ok", action="delivered"), "delivered"),
    ("passed on", report("2.1.9", "relayed", action="relayed"), "delivered"),
    ("a person", mail("Thank you", "Your letter is good, and failed to bore me.", "anna@mail.example"), "other"),
    ("a person on bounces", mail("Re: Undelivered Mail Returned to Sender", "Why did I get this?\n> 550 5.1.1 User unknown", "anna@mail.example"), "other"),
    ("a person who passes one on", mail("Fwd: failure notice", f"> <{READER}>:\n> 550 no such user", "Anna <anna@mail.example>"), "other"),
    ("a shop", mail("Your parcel could not be delivered", "We were unable to deliver your parcel.", "no-reply@shop.example").replace(b"Return-Path: <>\n", b""), "other"),
    ("a newsletter", mail("Exchange rates, refused offers, returned goods", "Hello.", "news@exchange.example").replace(b"Return-Path: <>\n", b""), "other"),
    ("asks to leave", mail("unsubscribe", "", "anna@mail.example"), "leave"),
    ("asks to leave, in Russian", mail("Отписаться", "", "anna@mail.example"), "leave"),
    ("asks to leave, in answer", mail("Re: Unsubscribe", "", "anna@mail.example"), "leave"),
    ("asks to leave, by its program", mail("unsubscribe", "Sent by the mail program.", "anna@mail.example", "Auto-Submitted: auto-replied\n"), "leave"),
]
