"""What the demo shows, in both languages."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Literal

import pytest
from rich.console import Console

from controller import (
    demo_command,
    demo_entries,
    demo_eyes,
    demo_keys,
    demo_room,
    demo_sign_ins,
    demo_tour,
    demo_view,
)
from controller.core.events import CONDITIONS
from controller.core.sentences import ALARM_SENTENCES
from controller.core.sentences_zh import ALARM_SENTENCES_ZH
from controller.core.words import AlarmKind, Kind
from controller.demo_entries import line, newest
from controller.demo_people import PEOPLE
from controller.demo_scene import Scene
from controller.demo_view import KEYS, draw
from controller.demo_words import CHINESE, translator
from controller.ledger.copyable import LEGACY, LEGACY_ZH

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
    "badges": {
        "A1": {"holder": "li", "level": "desfire", "blocked": False},
        "A2": {"holder": "li", "level": "uid", "blocked": True},
        "A3": {"holder": "zhang", "level": "uid", "blocked": False},
    },
}
ENTRY = {
    "n": 7,
    "time": "2026-03-02T01:00:10.000Z",
    "kind": "granted",
    "place": "main",
    "who": ["li", "wang"],
}


COPIED = {
    "n": 8,
    "time": "2026-03-02T01:00:11.000Z",
    "kind": "refused",
    "place": "outer.in",
    "who": ["li"],
    "reason": "copied",
    "level": "uid",
}
LEGEND = f"! uid: {LEGACY}"
RED = re.compile("\x1b\\[[0-9;]*31m([^\x1b]*)")


def shown(language: str, width: int = 120, height: int = 40, *, colours: bool = False) -> str:
    say = translator(language)
    scene = Scene({p: say(str(PEOPLE[p]["name"])) for p in PEOPLE}, dict.fromkeys(PEOPLE, "outside"))
    scene.places["li"] = "vault"
    scene.view, scene.entries, scene.said = VIEW, [ENTRY, COPIED], say(demo_command.WELCOME)
    system: Literal["standard"] | None = "standard" if colours else None
    console = Console(width=width, height=height, force_terminal=colours, color_system=system)
    with console.capture() as capture:
        console.print(draw(scene, say, (width, height)), height=height)
    return capture.get()


def test_the_room_is_shown_in_english() -> None:
    text = shown("en")
    for word in (
        "unlocked",
        "cut",
        "[b open]",
        "a line is cut or shorted",
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
    said = {said for _, said, _ in demo_tour.TOUR if said} | {demo_command.WELCOME, demo_command.BUILDING}
    used = {"nobody looks: the recorder starts", "the recorder loads", *demo_eyes.CONDITIONS.values()}
    used |= {condition for condition in CONDITIONS if condition != "back"}
    keys = {what.split(" ")[0] if what.startswith("badge") else what for _, what in KEYS}
    files = [
        Path(module.__file__ or "")
        for module in (demo_view, demo_entries, demo_eyes, demo_room, demo_command, demo_keys, demo_sign_ins)
    ]
    used |= set(
        re.findall(r"say\(\s*\"([^\"]+)\"\s*\)", "".join(f.read_text(encoding="utf-8") for f in files))
    )
    missing = (said | keys | used) - CHINESE.keys()
    assert not missing
    assert CHINESE[LEGACY] == LEGACY_ZH


@pytest.mark.parametrize(("lang", "words", "zhang"), [("en", LEGACY, "Zhang Min"), ("zh", LEGACY_ZH, "张敏")])
@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
def test_a_badge_that_may_be_copied_is_red_and_marked_and_the_screen_says_what_that_means(
    lang: str, words: str, zhang: str, size: tuple[int, int]
) -> None:
    red = "".join(RED.findall(shown(lang, *size, colours=True)))
    assert f"3! {zhang}" in red
    assert f"! uid: {words}" in red
    plain = shown(lang, *size)
    assert f"3! {zhang}" in plain
    assert f"! uid: {words}" in plain


def test_a_badge_that_proves_itself_is_neither_red_nor_marked_though_an_old_one_is_dead() -> None:
    assert "Li Wei" not in "".join(RED.findall(shown("en", colours=True)))
    assert "1  Li Wei" in shown("en")


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
@pytest.mark.parametrize(
    ("lang", "sentence"),
    [("en", ALARM_SENTENCES[AlarmKind.TAMPER]), ("zh", ALARM_SENTENCES_ZH[AlarmKind.TAMPER])],
)
def test_the_guard_reads_what_an_alarm_means_on_every_screen(
    lang: str, sentence: str, size: tuple[int, int]
) -> None:
    view = shown(lang, *size)
    side = "".join(re.sub(r"^.*│ *│|│$", "", line) for line in view.split("\n"))
    assert re.sub(r"\s", "", sentence) in re.sub(r"\s", "", side)
    assert "● tamper" not in view


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_terminal_that_is_too_small_is_told_so_in_one_sentence(lang: str) -> None:
    for size in ((79, 24), (80, 23)):
        text = shown(lang, *size).strip()
        assert "80x24" in text
        assert "\n" not in text


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_no_two_kinds_look_alike_on_the_smallest_screen(lang: str) -> None:
    say = translator(lang)
    told = set()
    for kind in Kind:
        scene = Scene({p: say(str(PEOPLE[p]["name"])) for p in PEOPLE})
        scene.entries = [{**ENTRY, "kind": kind.value, "point": "north.contact.far"}]
        console = Console(width=48, height=24)
        with console.capture() as capture:
            console.print(newest(scene, say, 1))
        told.add(capture.get().split("\n")[1].split("  ")[0])
        assert lang == "zh" or kind.value in capture.get()
    assert len(told) == len(Kind)


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ({"kind": "enrolled", "person": {"id": "li"}, "badges": []}, ["Li Wei"]),
        ({"kind": "input", "point": "main.in.tamper", "level": "cut"}, ["main.in.tamper", "cut"]),
        (
            {"kind": "badge_issued", "person": "li", "who": ["zhao"], "level": "desfire"},
            ["Li Wei", "desfire"],
        ),
    ],
)
def test_an_entry_says_in_print_what_it_says_on_the_screen(entry: dict[str, Any], words: list[str]) -> None:
    scene = Scene({p: str(PEOPLE[p]["name"]) for p in PEOPLE}, entries=[{**ENTRY, **entry}])
    console = Console(width=100)
    with console.capture() as capture:
        console.print(newest(scene, str, 1))
    printed = line(scene, scene.entries[0], str)
    for word in [entry["kind"], *words]:
        assert word in printed
        assert word in capture.get()


def test_a_refused_copy_is_told_with_its_reason_and_how_it_was_read() -> None:
    assert re.search(r"8 01:00:11 refused +outer.in +Li Wei +copied uid", shown("en"))


@pytest.mark.parametrize(("level", "red"), [("uid", ["uid", LEGEND]), ("desfire", [LEGEND])])
def test_an_entry_of_a_badge_that_may_be_copied_says_so_in_red(level: str, red: list[str]) -> None:
    scene = Scene({}, entries=[{**ENTRY, "level": level}])
    console = Console(width=100, force_terminal=True, color_system="standard")
    with console.capture() as capture:
        console.print(newest(scene, str, 3))
    assert [one.strip() for one in RED.findall(capture.get())] == red


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
def test_the_newest_entries_are_never_pushed_out_by_long_ones(size: tuple[int, int]) -> None:
    width, height = size
    long = {
        **ENTRY,
        "who": list(PEOPLE),
        "kind": "unwitnessed_opening",
        "place": "compartment.of.the.cabinet",
    }
    scene = Scene({p: str(PEOPLE[p]["name"]) for p in PEOPLE})
    scene.entries = [{**long, "n": n} for n in range(100, 180)]
    console = Console(width=width, height=height)
    with console.capture() as capture:
        console.print(draw(scene, str, (width, height)), height=height)
    told = [int(n) for n in re.findall(r"│ (1\d\d) ", capture.get())]
    assert told == list(range(180 - len(told), 180))
    assert len(told) > 3
