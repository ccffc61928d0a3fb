"""The room's rows, from its files."""

from __future__ import annotations

from hectograph.readers.act_row import Act
from hectograph.readers.at_work import AtWork
from hectograph.readers.bounce_row import Bounce, Standing
from hectograph.readers.consent_text import ConsentText
from hectograph.readers.contact_row import Contact
from hectograph.readers.desk_row import DeskRow
from hectograph.readers.intake_state import Held, Resealing, Taken, Tally
from hectograph.readers.newsletter import Membership, Newsletter, NewsletterWords
from hectograph.readers.outbox_row import Outgoing
from hectograph.readers.subscriber import Consent, Subscriber
from hectograph.readers.turn_row import Turn

__all__ = [
    "Act",
    "AtWork",
    "Bounce",
    "Consent",
    "ConsentText",
    "Contact",
    "DeskRow",
    "Held",
    "Membership",
    "Newsletter",
    "NewsletterWords",
    "Outgoing",
    "Resealing",
    "Standing",
    "Subscriber",
    "Taken",
    "Tally",
    "Turn",
]
