"""The feed: every kind has a sentence in both languages, with who and where in it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from string import Formatter
from typing import Any

import pytest

from controller.core.words import SILENT, AlarmKind, Kind, Reason
from tests.web.plan.sites import OWN, ROOT, ZONE, chinese, english, named, texts
from web.feed.alarm_names import ALARM_NAMES, alarm_name
from web.feed.icons import ICONS
from web.feed.kind_texts import KIND_TEXTS
from web.feed.level import ALARMS, QUIET, Level, level
from web.feed.procedures import PROCEDURES, procedure
from web.feed.reason_texts import REASON_TEXTS
from web.feed.row import Picture, Row, row
from web.feed.rows import rows

TIME = "2026-03-02T01:00:07.000Z"


def entry(kind: str, n: int = 1, **more: Any) -> dict[str, Any]:
    return {"n": n, "at": 0, "time": TIME, "clock": "trusted", "policy": "p", "kind": kind} | more


def told(kind: str, **more: Any) -> Row:
    return row(entry(kind, **more), english, named, ZONE)


@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_has_a_sentence_a_level_and_a_sign_in_both_languages(kind: Kind) -> None:
    line = told(kind.value, place="main", who=["li", "wang"])
    assert line.text
    assert "{" not in line.text
    assert kind.value in ICONS
    chinese_line = row(entry(kind.value, place="main", who=["li"]), chinese(), named, ZONE)
    assert any(ord(sign) > 0x2E80 for sign in chinese_line.text)
    assert (ROOT / "web" / "static" / "icons" / f"{line.icon}.svg").is_file()


def test_tables_are_complete() -> None:
    assert set(KIND_TEXTS) == set(Kind)
    assert set(REASON_TEXTS) == set(Reason)
    assert set(ALARM_NAMES) == set(PROCEDURES) == set(AlarmKind)
    assert not ALARMS & QUIET


@pytest.mark.parametrize(
    ("kind", "fields", "text"),
    [
        ("room_opened", {"who": ["li", "wang"], "place": "vault"}, "Li Wei and Wang Fang opened vault"),
        ("refused", {"place": "main.in", "reason": "expired"}, "Refused at main.in: rights expired"),
        (
            *("refused", {"place": "main.in", "reason": "expired", "who": ["li"]}),
            "Refused at main.in: rights expired (Li Wei)",
        ),
        ("granted", {"who": ["li"], "place": "main", "direction": "out"}, "Li Wei may leave through main"),
        ("lockdown", {"who": ["li"], "on": False}, "Li Wei lifted the lockdown"),
        ("fire", {"on": False, "place": "fire"}, "Fire alarm over"),
        ("power", {"lost": False, "place": "mains"}, "mains: power is back"),
        ("alarm_raised", {"alarm": "forced", "place": "main"}, "Alarm at main: Door forced"),
        ("camera_fault", {"condition": "covered", "place": "door"}, "Camera door: covered"),
        (
            "tamper",
            {"place": "main", "point": "main.bolt", "level": "cut"},
            "Tamper at main: main.bolt is cut",
        ),
        ("enrolled", {"person": {"id": "li"}}, "Li Wei was enrolled at the founding"),
        ("recounted", {"who": ["li", "wang"], "place": "vault", "occupancy": 0}, None),
        ("clock_changed", {"by_ms": 36_000}, "The clock jumped by 36 s"),
        ("of_the_future", {}, "Entry of another version: of_the_future"),
    ],
)
def test_a_line_says_who_did_what_and_where(kind: str, fields: dict[str, Any], text: str | None) -> None:
    assert told(kind, **fields).text == (text or "Li Wei and Wang Fang counted vault: 0 inside")


def test_a_refusal_says_why_and_what_would_have_been_enough() -> None:
    line = told("refused", place="main.in", reason="expired", who=["li"])
    assert line.why == "rights expired"
    assert line.need == "rights that have not ended"
    assert told("count_lost", place="vault", reason="restart").need == ""


def test_a_closed_alarm_says_what_it_was_before_what_was_found() -> None:
    assert told("alarm_acknowledged", outcome="false", note="the cleaner").note == "False alarm · the cleaner"
    assert told("alarm_acknowledged", note="looked at").note == "looked at"
    assert told("noted", outcome="else").note == ""


def test_time_and_day_are_those_of_the_site() -> None:
    line = told("opened", place="main")
    assert (line.day, line.time) == ("2026-03-02", "09:00:07")


def test_sealed_and_dropped_entries_say_so_and_nothing_else() -> None:
    sealed = row({"n": 4, "sealed": True}, english, named, ZONE)
    assert (sealed.n, sealed.text) == (4, "Sealed: for chief and auditor")
    assert "Dropped" in row({"n": 5, "pruned": True}, english, named, ZONE).text


def test_a_forced_door_is_one_alarm_and_its_facts_are_notices() -> None:
    assert level("alarm_raised") is Level.ALARM
    assert level("forced") is Level.NOTICE
    assert level("bolt_thrown") is Level.QUIET
    assert level("of_the_future") is Level.NOTICE
    assert told("fire", on=False).level is Level.NOTICE


def test_a_name_with_braces_is_only_a_name() -> None:
    line = row(entry("left", who=["x"], place="{who}"), english, lambda _: "{place}", ZONE)
    assert line.text == "{place} left {who}"


def test_pictures_stand_beside_the_event_that_asked_for_them() -> None:
    taken = [{"camera": "door", "moment": m, "thumbnail": t} for m in (2_000, -2_000) for t in (False, True)]
    found = rows(
        [
            entry("alarm_raised", 1, alarm="forced", place="main"),
            entry("snapshot", 2, why="forced", place="main", shot=9, wanted=[1, 2]),
            entry("opened", 3, place="outer"),
            entry("pictures_taken", 4, why="forced", place="main", shot=9, pictures=taken),
        ],
        english,
        named,
        ZONE,
    )
    assert [line.n for line in found] == [4, 3, 2, 1]
    assert found[-1].pictures == (Picture(4, "door", -2_000), Picture(4, "door", 2_000))
    assert found[-1].wanted == 2


def test_pictures_whose_event_is_not_on_the_page_stay_with_their_own_line() -> None:
    shot = entry("pictures_taken", shot=3, place="main", pictures=[{"camera": "door", "moment": 0}])
    (line,) = rows([shot], english, named, ZONE)
    assert len(line.pictures) == 1
    assert line.text == "Pictures of main taken: 1"


@pytest.mark.parametrize("kind", list(AlarmKind))
def test_every_alarm_has_three_to_six_short_steps_in_both_languages(kind: AlarmKind) -> None:
    for say in (english, chinese()):
        steps = procedure(kind.value, say)
        assert 3 <= len(steps) <= 6
        assert all(len(step) <= 80 for step in steps)
        assert alarm_name(kind.value, say)


@pytest.mark.parametrize("kind", sorted(SILENT))
def test_a_silent_alarm_begins_by_showing_nothing(kind: AlarmKind) -> None:
    assert "Show nothing" in procedure(kind.value, english)[0]


def marked() -> Iterator[str]:
    """Every text that is marked in web/plan and web/feed."""
    for folder in ("plan", "feed"):
        for file in (ROOT / "web" / folder).glob("*.py"):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                match node:
                    case ast.Call(func=ast.Name(id="_" | "N_" | "say"), args=[ast.Constant(value=str(text))]):
                        yield text


def test_every_text_has_its_chinese_and_no_chinese_is_left_over() -> None:
    every = set(marked())
    known = {text for name in OWN for text in texts(name)}
    assert every - known == set()
    assert known - every == set()


def test_chinese_fills_in_the_same_values() -> None:
    for name in OWN:
        for text, other in texts(name).items():
            fields = {field for _, field, _, _ in Formatter().parse(text) if field}
            assert fields >= {field for _, field, _, _ in Formatter().parse(other) if field}, text


def test_the_same_english_is_the_same_chinese_in_every_file() -> None:
    seen: dict[str, str] = {}
    for name in OWN:
        for text, other in texts(name).items():
            assert seen.setdefault(text, other) == other, text
