"""The controller's line as a table: every request without a token that lasts, every Asking from every role.

Rule: generated from REQUESTS and ASKINGS; what is answered to nobody stands in a list that is read with care.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from controller.console.lines import REQUESTS, Flag, Mapped, Text, Whole
from controller.core.askings import ASKINGS
from controller.core.console_roles import ConsoleRole
from tests.console.house import House

SAMPLES: dict[type, Any] = {Text: "x", Flag: True, Whole: 5, Mapped: {}}
TO_ANYBODY = {
    *("site", "passkey_options", "sign_in", "sign_in_password"),
    *("set_up_begin", "set_up_finish", "set_up_password", "set_up_codes"),
}
DESK = frozenset({"guard", "chief"})
OF_ROLES = {
    **dict.fromkeys(("visitor", "pass_code", "pass_of", "keep_photo"), DESK),
    **dict.fromkeys(("photo", "picture"), DESK | {"auditor"}),
}
PEOPLE = {
    "zhao": ["chief"],
    "chen": ["chief"],
    "li": ["guard"],
    "wang": ["custodian"],
    "gao": ["auditor"],
    "tang": ["installer"],
}
OF = {"chief": "zhao", "guard": "li", "custodian": "wang", "auditor": "gao", "installer": "tang"}
ROLES = tuple(role.value for role in ConsoleRole)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with House(tmp_path_factory.mktemp("matrix")) as house:
        house.child.start()
        people = {person: {"roles": roles} for person, roles in PEOPLE.items()}
        assert house.child.ask("found", people=people) == {"accepted": True}
        for person in PEOPLE:
            by, second = ("zhao", "chen") if len(house.keys) >= 2 else ("", "")
            house.set_up(person, by, second)
        yield house


def sample(do: str, **more: object) -> dict[str, Any]:
    return {name: SAMPLES[type(row)] for name, row in REQUESTS[do].items()} | more


def test_what_is_answered_without_a_token_stands_in_this_list() -> None:
    assert {do for do, spec in REQUESTS.items() if "token" not in spec} == TO_ANYBODY


@pytest.mark.parametrize("do", sorted(REQUESTS.keys() - TO_ANYBODY - {"sign_out"}))
def test_without_a_token_that_lasts_nobody_is_told_anything(house: House, do: str) -> None:
    left = house.sign_in("li")
    assert house.tell("sign_out", token=left) == {"accepted": True}
    for token in ("", "x", "A" * 43, left, left.swapcase()):
        answer = house.tell(do, **sample(do, token=token))
        assert answer["refused"] == "signed_out", (do, token)
        assert set(answer) <= {"refused", "need"}


@pytest.mark.parametrize("role", ROLES)
def test_a_request_of_some_roles_is_refused_to_all_others(house: House, role: str) -> None:
    house.sign_in(OF[role])
    for do, roles in OF_ROLES.items():
        answer = house.as_(OF[role], do, **{k: v for k, v in sample(do).items() if k != "token"})
        assert (answer.get("refused") == "not_allowed") == (role not in roles), (do, answer)


@pytest.mark.parametrize("role", ROLES)
def test_an_asking_is_heard_from_its_roles_alone(house: House, role: str) -> None:
    house.sign_in(OF[role])
    for name, row in ASKINGS.items():
        refused = house.as_(OF[role], "ask", ask=name, fields={}).get("refused")
        if row.signed:
            assert refused == "needs_signature", name
        else:
            assert (refused == "not_allowed") == (role not in row.roles), (name, refused)


@pytest.mark.parametrize("role", ROLES)
def test_a_command_is_proposed_by_its_roles_alone(house: House, role: str) -> None:
    house.sign_in(OF[role])
    for name, row in ASKINGS.items():
        refused = house.propose(OF[role], name).get("refused")
        if not row.signed or name == "sign_command":
            assert refused == "not_understood", name
        else:
            assert (refused == "not_allowed") == (role not in row.roles), (name, refused)
