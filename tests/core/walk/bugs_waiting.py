"""Bugs to plant in what a grant waits for: a log witness, a picture; and in a release from afar.

Rule: each is one thing forgotten or one condition the wrong way, as a change might bring it.
"""

from __future__ import annotations

from typing import Any

from controller.core import (
    awaiting,
    fold,
    fold_eyes,
    occupancy,
    passage,
    remote_release,
    waiting,
    withdrawal,
    witnessing,
)
from controller.core.state import DoorPhase
from controller.core.turn import Turn
from tests.core.walk.bugs import Patch, without


def released_before_the_witness(patch: Patch) -> None:
    patch.setattr(awaiting, "waits_for", lambda *_: {})


def released_by_any_cosignature(patch: Patch) -> None:
    real = witnessing.cosigned
    patch.setattr(waiting, "_cosigned", lambda turn, *_: real(turn.plan, turn.moment, 1) > 0)


def released_when_the_witness_was_never_asked(patch: Patch) -> None:
    patch.setattr(waiting, "_cosigned", lambda *_: True)


def not_judged_again_when_it_is_cosigned(patch: Patch) -> None:
    patch.setattr(withdrawal, "lost", lambda *_: None)  # which takes it back even before
    patch.setattr(waiting, "misgiving", lambda *_: None)


def way_out_waits_for_the_witness(patch: Patch) -> None:
    real = passage.let_out

    def let_out(turn: Turn, door: Any, *args: Any) -> None:
        if turn.state.door(door.name).phase is not DoorPhase.AWAITING:
            real(turn, door, *args)

    patch.setattr(passage, "let_out", let_out)


def waiting_outlives_a_crash(patch: Patch) -> None:
    real = fold.FOLDS["started"]

    def started(state: Any, entry: Any) -> None:
        waits = {name: door for name, door in state.doors.items() if door.awaiting}
        real(state, entry)
        state.doors.update(waits)

    patch.setitem(fold.FOLDS, "started", started)


def released_by_pictures_of_something_else(patch: Patch) -> None:
    real = fold_eyes._for_the_grant

    def for_the_grant(state: Any, shot: int, *, pictured: bool) -> None:
        waits = [door.awaiting.shot for door in state.doors.values() if door.awaiting]
        real(state, waits[0] if waits else shot, pictured=pictured)

    patch.setattr(fold_eyes, "_for_the_grant", for_the_grant)


def released_by_the_answer_that_there_is_no_picture(patch: Patch) -> None:
    real = fold_eyes._for_the_grant
    patch.setattr(fold_eyes, "_for_the_grant", lambda state, shot, **_: real(state, shot, pictured=True))


def released_by_a_picture_from_after(patch: Patch) -> None:
    real = fold.FOLDS["pictures_taken"]

    def taken(state: Any, entry: Any) -> None:
        real(state, entry)
        fold_eyes._for_the_grant(state, entry["shot"], pictured=True)

    patch.setitem(fold.FOLDS, "pictures_taken", taken)


def released_when_the_recorder_was_waited_for_in_vain(patch: Patch) -> None:
    real = waiting._pictured
    patch.setattr(waiting, "_pictured", lambda turn, waits: real(turn, waits) is not None or None)


def waits_for_ever_for_a_picture(patch: Patch) -> None:
    patch.setattr(waiting, "_pictured", lambda _, waits: waits.pictured)


def opens_without_a_picture_and_without_an_alarm(patch: Patch) -> None:
    real = Turn.alarm

    def alarm(turn: Turn, kind: Any, *args: Any, **more: Any) -> None:
        if kind != "no_picture":
            real(turn, kind, *args, **more)

    patch.setattr(Turn, "alarm", alarm)


def the_count_goes_on_after_a_release_from_afar(patch: Patch) -> None:
    real = occupancy.begin
    patch.setattr(occupancy, "begin", lambda turn, door, who, **_: real(turn, door, who))


def released_from_afar_in_a_lockdown(patch: Patch) -> None:
    orders = without(remote_release.REMOTE_RULES, "no_lockdown")
    patch.setattr(remote_release, "REMOTE_RULES", orders)
