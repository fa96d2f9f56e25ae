"""Setting up a password and an authenticator app by a code of the box."""

from __future__ import annotations

from typing import Any

import pyotp
import pytest

from tests.console.house import House

PASSWORD = "seven grey herons over water"


def now_code(house: House, secret: str, steps: int = 0) -> str:
    """The code that an authenticator app shows at the room's time."""
    return pyotp.TOTP(secret).at(house.child.look()["wall_ms"] // 1000 + 30 * steps)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Any:
    with House(tmp_path_factory.mktemp("set up")) as house:
        yield house.founded()


def begun(house: House, person: str, password: str = PASSWORD) -> dict[str, Any]:
    return house.tell("set_up_password", person=person, code=house.code(person), password=password)


def test_a_code_of_the_box_brings_a_password_with_an_authenticator_app(house: House) -> None:
    asked = begun(house, "li")
    told = house.tell("set_up_codes", handle=asked["handle"], code=now_code(house, asked["secret"]))
    assert (told["person"], told["roles"]) == ("li", ["guard"])
    (entry,) = [e for e in house.entries("sign_in_changed") if e["who"] == ["li"]]
    assert entry["what"] == "password_by_code"
    again = house.tell(
        "sign_in_password", person="li", password=PASSWORD, code=now_code(house, asked["secret"], 1)
    )
    assert again["person"] == "li"


def test_a_code_brings_one_sign_in_only(house: House) -> None:
    code = house.code("wang")
    one = house.tell("set_up_password", person="wang", code=code, password=PASSWORD)
    other = house.tell("set_up_password", person="wang", code=code, password=PASSWORD + " two")
    house.tell("set_up_codes", handle=one["handle"], code=now_code(house, one["secret"]))
    late = house.tell("set_up_codes", handle=other["handle"], code=now_code(house, other["secret"], 1))
    assert late["refused"] == "expired"
    assert house.tell("set_up_password", person="wang", code=code, password=PASSWORD)["refused"] == "wrong"


def test_without_a_code_of_the_app_nothing_is_set_up(house: House) -> None:
    asked = begun(house, "gao")
    assert house.tell("set_up_codes", handle=asked["handle"], code="000000")["refused"] == "wrong"
    assert not [e for e in house.entries("sign_in_changed") if e["who"] == ["gao"]]
    right = house.tell("set_up_codes", handle=asked["handle"], code=now_code(house, asked["secret"]))
    assert right["person"] == "gao", "a slip of the finger does not cost the code"


def test_a_weak_password_is_refused_before_anything_is_set_up(house: House) -> None:
    assert begun(house, "chen", "password1234")["refused"] == "weak"


def test_the_code_of_another_brings_nothing(house: House) -> None:
    told = house.tell("set_up_password", person="zhao", code=house.code("chen"), password=PASSWORD)
    assert told["refused"] == "wrong"
