"""One card, read by the credential schemes in their order, or personalised by one of them.

Rule 1: the first proof wins; a scheme that refuses the card ends the reading; a card that fits none is its
UID and nothing more.
Rule 2: a card is spoken to only when a scheme speaks: where the UID is enough, no byte is sent to it.
Rule 3: a card that falls silent raises SilentError: nothing is said about it here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from threading import Event

from hardware.credentials.exchange import CardRefusedError, NotThisCardError, Proof, Scheme
from hardware.credentials.running import Bounds, converse
from hardware.credentials.site_keys import SiteKeys
from hardware.credentials.uid import UID
from hardware.nfc_chip import Chip, Found
from hardware.nfc_iso_dep import SHORTEST_WAIT_S, IsoDep, NoiseError, SilentError, parse_ats, rats
from hardware.nfc_orders import Order
from hardware.nfc_port import FAULTS
from hardware.nfc_presence import is_random
from hardware.signals import BadgeMade, CardFault, CardRead

Keys = Callable[[], SiteKeys | None]
MAKING = Bounds(quickest_ms=60.0, each_ms=1500.0, whole_ms=4000.0)
"""A card that is being personalised writes its memory and makes keys, which takes longer than proving."""


class NotMadeError(Exception):
    """No badge was made of this card; the sentence is for people.

    ``uid``: the card's number, in upper-case hexadecimal, where it may have been told a key; else empty.
    """

    def __init__(self, why: str, uid: str = "") -> None:
        super().__init__(why)
        self.uid = uid


class Talk:
    """The way to one card: it is selected and activated when the first command is sent."""

    def __init__(self, chip: Chip, card: Found, bounds: Bounds) -> None:
        self._chip = chip
        self._card = card
        self._each_s = bounds.each_ms / 1000
        self._dep: IsoDep | None = None
        self.spoke = False
        """Whether a command was sent to the card, heard or not."""

    def transceive(self, apdu: bytes) -> bytes:
        """Command APDU to response APDU. Raises NotThisCardError, CardRefusedError, SilentError."""
        if not self._card.iso_dep:
            raise NotThisCardError("it does not speak ISO/IEC 14443-4")
        if self._dep is None:
            self._dep = self._activated()
        self.spoke = True
        return self._dep.transceive(apdu)

    def _activated(self) -> IsoDep:
        try:
            self._chip.select(self._card.uid)
            told = self._chip.first(rats(self._chip.frame), SHORTEST_WAIT_S)
        except (SilentError, NoiseError) as error:
            raise SilentError(str(error)) from error
        ats = parse_ats(told)
        ats = replace(ats, frame=min(ats.frame, self._chip.frame))
        dep = IsoDep(self._chip.swap, ats, self._each_s)
        if dep.guard_s:
            Event().wait(dep.guard_s)
        return dep


@dataclass(frozen=True, slots=True)
class Cards:
    """Reads and makes cards on the reader ``device``; ``schemes`` are tried in this order."""

    device: str
    schemes: Sequence[Scheme]
    keys: Keys
    bounds: Bounds

    def read(self, chip: Chip, card: Found) -> CardRead:
        """What this card has proved, or why it is not believed. Raises SilentError when it falls silent."""
        talk = Talk(chip, card, self.bounds)
        keys = self.keys()
        keyless: Scheme | None = None
        for scheme in self.schemes:
            if scheme.keyed and keys is None:
                keyless = keyless or scheme
                continue
            if scheme.name == UID.name and keyless and card.iso_dep:
                break
            try:
                proof = converse(scheme.read(card.uid, keys), talk.transceive, self.bounds)
            except NotThisCardError:
                continue
            except CardRefusedError as error:
                return self.faulty(card.uid, error.fault, scheme)
            return self._proved(card.uid, scheme, proof)
        if keyless and card.iso_dep:
            # As its UID it would look like a copy of the badge that it may well be.
            return self.faulty(card.uid, CardFault.NO_KEY, keyless)
        return self._proved(card.uid, UID, Proof(_hex(card.uid)))

    def faulty(self, uid: bytes, fault: CardFault, scheme: Scheme | None = None) -> CardRead:
        """A card that is not believed, under the strongest scheme unless another one refused it."""
        name = (scheme or self.schemes[0]).name
        return CardRead(self.device, _hex(uid), name, uid=_hex(uid), fault=fault)

    def make(self, chip: Chip, card: Found, order: Order) -> BadgeMade:
        """Personalise a card; then it proves itself once more as at a door. Raises NotMadeError."""
        keys, scheme = self.keys(), order.scheme
        if _hex(card.uid) in order.taken:
            raise NotMadeError("the card shows the number of one that is, or may be, somebody's already")
        if is_random(card.uid):
            raise NotMadeError("the card shows a random number, by which its keys cannot be found again")
        if scheme.make is None:
            raise NotMadeError(f"a badge of level {scheme.name} is not made here")
        if scheme.keyed and keys is None:
            raise NotMadeError("this box has no site key yet")
        talk = Talk(chip, card, MAKING)
        try:
            made = converse(scheme.make(card.uid, keys), talk.transceive, MAKING)
            proof = converse(scheme.read(card.uid, keys), Talk(chip, card, MAKING).transceive, MAKING)
        except (NotThisCardError, CardRefusedError) as error:
            why = f"the card cannot become a badge of level {scheme.name}: {error}"
            raise NotMadeError(why, _told(talk, scheme, card)) from error
        except SilentError as error:
            why = "the card was taken away before it was done"
            raise NotMadeError(why, _told(talk, scheme, card)) from error
        except FAULTS as error:
            why = "the reader failed while the badge was made"
            raise NotMadeError(why, _told(talk, scheme, card)) from error
        if proof.token != made.token:
            why = "the card shows another number than it was given"
            raise NotMadeError(why, _told(talk, scheme, card))
        return BadgeMade(self.device, scheme.name, proof.token, _hex(card.uid))

    def _proved(self, uid: bytes, scheme: Scheme, proof: Proof) -> CardRead:
        return CardRead(self.device, proof.token, scheme.name, uid=_hex(uid), counter=proof.counter)


def _told(talk: Talk, scheme: Scheme, card: Found) -> str:
    """The number of a card that may have been told a key.

    Which command tells it is the scheme's affair, and what answers may lie about how far it heard: whatever
    was spoken to in a keyed making counts.
    """
    return _hex(card.uid) if talk.spoke and scheme.keyed else ""


def _hex(uid: bytes) -> str:
    return uid.hex().upper()
