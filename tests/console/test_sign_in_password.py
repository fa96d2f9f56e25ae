"""Signing in by password and one-time code, where no passkey is at hand."""

from __future__ import annotations

from collections.abc import Iterator

import pyotp
import pytest

from controller.console.lockout import IN_A_ROW
from tests.console.house import House

GOOD = "three irons, two people"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with House(tmp_path_factory.mktemp("password")) as house:
        yield house.founded("chen", "li")


@pytest.fixture
def since(house: House) -> int:
    return house.newest


def test_a_password_takes_a_code_with_it_and_a_proof_to_be_set(house: House, since: int) -> None:
    token = house.sign_in("chen")
    assert house.tell("set_password", token=token, password="password1234")["refused"] == "weak"
    other = house.sign_in("chen")
    assert house.tell("set_password", token=other, password=GOOD) == {"accepted": True}
    assert house.tell("who", token=token)["refused"] == "signed_out"
    assert house.tell("set_password", token=other, password=GOOD + "!")["refused"] == "wrong"
    alone = house.tell("sign_in_password", person="chen", password=GOOD, code="", seat="")
    assert alone["refused"] == "wrong", "a password alone signs nobody in"
    secret = house.tell("totp_begin", token=other)["secret"]
    app = pyotp.TOTP(secret)
    now = house.child.look()["wall_ms"] // 1000
    assert house.tell("totp_finish", token=other, code="000000")["refused"] == "wrong"
    assert house.tell("totp_finish", token=other, code=app.at(now)) == {"accepted": True}
    told = house.tell("sign_in_password", person="chen", password=GOOD, code=app.at(now + 30), seat="")
    assert (told["person"], told["roles"]) == ("chen", ["chief"])
    again = house.tell("sign_in_password", person="chen", password=GOOD, code=app.at(now + 30), seat="")
    assert again["refused"] == "wrong", "a code counts once"
    changed = [e["what"] for e in house.entries("sign_in_changed", after=since)]
    assert changed == ["password", "one_time_codes"]


def test_a_wrong_password_and_an_unknown_name_are_refused_alike(house: House) -> None:
    answers = [
        house.tell("sign_in_password", person=person, password=GOOD, code="123456", seat="")
        for person in ("gao", "nobody at all")
    ]
    assert answers[0] == answers[1]
    assert answers[0]["refused"] == "wrong"


def test_guessing_locks_the_password_and_never_the_passkey(house: House, since: int) -> None:
    wrong = {"person": "li", "password": "not this one, no", "code": "", "seat": "lobby"}
    told = [house.tell("sign_in_password", **wrong) for _ in range(IN_A_ROW)]
    assert [one["refused"] for one in told] == ["wrong"] * (IN_A_ROW - 1) + ["locked"]
    assert 0 < told[-1]["wait_s"] <= 30
    assert house.tell("sign_in_password", **wrong)["refused"] == "locked"
    assert house.tell("who", token=house.sign_in("li"))["person"] == "li"
    assert {e["why"] for e in house.entries("sign_in_refused", after=since)} == {"wrong", "locked"}
    assert "console" in [e["alarm"] for e in house.entries("alarm_raised")]
