"""From a camera on loopback through the real recorder: pictures of the right moments, sealed, or a reason."""

from __future__ import annotations

import hashlib
import time
from dataclasses import replace
from typing import Any

import cv2
import numpy as np
import pytest

from firmware_shims.cameras.camera import Make
from firmware_shims.cameras.clock import read_clock
from recorder.caption import CaptionError, caption_of
from recorder.messages import (
    CameraHealth,
    Condition,
    FramesSeen,
    Health,
    NoPicture,
    Picture,
)
from recorder.seal import SealError, opened


def jpeg_of(stage: Any, picture: Picture) -> bytes:
    return opened(picture.sealed, [str(stage.identity)]).picture


def pixels_of(jpeg: bytes) -> np.ndarray[Any, Any]:
    found = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
    assert found is not None
    return found


def test_pictures_show_the_moments_before_at_and_after_the_event(stage: Any, ring: Any) -> None:
    stage.camera("door", Make(size=(1280, 720)))
    stage.recorder()
    talk = stage.controller.talk(stage.settings())
    ring(talk, "door", seconds=1.2)
    event = time.monotonic()
    talk.say(stage.snapshot(17, event, ("door", -1000), ("door", 0), ("door", 500), patience_s=10.0))
    found = {each.moment: each for each in talk.wait(Picture, lambda p: not p.thumbnail, 3)}
    small = {each.moment: each for each in talk.wait(Picture, lambda p: p.thumbnail, 3)}
    clocks = {moment: read_clock(pixels_of(jpeg_of(stage, each))) for moment, each in found.items()}
    assert set(clocks) == {-1000, 0, 500}
    before, at, after = (clocks[moment] for moment in (-1000, 0, 500))
    assert before is not None
    assert at is not None
    assert after is not None
    # The burnt-in clock is that of the drawing, some time before the frame has arrived here.
    assert event - 2.0 < before < event - 0.5
    assert before < at < after
    assert at > event - 1.0
    assert -1250 <= found[-1000].taken <= -750
    assert 0 <= found[0].taken < found[500].taken
    for moment, picture in found.items():
        assert (picture.width, picture.height, picture.masked) == (1280, 720, False)
        caption = caption_of(jpeg_of(stage, picture))
        assert (caption.camera, caption.shot, caption.moment) == ("door", 17, moment)
        assert (caption.taken, caption.clock) == (picture.taken, "good")
        assert small[moment].width == 320
        assert pixels_of(jpeg_of(stage, small[moment])).shape == (180, 320, 3)
        assert caption_of(jpeg_of(stage, small[moment])) == caption
    frames = {each.part: each for each in talk.wait(FramesSeen, count=2)}
    assert frames["now"].seen >= 5
    assert set(frames) == {"now", "after"}
    order = [type(each).__name__ for each in talk.heard if isinstance(each, Picture | FramesSeen)]
    assert order[-1] == "Picture", "what was wanted is complete with its picture, not before"


def test_the_caption_tells_the_time_of_the_frame_and_the_pixels_are_those_of_the_camera(
    stage: Any,
) -> None:
    stage.camera("door").fault("frozen")
    stage.recorder()
    talk = stage.controller.talk(stage.settings())
    talk.say(stage.snapshot(1, time.monotonic(), ("door", 0), patience_s=20.0))
    (picture,) = talk.wait(Picture, lambda p: not p.thumbnail)
    jpeg = jpeg_of(stage, picture)
    assert caption_of(jpeg).time == f"2026-11-22T06:31:{picture.taken / 1000:06.3f}Z"
    end = 4 + int.from_bytes(jpeg[4:6])
    sent = stage.shims["door"].feed.after(0, 10)
    assert hashlib.sha256(jpeg[:2] + jpeg[end:]).digest() == hashlib.sha256(sent.jpeg).digest()
    with pytest.raises(CaptionError):
        caption_of(sent.jpeg)
    with pytest.raises(SealError):
        opened(picture.sealed, [])


