"""Lost devices and rules that break: behaviour 31 and 32."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from controller.core.effects import Raise, Release, Secure
from controller.core.events import CameraSeen, DeviceBack, DeviceLost, DeviceNoisy
from controller.core.words import Reason
from tests.core import phases
from tests.core.plans import START, example, passage
from tests.core.room import Room


@pytest.mark.parametrize("reach", phases.PHASES)
def test_b31_loss_and_return_of_communication_change_no_lock(reach: Callable[[Room], None]) -> None:
    room = Room(passage())
    reach(room)
    devices = {*room.plan.inputs, *room.plan.readers, *room.plan.locks, *room.plan.cameras, "bus", "clock"}
    for device in sorted(devices):
        for event in (
            DeviceLost(room.now, device, "no answer"),
            DeviceBack(room.now, device),
            DeviceNoisy(room.now, device),
            DeviceNoisy(room.now, device, quiet=True),
            CameraSeen(room.now, device, "lost"),
        ):
            phase = room.state.door("main").phase
            room.step(event)
            assert not any(isinstance(e, Release | Secure) for e in room.outcome.effects)
            assert room.state.door("main").phase is phase


def test_b31_a_loss_calls_the_guard_once_and_its_return_is_written_down() -> None:
    room = Room()
    for _ in range(3):
        room.step(DeviceLost(room.now, "c1", "no answer"))
    assert len(room.of("device_lost")) == 1
    room.step(DeviceBack(room.now, "c1"))
    room.step(DeviceBack(room.now, "c1"))
    assert len(room.of("device_back")) == 1
    assert "device_lost" in room.alarms


BROKEN_RULES = {
    "duty hours": example(room={"duty": phases.BROKEN}),
    "time lock": example(door={"time_lock": phases.BROKEN}),
    "hours of a person": example(schedules={"office": phases.BROKEN}),
}


@pytest.mark.parametrize("what", BROKEN_RULES)
def test_b32_whatever_rule_breaks_refuses_and_calls_the_guard(what: str) -> None:
    room = Room(BROKEN_RULES[what])
    room.ask("change_person", "zhao", "chen", person="li", hours="office")
    for _ in range(2):
        room.tap("main.in", "B2")
        room.tap("main.in", "B1")
        assert room.reason is Reason.RULE_BROKEN
        assert not room.is_open()
        assert Raise("rule_broken", "main.in") in room.outcome.effects
        room.wait(20)


def test_b32_a_rule_that_breaks_at_a_cabinet_refuses_and_calls_the_guard() -> None:
    room = Room(example(schedules={"office": phases.BROKEN}))
    room.enter("B1", "B2")
    room.ask("change_person", "zhao", "chen", person="li", hours="office")
    room.tap("c1", "B1")
    assert room.reason is Reason.RULE_BROKEN
    assert "rule_broken" in room.raised
    assert room.now < START
