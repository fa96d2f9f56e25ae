"""What the demo says of cameras and pictures, in both languages."""

# ruff: noqa: RUF001 - Chinese has its own punctuation
from __future__ import annotations

from typing import Any

import pytest

from controller.core.unseen import UNSEEN, UNSEEN_ZH, Unseen
from controller.demo_entries import line
from controller.demo_eyes import eye_lines
from controller.demo_scene import Scene
from controller.demo_words import translator

WELL = {"camera": "room", "condition": "back", "fps": 7.9, "ring_s": 5.1}
EYES: dict[str, Any] = {"recorder": {"state": "well"}, "cameras": [{**WELL, "camera": "door"}, WELL]}
TIME = {"time": "2026-03-02T01:00:10.000Z", "place": "main", "why": "granted", "shot": 3}
WANTED = [{"camera": c, "moment": m} for m in (-2000, 0, 2000) for c in ("door", "room")]
SNAPSHOT = {"n": 7, "kind": "snapshot", **TIME, "cameras": ["door", "room"], "wanted": WANTED}
PICTURE = {"camera": "door", "thumbnail": False}
TAKEN = {
    "n": 8,
    "kind": "pictures_taken",
    **TIME,
    "pictures": [PICTURE, {**PICTURE, "camera": "room"}],
    "missing": [],
}
LACK = [{"camera": "door", "moment": 0, "why": "stalled"}]
NEVER = {"n": 9, "kind": "no_picture", **TIME, "missing": LACK, "reason": "stalled"}


def lines(eyes: Any, entries: list[dict[str, Any]], lang: str = "en") -> list[str]:
    scene = Scene({}, eyes=eyes, entries=entries)
    return [one.plain for one in eye_lines(scene, translator(lang))]


def test_each_camera_says_how_it_is_how_fast_and_how_far_back() -> None:
    covered = {**EYES, "cameras": [{**WELL, "camera": "door", "condition": "covered"}, WELL]}
    assert "door covered 8/s, 5 s back  room good 8/s, 5 s back" in lines(covered, [])[0]
    assert "door 被遮挡 每秒 8 张，可回看 5 秒" in lines(covered, [], "zh")[0]


@pytest.mark.parametrize(
    ("eyes", "said"),
    [
        (None, "none: pip install 'ironroom[eyes]'"),
        ({}, "unknown"),
        ({"recorder": {"state": "gone"}, "cameras": []}, "nobody looks: the recorder starts"),
        ({"recorder": {"state": "coming"}, "cameras": []}, "the recorder loads"),
        (
            {
                "recorder": {"state": "well"},
                "cameras": [{**WELL, "condition": None, "fps": None, "ring_s": None}],
            },
            "unknown",
        ),
    ],
)
def test_where_nobody_looks_the_line_says_why(eyes: Any, said: str) -> None:
    assert said in lines(eyes, [])[0]


def test_the_newest_pictures_are_counted_with_their_event_or_the_reason_why_there_are_none() -> None:
    assert "none" in lines(EYES, [])[1]
    assert "2 of 6  granted, main" in lines(EYES, [SNAPSHOT, TAKEN])[1]
    assert f"0 of 6  granted, main: {UNSEEN[Unseen.STALLED]}" in lines(EYES, [SNAPSHOT, NEVER])[1]
    assert UNSEEN_ZH[Unseen.STALLED] in lines(EYES, [SNAPSHOT, NEVER], "zh")[1]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_both_lines_fit_the_smallest_screen_while_all_is_well(lang: str) -> None:
    scene = Scene({}, eyes=EYES, entries=[SNAPSHOT, TAKEN])
    assert all(one.cell_len <= 80 for one in eye_lines(scene, translator(lang)))


@pytest.mark.parametrize(
    ("entry", "english", "chinese"),
    [
        (SNAPSHOT, "granted: 6 pictures asked for (door, room)", "放行：要求 6 张（door, room）"),
        (TAKEN, "granted: 2 pictures on disk (door, room)", "放行：2 张（door, room）"),
        ({**TAKEN, "pictures": [PICTURE]}, "granted: 1 picture on disk (door)", "放行：1 张（door）"),
        ({**TAKEN, "missing": LACK}, "; 1 missing: the camera is connected", "; 1 张缺失：摄像机已连接"),
        (NEVER, f"granted: {UNSEEN[Unseen.STALLED]}", f"放行：{UNSEEN_ZH[Unseen.STALLED]}"),
        ({**TIME, "n": 1, "kind": "camera_fault", "condition": "frozen"}, "frozen", "画面冻结"),
        ({**TIME, "n": 1, "kind": "camera_back", "condition": "back"}, "good", "正常"),
        ({**TIME, "n": 1, "kind": "granted", "awaits_shot": 3}, "waits for its pictures", "等待照片存盘"),
        (
            {**TIME, "n": 1, "kind": "evidence_read", "what": "picture", "filter": "entry=7"},
            "entry=7",
            "查看照片",
        ),
        ({**TIME, "n": 1, "kind": "grant_pictured"}, "the bolt is released", "准予开锁"),
    ],
)
def test_an_entry_about_pictures_says_in_print_what_it_means(
    entry: dict[str, Any], english: str, chinese: str
) -> None:
    assert english in line(Scene({}), entry, translator("en"))
    assert chinese in line(Scene({}), entry, translator("zh"))
