"""Cameras that are told to take what they see for what they should see; two people say so.

Rule: what a camera learned unasked is written down. The first time it is how a recorder begins; of a
camera that had learned before, a guard takes a look: a camera that was moved is not cured by a restart.
"""

from __future__ import annotations

from controller.core.effects import LearnCameras
from controller.core.events import Asking
from controller.core.eye_events import CameraLearned
from controller.core.legible import LONGEST, legible
from controller.core.shots import STANDING_MS
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
        turn.write(Kind.CAMERA_LEARNED, news.camera, order.by, asked=True)


def _unasked(turn: Turn, news: CameraLearned) -> None:
    """Whoever covers a camera would want it to learn that; while the guard is called, told once a minute."""
    if news.camera not in turn.plan.cameras or news.why:
        return
    before = turn.state.cameras_learned.get(news.camera)
    called = f"{AlarmKind.LOOK.value}@{news.camera}" in turn.state.alarms
    if called and before is not None and turn.at < before + STANDING_MS:
        return
    turn.write(Kind.CAMERA_LEARNED, news.camera, asked=False)
    if before is not None:
        turn.alarm(AlarmKind.LOOK, news.camera)


def ended(turn: Turn, *, camera: str, reason: Reason = Reason.TIMEOUT) -> None:
    """Nothing was heard in time, or the controller was restarted."""
    by = turn.state.camera_orders[camera].by
    turn.write(Kind.CAMERA_NOT_LEARNED, camera, by, reason, why=reason.value)
