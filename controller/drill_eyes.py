"""Whether cameras play a part in a drill. Rule: it looks at the drill alone, and at no stage."""

from __future__ import annotations

from controller.core.eye_events import RECORDER
from controller.core.words import AlarmKind, Kind
from controller.drill import Drill, Expectation, Step

_ENTRIES = frozenset(
    {
        Kind.SNAPSHOT,
        Kind.PICTURES_TAKEN,
        Kind.NO_PICTURE,
        Kind.GRANT_PICTURED,
        Kind.UNPICTURED_OPENING,
        Kind.CAMERA_FAULT,
        Kind.CAMERA_BACK,
        Kind.CAMERA_LEARNED,
        Kind.CAMERA_NOT_LEARNED,
        Kind.PEOPLE_DIFFER,
    }
)
_ALARMS = frozenset({AlarmKind.CAMERA_FAULT, AlarmKind.NO_PICTURE, AlarmKind.LOOK})
_LEARN = "learn_cameras"


def has_eyes(drill: Drill) -> bool:
    """Whether a step, an expectation or a rule of a room is about cameras or their pictures."""
    if any(room.pictured for room in drill.plan.rooms.values()):
        return True
    return any(_does(step) or any(map(_expects, step.expect)) for step in drill.steps)


def _does(step: Step) -> bool:
    about = (step.do, step.fields.get("name"), step.fields.get("what"))
    return step.do == "camera" or about[:2] == ("device", RECORDER) or (step.do, about[2]) == ("ask", _LEARN)


def _expects(expectation: Expectation) -> bool:
    match expectation.word:
        case "entry" | "no_entry":
            return expectation.value in _ENTRIES
        case "alarm" | "no_alarm":
            return expectation.value in _ALARMS
    return False
