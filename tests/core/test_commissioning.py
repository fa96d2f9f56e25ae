"""What two people put into service: readers with a key, loops with a measure, the key of the cards."""

from __future__ import annotations

from typing import Any

import pytest

from controller.core.effects import LearnLoops, PairReader
from controller.core.events import (
    DeviceBack,
    DeviceLost,
    Level,
    LoopLearned,
    LoopMoved,
    PairingFailed,
    ReaderPaired,
)
from controller.core.proof import KEYED
from controller.core.words import Reason
from hardware.credentials import CREDENTIALS
from tests.core.cards import Proved
from tests.core.room import Room

ASKINGS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("pair_reader", {"device": "main.in"}),
    ("learn_loops", {"lines": ["north.glass"]}),
    ("set_site_key", {"check": "A1B2C3D4"}),
    ("issue_badge", {"person": "li", "level": "piv"}),
)


def _pairing() -> Room:
    room = Proved()
    room.ask("pair_reader", "zhao", "wang", device="main.in")
    assert room.reason is None
    return room


@pytest.mark.parametrize(("name", "given"), ASKINGS)
def test_nothing_is_put_into_service_by_one_person_or_a_visitor(name: str, given: dict[str, Any]) -> None:
    room = Proved()
    for second in ("", "zhao", "guest", "nobody"):
        room.ask(name, "zhao", second, **given)
        assert room.reason == Reason.NEEDS_SECOND
        assert not room.outcome.effects
    room.ask(name, "zhao", "wang", **given)
    assert room.reason is None
    assert room.outcome.entries[0]["who"] == ["zhao", "wang"]


STRANGE: tuple[tuple[str, dict[str, Any]], ...] = (
    ("pair_reader", {}),
    ("pair_reader", {"device": "c1"}),
    ("pair_reader", {"device": ["main.in"]}),
    ("learn_loops", {}),
    ("learn_loops", {"lines": []}),
    ("learn_loops", {"lines": "north.glass"}),
    ("learn_loops", {"lines": ["north.glass", "fire"]}),
    ("learn_loops", {"lines": [["north.glass"]]}),
    ("learn_loops", {"lines": ["north.glass"] * 501}),
    ("set_site_key", {}),
    ("set_site_key", {"check": "A1B2C3D"}),
    ("set_site_key", {"check": "A1B2C3DG"}),
    ("set_site_key", {"check": "A1B2C3D45"}),
    ("set_site_key", {"check": 12345678}),
)


@pytest.mark.parametrize(("name", "given"), STRANGE)
def test_a_strange_asking_is_refused_whole(name: str, given: dict[str, Any]) -> None:
    room = Proved()
    room.ask(name, "zhao", "wang", **given)
    assert room.reason is Reason.NOT_UNDERSTOOD
    assert room.kinds == ["refused"]
    assert not room.outcome.effects


def test_a_reader_is_paired_within_two_minutes_and_says_who_it_is() -> None:
    room = _pairing()
    assert PairReader("main.in", room.now + 120_000) in room.outcome.effects
    room.wait(100)
    room.step(ReaderPaired(room.now, "main.in", "maker 7, model 2, serial 1234"))
    assert room.of("reader_paired")[-1]["who"] == ["zhao", "wang"]
    assert room.state.identities == {"main.in": "maker 7, model 2, serial 1234"}
    assert not room.state.pairings


def test_one_pairing_of_a_device_at_a_time() -> None:
    room = _pairing()
    room.ask("pair_reader", "zhao", "wang", device="main.in")
    assert room.reason == Reason.NOTHING_TO_DO
    room.ask("pair_reader", "zhao", "wang", device="board")
    assert room.reason is None


def test_a_pairing_that_fails_is_told_once_and_can_be_asked_for_again() -> None:
    room = _pairing()
    room.step(PairingFailed(room.now, "main.in", "it kept the default key"))
    assert room.of("pairing_failed")[-1]["why"] == "it kept the default key"
    room.step(PairingFailed(room.now, "main.in", "again"))
    assert not room.outcome.entries
    room.ask("pair_reader", "zhao", "wang", device="main.in")
    assert room.reason is None


def test_a_pairing_of_which_nothing_is_heard_ends() -> None:
    room = _pairing()
    room.wait_ms(124_999)
    assert room.state.pairings
    room.wait_ms(1)
    assert room.of("pairing_failed")[-1]["reason"] == "timeout"


def test_a_restart_ends_every_pairing() -> None:
    room = _pairing()
    room.restart()
    assert room.of("pairing_failed")[-1]["reason"] == "restart"
    assert not room.state.pairings


def test_a_device_that_says_by_itself_that_it_is_paired_is_suspect() -> None:
    room = Proved()
    room.step(ReaderPaired(room.now, "main.in", "a stranger"))
    assert room.kinds[0] == "pairing_failed"
    assert "device_suspect" in room.raised
    assert not room.state.identities
    room.step(ReaderPaired(room.now, "nowhere", "\ud800"))
    assert not room.outcome.entries


def test_what_answers_and_is_not_the_device_is_an_alarm_of_its_own_even_when_it_was_lost_before() -> None:
    room = Proved()
    room.step(DeviceLost(room.now, "main.in", "silent"))
    assert room.raised == ["device_lost"]
    for _ in range(3):
        room.step(DeviceLost(room.now, "main.in", "another serial number", suspect=True))
    assert room.alarms == {"device_lost", "device_suspect"}
    assert [e.get("suspect") for e in room.of("device_lost")] == [None, True]
    room.step(DeviceLost(room.now, "main.in", "silent again"))
    assert len(room.of("device_lost")) == 2
    room.step(DeviceBack(room.now, "main.in"))
    room.step(DeviceLost(room.now, "main.in", "another", suspect=True))
    assert len(room.of("device_lost")) == 3


