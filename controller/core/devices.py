"""Devices, cameras and the clock: lost, returning and lying ones are facts too.

Rule: loss or return of communication changes no lock (behaviour 31).
"""

from __future__ import annotations

from controller.core import inputs, vault
from controller.core.effects import Body
from controller.core.events import (
    CONDITIONS,
    Asking,
    CameraSeen,
    ClockJumped,
    DeviceBack,
    DeviceLost,
    DeviceNoisy,
    ReleaseDropped,
)
from controller.core.legible import LONGEST, legible
from controller.core.turn import Turn
from controller.core.words import AlarmKind, Kind, Reason

DAY = 24 * 60 * 60 * 1000


def lost(turn: Turn, reading: DeviceLost) -> None:
    """A device does not answer, or what answers is not the device: news even of one that is lost."""
    known = turn.state.suspects if reading.suspect else turn.state.lost
    if not reading.device or reading.device in known:
        return
    suspect: Body = {"suspect": True} if reading.suspect else {}
    turn.write(Kind.DEVICE_LOST, reading.device, why=legible(reading.why[:LONGEST]), **suspect)
    turn.alarm(AlarmKind.DEVICE_LOST, reading.device)
    if reading.suspect:
        turn.alarm(AlarmKind.DEVICE_SUSPECT, reading.device)
    inputs.sensor_doubted(turn, reading.device)


def back(turn: Turn, reading: DeviceBack) -> None:
    """A device answers again."""
    if reading.device in turn.state.lost:
        turn.write(Kind.DEVICE_BACK, reading.device)


def noisy(turn: Turn, reading: DeviceNoisy) -> None:
    """A driver counted too much chatter, or its end."""
    if reading.device:
        (inputs.quiet if reading.quiet else inputs.noisy)(turn, reading.device)


def camera(turn: Turn, reading: CameraSeen) -> None:
    """A camera is in one of ``CONDITIONS``; others, and strangers' cameras, are not believed."""
    if reading.camera not in turn.plan.cameras or reading.condition not in CONDITIONS:
        return
    before = turn.state.cameras.get(reading.camera, "back")
    if before == reading.condition:
        return
    if reading.condition == "back":
        turn.write(Kind.CAMERA_BACK, reading.camera, condition="back")
        return
    turn.write(Kind.CAMERA_FAULT, reading.camera, condition=reading.condition)
    turn.alarm(AlarmKind.CAMERA_FAULT, reading.camera)


def dropped(turn: Turn, reading: ReleaseDropped) -> None:
    """An unlock came after its time and was not carried out (behaviour 33e)."""
    turn.write(Kind.RELEASE_DROPPED, reading.lock, late_ms=reading.late_ms)


def clock(turn: Turn, reading: ClockJumped) -> None:
    """The wall clock moved: a little is trimmed, more waits for two people (behaviour 38, 62)."""
    state, day = turn.state, turn.at // DAY
    spent = state.trimmed if state.trim_day == day else 0
    total = spent + abs(reading.by_ms)
    if total <= turn.plan.drift_ms and state.claimed is None:
        before = state.offset
        turn.write(Kind.CLOCK_TRIMMED, by_ms=reading.by_ms, trimmed=total, day=day)
        vault.stay_shut(turn, before)
        return
    turn.write(Kind.CLOCK_CHANGED, by_ms=reading.by_ms)
    turn.alarm(AlarmKind.CLOCK, turn.plan.name)


def accept_clock(turn: Turn, ask: Asking) -> None:
    """Two people accept the wall clock as it now is."""
    if turn.state.claimed is None:
        turn.deny(Reason.NOTHING_TO_DO)
        return
    before, both = turn.state.offset, (ask.by, ask.second)
    turn.write(Kind.CLOCK_ACCEPTED, "", both, offset=turn.state.claimed)
    vault.stay_shut(turn, before, both)
    turn.accept()
