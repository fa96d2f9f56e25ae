"""Which frame becomes the picture of a moment, and what is said where none does; frames come by hand."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Condition
from time import monotonic

import cv2
import numpy as np
import pytest
from pyrage import x25519

from hardware.cameras.address import Address
from hardware.cameras.capture import Camera
from hardware.cameras.jpeg import Limits
from hardware.cameras.ring import Frame, Ring
from recorder.messages import FramesSeen, FromRecorder, NoPicture, Picture, Said, Snapshot, Wanted
from recorder.shots import Shots, Store, halves

JPEG = cv2.imencode(".jpg", np.zeros((16, 16, 3), np.uint8))[1].tobytes()
RECIPIENT = str(x25519.Identity.generate().to_public())


class Darkroom:
    """One camera that nobody dials, whose frames come at ten a second of our making."""

    def __init__(self, store: Store, *, masks: bool) -> None:
        self.ring = Ring(100.0, 1 << 20, 10)
        camera = Camera("door", Address.parsed("http://127.0.0.1:9/"), self.ring)
        self.shots = Shots(camera, self.ring, Limits(1_000, 1_000), store, masks=masks)
        self.shots._began = 0.0
        self.said: list[FromRecorder] = []
        self._turn = Condition()
        self.shots.start()

    def frame(self, at: float, jpeg: bytes = JPEG) -> None:
        self.ring.add(Frame(jpeg, at, 16, 16))

    def wants(self, event: float, *moments: int, patience_s: float = 0.3) -> None:
        wanted = tuple(Wanted("door", moment) for moment in moments)
        said = Said("Bank", "vault", "granted", "", "good", 1)
        snapshot = Snapshot(1, wanted, event, said, (RECIPIENT,), patience_s)
        for half in halves(snapshot, "door", self.say, self._done):
            self.shots.take(half)

    def say(self, said: FromRecorder) -> None:
        with self._turn:
            self.said.append(said)
            self._turn.notify_all()

    def answers(self, count: int = 1) -> list[int | str]:
        """What was taken, or why not, in order of being answered."""

        def found() -> list[int | str]:
            return [
                one.why if isinstance(one, NoPicture) else one.taken
                for one in self.said
                if isinstance(one, NoPicture) or (isinstance(one, Picture) and not one.thumbnail)
            ]

        with self._turn:
            assert self._turn.wait_for(lambda: len(found()) >= count, 30), self.said
        return found()

    def _done(self) -> None:
        """Nobody counts here."""


@pytest.fixture
def darkroom() -> Iterator[Darkroom]:
    made = Darkroom(Store(1 << 20), masks=False)
    yield made
    made.shots.stop()


def test_before_the_event_the_nearest_frame_is_taken(darkroom: Darkroom) -> None:
    event = monotonic()
    for tenth in range(-30, 0):
        darkroom.frame(event + tenth / 10)
    darkroom.wants(event, -2_040, -960)
    assert darkroom.answers(2) == [-2_000, -1_000]


def test_no_picture_from_before_the_event_shows_what_is_behind_it(darkroom: Darkroom) -> None:
    event = monotonic()
    darkroom.frame(event - 0.5)
    darkroom.frame(event + 0.01)
    darkroom.wants(event, -20)
    assert darkroom.answers() == ["no_frame"]


def test_the_latest_frame_is_refused_where_it_is_not_of_the_moment(darkroom: Darkroom) -> None:
    event = monotonic()
    darkroom.frame(event - 9)
    darkroom.frame(event - 3)
    darkroom.wants(event, -2_000)
    assert darkroom.answers() == ["stalled"]
    darkroom.frame(event + 1)
    darkroom.wants(event, -6_000, -2_000)
    assert darkroom.answers(3)[1:] == ["no_frame", "no_frame"]


def test_at_the_event_the_first_frame_that_comes_is_taken(darkroom: Darkroom) -> None:
    event = monotonic()
    darkroom.frame(event - 0.001)
    darkroom.wants(event, 0, patience_s=20)
    darkroom.frame(event + 0.05)
    darkroom.frame(event + 0.06)
    assert darkroom.answers() == [50]


def test_a_frame_that_comes_after_all_patience_is_refused(darkroom: Darkroom) -> None:
    event = monotonic() - 5
    darkroom.frame(event - 0.1)
    darkroom.frame(event + 4)
    darkroom.wants(event, 0)
    assert darkroom.answers() == ["no_frame"]


def test_a_ring_that_does_not_reach_back_is_too_young(darkroom: Darkroom) -> None:
    event = monotonic()
    darkroom.frame(event - 0.5)
    darkroom.wants(event, -2_000)
    assert darkroom.answers() == ["too_young"]


@pytest.mark.parametrize(
    ("jpeg", "why"),
    [
        (JPEG[: len(JPEG) // 2] + b"\xff\xd9", "broken"),
        (JPEG[:2], "broken"),
        (b"", "broken"),
        (JPEG.ljust(1_100, b"\x00"), "too_big"),
    ],
)
def test_what_is_no_whole_picture_within_the_limits_is_none(
    darkroom: Darkroom, jpeg: bytes, why: str
) -> None:
    event = monotonic()
    darkroom.frame(event - 1, jpeg)
    darkroom.wants(event, -1_000)
    assert darkroom.answers() == [why]


def test_an_unmasked_frame_of_a_masked_camera_is_refused() -> None:
    darkroom = Darkroom(Store(1 << 20), masks=True)
    event = monotonic()
    darkroom.frame(event - 1)
    darkroom.wants(event, -1_000)
    assert darkroom.answers() == ["broken"]
    darkroom.shots.stop()


def test_frames_that_wait_to_be_developed_are_bounded() -> None:
    darkroom = Darkroom(Store(100), masks=False)
    event = monotonic()
    darkroom.frame(event - 1)
    darkroom.wants(event, -1_000)
    assert darkroom.answers() == ["no_room"]
    darkroom.shots.stop()


def test_frames_are_counted_before_the_last_answer_of_each_half(darkroom: Darkroom) -> None:
    event = monotonic() - 10
    for tenth in (*range(-20, 1), *range(5, 21)):
        darkroom.frame(event + tenth / 10)
    darkroom.wants(event, -2_000, 0, 2_000)
    darkroom.answers(3)
    words = [type(one).__name__ for one in darkroom.said]
    assert words == ["Picture"] * 2 + ["FramesSeen"] + ["Picture"] * 2 + ["FramesSeen"] + ["Picture"] * 2
    now, after = (one for one in darkroom.said if isinstance(one, FramesSeen))
    assert (now.part, now.seen, now.missed) == ("now", 21, 0)
    assert (after.part, after.gap_ms) == ("after", 500)


def test_what_is_still_owed_when_a_camera_goes_is_answered(darkroom: Darkroom) -> None:
    darkroom.wants(monotonic(), 60_000)
    darkroom.shots.stop()
    assert darkroom.answers() == ["lost"]
    darkroom.wants(monotonic(), 0)
    assert darkroom.answers(2) == ["lost", "lost"]
