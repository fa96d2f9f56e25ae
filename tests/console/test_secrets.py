"""Passwords, one-time codes, and how guessing them is made slow."""

from __future__ import annotations

from pathlib import Path

import pyotp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from controller.console.lockout import FIRST_S, FLOOD, FLOOD_S, IN_A_ROW, LONGEST_S, MOST_NAMES, Lockout
from controller.console.passwords import Passwords, common, fault_of
from controller.console.sign_in_codes import LETTERS, check_of, fresh_code
from controller.console.store import FILE, Store
from controller.console.totp import STEP_S, Codes, fresh_secret, step_of, uri_of
from tests.console.clock import Clock

GOOD = "three irons, two people"
WALL_MS = 1_772_413_200_000


@pytest.mark.parametrize(
    "password", [GOOD, "correct horse battery lamp", "铁门铁窗铁柜两人同开一室三把锁", "k7" * 3 + "Qx2vN9wLp"]
)
def test_length_alone_makes_a_password(password: str) -> None:
    assert fault_of(password, "zhao", "small house") == ""


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("some long secret", ""),
        ("fourteen chars", "at least 15"),
        ("x" * 129, "at most 128"),
        ("PasswordPassword", "everybody tries"),
        ("P@ssw0rd1234", "at least 15"),
        ("qwertyuiop123", "at least 15"),
        ("1qaz2wsx3edc4rfv", "everybody tries"),
        ("abcdefghijklmnop", "everybody tries"),
        ("aaaaaaaaaaaaaaaa", "everybody tries"),
        ("xyxyxyxyxyxyxyxy", "everybody tries"),
        ("123456789012", "at least 15"),
        ("Ironroom20262026", "everybody tries"),
        ("zhaowenbozhaowenbo", "more than a name"),
    ],
)
def test_what_everybody_tries_first_is_no_password(password: str, why: str) -> None:
    assert why in fault_of(password, "zhaowenbo", "small house")
    assert bool(fault_of(password, "zhaowenbo", "small house")) is bool(why)


def test_the_list_of_common_passwords_is_there_and_long() -> None:
    assert len(common()) > 10_000
    assert {"ironroom2026", "welcomebank", "qwertyuiop"} <= common()


def test_only_the_person_with_the_password_is_right(store: Store) -> None:
    passwords = Passwords(store)
    assert not passwords.has("zhao")
    passwords.set("zhao", GOOD)
    assert passwords.has("zhao")
    assert passwords.right("zhao", GOOD)
    assert not passwords.right("zhao", GOOD + " ")
    assert not passwords.right("li", GOOD)
    assert not passwords.right("nobody", "nobody has this password")


def test_a_password_is_nowhere_in_the_file(store: Store, tmp_path: Path) -> None:
    Passwords(store).set("zhao", GOOD)
    octets = b"".join(file.read_bytes() for file in tmp_path.glob(f"{FILE}*"))
    assert b"$argon2id$" in octets
    assert GOOD.encode() not in octets


def test_a_one_time_code_counts_once(store: Store) -> None:
    codes, secret = Codes(store), fresh_secret()
    now = pyotp.TOTP(secret).at(WALL_MS // 1000)
    assert not codes.spend("zhao", now, WALL_MS), "before it is set up"
    codes.keep("zhao", secret, step=0)
    assert codes.spend("zhao", f"{now[:3]} {now[3:]}", WALL_MS)
    assert not codes.spend("zhao", now, WALL_MS)
    assert not codes.spend("li", pyotp.TOTP(secret).at(WALL_MS // 1000 + STEP_S), WALL_MS)


def test_a_code_before_one_that_was_used_counts_no_more(store: Store) -> None:
    codes, secret = Codes(store), fresh_secret()
    codes.keep("zhao", secret, step=0)
    before, now = (pyotp.TOTP(secret).at(WALL_MS // 1000 + late) for late in (-STEP_S, 0))
    assert codes.spend("zhao", now, WALL_MS)
    assert not codes.spend("zhao", before, WALL_MS)


@pytest.mark.parametrize(("late", "counts"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_code_counts_one_step_early_or_late(late: int, *, counts: bool) -> None:
    secret = fresh_secret()
    code = pyotp.TOTP(secret).at(WALL_MS // 1000 + late * STEP_S)
    neighbours = {pyotp.TOTP(secret).at(WALL_MS // 1000 + n * STEP_S) for n in (-1, 0, 1)}
    assert (step_of(secret, code, WALL_MS) is not None) is (counts or code in neighbours)


def test_an_app_can_read_the_secret() -> None:
    secret = fresh_secret()
    read = pyotp.parse_uri(uri_of(secret, "zhao", "small house"))
    assert (read.secret, read.name, read.issuer) == (secret, "zhao@small house", "Ironroom")


def wrongs(lockout: Lockout, name: str, times: int) -> list[str]:
    return [lockout.wrong(name) for _ in range(times)]


def test_five_wrong_in_a_row_lock_a_name_and_no_other() -> None:
    clock = Clock()
    lockout = Lockout(clock)
    assert wrongs(lockout, "zhao", IN_A_ROW) == [""] * (IN_A_ROW - 1) + ["locked"]
    assert lockout.wait_s("zhao") == FIRST_S
    assert lockout.wait_s("li") == 0
    clock.now += FIRST_S
    assert lockout.wait_s("zhao") == 0


def test_a_lock_grows_to_a_quarter_of_an_hour_and_no_further() -> None:
    clock = Clock()
    lockout = Lockout(clock)
    waits = []
    for _ in range(20):
        wrongs(lockout, "zhao", IN_A_ROW)
        waits.append(lockout.wait_s("zhao"))
        clock.now += waits[-1] + FLOOD_S
    assert waits[:3] == [FIRST_S, 2 * FIRST_S, 4 * FIRST_S]
    assert max(waits) == waits[-1] == LONGEST_S


def test_a_right_one_ends_the_row() -> None:
    lockout = Lockout(Clock())
    wrongs(lockout, "zhao", IN_A_ROW - 1)
    lockout.right("zhao")
    assert wrongs(lockout, "zhao", IN_A_ROW - 1) == [""] * (IN_A_ROW - 1)
    assert lockout.wait_s("zhao") == 0


def test_many_names_together_make_every_password_wait_a_minute() -> None:
    clock = Clock()
    lockout = Lockout(clock)
    told = [lockout.wrong(f"name {n}") for n in range(FLOOD)]
    assert told.count("flood") == 1
    assert 0 < lockout.wait_s("zhao") <= FLOOD_S
    clock.now += FLOOD_S
    assert lockout.wait_s("zhao") == 0


def test_names_that_nobody_has_take_no_memory() -> None:
    lockout = Lockout(Clock())
    for n in range(MOST_NAMES + 100):
        lockout.wrong(f"name {n}")
    assert len(lockout._names) == MOST_NAMES


def test_a_sign_in_code_is_read_however_it_is_typed() -> None:
    code = fresh_code()
    assert len(code.replace("-", "")) == 16
    assert set(code) <= {*LETTERS, "-"}
    assert check_of(code) == check_of(code.lower().replace("-", " "))
    assert check_of("0O1I-lL00") == check_of("00111100")
    assert check_of(code) != check_of(fresh_code())


@given(st.text(max_size=120))
def test_no_text_breaks_the_check_of_a_code(text: str) -> None:
    assert len(check_of(text)) == 64
