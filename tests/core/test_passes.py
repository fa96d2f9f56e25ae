"""A visitor's pass: the ways in which it dies (behaviour 56)."""

from __future__ import annotations

from controller.core.words import Reason
from tests.core.room import Room


def _tap_all(room: Room, *badges: str) -> None:
    for badge in badges:
        room.wait(1)
        room.tap("main.in", badge)


def _visiting() -> Room:
    room = Room()
    room.enter("V1", "B1", "B2")
    room.wait(20)
    return room


def test_b56_a_host_gone_before_the_visitor_is_an_alarm_and_the_pass_is_dead() -> None:
    room = _visiting()
    room.enter("B3")
    room.leave("B1")
    assert "visitor_alone" in room.alarms
    assert room.of("visit_ended")[0]["visitors"] == ["guest"]
    assert room.state.room("vault").visitors == ("guest",)
    room.leave("V1")
    assert len(room.of("visit_ended")) == 1
    assert room.state.room("vault").visitors == ()


def test_b56_another_host_gone_is_no_alarm() -> None:
    room = _visiting()
    room.enter("B3")
    room.leave("B2")
    assert not room.alarms


def test_b56_a_visitor_who_names_no_host_stays_with_whoever_is_inside() -> None:
    room = Room(odd={"badges": ["W"], "visitor": True})
    room.enter("W", "B2", "B3")
    room.leave("B2")
    assert "visitor_alone" not in room.alarms
    room.leave("B3")
    assert "visitor_alone" in room.alarms
    assert room.of("visit_ended")


def test_b56_visitor_and_hosts_leaving_together_is_no_alarm() -> None:
    room = _visiting()
    room.leave("V1", "B1", "B2")
    assert not room.alarms
    assert room.of("visit_ended")[0]["visitors"] == ["guest"]
    assert room.of("room_closed")


def test_b56_a_visitor_leaves_first_and_the_pass_is_dead() -> None:
    room = _visiting()
    room.leave("V1")
    assert not room.alarms
    _tap_all(room, "V1")
    assert room.reason is Reason.VISIT_OVER


def test_b56_a_pass_is_dead_from_check_out_on() -> None:
    room = Room()
    room.ask("check_out", "zhao", visitor="guest")
    _tap_all(room, "V1")
    assert room.reason is Reason.VISIT_OVER
    room.restart()
    _tap_all(room, "V1")
    assert room.reason is Reason.VISIT_OVER


def test_b56_only_a_living_pass_is_checked_out() -> None:
    room = Room()
    for visitor in ("li", "nobody", ""):
        room.ask("check_out", "zhao", visitor=visitor)
        assert room.reason is Reason.NOTHING_TO_DO
    room.ask("check_out", "zhao", visitor="guest")
    room.ask("check_out", "zhao", visitor="guest")
    assert room.reason is Reason.NOTHING_TO_DO
    assert len(room.of("visit_ended")) == 1


def test_b56_checking_out_a_visitor_who_is_inside_is_an_alarm_and_lets_out() -> None:
    room = _visiting()
    room.ask("check_out", "zhao", visitor="guest")
    assert room.alarms == {"visitor_alone"}
    room.tap("main.out", "V1")
    assert room.is_open()


def test_b56_a_pass_is_dead_at_its_end_time_to_the_millisecond() -> None:
    for late, reason in ((-1, None), (0, Reason.EXPIRED)):
        room = Room()
        end = room.state.wall + 60_000
        room.ask("change_person", "zhao", "chen", person="guest", valid_until=end)
        room.wait_ms(60_000 + late)
        room.tap("main.in", "V1")
        assert room.reason is reason


def test_b56_overstaying_is_an_alarm_at_the_end_time() -> None:
    room = _visiting()
    end = room.now + 60_000
    room.ask("change_person", "zhao", "chen", person="guest", valid_until=end + room.state.offset)
    room.wait_ms(59_999)
    assert not room.alarms
    room.wait_ms(1)
    assert room.alarms == {"visitor_alone"}
    assert room.of("visit_ended")[0]["at"] == end