def test_what_is_masked_never_leaves_the_recorder(stage: Any) -> None:
    stage.camera("door")
    stage.recorder()
    talk = stage.controller.talk(stage.settings(masks=((500, 500, 500, 500),)))
    talk.say(stage.snapshot(1, time.monotonic(), ("door", 0), patience_s=20.0))
    both = talk.wait(Picture, count=2)
    assert [picture.thumbnail for picture in both] == [True, False]
    for picture in both:
        assert picture.masked
        pixels = pixels_of(jpeg_of(stage, picture))
        height, width, _ = pixels.shape
        hidden = pixels[height // 2 + 16 :, width // 2 + 16 :]
        assert np.ptp(hidden) < 12
        assert np.ptp(pixels[: height // 2, : width // 2]) > 60


def is_well(camera: CameraHealth) -> bool:
    return camera.condition == "back" and 0 <= camera.age_ms < 1_000


FAULTS = ("stall", "garbage_jpeg", "truncated", "forged", "gigantic_length", "huge", "flood", "lost")


def asked_of_all(stage: Any, talk: Any, shot: int) -> dict[str, str]:
    """Which cameras had no picture and why; the good one has one each time.

    On a busy box frames from before a fault may still be on their way after it is told: those are pictures.
    """
    bad = [name for name in stage.shims if name != "good"]
    talk.say(stage.snapshot(shot, time.monotonic(), *((name, 0) for name in bad), patience_s=0.5))
    talk.say(stage.snapshot(100 + shot, time.monotonic(), ("good", 0), patience_s=20.0))
    talk.wait(Picture, lambda p: p.shot == 100 + shot and not p.thumbnail)

    def whole(said: Picture | NoPicture) -> bool:
        return said.shot == shot and (isinstance(said, NoPicture) or not said.thumbnail)

    answers = talk.wait(Picture | NoPicture, whole, len(bad))
    return {each.camera: each.why for each in answers if isinstance(each, NoPicture)}


def test_cameras_that_do_their_worst_keep_no_other_one_from_its_pictures(stage: Any, ring: Any) -> None:
    bad = {fault.replace("_", "-"): fault for fault in FAULTS}
    for name in ("good", *bad):
        stage.camera(name, Make(view="door", size=(320, 184), fps=5))
    stage.recorder()
    talk = stage.controller.talk(stage.settings(frames_per_second=5))
    ring(talk, "good", *bad)
    for name, fault in bad.items():
        stage.shims[name].fault(fault)
    for name in bad:
        if name != "forged":  # what is forged looks whole until it shall be evidence
            talk.wait(Condition, lambda c, name=name: (c.camera, c.condition) == (name, "lost"))
    why = next(why for shot in range(5, 50) if len(why := asked_of_all(stage, talk, shot)) >= len(bad) - 2)
    assert set(bad) - set(why) <= {"flood", "huge"}
    assert why["stall"] in ("stalled", "lost")
    assert why["forged"] in ("broken", "stalled")
    assert why["lost"] == "lost"
    assert max(health.rss_mb for health in talk.wait(Health)) < 800
    for name in bad:
        stage.shims[name].back()
    beats = max(health.n for health in talk.wait(Health))
    for name in bad:
        talk.wait(Health, lambda h, name=name: h.n > beats and is_well(h.cameras[name]))
    talk.say(stage.snapshot(99, time.monotonic(), *((name, 0) for name in bad), patience_s=20.0))
    talk.wait(Picture, lambda p: p.shot == 99 and not p.thumbnail, len(bad))


def test_more_snapshots_than_can_be_worked_on_are_told_so_at_once(stage: Any) -> None:
    stage.camera("door")
    stage.recorder()
    talk = stage.controller.talk(stage.settings())
    for shot in range(1, 40):
        talk.say(stage.snapshot(shot, time.monotonic(), ("door", 60_000)))
    busy = talk.wait(NoPicture, count=7)
    assert {each.why for each in busy} == {"busy"}
    talk.hang_up()
    again = stage.controller.talk(stage.settings())
    again.say(stage.snapshot(50, time.monotonic(), ("door", 0), patience_s=20.0))
    again.wait(Picture, lambda p: not p.thumbnail)
    assert not [each for each in again.heard if isinstance(each, NoPicture)], "who hung up waits for nothing"


def test_a_camera_that_is_not_there_is_unknown(stage: Any) -> None:
    stage.recorder()
    talk = stage.controller.talk(stage.settings())
    talk.say(stage.snapshot(1, time.monotonic(), ("door", -1000), ("door", 0)))
    assert [each.why for each in talk.wait(NoPicture, count=2)] == ["unknown_camera"] * 2


def test_a_recorder_that_may_use_little_cpu_rings_fewer_frames_and_still_takes_pictures(
    stage: Any,
) -> None:
    stage.camera("door", Make(size=(640, 360), fps=20))
    stage.recorder()
    settings = stage.settings(frames_per_second=20, masks=((0, 500, 100, 100),), check_s=0.05)
    talk = stage.controller.talk(replace(settings, cpu_percent=1))
    talk.wait(Health, lambda h: h.shed >= 0.5 and 0 < h.cameras["door"].fps <= 15)
    talk.say(stage.snapshot(1, time.monotonic(), ("door", 0), patience_s=20.0))
    talk.wait(Picture, lambda p: not p.thumbnail)
