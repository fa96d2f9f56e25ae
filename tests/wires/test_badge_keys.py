"""The site key: two halves on paper, one key on the box, its check value in the log."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controller.badge_keys import FRESH, KEY, BadgeKeys
from controller.errors import ConfigError
from controller.gate_lines import BadLineError, Halves, parsed
from controller.key_halves import HALF_BYTES, WrongHalf, half_of, joined, new_halves, spelled

halves = st.binary(min_size=HALF_BYTES, max_size=HALF_BYTES)


def entered(data: Path, pair: tuple[str, str]) -> str:
    return BadgeKeys(data).enter(pair, lambda _: True)


@given(half=halves)
def test_a_half_is_read_as_it_is_written_with_or_without_its_spaces(half: bytes) -> None:
    text = spelled(half)
    assert half_of(text) == half_of(text.replace(" ", "").lower()) == half


def test_one_mistyped_digit_is_found_wherever_it_is() -> None:
    digits = spelled(bytes(range(HALF_BYTES))).replace(" ", "").replace("-", "")
    for place in range(len(digits)):
        wrong = digits[:place] + f"{(int(digits[place], 16) + 1) % 16:X}" + digits[place + 1 :]
        with pytest.raises(WrongHalf):
            half_of(wrong)


@pytest.mark.parametrize("typed", ["", "4F2A", "x" * 68, "0" * 69, "0" * 68, "\u0660" * 68])
def test_what_is_no_half_is_told_in_a_sentence(typed: str) -> None:
    with pytest.raises(WrongHalf, match="half"):
        half_of(typed)


@given(one=halves, other=halves)
def test_one_half_says_nothing_about_the_key(one: bytes, other: bytes) -> None:
    if one != other:
        key = joined(one, other)
        assert joined(key, other) == one  # whatever the key, there is a half that fits the other


def test_the_same_half_twice_is_no_key() -> None:
    one, _ = new_halves()
    with pytest.raises(WrongHalf, match="twice"):
        joined(half_of(one), half_of(one))


def test_fresh_halves_are_never_the_same() -> None:
    assert len({half for _ in range(50) for half in new_halves()}) == 100


def test_a_key_is_in_force_at_once_and_after_a_start(tmp_path: Path) -> None:
    keys = BadgeKeys(tmp_path)
    check = keys.enter(new_halves(), lambda _: True)
    again = BadgeKeys(tmp_path)
    again.settle(check)
    assert keys.current() == again.current() is not None
    assert (tmp_path / KEY).stat().st_mode & 0o777 == 0o600


def test_a_key_nobody_agreed_to_leaves_no_trace(tmp_path: Path) -> None:
    keys = BadgeKeys(tmp_path)
    assert keys.enter(new_halves(), lambda _: False) == ""
    assert keys.current() is None
    assert not list(tmp_path.iterdir())


def test_the_file_is_there_before_the_log_says_so_and_in_force_only_after(tmp_path: Path) -> None:
    keys = BadgeKeys(tmp_path)
    seen: list[tuple[bool, bool]] = []

    def agree(_: str) -> bool:
        seen.append(((tmp_path / FRESH).exists(), keys.current() is None))
        return True

    keys.enter(new_halves(), agree)
    assert seen == [(True, True)]


def test_a_crash_between_log_and_file_loses_no_key(tmp_path: Path) -> None:
    old = entered(tmp_path, new_halves())
    told: list[str] = []

    def dies(check: str) -> bool:
        told.append(check)
        raise TimeoutError

    with pytest.raises(TimeoutError):
        BadgeKeys(tmp_path).enter(new_halves(), dies)
    written = BadgeKeys(tmp_path)
    files = {name: (tmp_path / name).read_bytes() for name in (KEY, FRESH)}
    written.settle(told[0])
    assert (held := written.current())
    assert held.check_value == told[0]
    (tmp_path / KEY).write_bytes(files[KEY])
    (tmp_path / FRESH).write_bytes(files[FRESH])
    (tmp_path / FRESH).chmod(0o600)
    unwritten = BadgeKeys(tmp_path)
    unwritten.settle(old)
    assert (held := unwritten.current())
    assert held.check_value == old
    assert not (tmp_path / FRESH).exists()


def test_a_key_file_from_elsewhere_is_not_believed(tmp_path: Path) -> None:
    check = entered(tmp_path, new_halves())
    (tmp_path / KEY).write_bytes(os.urandom(32))
    keys = BadgeKeys(tmp_path)
    keys.settle(check)
    assert keys.current() is None


def test_a_key_file_that_others_can_read_or_that_is_cut_off_stops_the_start(tmp_path: Path) -> None:
    check = entered(tmp_path, new_halves())
    (tmp_path / KEY).chmod(0o640)
    with pytest.raises(ConfigError, match="0600"):
        BadgeKeys(tmp_path).settle(check)
    (tmp_path / KEY).chmod(0o600)
    (tmp_path / KEY).write_bytes(b"short")
    with pytest.raises(ConfigError, match="enter both halves"):
        BadgeKeys(tmp_path).settle(check)


def test_neither_key_nor_half_is_ever_printed(tmp_path: Path) -> None:
    keys = BadgeKeys(tmp_path)
    keys.enter(new_halves(), lambda _: True)
    held = keys.current()
    assert held is not None
    assert held.secret.hex() not in f"{held!r}{keys!r}{vars(keys)}".lower()


def test_a_start_is_told_when_the_key_that_the_log_names_is_not_there(tmp_path: Path) -> None:
    assert BadgeKeys(tmp_path).settle("")
    assert not BadgeKeys(tmp_path).settle("00C0FFEE")
    assert BadgeKeys(tmp_path).settle(entered(tmp_path, new_halves()))


def test_what_a_crash_left_half_written_is_gone_after_a_start(tmp_path: Path) -> None:
    check = entered(tmp_path, new_halves())
    left = tmp_path / f"{FRESH}.new"
    left.write_bytes(b"half of a key")
    BadgeKeys(tmp_path).settle(check)
    assert not left.exists()


def test_a_site_key_is_brought_and_never_asked_for() -> None:
    with pytest.raises(BadLineError, match="brought"):
        parsed(b'{"ask": "set_site_key", "by": "li", "second": "wang", "fields": {"check": "00C0FFEE"}}')
    brought = parsed(b'{"site_key": ["1", "2"], "by": "li", "second": "wang"}')
    assert brought == Halves("li", "wang", ("1", "2"))
    assert "'1'" not in repr(brought)


@pytest.mark.parametrize("odd", ["true", "7", '"' + "A" * 201 + '"', '"00C0FFEE", "more": 1'])
def test_a_replacement_is_said_by_the_check_value_of_the_new_key(odd: str) -> None:
    line = '{{"site_key": ["1", "2"], "by": "li", "second": "wang", "replace": {}}}'
    assert parsed(line.format('"00C0FFEE"').encode()) == Halves("li", "wang", ("1", "2"), "00C0FFEE")
    with pytest.raises(BadLineError, match="site_key"):
        parsed(line.format(odd).encode())
