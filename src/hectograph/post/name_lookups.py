"""DNS with a time limit, for `hecto doctor --mail` and for the exchangers of a mail domain; and a look at the relay's
certificate. The one place that asks."""

from __future__ import annotations

import smtplib
import ssl

from hectograph.post.domain import NoAnswer, Record
from hectograph.post.relay import Relay

_SECONDS = 5.0


def ask(name: str, kind: str, seconds: float = _SECONDS) -> list[str]:
    """Records of `name`, as text; TXT joined as RFC 7208 §3.3 has it. For PTR, `name` is an address. NoAnswer where
    none came within `seconds`."""
    from dns import exception, resolver, reversename  # noqa: PLC0415 (most processes never ask)

    asking = resolver.Resolver()
    asking.lifetime = seconds
    try:
        wanted = reversename.from_address(name) if kind == "PTR" else name
        answer = asking.resolve(wanted, kind)
    except (resolver.NXDOMAIN, resolver.NoAnswer):
        return []
    except exception.DNSException as error:
        raise NoAnswer from error
    if kind == "TXT":
        return [b"".join(record.strings).decode("utf-8", "replace") for record in answer]
    return [record.to_text() for record in answer]


def relay_tls(relay: Relay) -> Record:
    """Whether the relay speaks TLS with a certificate of its name. One connection, and no mail."""
    if relay.security == "none":
        return Record("TLS", True, "The relay is on this machine; mail reaches it without a network.")
    context = ssl.create_default_context()
    try:
        if relay.security == "tls":
            with smtplib.SMTP_SSL(relay.host, relay.port, timeout=_SECONDS, context=context) as client:
                client.noop()
        else:
            with smtplib.SMTP(relay.host, relay.port, timeout=_SECONDS) as client:
                client.starttls(context=context)
    except ssl.SSLCertVerificationError as error:
        words = f"The relay's certificate is not believed: {getattr(error, 'verify_message', 'unknown')}."
        return Record("TLS", False, words, f"It must be valid for {relay.host} and signed by a known authority.")
    except (smtplib.SMTPNotSupportedError, ssl.SSLError):
        return Record(
            "TLS", False, "The relay does not speak TLS there.", "Use its port for STARTTLS (587) or TLS (465)."
        )
    except (smtplib.SMTPException, OSError):
        return Record("TLS", None, "The relay could not be reached.", "Look at HECTO_RELAY and the network.")
    return Record("TLS", True, "The relay speaks TLS, with a certificate of its name.")
