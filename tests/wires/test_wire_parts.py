"""The parts of a stage on wires that need no wire: rewritten site files, answers read from Entries, time."""

from __future__ import annotations

import tomllib
from datetime import time, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controller import config
from controller.beat import LONGEST_MS, Beat, continued
from controller.core.schedule import local
from controller.core.words import Reason
from controller.drill_eyes import has_eyes
from controller.drill_file import load
from controller.errors import ConfigError
from controller.wire_answers import about, answer_of
from controller.wire_site import site_of, toml
from firmware_shims.room_plan import rewritten, taken_apart, token

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
PLAIN = st.one_of(TEXTS, st.booleans(), st.integers(-(2**53), 2**53), st.floats(allow_nan=False), st.times())
VALUES = st.recursive(
    PLAIN, lambda v: st.lists(v, max_size=3) | st.dictionaries(TEXTS, v, max_size=3), max_leaves=8
)


@given(st.dictionaries(TEXTS, VALUES, max_size=4))
def test_a_table_written_as_toml_reads_back_as_the_same_values(table: dict[str, Any]) -> None:
    assert tomllib.loads(toml(table)) == table


def drill(folder: Path, site: str, start: str = "2026-03-02T09:00:00+08:00") -> Path:
    file = folder / "drill.toml"
    file.write_text(
        f'title = "t"\nstart = "{start}"\n{site}\n[[step]]\nat = 0\ndo = "wait"\n', encoding="utf-8"
    )
    return file


def test_a_drill_names_a_built_in_site_a_file_beside_it_or_writes_its_own(tmp_path: Path) -> None:
    text = config.load(config.builtin("example")).text
    (tmp_path / "mine.toml").write_text(text.replace('name = "example"', 'name = "mine"'), encoding="utf-8")
    assert site_of(load(drill(tmp_path, 'site = "passage"'))).plan.name == "passage"
    assert site_of(load(drill(tmp_path, 'site = "mine.toml"'))).plan.name == "mine"
    own = tomllib.loads(text.replace('name = "example"', 'name = "own"'))
    inline = toml({"site": {**own.pop("site"), **own}})
    found = site_of(load(drill(tmp_path, inline)))
    assert found.plan.name == "own"
    assert set(found.plan.locks) == {"main", "c1.a", "c1.b", "c1.c", "c1.d"}


def test_a_room_has_cameras_only_in_a_drill_in_which_they_play_a_part(tmp_path: Path) -> None:
    told = load(drill(tmp_path, 'site = "example"'))
    assert not has_eyes(told)
    blind, seeing = site_of(told), site_of(told, cameras=True)
    assert (blind.eyes, blind.cameras) == (None, {})
    assert seeing.eyes
    assert {one.fault_after_s for one in seeing.eyes.cameras.values()} == {2}
    assert seeing.cameras == config.load(config.builtin("example")).cameras


EYES = [
    'do = "camera"\nname = "door"\nis = "covered"',
    'do = "device"\nname = "recorder"\nis = "lost"',
    'do = "wait"\nexpect = [{ no_entry = "no_picture" }]',
    'do = "wait"\nexpect = [{ no_alarm = "look" }]',
]


@pytest.mark.parametrize("step", EYES)
def test_steps_and_expectations_about_pictures_make_cameras_play_a_part(step: str, tmp_path: Path) -> None:
    file = drill(tmp_path, 'site = "example"')
    file.write_text(f"{file.read_text(encoding='utf-8')}[[step]]\nafter = 1\n{step}\n", encoding="utf-8")
    assert has_eyes(load(file))


@pytest.mark.parametrize(
    ("start", "hour"), [("2026-03-02T09:00:00+08:00", 8), ("2026-03-02T09:00:00-03:00", -3)]
)
def test_a_built_in_room_keeps_the_local_time_of_the_drill(start: str, hour: int, tmp_path: Path) -> None:
    told = load(drill(tmp_path, 'site = "example"', start))
    there = local(told.wall_ms, site_of(told).plan.zone)
    assert there.time() == time.fromisoformat("09:00")
    assert there.utcoffset() == timedelta(hours=hour)


def test_a_drill_half_an_hour_off_cannot_be_played_on_wires(tmp_path: Path) -> None:
    told = load(drill(tmp_path, 'site = "example"', "2026-03-02T09:00:00+05:30"))
    with pytest.raises(ConfigError, match="whole hours"):
        site_of(told)


