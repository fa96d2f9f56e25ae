"""A card on a reader without a wire: what a test needs to hold a conversation."""

from dataclasses import dataclass, field

from firmware_shims.cards.desfire import Desfire, personalised
from firmware_shims.cards.desfire_lies import Card
from hardware.credentials.desfire import DESFIRE
from hardware.credentials.desfire_reading import AID, card_key
from hardware.credentials.exchange import CardRefusedError, NotThisCardError, Proof
from hardware.credentials.running import Bounds, converse
from hardware.credentials.site_keys import SiteKeys

SITE = SiteKeys(bytes(range(32)))
OTHER_SITE = SiteKeys(bytes(range(1, 33)))
UID = bytes.fromhex("04A1B2C3D4E580")
OTHER_UID = bytes.fromhex("04A1B2C3D4E581")
NUMBER = bytes.fromhex("0F1E2D3C4B5A69788796A5B4C3D2E1F0")
# A busy machine is no relay: only the tests of time have bounds that can be met.
PATIENT = Bounds(1e9, 1e9, 1e9)


class CardGoneError(Exception):
    """What a wire says when nothing comes back."""


@dataclass
class Wire:
    """Carries APDUs to a card and remembers them."""

    card: Card
    crossed: list[tuple[bytes, bytes]] = field(default_factory=list)

    def __call__(self, command: bytes) -> bytes:
        answer = self.card.answer(command)
        if answer is None:
            raise CardGoneError
        self.crossed.append((command, answer))
        return answer

    @property
    def codes(self) -> list[str]:
        return [command[1:2].hex().upper() for command, _ in self.crossed]


def badge(
    site: SiteKeys = SITE,
    uid: bytes = UID,
    generation: int = 2,
    *,
    keys_of: bytes = b"",
    number: bytes = NUMBER,
) -> Desfire:
    """A finished badge, not made over the air; ``keys_of``: whose keys it holds, else its own."""
    keys = [card_key(site, keys_of or uid, key) for key in (0, 1)]
    return personalised(uid, AID, keys, number, generation)


def read(card: Card, site: SiteKeys | None = SITE, wire: Wire | None = None) -> Proof:
    """What the product reads of a card."""
    return converse(DESFIRE.read(card.uid, site), wire or Wire(card), PATIENT)


def make(card: Card, site: SiteKeys | None = SITE, wire: Wire | None = None) -> Proof:
    """Have the product make a badge of a card."""
    assert DESFIRE.make is not None
    return converse(DESFIRE.make(card.uid, site), wire or Wire(card), PATIENT)


def outcome(card: Card, site: SiteKeys | None = SITE) -> str:
    """The token, the fault, or ``not ours``: all that a reading may end with."""
    try:
        return read(card, site).token
    except CardRefusedError as refused:
        return str(refused.fault)
    except NotThisCardError:
        return "not ours"
