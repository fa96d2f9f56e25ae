"""A card that only says that it is blank is not told the keys of the badge whose number it shows."""

from __future__ import annotations

from controller.core.effects import Personalise
from tests.core.cards import LI, OLD, UIDS, WANG, Proved


def _taken(room: Proved, person: str, *by: str) -> frozenset[str]:
    room.ask("issue_badge", *by, person=person, level="desfire")
    (order,) = (effect for effect in room.outcome.effects if isinstance(effect, Personalise))
    return order.taken


def test_the_card_of_a_live_badge_is_made_no_other_badge_not_even_its_holders() -> None:
    assert {UIDS[LI], UIDS[WANG]} <= _taken(Proved(), "li", "zhao", "chen")


def test_the_card_of_a_dead_badge_may_be_made_its_holders_again_and_nobody_elses() -> None:
    room = Proved()
    room.ask("block_badge", "zhao", badge=LI)
    assert UIDS[LI] not in _taken(room, "li", "zhao", "chen")
    room.wait(66)
    assert UIDS[LI] in _taken(room, "wang", "zhao", "chen")


def test_a_badge_known_by_its_number_may_become_one_that_proves_itself_for_its_holder_alone() -> None:
    room = Proved()
    assert OLD not in _taken(room, "li", "zhao", "chen")
    room.wait(66)
    assert OLD in _taken(room, "wang", "zhao", "chen")