ENTRIES: list[tuple[list[dict[str, Any]], Reason | None]] = [
    ([], None),
    ([{"kind": "pending", "place": "main", "reader": "main.in"}], None),
    ([{"kind": "granted", "place": "main", "reader": "main.in"}], None),
    ([{"kind": "refused", "place": "main.in", "reason": "expired"}], Reason.EXPIRED),
    ([{"kind": "wrong_pin", "place": "main.in"}], Reason.WRONG_PIN),
    ([{"kind": "refused", "place": "c1", "reason": "expired"}], None),
    ([{"kind": "device_lost", "place": "main"}], None),
    (
        [
            {"kind": "refused", "place": "main.in", "reason": "unknown_badge"},
            {"kind": "granted", "place": "main"},
        ],
        None,
    ),
    (
        [
            {"kind": "refused", "place": "main.in", "reason": "impossible_travel"},
            {"kind": "granted", "place": "main"},
        ],
        Reason.IMPOSSIBLE_TRAVEL,
    ),
]


@pytest.mark.parametrize(("entries", "reason"), ENTRIES)
def test_what_a_badge_was_answered_is_read_from_its_entries(
    entries: list[dict[str, Any]], reason: Reason | None
) -> None:
    assert answer_of(about("main.in", "main", entries)).reason is reason


def test_room_time_goes_on_behind_the_log_and_no_further_than_the_wall_clock_went() -> None:
    assert continued(1000, None, 5000) == 1001
    assert continued(1000, 3000, None) == 1001
    assert continued(1000, 3000, 5000) == 3000
    assert continued(1000, 9000, 5000) == 6000
    assert continued(1000, 10, 5000) == 1001
    assert continued(1000, 3000, -70_000) == 1001


def test_no_forged_hint_and_no_forged_clock_make_the_room_older_than_a_week() -> None:
    years = 20 * 365 * 86_400_000
    assert continued(1000, 1000 + years, years) == 1000 + LONGEST_MS


def test_a_hint_that_is_missing_short_or_strange_is_none(tmp_path: Path) -> None:
    file = tmp_path / "room.time"
    with Beat(file) as beat:
        assert beat.last() is None
        beat.mark(4711)
        assert beat.last() == 4711
    for strange in (b"", b"4711", b"x" * 20, b"1" * 21, b"-" + b"1" * 19):
        file.write_bytes(strange)
        with Beat(file) as beat:
            assert beat.last() is None


CLOCKS = [
    ("", "[clock]\nsource = 'x'\n"),
    ("[clock]\nsource = 'y'\n", "[clock]\nsource = 'x'\n"),
    ("[clock]\n# none\n[door.main]\nsource = 'y'\n", "[clock]\nsource = 'x'\n[door.main]\nsource = 'y'\n"),
    ("[ clock ]  # of the bank\n  source='y'  # their own\n\n[a]\n", "[clock]\nsource='x'\n[a]\n"),
]


@pytest.mark.parametrize(("text", "same_as"), CLOCKS)
def test_a_rewritten_site_file_has_one_clock_and_all_else_as_it_was(text: str, same_as: str) -> None:
    assert tomllib.loads(rewritten(text, {}, "x")) == tomllib.loads(same_as)


def test_a_rewritten_site_file_has_the_new_addresses_however_they_were_quoted() -> None:
    old, new = "osdp:///dev/ttyAMA1?address=1", "osdp:///dev/pts/7?address=1"
    text = f'a = "{old}"\nb = \'{old}\'\nc = "{old}0"\n'
    found = tomllib.loads(rewritten(text, {old: new}, "x"))
    assert (found["a"], found["b"], found["c"]) == (new, new, f"{old}0")


def test_addresses_move_to_other_ports_and_keep_their_settings() -> None:
    moved = {
        "a": "osdp:///dev/ttyAMA1?address=1&baud=9600",
        "b": "nfc:tty:AMA2:pn532",
        "c": "nfc:///dev/x?chip=pn532",
    }
    one, two, three = taken_apart(moved)
    assert one.at("/dev/pts/7") == "osdp:///dev/pts/7?address=1&baud=9600"
    assert two.at("/tmp/chip") == three.at("/tmp/chip") == "nfc:///tmp/chip?chip=pn532"  # noqa: S108
    assert two.port == "/dev/ttyAMA2"


@given(st.lists(TEXTS, unique=True, min_size=2, max_size=5))
def test_every_badge_name_is_a_card_of_its_own_always_the_same(names: list[str]) -> None:
    tokens = [token(name) for name in names]
    assert len(set(tokens)) == len(names)
    assert tokens == [token(name) for name in names]
    assert all(len(bytes.fromhex(one)) == 7 and one.startswith("04") for one in tokens)
