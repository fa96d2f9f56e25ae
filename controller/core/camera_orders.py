"""Cameras that are told to take what they see for what they should see; two people say so.

Rule: who is not asked for is not believed: a camera that says by itself that it has learned is suspect.
"""

from __future__ import annotations

from controller.core.effects import LearnCameras
from controller.core.events import Asking
from controller.core.eye_events import CameraLearned
from controller.core.legible import LONGEST, legible
from controller.core.turn import Turn
from controller.core.words import AlarmKind, Kind, Reason

LEARNING_MS = 60_000
MOST_CAMERAS = 500


def ask(turn: Turn, asking: Asking) -> None:
    """Take what cameras see now as what they should see, within a minute; two people."""
    cameras = asking.fields.get("cameras")
    if not isinstance(cameras, list) or not 0 < len(cameras) <= MOST_CAMERAS or not _all_known(turn, cameras):
        turn.deny(Reason.NOT_UNDERSTOOD)
    elif {*cameras} & turn.state.camera_orders.keys():
        turn.deny(Reason.NOTHING_TO_DO)
    else:
        wanted, until = sorted({*cameras}), turn.at + LEARNING_MS
        turn.write(Kind.CAMERAS_LEARN_ASKED, "", [asking.by, asking.second], cameras=wanted, until=until)
        turn.do(LearnCameras(tuple(wanted)))
        turn.accept(until=until)


def _all_known(turn: Turn, cameras: list[object]) -> bool:
    return all(isinstance(camera, str) and camera in turn.plan.cameras for camera in cameras)


def told(turn: Turn, news: CameraLearned) -> None:
    """A camera has learned, or could not."""
    order = turn.state.camera_orders.get(news.camera)
    if order is None:
        _unasked(turn, news)
    elif news.why:
        turn.write(Kind.CAMERA_NOT_LEARNED, news.camera, order.by, why=legible(news.why[:LONGEST]))
    else:
        turn.write(Kind.CAMERA_LEARNED, news.camera, order.by)


def _unasked(turn: Turn, news: CameraLearned) -> None:
    """Whoever covers a camera would want it to learn that; told once, until a guard has taken note."""
    known = f"{AlarmKind.DEVICE_SUSPECT.value}@{news.camera}" in turn.state.alarms
    if news.camera in turn.plan.cameras and not news.why and not known:
        turn.write(Kind.CAMERA_NOT_LEARNED, news.camera, why="nobody asked for it")
        turn.alarm(AlarmKind.DEVICE_SUSPECT, news.camera)


def ended(turn: Turn, *, camera: str, reason: Reason = Reason.TIMEOUT) -> None:
    """Nothing was heard in time, or the controller was restarted."""
    by = turn.state.camera_orders[camera].by
    turn.write(Kind.CAMERA_NOT_LEARNED, camera, by, reason, why=reason.value)
