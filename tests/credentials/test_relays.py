"""A relay that says itself what it can, and lets only the proof travel, is still a relay."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from firmware_shims.cards.desfire_lies import Card
from hardware.credentials.desfire import DESFIRE
from hardware.credentials.exchange import CardRefusedError, Scheme
from hardware.credentials.ntag424 import NTAG424
from hardware.credentials.running import Bounds, converse
from hardware.signals import CardFault
from tests.credentials.cards import badge as ntag424
from tests.credentials.tapping import SITE, badge

PROOFS = {DESFIRE.name: {0xAF, 0xBD}, NTAG424.name: {0xAF, 0xAD}}
"""Commands whose answers depend on our random number: everything else a relay can have beforehand."""
SCHEMES: dict[str, tuple[Scheme, Callable[[], Card]]] = {
    DESFIRE.name: (DESFIRE, badge),
    NTAG424.name: (NTAG424, ntag424),
}


class Clock:
    """Time that a relay takes for what must travel, and a card for everything."""

    def __init__(self, card: Card, travels: set[int], delay_s: float) -> None:
        self._card, self._travels, self._delay_s = card, travels, delay_s
        self.now = 0.0

    def __call__(self) -> float:
        return self.now

    def transceive(self, command: bytes) -> bytes:
        self.now += 0.005 + (self._delay_s if command[0] == 0x90 and command[1] in self._travels else 0.0)
        answer = self._card.answer(command)
        assert answer is not None
        return answer


@pytest.fixture(params=list(SCHEMES))
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.mark.parametrize("delay_s", [0.05, 0.15, 0.3])
def test_a_relay_that_answers_by_itself_what_it_can_is_too_slow_all_the_same(
    name: str, delay_s: float
) -> None:
    scheme, made = SCHEMES[name]
    card = made()
    clock = Clock(card, PROOFS[name], delay_s)
    with pytest.raises(CardRefusedError) as refused:
        converse(scheme.read(card.uid, SITE), clock.transceive, Bounds(), clock)
    assert refused.value.fault is CardFault.SLOW


def test_one_late_answer_of_a_busy_box_is_no_relay(name: str) -> None:
    scheme, made = SCHEMES[name]
    for late in PROOFS[name]:
        card = made()
        clock = Clock(card, {late}, 0.3)
        assert converse(scheme.read(card.uid, SITE), clock.transceive, Bounds(), clock).token
