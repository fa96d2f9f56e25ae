"""When a "no" is shown: as long after the card was seen as any other, whatever the reason (behaviour 8)."""

from __future__ import annotations

from typing import Any

import pytest

from controller.core.effects import Show, Signal
from controller.core.events import BadgeRead, PinTyped
from tests.core.cards import LI, UIDS, WANG, Proved, proving
from tests.core.plans import example
from tests.core.room import Room

LATER = {0: 300, 1: 300, 40: 300, 299: 300, 300: 300, 301: 600, 2_500: 2_700}
"""Milliseconds that a card took, and how long after its first sight the "no" is shown."""


def _shown(room: Room, reader: str = "main.in") -> list[Show]:
    return [e for e in room.outcome.effects if isinstance(e, Show) and e.reader == reader]


CARDS: tuple[dict[str, Any], ...] = (
    {"badge": "nobody"},
    {"badge": UIDS[LI], "level": "uid"},
    {"badge": UIDS[LI], "fault": "wrong_key"},
    {"badge": UIDS[LI], "fault": "slow"},
    {"badge": "04FF", "fault": "two_cards"},
    {"badge": LI, "level": "ntag424"},
    {"badge": LI, "uid": "04DDDDDDDDDDDD"},
    {"badge": "B3", "level": "uid"},
)


@pytest.mark.parametrize(("took", "due"), LATER.items())
@pytest.mark.parametrize("card", CARDS)
@pytest.mark.parametrize("first", ["", WANG])
@pytest.mark.parametrize("reader", ["main.in", "c1", "main.inside"])
def test_b08_every_no_comes_as_long_after_its_card(
    reader: str, first: str, card: dict[str, Any], took: int, due: int
) -> None:
    room = Proved()
    room.wait(60)
    if first:
        room.show(first)
    room.wait(5)
    seen = room.now
    room.wait_ms(took)
    said = {"level": "desfire"} | card
    room.step(BadgeRead(room.now, reader, said.pop("badge"), **said, took_ms=took))
    assert _shown(room, reader) == [Show(reader, Signal.REFUSED, seen + due)]
    room.wait_ms(max(1_000, due + 500) - took - 1)
    assert room.signal(reader) == "refused"
    room.wait_ms(1)
    assert room.signal(reader) != "refused"


@pytest.mark.parametrize("digits", ["0000", "", "9" * 5_000, "*#"])
@pytest.mark.parametrize("badge", ["", "B1", "B3", "nobody", "dead"])
def test_b08_every_no_to_a_pin_comes_as_long_after_it(badge: str, digits: str) -> None:
    room = Room(dead={"badges": ["dead"]})
    room.ask("block_badge", "zhao", badge="dead")
    if badge:
        room.tap("main.in", badge)
    room.wait(3)
    room.pin("main.in", digits)
    assert _shown(room) == [Show("main.in", Signal.REFUSED, room.now + 300)]


def test_b08_each_no_is_shown_anew() -> None:
    room = Proved()
    for _ in range(3):
        room.wait_ms(400)
        room.show("nobody")
        assert _shown(room) == [Show("main.in", Signal.REFUSED, room.now + 300)]


def test_b08_what_is_no_refusal_is_shown_at_once() -> None:
    room = Proved()
    room.show("nobody")
    room.show(LI)
    assert _shown(room) == [Show("main.in", Signal.PENDING)]
    room.show(WANG)
    assert _shown(room) == [Show("main.in", Signal.GRANTED)]


@pytest.mark.parametrize("millis", [100, 1_000])
def test_b08_how_late_a_no_comes_is_a_setting_of_the_site(millis: int) -> None:
    room = Room(example(refusal_ms=millis))
    room.tap("main.in", "nobody")
    assert _shown(room) == [Show("main.in", Signal.REFUSED, room.now + millis)]


def test_b08_a_loop_that_is_late_makes_no_no_later() -> None:
    room = Proved(proving())
    room.wait(60)
    room.step(BadgeRead(room.now - 50, "main.in", "nobody", took_ms=20))
    assert _shown(room) == [Show("main.in", Signal.REFUSED, room.now - 70 + 300)]
    room.step(PinTyped(room.now - 50, "main.in", "0000"))
    assert _shown(room) == [Show("main.in", Signal.REFUSED, room.now - 50 + 300)]
