"""Recorders in random histories: what answers, what is late or lies, and rooms that ask for pictures.

Rule: as in histories.py; whether it is allowed, likely or sane is not asked here.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from controller.core.events import Asking, CameraLearned, CameraSeen, DeviceBack, DeviceLost, Event, RoomSeen
from controller.core.eye_events import RECORDER, PicturesTaken
from controller.core.eye_plan import CameraPlan, ShotPlan
from controller.core.plan import LogWitnesses, SitePlan
from tests.core.eyes import picture, unseen
from tests.core.plans import passage

_NOW = st.just(0)
_cameras = st.sampled_from(["door", "room", "cellar", ""])
_moments = st.sampled_from([-2_000, 0, 0, 2_000, 7])
_shots: st.SearchStrategy[Any] = st.integers(1, 12) | st.sampled_from([-1, 0, "1", None, 2**60])
_pictures: st.SearchStrategy[Any] = st.builds(
    picture, _cameras, _moments, size=st.sampled_from([1, 4_000, -1]), thumbnail=st.booleans()
)
_missing: st.SearchStrategy[Any] = st.builds(
    unseen, _cameras, _moments, st.sampled_from(["lost", "busy", "odd", ""])
)
_odd: st.SearchStrategy[Any] = st.sampled_from([{}, {"sha256": 7}, "x"])
_frames: st.SearchStrategy[Any] = st.dictionaries(
    _cameras, st.just({"seen": 9, "missed": 1, "gap_ms": 130}) | _odd, max_size=2
)
events: st.SearchStrategy[Event] = st.one_of(
    st.builds(
        PicturesTaken,
        _NOW,
        _shots,
        st.sampled_from(["now", "now", "after", "x"]),
        st.lists(_pictures | _odd, max_size=5).map(tuple),
        st.lists(_missing | _odd, max_size=3).map(tuple),
        _frames,
    ),
    st.builds(RoomSeen, _NOW, _cameras, st.booleans()),
    st.builds(CameraLearned, _NOW, _cameras, st.sampled_from(["", "dark", "\ud800"])),
    st.builds(CameraSeen, _NOW, _cameras, st.sampled_from(["looped", "blinded", "back", "\ud800"])),
    st.builds(DeviceLost, _NOW, st.just(RECORDER)),
    st.builds(DeviceBack, _NOW, st.just(RECORDER)),
)
FIELDS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("learn_cameras", {"cameras": ["door"]}),
    ("learn_cameras", {"cameras": ["room", "cellar"]}),
)


def pictured(*, opens: bool) -> SitePlan:
    """The passage, in which grants are pictured; where it opens without, they are cosigned too."""
    room = {"pictured": True, "unpictured_opens": opens, "witnessed": int(opens)}
    plan = passage(room=room, log_witnesses=LogWitnesses(("bank",) if opens else ()))
    views = {"door": CameraPlan("door", ("main", "vault")), "room": CameraPlan("room", watches="vault")}
    return replace(plan, views=views, shots={"lone": ShotPlan((), (0,))}, look_ms=20_000)


def answers(part: str = "now") -> list[tuple[int, Event]]:
    """The recorder answers every Snapshot there may be; those that are not open are not believed."""
    there = tuple(picture(camera, moment) for camera in ("door", "room") for moment in (-2_000, 0, 2_000))
    told = [(0, PicturesTaken(0, number, part, there)) for number in range(1, 30)]
    return [(700, told[0][1]), *told[1:]]


CHAPTERS: tuple[list[tuple[int, Event]], ...] = (
    answers(),
    answers("after"),
    [(1_000, RoomSeen(0, "room", occupied=True)), (25_000, RoomSeen(0, "room", occupied=False))],
    [
        (1_000, Asking(0, "learn_cameras", "li", "wang", {"cameras": ["door", "room"]})),
        (1_000, CameraLearned(0, "door")),
        (1_000, CameraLearned(0, "room", "dark")),
        (1_000, CameraLearned(0, "door")),
    ],
    [(1_000, DeviceLost(0, RECORDER))],
    [(1_000, DeviceBack(0, RECORDER))],
)
