"""A faulty drill is told with all its faults, by line, and never played."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from controller.drill_file import load
from controller.drill_names import names_of
from controller.drill_words import deeds, expectations
from controller.errors import ConfigError
from controller.rehearse_command import rehearse
from tests.rehearse.stories import HEAD, step, story

TAP: dict[str, Any] = {"reader": '"main.in"', "badge": '"B1"'}

# What stands in the drill, and what is said about it.
FAULTY: list[tuple[str, str]] = [
    (step("tapp", reader='"main.in"'), '"tapp" is nothing to do; did you mean tap? known: ask, bolt, camera'),
    ("[[step]]\nafter = 1\n", "do: is missing; known: ask, bolt"),
    (step("tap", reader='"main.in"'), "badge: is missing; write a text"),
    (step("tap", reader='"mainin"', badge='"B1"'), '"mainin" is no reader; did you mean main.in? known: c1'),
    (step("tap", card='"B1"', **TAP), "card: does not belong here; known: badge, reader"),
    (step("pin", reader='"main.in"', digits="4821"), "digits: 4821 does not fit; write digits in quotes"),
    (
        step("open", what='"north2"'),
        '"north2" is no thing that opens; did you mean north? known: c1.a, c1.b',
    ),
    (step("bolt", what='"north"', is_='"drawn"'), '"north" is no thing with a bolt sense; known: main'),
    (step("bolt", what='"main"', is_='"open"'), '"open" is no state of a bolt; known: drawn, thrown'),
    (step("rex", door='"c1"'), '"c1" is no door with a request to exit; known: main'),
    (step("input", name='"fier"', is_='"active"'), '"fier" is no input; did you mean fire?'),
    (step("input", name='"fire"', is_='"on"'), '"on" is no level; known: active, cut, normal, short'),
    (step("motion", where='"hall"'), '"hall" is no place with a motion sensor; known: vault'),
    (step("glass", where='"vault"'), '"vault" is no place with a glass sensor; known: north'),
    (step("vibration", where='"north"'), '"north" is no place with a vibration sensor'),
    (step("tamper", where='"roof"'), '"roof" is no place with a tamper sensor'),
    (step("fire", is_='"active"'), '"active" is no state of the fire input; known: off, on'),
    (step("power", is_='"off"'), '"off" is no state of the mains; known: back, lost'),
    (step("crash", at_='"now"'), '"now" does not fit'),
    (step("clock", by='"an hour"'), 'by: "an hour" does not fit; write a number of seconds'),
    (step("device", name='"lift"', is_='"lost"'), '"lift" is no device'),
    (
        step("device", name='"main.in"', is_='"gone"'),
        '"gone" is no state of a device; known: back, lost, noisy',
    ),
    (step("camera", name='"hall"', is_='"lost"'), '"hall" is no camera; known: door, room'),
    (
        step("camera", name='"door"', is_='"dark"'),
        '"dark" is no state of a camera; known: back, blinded, covered',
    ),
    (step("ask", as_='"mallory"', what='"recount"'), '"mallory" is no person; known: chen, li, wang'),
    (step("ask", as_='"li"', what='"open_sesame"'), '"open_sesame" is no Asking'),
    (step("ask", as_='"li"', what='"recount"', with_='"all"'), '"all" does not fit; write a table'),
    (step("ask", as_='"li"', what='"recount"', and_='"mallory"'), '"mallory" is no person'),
    (
        step("put", carrier='"K1"', at_='"c1.z"'),
        '"c1.z" is no compartment; did you mean c1.',
    ),
    (step("take", carrier='"K1"'), "at: is missing; write the name of a compartment"),
    (step("wait", x="1"), "x: does not belong here"),
    (
        step("wait", "entri = true"),
        "names nothing that can be expected; write one of them; did you mean entry?",
    ),
    (step("wait", 'lock = "main", alarm = "forced"'), "names lock and alarm; write one of them"),
    (step("wait", 'lock = "gate", is = "locked"'), '"gate" is no lock'),
    (step("wait", 'lock = "main", is = "open"'), '"open" is no state of a lock; known: locked, unlocked'),
    (step("wait", 'lock = "main"'), "is: is missing; write the name of a state of a lock"),
    (step("wait", 'signal = "main.in", is = "green"'), '"green" is no signal; known: granted, idle, pending'),
    (step("wait", 'signal = "gate", is = "idle"'), '"gate" is no reader'),
    (step("wait", 'occupancy = "many"'), 'does not fit; write "unknown" or a whole number from 0'),
    (step("wait", "occupancy = -1"), "-1 does not fit; write a whole number from 0"),
    (step("wait", 'occupancy = 0, room = "hall"'), '"hall" is no room; known: vault'),
    (
        step("wait", 'entry = "grantd"'),
        '"grantd" is no kind of Entry; did you mean granted? known: alarm_ack',
    ),
    (step("wait", 'entry = "granted", who = "mallory"'), '"mallory" is no person'),
    (step("wait", 'entry = "granted", count = "two"'), 'count: "two" does not fit'),
    (step("wait", 'entry = "granted", whom = "li"'), "whom: does not belong here; did you mean who?"),
    (step("wait", 'entry = "refused", reason = "bored"'), '"bored" is no reason; known: already_inside'),
    (step("wait", 'no_entry = "x"'), '"x" is no kind of Entry'),
    (step("wait", 'alarm = "fire"'), '"fire" is no kind of alarm'),
    (step("wait", "no_alarm = false"), "false does not fit; write true"),
    (
        step("wait", 'carrier = "K1", is = "LOST"'),
        '"LOST" is no state of a carrier; known: CIRCULATING, DESTROYED',
    ),
    (step("tap", 'refused = "bored"', **TAP), '"bored" is no reason'),
    (step("wait", "refused = true"), "nobody answers to wait; expect it of ask, pin, tap"),
    (step("crash", "accepted = true"), "nobody answers to crash"),
    (step("wait", 'egress = "main", is = "barred"'), '"barred" is no state of a way out; known: free'),
    (step("wait", 'egress = "north", is = "free"'), '"north" is no door; known: main'),
    (step("wait", "no_alarm = true, within = -1"), "within: -1 does not fit"),
    (step("wait", 'no_alarm = true, within = "3"'), 'within: "3" does not fit'),
    (
        step("wait", x_="1").replace("after = 1", "after = 1\nat = 7"),
        "after: stands beside at; write one of the two",
    ),
    (
        "[[step]]\nat = 5\ndo = 'wait'\n[[step]]\nat = 4\ndo = 'wait'\n",
        "at: runs backwards; the step before is at 5 s",
    ),
    ("[[step]]\nat = -1\ndo = 'wait'\n", "at: -1 does not fit"),
    ("[[step]]\nafter = true\ndo = 'wait'\n", "after: true does not fit"),
    ("[[step]]\nafter = inf\ndo = 'wait'\n", "after: inf does not fit"),
    ("[[step]]\ndo = 'wait'\nexpect = 'all'\n", '"all" is no list'),
    ("[[step]]\ndo = 'wait'\nexpect = ['all']\n", '"all" is no expectation'),
    (
        "[[steps]]\ndo = 'wait'\n",
        "steps: is no part of a drill; did you mean step? known: people, site, start",
    ),
    ("", "step: is missing; write at least one [[step]]"),
    ("[people.he]\nbages = ['B7']\n" + step("wait"), "bages: is no field of a person; did you mean badges?"),
    (
        "[people.he]\nbadges = ['B1']\n" + step("wait"),
        "B1 is li's badge; a badge belongs to exactly one person",
    ),
    ("[people.he]\nbadges = 'B7'\n" + step("wait"), '"B7" does not fit; write a list'),
    ("[people.he]\npin = '12'\n" + step("wait"), "the PIN does not fit; write 4 to 12 digits"),
    ("[people.he]\ndoors = ['hall']\n" + step("wait"), '"hall" is no door; known: main'),
    ("[people.he]\ncompartments = ['c1.z']\n" + step("wait"), '"c1.z" is no compartment'),
    ("[people.he]\nexcluded_with = ['me']\n" + step("wait"), '"me" is no person'),
    ("[people.he]\nvisitor = 'yes'\n" + step("wait"), '"yes" does not fit; write true or false'),
    ("[people.he]\nhost = 'me'\n" + step("wait"), '"me" is no person; known: chen, he, li, wang'),
    (
        "[people.he]\nhours = 'nine to five'\n" + step("wait"),
        '"nine to five" are no hours; write "08:00-18:00"',
    ),
    ("[people.he]\nvalid_until = 'soon'\n" + step("wait"), '"soon" does not fit; write an instant such as'),
    ("[people]\nhe = 3\n" + step("wait"), "3 is no table; write [people.he]"),
    ("[[step]\ndo = 'wait'\n", "the heading has no end"),
]


@pytest.mark.parametrize(("text", "said"), FAULTY)
def test_a_fault_is_told_with_what_would_be_right(tmp_path: Path, text: str, said: str) -> None:
    file = story(tmp_path, text)
    with pytest.raises(ConfigError) as raised:
        load(file)
    assert said in str(raised.value)
    assert all(line.startswith(f"{file}:") for line in str(raised.value).splitlines())


WHEN = 'start = "2026-03-02T09:00:00+08:00"\n'
HEADS: list[tuple[str, str]] = [
    (
        WHEN,
        "site: is missing; write a site file, a [site] table, or example",
    ),
    (
        WHEN + 'site = "exampel"\n',
        '"exampel" is no site; built in are example, passage',
    ),
    ('site = "example"\n', "start: is missing; write the room time of t = 0"),
    ('site = "example"\nstart = "yesterday"\n', '"yesterday" does not fit; write an instant'),
    ('site = "example"\nstart = 9999-12-31\n', "is no time for a room; write a day from 1970 to 2199"),
    (WHEN + "site = 3\n", "3 is no site"),
    (WHEN + '[site]\nname = "x"\n', "site.timezone: is missing"),
    (WHEN + 'site = "example"\ntitle = 3\n', "title: 3 does not fit"),
    (WHEN + 'site = "example"\npeople = 3\n', "people: 3 is no table"),
]


@pytest.mark.parametrize(("head", "said"), HEADS)
def test_a_drill_that_does_not_say_where_and_when_is_faulty(tmp_path: Path, head: str, said: str) -> None:
    with pytest.raises(ConfigError, match=r"story\.toml") as raised:
        load(story(tmp_path, step("wait"), head))
    assert said in str(raised.value)


def test_every_fault_of_a_drill_is_told_at_once_with_its_line(tmp_path: Path) -> None:
    text = step("tapp") + step("open", 'lock = "gate", is = "open"', what='"mian"') + step("ask", as_='"me"')
    with pytest.raises(ConfigError) as raised:
        load(story(tmp_path, text))
    lines = str(raised.value).splitlines()
    first = HEAD.count("\n") + 3
    assert [int(line.split(":")[1]) for line in lines] == sorted(int(line.split(":")[1]) for line in lines)
    assert f"story.toml:{first}: step[0].do" in lines[0]
    assert len(lines) == 6


def test_a_faulty_site_and_faulty_steps_are_told_together(tmp_path: Path) -> None:
    head = WHEN + '[site]\nname = "x"\nzone = "here"\n'
    with pytest.raises(ConfigError) as raised:
        load(story(tmp_path, step("tapp") + step("wait", 'entry = "grantd"'), head))
    assert all(word in str(raised.value) for word in ("zone", "tapp", "grantd"))


def test_faults_of_several_drills_are_told_together_and_nothing_is_played(tmp_path: Path) -> None:
    good = story(tmp_path, step("wait", "no_alarm = true"), name="good")
    bad = [story(tmp_path, step(word), name=word) for word in ("one", "two")]
    result = CliRunner().invoke(rehearse, [str(good), *map(str, bad)])
    assert result.exit_code == 2
    assert "one.toml" in result.stderr
    assert "two.toml" in result.stderr
    assert not result.stdout


def test_people_who_cannot_be_enrolled_are_a_fault(tmp_path: Path) -> None:
    close = '[people.he]\nbadges = ["B7"]\npin = "4822"\n'
    result = CliRunner().invoke(rehearse, [str(story(tmp_path, close + step("wait")))])
    assert result.exit_code == 2
    assert "pin_too_close" in result.stderr


@pytest.mark.parametrize("content", [b"\xff\xfe", b"x" * (1024 * 1024 + 1)])
def test_a_file_that_is_no_text_or_too_long_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "bad.toml"
    file.write_bytes(content)
    result = CliRunner().invoke(rehearse, [str(file)])
    assert result.exit_code == 2
    assert str(file) in result.stderr


def test_the_words_of_the_specification_are_all_there() -> None:
    words = (
        "tap pin open shut bolt rex input motion glass vibration tamper fire power crash clock device camera"
    )
    assert set(deeds(names_of(None, None))) == {*words.split(), "ask", "put", "take", "witness", "wait"}
    expected = "lock signal occupancy entry no_entry alarm no_alarm carrier refused accepted egress"
    assert set(expectations(names_of(None, None))) == set(expected.split())
