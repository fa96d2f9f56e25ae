"""What any bytes of a card may do to a scheme: be refused, or be no such card. Rule: never a proof.

A badge that is there may of course prove its own number, and no other: what of its answers proves nothing,
such as the greeting of an application, may be damaged.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing, suppress
from copy import deepcopy
from dataclasses import dataclass, field
from functools import cache

from firmware_shims.cards.desfire import Desfire
from firmware_shims.cards.desfire_lies import Card
from firmware_shims.cards.ntag424 import Ntag424
from firmware_shims.cards.piv import PivCard
from hardware.credentials import CREDENTIALS, piv_objects, sun
from hardware.credentials.exchange import CardRefusedError, Exchange, NotThisCardError
from hardware.credentials.site_keys import SiteKeys
from hardware.credentials.uid import UID
from tests.fuzzing.dice import Choices

SITE = SiteKeys(bytes(range(32)))
NUMBER = bytes.fromhex("04958CAA5C5E80")
STATUSES = (b"", b"\x90\x00", b"\x91\x00", b"\x91\xaf", b"\x61\x10", b"\x6a\x82")
MOST_ANSWERS = 80
ASKED = tuple(scheme for scheme in CREDENTIALS if scheme != UID)
READINGS: tuple[Callable[[bytes, SiteKeys | None], Exchange], ...] = tuple(one.read for one in ASKED)
MAKINGS = tuple(one.make for one in ASKED if one.make is not None)


class ProvedError(AssertionError):
    """A card proved what it cannot prove."""


@dataclass(slots=True)
class Tally:
    """How many answers were given in all, and how the conversations ended."""

    answers: int = 0
    ends: dict[str, int] = field(default_factory=dict)


TALLY = Tally()


@cache
def _badges() -> tuple[Card, ...]:
    """A finished badge of each kind."""
    cards: list[Card] = [Desfire(NUMBER, 2), Desfire(NUMBER, 1), Ntag424(NUMBER)]
    for card, make in zip(cards, (MAKINGS[0], MAKINGS[0], MAKINGS[-1]), strict=True):
        _whole(make(NUMBER, SITE), card)
    return (*cards, PivCard(NUMBER))


@cache
def _tokens() -> frozenset[str]:
    """The numbers of those badges, each as its own scheme reads it."""
    schemes = {scheme.name: scheme for scheme in ASKED}
    names = ("desfire", "desfire", "ntag424", "piv")
    pairs = zip(names, deepcopy(_badges()), strict=True)
    return frozenset(_whole(schemes[name].read(NUMBER, SITE), card) for name, card in pairs)


def _whole(talk: Exchange, card: Card) -> str:
    try:
        asked = next(talk)
        while True:
            asked = talk.send(card.answer(asked) or b"")
    except StopIteration as proof:
        return str(proof.value.token)


def any_answers(data: bytes) -> None:
    """A card that says whatever it likes, to a reading or a making."""
    dice = Choices(data)
    every = (*READINGS, *MAKINGS)
    _talk(every[dice.byte() % len(every)], lambda _: dice.take(255) + STATUSES[dice.byte() % len(STATUSES)])


def damaged_answers(data: bytes) -> None:
    """A badge whose answers are damaged on their way, every second one on average."""
    dice = Choices(data)
    card = deepcopy(_badges()[dice.byte() % len(_badges())])

    def said(asked: bytes) -> bytes:
        good = card.answer(asked) or b""
        return dice.changed(good) if dice.byte() % 2 else good

    for reading in READINGS:
        if power_on := getattr(card, "power_on", None):
            power_on()
        _talk(reading, said, _tokens())


def objects(data: bytes) -> None:
    """Bytes in place of an NDEF file, of PICCData, of a PIV object, of a certificate."""
    dice = Choices(data)
    rest = data[1:]
    parse: tuple[Callable[[bytes], object], ...] = (
        sun.mirrors,
        lambda some: sun.mirrors(Choices(some).changed(sun.TEMPLATE)),
        lambda some: sun.opened(some[:16].ljust(16, b"\x00"), bytes(16)),
        piv_objects.objects,
        piv_objects.public_key,
        lambda some: piv_objects.public_key(Choices(some).changed(_certificate())),
    )
    with suppress(CardRefusedError, NotThisCardError):
        parse[dice.byte() % len(parse)](rest)


@cache
def _certificate() -> bytes:
    return PivCard(NUMBER).certificate_object()


def _talk(
    scheme: Callable[[bytes, SiteKeys | None], Exchange],
    said: Callable[[bytes], bytes],
    own: frozenset[str] = frozenset(),
) -> None:
    end = "went on"
    with closing(scheme(NUMBER, SITE)) as talk:
        try:
            asked = next(talk)
            for _ in range(MOST_ANSWERS):
                TALLY.answers += 1
                asked = talk.send(said(asked))
        except StopIteration as proof:
            end = "proved"
            if proof.value.token not in own:
                raise ProvedError(repr(proof.value)) from None
        except (CardRefusedError, NotThisCardError) as no:
            end = type(no).__name__
    TALLY.ends[end] = TALLY.ends.get(end, 0) + 1
