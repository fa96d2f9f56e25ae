"""What the demo shows, in both languages."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from controller import demo_command, demo_tour, demo_view
from controller.demo_room import PEOPLE
from controller.demo_view import KEYS, Scene, draw
from controller.demo_words import CHINESE, translator

VIEW: dict[str, Any] = {
    "at": 10_000,
    "wall_ms": 1_772_413_210_000,
    "rooms": {"vault": {"occupancy": 1, "lone_at": 25_000}},
    "doors": {
        "outer": {"lock": "locked", "phase": "locked", "pending": [], "deadline": None},
        "main": {"lock": "unlocked", "phase": "released", "pending": ["wang"], "deadline": 20_000},
    },
    "windows": {"north": "cut"},
    "compartments": {"c1.a": "locked", "c1.b": "open"},
    "alarms": [{"alarm": "tamper", "place": "north.contact"}],
    "signals": {"main.in": "refused"},
    "lost": ["main.out"],
}
ENTRY = {
    "n": 7,
    "time": "2026-03-02T01:00:10.000Z",
    "kind": "granted",
    "place": "main",
    "who": ["li", "wang"],
}


def shown(language: str, width: int = 120, height: int = 40) -> str:
    say = translator(language)
    scene = Scene({p: say(str(PEOPLE[p]["name"])) for p in PEOPLE}, dict.fromkeys(PEOPLE, "outside"))
    scene.places["li"] = "vault"
    scene.view, scene.entries, scene.said = VIEW, [ENTRY], say(demo_command.WELCOME)
    console = Console(width=width, height=height, record=True, force_terminal=False)
    with console.capture() as capture:
        console.print(draw(scene, say, height), height=height)
    return capture.get()


def test_the_room_is_shown_in_english() -> None:
    text = shown("en")
    for word in (
        "unlocked",
        "cut",
        "[b open]",
        "tamper",
        "refused",
        "alarm in 15 s",
        "Li Wei, Wang Fang",
        "main.out",
    ):
        assert word in text, word


def test_the_room_is_shown_in_chinese_without_an_english_sentence() -> None:
    text = shown("zh")
    for word in ("已开锁", "断线", "拒绝", "报警倒计时", "李伟, 王芳", "保管日志最近记录"):
        assert word in text, word
    assert "choose a person" not in text


@pytest.mark.parametrize("size", [(80, 24), (100, 30), (200, 60)])
def test_the_screen_fits_its_terminal(size: tuple[int, int]) -> None:
    width, height = size
    lines = shown("en", width, height).rstrip("\n").split("\n")
    assert max(map(len, lines)) <= width
    assert len(lines) <= height


@pytest.mark.parametrize(("lang", "width"), [("en", 80), ("en", 130), ("zh", 80), ("zh", 130)])
def test_a_key_and_its_meaning_stay_on_one_line(lang: str, width: int) -> None:
    say = translator(lang)
    text = shown(lang, width, 42)
    for key, what in KEYS:
        meaning = say(what) if not what.startswith("badge") else what.replace("badge", say("badge"))
        assert f" {key}  {meaning} " in text, what


def test_every_sentence_of_the_demo_has_its_chinese() -> None:
    said = {said for _, said, _ in demo_tour.TOUR if said} | {demo_command.WELCOME}
    keys = {what.split(" ")[0] if what.startswith("badge") else what for _, what in KEYS}
    files = [Path(module.__file__ or "") for module in (demo_view, demo_command)]
    used = set(
        re.findall(r"say\(['\"]([^'\"]+)['\"]\)", "".join(f.read_text(encoding="utf-8") for f in files))
    )
    missing = (said | keys | used) - CHINESE.keys()
    assert not missing
