"""A house with people for the tests of their page: what the room and the log tell of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from controller.core.words import Kind
from controller.ledger.custody_log import CustodyLog
from tests.web.ordering import NOW, PLAN, told, view
from tests.web.peer import SITE, Peer

DAY = 86_400_000
WANG: dict[str, Any] = {
    "visitor": False,
    "host": "",
    "department": "Treasury",
    "posts": ["custodian"],
    "roles": ["custodian"],
    "valid_from": None,
    "valid_until": NOW + 10 * DAY - 9 * 3_600_000,  # the end of 2026-03-11
    "pledged": True,
    "pledge_until": None,
    "trained": True,
    "training_until": None,
    "ended": False,
    "erased": False,
    "hours": "mon-fri 08:00-18:00",
    "doors": ["inner"],
    "compartments": None,
    "excluded_with": [],
    "pin": True,
    "passkeys": 0,
}
PEOPLE = {
    "c1": {**WANG, "roles": ["chief"], "posts": ["chief"], "department": "Office", "valid_until": None},
    "wang": WANG,
    "zeng": {**WANG, "valid_until": None, "pledged": False, "department": "Office"},
    "gone": {**WANG, "ended": True},
    "v1": {**WANG, "visitor": True},
}
BADGES = {
    "04AA11": {"holder": "wang", "level": "uid", "blocked": False},
    "04AA22": {"holder": "wang", "level": "desfire", "blocked": False},
    "04AA33": {"holder": "wang", "level": "desfire", "blocked": True},
    "04BB11": {"holder": "zeng", "level": "uid", "blocked": False},
}
Draft = Callable[..., dict[str, object]]


def staffed(peer: Peer, log: CustodyLog, draft: Draft) -> Peer:
    """A house with five people, whose names the log tells."""
    names = {"c1": "Chief One", "wang": "王建国", "zeng": "曾国藩", "gone": "Gone", "v1": "Visitor"}
    for one, name in names.items():
        claims = {"name": name, "document": "110101199001010021", "contact": "555 0199"}
        log.append([draft(kind=Kind.ENROLLED.value, who=["c1"], person={"id": one}, personal={one: claims})])
    told(peer)
    plain: dict[str, Any] = PLAN
    readers = {**plain["readers"], "desk": {"at": "", "side": "enrolment"}}
    plan = {**plain, "readers": readers, "hours": ["office"], "levels": ["desfire", "piv"]}
    here = view(people=PEOPLE, badges=BADGES, carriers={}, issues={}, became={})
    peer.answers.update(
        site={**SITE, "plan": plan},
        room={"view": here},
        sessions={"sessions": []},
        end_session={"accepted": True},
    )
    return peer


def now(desk: Peer, **more: Any) -> None:
    """Let the room say something else."""
    said = desk.answers["room"]
    assert isinstance(said, dict)
    said["view"].update(more)


def form(**more: Any) -> dict[str, Any]:
    """Wang's form as the page sends it when nothing is changed."""
    return {
        "name": "王建国",
        "department": "Treasury",
        "posts": "custodian",
        "roles": "custodian",
        "doors": "inner",
        "every_compartments": "1",
        "hours": "mon-fri 08:00-18:00",
        "valid_until": "2026-03-11",
        "pledged": "1",
        "trained": "1",
        **more,
    }


def fields(desk: Peer) -> dict[str, Any]:
    """What was proposed last."""
    found: dict[str, Any] = desk.said("propose")[-1]["fields"]
    return found
