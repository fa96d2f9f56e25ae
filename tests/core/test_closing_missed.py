"""Behaviour 55: until when a daily closing is due, and what comes of one that is missing."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import time

from controller.core.events import Asking, ClockJumped
from controller.core.fold import replay
from controller.core.words import Reason
from controller.view import view
from tests.core.closings import HOUR, TO_NINE_NEXT, closed, noted, used
from tests.core.desk import Desk
from tests.core.plans import START, example


def test_b55_by_the_next_morning_it_is_missing_once() -> None:
    room = used()
    room.wait(TO_NINE_NEXT - HOUR - 60)
    assert "closing_missing" not in room.alarms
    room.wait(60)
    assert "closing_missing" in room.alarms
    (written,) = room.of("closing_missing")
    assert (written["place"], written["due"]) == ("vault", START + (TO_NINE_NEXT - HOUR) * 1000)
    assert written["at"] + START == written["due"]
    room.wait(3 * 24 * HOUR)
    assert len(room.of("closing_missing")) == 1


def test_b55_a_day_that_was_closed_is_not_missing() -> None:
    room = used()
    closed(room)
    room.wait(3 * 24 * HOUR)
    assert not room.of("closing_missing")


def test_b55_a_day_on_which_nobody_opened_the_room_needs_no_closing() -> None:
    room = Desk()
    room.wait(3 * 24 * HOUR)
    assert not room.of("closing_missing")


def test_b55_every_day_on_which_it_is_opened_needs_its_closing() -> None:
    room = used()
    room.wait(20 * HOUR)  # five in the morning: yesterday's is not due yet, and today's is due tomorrow
    room.enter("B1", "B2")
    room.leave("B1", "B2")
    room.wait(2 * 24 * HOUR)
    assert [e["due"] - START for e in room.of("closing_missing")] == [82_800_000, 82_800_000 + 86_400_000]


def test_b55_a_room_that_is_never_left_is_missing_every_morning() -> None:
    room = Desk()
    room.enter("B1", "B2")
    room.wait(3 * 24 * HOUR)
    assert len(room.of("closing_missing")) == 3


def test_b55_a_closing_of_an_occupied_room_needs_another_by_the_next_morning() -> None:
    room = Desk()
    room.enter("B1", "B2")
    assert closed(room, notes=noted(room)) is None
    room.wait(24 * HOUR)
    assert len(room.of("closing_missing")) == 1


def test_b55_until_when_it_is_due_is_the_rooms() -> None:
    room = used(example(room={"closing_due": time(4, 30)}))
    room.wait(19.5 * HOUR)
    assert room.of("closing_missing")[0]["due"] == START + round(19.5 * HOUR) * 1000


def test_b55_a_late_closing_settles_the_alarm() -> None:
    room = used()
    room.wait(24 * HOUR)
    assert closed(room) is None
    assert "closing_missing" not in room.alarms
    (written,) = room.of("day_closed")
    assert (written["late"], written["due"]) == (True, START + (TO_NINE_NEXT - HOUR) * 1000)
    assert room.of("alarm_acknowledged")[-1]["who"] == ["sun", "qian"]


def test_b33c_a_late_closing_by_who_opened_the_room_leaves_the_alarm_to_others() -> None:
    room = used()
    room.wait(24 * HOUR)
    assert closed(room, "li", "sun") is None
    assert "closing_missing" in room.alarms
    told = {one["alarm"]: one["cause_stands"] for one in view(room.site)["alarms"]}
    assert told == {"closing_missing": False}
    room.says("acknowledge", "qian", alarm="closing_missing", reason="closed late", outcome="true")
    assert room.why() is None


def test_b55_its_cause_stands_until_it_is_closed() -> None:
    room = used()
    room.wait(24 * HOUR)
    room.says("acknowledge", "qian", alarm="closing_missing", reason="later", outcome="true")
    assert room.why() is Reason.CAUSE_STANDS


def test_b55_it_is_missing_after_a_restart_as_well() -> None:
    room = used()
    room.wait(HOUR)
    room.restart()
    room.wait(24 * HOUR)
    room.restart()
    room.wait(24 * HOUR)
    assert len(room.of("closing_missing")) == 1
    replayed = replay(json.loads(json.dumps(room.entries)))
    assert replayed.closings == room.state.closings


def test_b55_an_accepted_clock_moves_the_morning() -> None:
    room = used()
    room.step(ClockJumped(room.now, 2 * HOUR * 1000))
    room.ask("accept_clock", "zhou", "wu")
    assert room.reason is None
    room.wait(21 * HOUR)
    assert len(room.of("closing_missing")) == 1


def test_b55_a_clock_that_was_a_month_ahead_and_is_set_back_puts_no_closing_off() -> None:
    room, month = Desk(), 30 * 24 * HOUR
    for ahead in (month, -month):
        room.step(ClockJumped(room.now, ahead * 1000))
        room.ask("accept_clock", "zhou", "wu")
        assert room.reason is None
        if ahead > 0:
            room.enter("B1", "B2")
    room.wait(2 * 24 * HOUR)
    assert len(room.of("closing_missing")) == 2
    assert replay(json.loads(json.dumps(room.entries))).closings == room.state.closings


def test_b55_a_room_that_is_no_longer_of_the_site_is_waited_for_no_more() -> None:
    room = used()
    other = {"attic": replace(room.plan.rooms["vault"], name="attic")}
    doors = {"main": replace(room.plan.doors["main"], room="attic")}
    room.site.plan = room.plan = replace(room.plan, rooms=other, doors=doors)
    room.step(Asking(room.now + 48 * HOUR * 1000, "close_day", "sun", "qian", {"room": "vault"}))
    assert room.reason is Reason.NOT_UNDERSTOOD
    assert not room.of("closing_missing")


def test_what_the_view_tells_of_a_closing() -> None:
    room = used()
    told = view(room.site)["rooms"]["vault"]["closing"]
    assert (told["due"], told["missed"], told["closed_at"]) == (
        START + (TO_NINE_NEXT - HOUR) * 1000,
        None,
        None,
    )
    assert told["sensors"]["doors"] == {"main": "bolted"}
    at = room.now
    closed(room)
    told = view(room.site)["rooms"]["vault"]["closing"]
    assert (told["due"], told["closed_at"], told["closed_by"]) == (None, START + at, ["sun", "qian"])


def test_b33c_a_missing_closing_is_said_of_those_who_opened_the_room_that_day_and_not_since() -> None:
    room = used()  # by li and wang, on Monday
    room.wait(22 * HOUR)  # Tuesday morning, before Monday's closing is missing
    room.enter("B3", "B4")
    room.leave("B3", "B4")
    room.wait(2 * HOUR)
    (missing,) = room.of("closing_missing")
    assert missing["who"] == ["li", "wang"]
    assert closed(room, "li", "sun") is None
    assert "closing_missing" in room.alarms, "one of them opened it"


def test_b33c_whoever_left_another_day_unclosed_does_not_settle_the_alarm_that_stands() -> None:
    room = used()
    room.wait(24 * HOUR)
    room.enter("B3", "B4")
    room.leave("B3", "B4")
    room.wait(24 * HOUR)
    first, second = room.of("closing_missing")
    assert (first["who"], second["who"]) == (["li", "wang"], room.of("room_opened")[-1]["who"])
    for person in {*first["who"], *second["who"]}:
        assert closed(room, person, "qian") is None
        assert "closing_missing" in room.alarms, person


def test_b55_a_late_closing_leaves_an_alarm_to_the_guard_who_took_it() -> None:
    room = used()
    room.wait(24 * HOUR)
    room.says("take_alarm", "qian", alarm="closing_missing")
    assert closed(room, "sun", "zhou") is None
    assert "closing_missing" in room.alarms