def test_lines_are_measured_when_two_people_ask_and_the_measure_is_kept() -> None:
    room = Proved()
    room.ask("learn_loops", "zhao", "wang", lines=["north.glass", "main.contact", "north.glass"])
    assert room.outcome.effects == (LearnLoops(("main.contact", "north.glass")),)
    room.step(LoopLearned(room.now, "north.glass", 500_000))
    room.step(LoopLearned(room.now, "main.contact", 0))
    assert room.state.learned == {"north.glass": 500_000, "main.contact": 0}
    assert [e["who"] for e in room.of("loop_learned")] == [["zhao", "wang"]] * 2
    assert not room.state.learning
    room.restart()
    assert room.state.learned["north.glass"] == 500_000


def test_a_line_that_is_not_at_rest_keeps_what_it_had_learned() -> None:
    room = Proved()
    for ppm in (500_000, -1):
        room.ask("learn_loops", "zhao", "wang", lines=["north.glass"])
        room.step(LoopLearned(room.now, "north.glass", ppm))
    assert room.state.learned == {"north.glass": 500_000}
    assert not room.state.learning
    refused = room.of("refused")[-1]
    assert (refused["place"], refused["reason"], refused["asking"]) == (
        "north.glass",
        "sensor_fault",
        "learn_loops",
    )


def test_a_measure_that_nobody_asked_for_is_not_believed() -> None:
    room = Proved()
    room.ask("learn_loops", "zhao", "wang", lines=["north.glass"])
    room.restart()
    room.step(LoopLearned(room.now, "north.glass", 1))
    room.step(LoopLearned(room.now, "main.contact", 1))
    assert not room.state.learned


def test_b33_a_line_that_drifts_is_told_once_until_somebody_took_note() -> None:
    room = Proved()
    for ppm in (510_000, 520_000):
        room.step(LoopMoved(room.now, "north.glass", ppm, 500_000, drift=True))
    assert room.alarms == {"loop"}
    assert len(room.of("loop_drift")) == 1
    room.ask("acknowledge", "zhao", alarm="loop", reason="the fitter comes")
    room.step(LoopMoved(room.now, "north.glass", 530_000, 500_000, drift=True))
    assert room.of("loop_drift")[-1] | {"ppm": 530_000, "learned": 500_000} == room.of("loop_drift")[-1]
    assert len(room.of("loop_drift")) == 2


def test_b33_a_line_that_steps_is_tamper_and_its_door_is_not_believed() -> None:
    room = Proved()
    room.step(LoopMoved(room.now, "main.contact", 700_000, 500_000, drift=False))
    assert room.kinds[0] == "loop_step"
    assert "tamper" in room.raised
    assert room.state.room("vault").unknown
    room.step(LoopMoved(room.now, "fire", 1, 2, drift=False))
    assert not room.outcome.entries


def test_the_key_of_the_cards_is_known_by_its_check_value() -> None:
    room = Proved()
    room.ask("set_site_key", "zhao", "wang", check="a1b2c3d4")
    assert room.state.site_key == "A1B2C3D4"
    room.restart()
    assert room.state.site_key == "A1B2C3D4"


@pytest.mark.parametrize("said", [{}, {"replace": True}, {"replace": "A1B2C3D4"}, {"replace": "00C0FFEF"}])
def test_another_key_replaces_none_unless_its_own_check_value_is_said(said: dict[str, Any]) -> None:
    room = Proved()
    room.ask("set_site_key", "zhao", "wang", check="00C0FFEE", **said)
    assert room.reason is Reason.OTHER_SITE_KEY
    assert room.outcome.answer
    assert room.outcome.answer.more == {"check": "00C0FFEE", "in_force": "A1B2C3D4", "badges": 2}
    assert room.state.site_key == "A1B2C3D4"
    room.ask("set_site_key", "zhao", "wang", check="00C0FFEE", replace="00C0FFEE")
    assert room.state.site_key == "00C0FFEE"


def test_levels_that_hold_keys_of_the_site_are_those_whose_cards_are_keyed() -> None:
    assert {scheme.name for scheme in CREDENTIALS if scheme.keyed} == KEYED


@pytest.mark.parametrize(("point", "place"), [("battery", "battery"), ("main.in.power", "main.in")])
def test_a_low_battery_and_a_device_without_supply_call_the_guard(point: str, place: str) -> None:
    room = Proved()
    room.input(point, Level.ACTIVE)
    assert room.of("power")[-1]["point"] == point
    assert [(a.kind, a.place) for a in room.state.alarms.values()] == [("power", place)]
    room.input(point, Level.NORMAL)
    assert room.of("power")[-1]["lost"] is False
    assert room.alarms == {"power"}


def test_a_mains_failure_is_written_and_is_no_alarm() -> None:
    room = Proved()
    room.input("mains", Level.ACTIVE)
    assert room.kinds == ["power"]


@pytest.mark.parametrize("people", [(), ("desfire",)])
@pytest.mark.parametrize("level", [Level.ACTIVE, Level.CUT, Level.SHORT])
def test_b33_an_enclosure_that_opens_is_tamper_whatever_is_armed(people: tuple[str], level: Level) -> None:
    room = Room(Proved().plan) if people else Proved()
    room.input("enclosure", level)
    assert room.kinds[0] == "tamper"
    assert room.raised == ["tamper"]
