"""The caption of a picture is read back as it was written, or refused."""

from __future__ import annotations

import json
from dataclasses import replace

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hardware.cameras.jpeg import check, commented
from recorder.caption import Caption, CaptionError, caption_of, time_of_frame
from recorder.messages import BadMessageError

CAPTION = Caption(
    "网点", "vault", "granted", 17, "door", -2000, -1987, "2026-11-22T06:30:58.013Z", "good", True
)
JPEG = cv2.imencode(".jpg", np.zeros((16, 16, 3), np.uint8))[1].tobytes()
WORDS = st.text(st.characters(codec="utf-8"), max_size=200).filter(str.isprintable)


def raw(text: bytes) -> bytes:
    return b"\xff\xd8\xff\xfe" + (len(text) + 2).to_bytes(2) + text + JPEG[2:]


@settings(deadline=None)  # other programs may have the processor
@given(WORDS, WORDS, st.integers(-600_000, 600_000))
def test_a_caption_is_read_as_it_was_written(site: str, place: str, taken: int) -> None:
    caption = replace(CAPTION, site=site, place=place, taken=taken)
    picture = commented(JPEG, caption.spelled())
    assert caption_of(picture) == caption
    assert picture.endswith(JPEG[2:])
    check(picture)


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"{}",
        b"\xff",
        CAPTION.spelled().encode() + b" ",
        CAPTION.spelled().replace("17", "0").encode(),
        CAPTION.spelled().replace('"good"', '"good","clock":"bad"').encode(),
        json.dumps(json.loads(CAPTION.spelled())).encode(),
        CAPTION.spelled().encode().ljust(9_000),
    ],
)
def test_a_caption_spelled_otherwise_is_refused(text: bytes) -> None:
    with pytest.raises(CaptionError):
        caption_of(raw(text))


@settings(deadline=None)  # other programs may have the processor
@given(st.binary(max_size=64))
def test_no_bytes_do_worse_than_to_be_refused(octets: bytes) -> None:
    for attempt in (octets, raw(octets), raw(octets)[:9]):
        with pytest.raises(CaptionError):
            caption_of(attempt)


def test_nothing_beyond_its_limits_becomes_a_caption() -> None:
    with pytest.raises(BadMessageError):
        replace(CAPTION, place="x" * 201).spelled()


@pytest.mark.parametrize(
    ("event", "taken", "time"),
    [
        ("2026-11-22T06:31:00Z", -1_987, "2026-11-22T06:30:58.013Z"),
        ("2026-11-22T06:31:00.250+00:00", 0, "2026-11-22T06:31:00.250Z"),
        ("", 0, ""),
        ("yesterday", 0, ""),
        ("9999-12-31T23:59:59Z", 2_000, ""),
    ],
)
def test_the_time_of_a_frame_is_the_time_of_the_log(event: str, taken: int, time: str) -> None:
    assert time_of_frame(event, taken) == time
