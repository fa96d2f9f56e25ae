"""What a credential scheme is: a conversation with a card, without any wire. No I/O, no clock, no threads.

Rule 1: a scheme is a generator. It yields command APDUs and is sent the response APDUs (data, SW1, SW2);
whoever runs it owns the wire: a PN532, or an OSDP reader in transparent mode.
Rule 2: it ends with a Proof, with NotThisCardError (another scheme may try), or with CardRefusedError; any
other bytes a card can send, however wrong, lead to one of these and to no other exception.
Rule 3: randomness comes from ``os.urandom`` at each exchange; nothing of one exchange serves another.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass

from hardware.credentials.site_keys import SiteKeys
from hardware.signals import CardFault


@dataclass(frozen=True, slots=True)
class Proof:
    """What a card has proved: the badge number in upper-case hex, and its own counter where it has one."""

    token: str
    counter: int | None = None


Exchange = Generator[bytes, bytes, Proof]


class NotThisCardError(Exception):
    """The card does not speak this scheme, or carries nothing of this kind; nothing was proved."""


class CardRefusedError(Exception):
    """The card speaks this scheme and fails it. ``fault`` is the stored word; the sentence is for people."""

    def __init__(self, fault: CardFault, why: str) -> None:
        super().__init__(why)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Scheme:
    """One credential scheme: its stored name, a sentence for the manual, and its two conversations.

    ``read`` proves a card (UID, site keys), ``make`` personalises a blank one and proves it afterwards; it
    is None where the card is made elsewhere. ``keyed``: neither can begin before the box has a site key.
    """

    name: str
    says: str
    keyed: bool
    read: Callable[[bytes, SiteKeys | None], Exchange]
    make: Callable[[bytes, SiteKeys | None], Exchange] | None = None
