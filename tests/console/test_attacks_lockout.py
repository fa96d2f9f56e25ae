"""Keeping somebody out by guessing: what whoever sits elsewhere in the network can do to a chosen guard."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack

import pyotp
import pytest

from controller.console.lockout import (
    AT_ONCE,
    FIRST_S,
    FLOOD,
    IN_A_ROW,
    KEPT_FREE,
    LONGEST_S,
    MOST_SEATS,
    QUIETER_S,
    Lockout,
)
from tests.console.clock import Clock
from tests.console.house import House

DESK, LOBBY = "192.0.2.10", "192.0.2.66"
GOOD = "three irons, two people"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with House(tmp_path_factory.mktemp("lockout")) as house:
        yield house.founded("zhao", "chen", "li")


def test_guessing_elsewhere_locks_nobody_out_of_their_own_desk(house: House) -> None:
    token = house.sign_in("li", DESK)
    assert house.tell("set_password", token=token, password=GOOD) == {"accepted": True}
    app = pyotp.TOTP(house.tell("totp_begin", token=token)["secret"])
    now = house.child.look()["wall_ms"] // 1000
    assert house.tell("totp_finish", token=token, code=app.at(now - 30)) == {"accepted": True}
    guess = {"person": "li", "password": "not this one, no", "code": "", "seat": LOBBY}
    told = [house.tell("sign_in_password", **guess)["refused"] for _ in range(IN_A_ROW)]
    assert told[-1] == "locked"
    right = {"person": "li", "password": GOOD, "code": app.at(now)}
    assert house.tell("sign_in_password", **right, seat=LOBBY)["refused"] == "locked"
    assert house.tell("sign_in_password", **right, seat=DESK)["person"] == "li"
    assert house.tell("sign_in_password", **right, seat=DESK)["refused"] == "wrong", "a code counts once"


def test_a_code_that_one_session_used_proves_nothing_in_another(house: House) -> None:
    """The same six digits, read over somebody's shoulder: at another seat, and to prove oneself there."""
    first = house.sign_in("li", DESK)
    app = pyotp.TOTP(house.tell("totp_begin", token=first)["secret"])
    now = house.child.look()["wall_ms"] // 1000
    assert house.tell("totp_finish", token=first, code=app.at(now - 30)) == {"accepted": True}
    code = app.at(now)
    assert house.tell("prove_password", token=first, password=GOOD, code=code)["accepted"]
    second = house.sign_in("li", LOBBY)
    assert house.tell("prove_password", token=second, password=GOOD, code=code)["refused"] == "wrong"
    told = house.tell("sign_in_password", person="li", password=GOOD, code=code, seat=LOBBY)
    assert told["refused"] == "wrong"


def test_what_a_name_that_nobody_has_is_told_is_what_everybody_is_told(house: House) -> None:
    """By words: signing in, and setting up with a code. By work, one argon2 each: test_sign_ins rule 2."""

    def answers(person: str) -> str:
        told = [house.tell("sign_in_password", person=person, password="x" * 20, code="123456", seat="")]
        told += [house.tell("set_up_begin", person=person, code="AAAA-AAAA-AAAA-AAAA")]
        told += [house.tell("set_up_password", person=person, code="AAAA-AAAA-AAAA-AAAA", password="y" * 20)]
        return json.dumps(told)

    assert answers("chen") == answers("nobody at all") == answers("x' OR 1=1 --")


def test_a_known_seat_has_a_row_of_its_own_and_the_others_share_one() -> None:
    clock = Clock()
    lockout = Lockout(clock)
    lockout.knows("li", DESK)
    for n in range(IN_A_ROW):
        lockout.wrong("li", f"192.0.2.{n + 100}")
    assert lockout.wait_s("li", "192.0.2.200") == FIRST_S, "many seats gain nothing"
    assert lockout.wait_s("li", DESK) == 0
    for _ in range(IN_A_ROW):
        lockout.wrong("li", DESK)
    assert lockout.wait_s("li", DESK) == FIRST_S, "nor does the desk itself"
    assert lockout.wait_s("zhao", DESK) == 0


def test_whoever_is_right_at_the_desk_gives_whoever_guesses_no_new_tries() -> None:
    lockout = Lockout(Clock())
    lockout.knows("li", DESK)
    for _ in range(IN_A_ROW - 1):
        lockout.wrong("li", LOBBY)
    lockout.right("li", DESK)
    assert lockout.wrong("li", LOBBY) == "locked"


def test_a_crowd_of_names_stops_nobody_at_their_own_desk() -> None:
    lockout = Lockout(Clock())
    lockout.knows("li", DESK)
    for n in range(FLOOD):
        lockout.wrong(f"name {n}", LOBBY)
    assert lockout.wait_s("li", LOBBY) > 0
    assert lockout.wait_s("li", DESK) == 0
    busy = Lockout(Clock())
    busy.knows("li", DESK)
    with ExitStack() as held:
        for n in range(AT_ONCE):
            held.enter_context(busy.one(f"name {n}", LOBBY))
        with busy.one("li", LOBBY) as elsewhere, busy.one("li", DESK) as at_the_desk:
            assert elsewhere > 0
            assert at_the_desk == 0
        for _ in range(KEPT_FREE):
            held.enter_context(busy.one("li", DESK))
        with busy.one("li", DESK) as one_more:
            assert one_more > 0


def test_a_lock_gets_short_again_when_it_is_quiet() -> None:
    clock = Clock()
    lockout = Lockout(clock)

    def locked() -> int:
        for _ in range(IN_A_ROW):
            lockout.wrong("li", LOBBY)
        wait_s = lockout.wait_s("li", LOBBY)
        clock.now += wait_s
        return wait_s

    waits = [locked() for _ in range(7)]
    assert waits[0] == FIRST_S
    assert waits[-1] == LONGEST_S
    clock.now += QUIETER_S * 16
    assert locked() == FIRST_S


def test_seats_of_a_name_are_few() -> None:
    lockout = Lockout(Clock())
    for n in range(MOST_SEATS + 1):
        lockout.knows("li", f"seat {n}")
    for _ in range(IN_A_ROW):
        lockout.wrong("li", LOBBY)
    assert lockout.wait_s("li", "seat 0") == FIRST_S
    assert lockout.wait_s("li", "seat 1") == 0
