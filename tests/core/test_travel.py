"""One badge in two places faster than one can walk: behaviour 33f."""

from __future__ import annotations

from controller.core.words import Reason
from tests.core.room import Room


def test_b33f_the_same_badge_at_two_readers_faster_than_one_walks_is_refused_at_both() -> None:
    for millis, alarms in ((0, {"impossible_travel"}), (999, {"impossible_travel"}), (1_000, set())):
        room = Room()
        room.tap("main.in", "B1")
        room.wait_ms(millis)
        room.tap("main.in2", "B1")
        assert room.alarms == alarms
        assert (room.state.door("main").pending is None) is bool(alarms)
        if alarms:
            assert room.reason is Reason.IMPOSSIBLE_TRAVEL
            assert room.of("pending_cancelled")[0]["reason"] == Reason.IMPOSSIBLE_TRAVEL


def test_b33f_a_door_just_released_for_that_badge_is_locked_again() -> None:
    room = Room()
    room.tap("main.in", "B1")
    room.wait(5)
    room.tap("main.in", "B2")
    assert room.is_open()
    room.wait_ms(500)
    room.tap("main.in2", "B2")
    assert not room.is_open()
    assert room.of("no_entry")[0]["reason"] == Reason.IMPOSSIBLE_TRAVEL
    assert "impossible_travel" in room.alarms


def test_b33f_a_compartment_just_released_for_that_badge_is_locked_again() -> None:
    room = Room()
    room.enter("B1", "B2")
    room.wait(5)
    room.ask("open_compartment", "li", compartment="c1.a")
    room.tap("c1", "B1")
    room.tap("c1", "B2")
    assert room.is_open("c1.a")
    room.tap("main.in", "B2")
    assert not room.is_open("c1.a")
    assert "impossible_travel" in room.alarms


def test_b33f_other_peoples_release_is_left_alone() -> None:
    room = Room()
    room.tap("main.in", "B1")
    room.tap("main.in", "B2")
    room.tap("c1", "B3")
    room.tap("main.inside", "B3")
    assert "impossible_travel" in room.alarms
    assert room.is_open()


def test_b33f_two_badges_of_one_person_are_two_badges() -> None:
    room = Room()
    room.tap("main.in", "B1")
    room.tap("main.in2", "B1b")
    assert not room.alarms


def test_b33f_the_same_badge_twice_at_one_reader_is_no_travel() -> None:
    room = Room()
    room.tap("main.in", "B1")
    room.tap("main.in", "B1")
    assert not room.alarms


def test_b33f_two_tags_with_one_number_that_nobody_has_are_no_badge_in_two_places() -> None:
    room = Room()
    room.tap("main.in", "nobody")
    room.tap("main.in2", "nobody")
    assert room.reason is Reason.UNKNOWN_BADGE
    assert not room.alarms


def test_b33f_only_badges_of_the_site_are_remembered_and_no_longer_than_one_walks() -> None:
    room = Room()
    for number in range(20):
        room.tap("main.in", f"nobody {number}")
    room.tap("main.in", "B1")
    assert set(room.site.moment.sightings) == {"B1"}
    room.wait_ms(1_000)
    room.tap("main.in", "B2")
    assert set(room.site.moment.sightings) == {"B2"}


def test_b33f_at_the_inner_reader_the_way_out_opens_for_nobody_in_particular() -> None:
    room = Room()
    room.enter("B1", "B2")
    room.wait(5)
    room.tap("main.in", "B1")
    room.tap("main.out", "B1")
    assert room.reason is Reason.IMPOSSIBLE_TRAVEL
    assert room.is_open()
    room.through()
    assert room.inside == {"li", "wang"}
    assert room.state.room("vault").unknown
