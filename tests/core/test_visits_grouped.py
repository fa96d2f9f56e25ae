"""A group that comes together is approved by one signature, all or none: behaviour 57."""

from __future__ import annotations

from typing import Any

import pytest

from controller.core.remembered_visits import VisitStatus
from controller.core.visit_approvals import MOST_AT_ONCE
from controller.core.words import Reason
from tests.core.visiting import HOUR, Desk

REQUESTED, APPROVED = VisitStatus.REQUESTED, VisitStatus.APPROVED


def _group(desk: Desk, count: int = 3) -> list[str]:
    return [desk.request(document=f"E0000000{n}", name=f"Guest {n}", group="g") for n in range(count)]


def _approve(desk: Desk, by: str, /, **fields: Any) -> Any:
    desk.ask("approve_visit", by, **fields)
    return desk.reason


def test_b57_one_asking_approves_every_visit_it_names_with_an_entry_for_each() -> None:
    desk = Desk()
    names = _group(desk)
    assert _approve(desk, "li", visits=names) is None
    assert desk.more == {"visits": names}
    entries = desk.of("visit_approved")
    assert [(one["visit"], one["visitor"], one["who"]) for one in entries] == [
        (name, desk.visit(name).visitor, ["li"]) for name in names
    ]
    assert {desk.visit(name).status for name in names} == {APPROVED}
    assert {desk.visit(name).approved_by for name in names} == {"li"}


@pytest.mark.parametrize(
    ("differs", "why"),
    [
        ({"host": "wang"}, Reason.NOT_ALLOWED),
        ({"until": 60_000}, Reason.EXPIRED),
    ],
)
def test_where_one_of_them_may_not_be_approved_none_of_them_is(differs: dict[str, Any], why: Reason) -> None:
    desk = Desk()
    soon = {key: desk.state.wall + value if key == "until" else value for key, value in differs.items()}
    names = [*_group(desk, 2), desk.request(document="E00000009", **soon)]
    desk.wait(120)
    assert _approve(desk, "li", visits=names) is why
    assert desk.of("visit_approved") == []
    assert {desk.visit(name).status for name in names} == {REQUESTED}


def test_a_group_with_somebody_who_may_not_come_is_not_approved_with_them() -> None:
    desk = Desk()
    names = _group(desk)
    desk.ask("block_visitor", "bao", visitor=desk.visit(names[1]).visitor, reason="shouted")
    assert _approve(desk, "li", visits=names) is Reason.VISITOR_BLOCKED
    assert desk.of("visit_approved") == []
    assert _approve(desk, "li", visits=[names[0], names[2]]) is None
    assert [desk.visit(name).status for name in names] == [APPROVED, REQUESTED, APPROVED]


def test_what_was_approved_meanwhile_is_not_approved_again_with_the_others() -> None:
    desk = Desk()
    names = _group(desk, 2)
    desk.approve(names[0])
    assert _approve(desk, "li", visits=names) is Reason.NOTHING_TO_DO
    assert desk.visit(names[1]).status is REQUESTED


@pytest.mark.parametrize(
    "fields",
    [
        {"visits": []},
        {"visits": "v1"},
        {"visits": None},
        {"visits": ["v1", "v1"]},
        {"visits": ["v1", 2]},
        {"visits": ["v1", ["v2"]]},
        {"visits": ["v1"], "visit": "v1"},
        {"visits": ["v1"], "until": HOUR},
        {"visits": [f"v{n}" for n in range(MOST_AT_ONCE + 1)]},
    ],
)
def test_visits_that_are_not_named_one_by_one_are_refused(fields: dict[str, Any]) -> None:
    desk = Desk()
    _group(desk, 2)
    assert _approve(desk, "li", **fields) is Reason.NOT_UNDERSTOOD
    assert desk.of("visit_approved") == []
