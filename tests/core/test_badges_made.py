"""Which card becomes a badge at the desk, and which does not: R1.2."""

from __future__ import annotations

import pytest

from controller.core.events import BadgeMade, BadgeNotMade
from controller.core.words import Reason
from tests.core.cards import LI, NEW, UID, UIDS, Proved, ask_for_badge


def test_a_badge_that_is_not_made_is_written_down_with_its_person_and_level() -> None:
    room = Proved()
    ask_for_badge(room)
    room.made(NEW, "08AABBCC", "ntag424")
    end = room.of("badge_not_issued")[-1]
    assert (end["person"], end["level"], "uid" in end) == ("chen", "ntag424", False)
    assert not room.state.begun
    ask_for_badge(room)
    room.restart()
    end = room.of("badge_not_issued")[-1]
    assert (end["person"], end["level"]) == ("chen", "desfire")


def test_a_card_that_comes_too_late_is_no_badge() -> None:
    room = Proved()
    ask_for_badge(room)
    room.wait_ms(64_999)
    assert room.state.issues
    room.wait_ms(1)
    assert room.of("badge_not_issued")[-1] | {"reason": "timeout", "why": "timeout"} == room.entries[-1]
    room.made(NEW, UID)
    assert room.of("badge_not_issued")[-1]["why"] == "nobody asked for it"
    assert NEW not in room.state.badges
    room.step(BadgeNotMade(room.now, "desk", "late"))
    assert not room.outcome.entries


def test_a_restart_ends_every_asking_for_a_badge() -> None:
    room = Proved()
    ask_for_badge(room)
    room.restart()
    assert room.of("badge_not_issued")[-1]["reason"] == "restart"
    room.made(NEW, UID)
    assert NEW not in room.state.badges
    room.show(NEW, uid=UID)
    assert room.reason is Reason.UNKNOWN_BADGE


def test_a_card_at_another_desk_or_of_another_level_is_not_the_one_asked_for() -> None:
    room = Proved()
    ask_for_badge(room)
    room.step(BadgeMade(room.now, "main.in", "desfire", NEW, UID))
    assert room.state.issues
    room.made(NEW, UID, "ntag424")
    assert not room.state.issues
    assert NEW not in room.state.badges
    assert [e["why"] for e in room.of("badge_not_issued")] == [
        "nobody asked for it",
        "another level was asked for",
    ]


def test_who_ends_while_the_card_is_made_has_no_badge() -> None:
    room = Proved()
    ask_for_badge(room)
    room.ask("end_person", "zhao", person="chen")
    room.made(NEW, UID)
    assert "in force" in room.of("badge_not_issued")[-1]["why"]
    assert NEW not in room.state.badges


@pytest.mark.parametrize(
    ("badge", "uid"),
    [
        (LI, UID),
        (NEW, UIDS[LI]),
        ("B2", UID),
        (NEW, "B2"),
        ("", UID),
        ("xyz", UID),
        (NEW, "\ud800"),
        ("A" * 999, UID),
    ],
)
def test_a_number_that_is_somebody_elses_or_no_number_is_no_badge(badge: str, uid: str) -> None:
    room = Proved()
    before = dict(room.state.badges)
    ask_for_badge(room)
    room.made(badge, uid)
    assert room.kinds[0] == "badge_not_issued"
    assert room.state.badges == before
    assert not room.state.issues


def test_a_card_made_anew_is_one_badge_and_the_one_before_is_dead() -> None:
    room = Proved()
    room.make("li", NEW, UIDS[LI])
    room.show(LI)
    assert room.reason == Reason.BADGE_BLOCKED
    room.show(NEW, uid=UIDS[LI])
    assert room.reason is None


def test_a_change_of_the_person_leaves_the_badge_as_it_was_made() -> None:
    room = Proved(level="ntag424")
    room.show(LI, counter=5)
    room.ask("change_person", "zhao", "chen", person="li", badges=[LI], department="audit")
    badge = room.state.badges[LI]
    assert (badge.level, badge.uid, badge.counter) == ("ntag424", UIDS[LI], 5)


def test_the_number_of_somebodys_card_is_nobody_elses_badge() -> None:
    room = Proved()
    room.ask("enrol", "zhao", "chen", person="mallory", badges=[UIDS[LI]])
    assert room.reason is Reason.NOT_UNDERSTOOD


def test_a_card_at_the_desk_opens_nothing_and_is_not_remembered() -> None:
    room = Proved()
    for read in ({}, {"level": "uid"}, {"fault": "slow"}, {"counter": 3}):
        room.show(LI, "desk", **read)
        assert not room.outcome.entries
        assert not room.outcome.effects
        assert room.outcome.answer
    room.show(LI)
    assert room.reason is None
