"""A card that only says that it is blank is not told the keys of the badge whose number it shows."""

from __future__ import annotations

import pytest

from controller.core.effects import Personalise
from controller.core.events import BadgeNotMade
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


BLANK = "04D1D2D3D4D5D6"


def _begun(room: Proved, person: str = "li", uid: str = BLANK) -> None:
    """A making is begun at the desk, and fails."""
    room.ask("issue_badge", "zhao", "chen", person=person, level="desfire")
    room.step(BadgeNotMade(room.now, "desk", "the card was taken away before it was done", uid))


def test_a_card_begun_for_one_person_and_taken_away_becomes_nobody_elses_badge() -> None:
    room = Proved()
    _begun(room)
    said = room.of("badge_not_issued")[-1]
    assert (said["uid"], said["person"]) == (BLANK, "li")
    assert BLANK in _taken(room, "wang", "zhao", "chen")
    room.made("33" * 16, BLANK)
    assert room.of("badge_not_issued")[-1]["why"] == "the card is somebody else's"
    assert BLANK not in room.state.uids
    room.restart()
    assert BLANK in _taken(room, "wang", "zhao", "chen")


def test_a_card_begun_for_a_person_and_torn_away_may_be_laid_down_again_for_that_person() -> None:
    room = Proved()
    _begun(room)
    assert BLANK not in _taken(room, "li", "zhao", "chen")
    room.made("33" * 16, BLANK)
    assert room.state.badges["33" * 16].holder == "li"


def test_a_card_begun_for_two_people_is_nobodys() -> None:
    room = Proved()
    _begun(room)
    _begun(room, "wang")
    assert BLANK in _taken(room, "li", "zhao", "chen")
    room.wait(66)
    assert BLANK in _taken(room, "wang", "zhao", "chen")


def test_a_card_whose_making_ended_when_nobody_waited_any_more_is_nobodys() -> None:
    room = Proved()
    room.step(BadgeNotMade(room.now, "desk", "late", BLANK))
    room.made("33" * 16, "04E1E2E3E4E5E6")
    for person in ("li", "wang"):
        assert {BLANK, "04E1E2E3E4E5E6"} <= _taken(room, person, "zhao", "chen")
        room.wait(66)


@pytest.mark.parametrize("uid", ["", "08112233", "\ud800", "no number"])
def test_a_making_that_was_begun_with_no_card_that_can_be_known_again_leaves_nothing(uid: str) -> None:
    room = Proved()
    _begun(room, uid=uid)
    assert not room.state.begun
    assert "uid" not in room.of("badge_not_issued")[-1]
