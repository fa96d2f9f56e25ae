"""Orders: the table, and what is said and checked before somebody signs."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from controller.core.askings import ASKINGS
from controller.core.console_roles import ConsoleRole
from controller.ledger.custody_log import CustodyLog
from tests.web.conftest import Console
from tests.web.ordering import NOW, PLAN, a_chief, told, view, waiting
from tests.web.peer import SITE, Peer
from web.choices import letters_of
from web.orders import ELSEWHERE
from web.orders_site import ORDERS


@pytest.fixture
def desk(peer: Peer) -> Peer:
    return told(peer)


def test_the_table_of_orders_says_what_the_controller_says() -> None:
    for name, order in ORDERS.items():
        row = ASKINGS[name]
        assert (order.roles, order.people, order.signed) == (row.roles, row.people, row.signed), name
    for name, known in ELSEWHERE.items():
        assert known.roles == ASKINGS[name].roles, name


def test_everything_that_is_signed_has_its_page_and_its_words() -> None:
    signed = {name for name, row in ASKINGS.items() if row.signed} - {"sign_command"}
    assert signed <= ORDERS.keys() | ELSEWHERE.keys()
    assert not ORDERS.keys() & ELSEWHERE.keys()


@pytest.mark.parametrize("name", ORDERS)
def test_an_order_asks_for_exactly_the_fields_that_the_controller_reads(name: str) -> None:
    told = re.findall(r"\w+", ASKINGS[name].fields)
    assert {field.name for field in ORDERS[name].fields} <= {*told}


@pytest.mark.parametrize("role", [role.value for role in ConsoleRole])
@pytest.mark.parametrize(
    "name", [name for name in ORDERS if name not in {"pair_reader", "learn_loops", "learn_cameras"}]
)
def test_orders_open_only_for_roles_that_may_give_them(
    console: Console, desk: Peer, role: str, name: str
) -> None:
    desk.answers.update(who=a_chief(role), room={"view": view(lockdown="li", lockdown_since=NOW)})
    may = role in {one.value for one in ASKINGS[name].roles}
    answer = console.get(f"/commands/order/{name}")
    assert answer.status_code == (200 if may else 403)
    if name != "lockdown":
        assert (f"/commands/order/{name}" in console.get("/commands").text) == may
    if may:
        assert "What will happen" in answer.text
        assert "written down" in answer.text


def test_an_auditor_reads_what_waits_and_can_order_nothing(console: Console, desk: Peer) -> None:
    desk.answers.update(who=a_chief("auditor"), commands={"commands": [waiting()]})
    text = console.get("/commands").text
    assert "4F2A-91C0" in text
    assert "/commands/order/" not in text
    assert console.post("/commands/order/lockdown", {"reason": "x"}).status_code == 403


def test_what_is_to_be_signed_begins_with_the_sentence_and_goes_on_with_all_of_it(
    console: Console, desk: Peer
) -> None:
    sent = {"door": "inner", "seconds": "20", "reason": "an ambulance"}
    told = console.post("/commands/order/release_door", sent).get_json()
    assert desk.said("propose")[-1]["fields"] == {"door": "inner", "seconds": 20, "reason": "an ambulance"}
    assert told["said"] == "Release door inner for 20 seconds, because: an ambulance"
    assert ["Seconds", "20"] in told["rows"]
    assert (told["next"], told["code"]) == ("/commands", "0A1B-2C3D")


@pytest.mark.parametrize(
    ("sent", "why"),
    [
        ({"door": "inner", "seconds": "31", "reason": "x"}, "Seconds: a whole number"),
        ({"door": "inner", "seconds": "2", "reason": "x"}, "Seconds: a whole number"),
        ({"door": "inner", "seconds": "٢٠", "reason": "x"}, "Seconds: a whole number"),
        ({"door": "inner", "seconds": "1e1", "reason": "x"}, "Seconds: a whole number"),
        ({"door": "cellar", "seconds": "20", "reason": "x"}, "Door: this is not there any more"),
        ({"door": "inner", "seconds": "20", "reason": "  "}, "Reason: fill this in."),
        ({"door": "inner", "seconds": "20", "reason": "x" * 501}, "Reason: this is too long."),
    ],
)
def test_what_does_not_fit_is_said_and_never_proposed(
    console: Console, desk: Peer, sent: dict[str, str], why: str
) -> None:
    answer = console.post("/commands/order/release_door", sent)
    assert answer.status_code == 409
    assert why in answer.get_json()["error"]
    assert [why in text for text in answer.get_json()["fields"].values()] == [True], "beside the field"
    assert not desk.said("propose")


def test_a_refusal_of_the_controller_comes_back_with_its_need(console: Console, desk: Peer) -> None:
    desk.answers["propose"] = {"refused": "needs_signature", "need": "a passkey"}
    answer = console.post("/commands/order/lift_lockdown", {})
    assert answer.status_code == 409
    assert answer.get_json()["error"].startswith("This needs:")


def test_lockdown_is_asked_at_once_and_a_second_click_is_the_same(console: Console, desk: Peer) -> None:
    for _ in range(2):
        answer = console.post("/commands/order/lockdown", {"reason": "shots heard", "key": "k1"})
        assert answer.status_code == 303
    asked = desk.said("ask")
    assert [(one["ask"], one["fields"], one["key"]) for one in asked] == [
        ("lockdown", {"reason": "shots heard"}, "k1")
    ] * 2
    assert "Done: Lock everything, because: shots heard" in console.get("/commands").text


def test_a_refused_lockdown_keeps_what_was_typed(console: Console, desk: Peer) -> None:
    desk.answers["ask"] = {"refused": "nothing_to_do", "need": "something that changes"}
    answer = console.post("/commands/order/lockdown", {"reason": "shots heard", "key": "k1"})
    assert answer.status_code == 409
    assert "shots heard" in answer.text
    assert "This needs:" in answer.text
    assert 'value="k1"' in answer.text


def test_a_recount_begins_with_whom_the_room_counts(console: Console, desk: Peer) -> None:
    text = console.get("/commands/order/recount").text
    assert re.search(r'value="li" checked', text)
    assert re.search(r'value="wang">', text)
    assert 'value="gone"' not in text
    sent = {"room": "vault", "inside": ["wang", "v1"]}
    told = console.post("/commands/order/recount", sent).get_json()
    assert desk.said("propose")[-1]["fields"] == {"room": "vault", "inside": ["v1", "wang"]}
    assert "wang" in told["said"]


def test_an_empty_room_is_a_recount_too(console: Console, desk: Peer) -> None:
    told = console.post("/commands/order/recount", {"room": "vault"}).get_json()
    assert desk.said("propose")[-1]["fields"] == {"room": "vault", "inside": []}
    assert told["said"] == "In room vault are now: nobody"


def test_only_people_whose_rights_have_ended_can_be_erased(console: Console, desk: Peer) -> None:
    text = console.get("/commands/order/erase_person").text
    assert 'value="gone"' in text
    assert 'value="li"' not in text
    answer = console.post("/commands/order/erase_person", {"person": "li", "reason": "x"})
    assert answer.status_code == 409
    assert not desk.said("propose")


def test_a_hold_on_the_whole_log_names_nobody(console: Console, desk: Peer) -> None:
    console.post(
        "/commands/order/set_hold", {"hold": "case-9", "person": "", "reason": "a court", "key": "k"}
    )
    assert desk.said("ask")[-1]["fields"] == {"hold": "case-9", "reason": "a court"}


def test_an_offered_passkey_is_shown_by_person_and_letters_that_can_be_compared(
    console: Console, desk: Peer
) -> None:
    text = console.get("/commands/order/enrol_passkey").text
    assert "wang · phone" in text
    assert letters_of("new") in text
    console.post("/commands/order/enrol_passkey", {"credential": "new"})
    assert desk.said("propose")[-1]["fields"] == {"credential": "new"}


def test_only_the_offered_site_file_can_be_approved(console: Console, desk: Peer) -> None:
    console.post("/commands/order/approve_policy", {"digest": "b" * 64})
    assert desk.said("propose")[-1]["fields"] == {"digest": "b" * 64}
    desk.answers["room"] = {"view": view(offered="a" * 64)}
    assert console.post("/commands/order/approve_policy", {"digest": "a" * 64}).status_code == 409
    assert "none: the site file is the one in force" in console.get("/commands/order/approve_policy").text


def test_an_approval_shows_who_waits_and_for_how_long(console: Console, desk: Peer) -> None:
    doors = {"inner": {"room": "vault", "pending": ["li", "wang"], "deadline": 512_000}}
    desk.answers["room"] = {"view": view(doors=doors)}
    text = console.get("/commands/order/approve_opening").text
    assert "At door inner, room vault" in text
    assert "They wait 12 seconds more." in text


def test_only_interlocked_doors_have_an_interlock_to_override(console: Console, desk: Peer) -> None:
    text = console.get("/commands/order/override_interlock").text
    assert 'value="outer"' in text
    assert 'value="side"' not in text


def test_without_two_chiefs_with_passkeys_the_page_says_that_nothing_can_be_signed(
    console: Console, desk: Peer
) -> None:
    desk.answers["site"] = {**SITE, "plan": PLAN, "set_up": False}
    assert "two chiefs need passkeys" in console.get("/commands/order/release_door").text


def test_while_everything_is_locked_the_page_says_who_did_it_and_offers_to_lift_it(
    console: Console, desk: Peer
) -> None:
    assert "Lock everything now?" in console.get("/commands").text
    desk.answers["room"] = {"view": view(lockdown="li", lockdown_since=NOW)}
    text = console.get("/commands").text
    assert "Set by li, at" in text
    assert "/commands/order/lift_lockdown" in text
    assert "Lock everything now?" not in text


def test_an_approval_shows_whom_the_closed_room_has_refused_lately(
    console: Console, desk: Peer, log: CustodyLog, draft: Callable[..., dict[str, object]]
) -> None:
    closed = {"kind": "refused", "place": "r1", "reason": "needs_duty_officer"}
    log.append([draft(who=["wang", "li"], **closed)])
    log.append([draft(at=5_000, kind="refused", place="side", reason="revoked", who=["gone"])])
    text = console.get("/commands/order/approve_opening").text
    assert "Refused at outer because the room is closed" in text
    assert "Refused at side" not in text
    assert desk.said("look")[-1]["filter"] == "kind=refused reason=needs_duty_officer"
    desk.answers["room"] = {"view": view(wall_ms=NOW + 11 * 60_000)}
    assert "nobody was refused in the last ten minutes" in console.get("/commands/order/approve_opening").text


def test_b33b_whoever_approves_sees_the_room_as_it_is_now_beside_the_button(
    console: Console, desk: Peer, log: CustodyLog, draft: Callable[..., dict[str, object]]
) -> None:
    form = console.get("/commands/order/approve_opening").text
    assert "Show room vault now" in form
    taken = {"shot": 3, "place": "vault"}
    seen = [{"camera": "door", "moment": moment} for moment in (-2000, 0)]
    log.append([draft(kind="evidence_read", who=["c1"], what="live", filter="room=vault")])
    (asked_n,) = log.append([draft(kind="snapshot", why="evidence_read", **taken, wanted=seen)])
    desk.answers["look"] = {"n": asked_n - 1}
    answer = console.post("/commands/look", {"room": "vault"})
    assert desk.said("look")[-1]["what"] == "live"
    assert answer.location.endswith(f"approve_opening?room=vault&looked={asked_n - 1}")
    assert f'hx-get="/commands/look/{asked_n - 1}/vault"' in console.get(answer.location).text
    assert "on its way" in console.get(f"/commands/look/{asked_n - 1}/vault").text
    (n,) = log.append([draft(kind="pictures_taken", **taken, pictures=seen, missing=[])])
    text = console.get(f"/commands/look/{asked_n - 1}/vault").text
    assert f'src="/commands/look/{n}/door/0"' in text  # the newest, of each camera
    assert text.count("<img") == 1
    assert console.post("/commands/look", {"room": "nowhere"}).status_code == 404
    desk.answers["picture"] = {"jpeg": "/9j/", "caption": ""}
    assert console.get(f"/commands/look/{n}/door/0").mimetype == "image/jpeg"
    assert desk.said("picture")[-1]["size"] == "picture"


def test_a_link_may_choose_the_door_and_never_writes_the_reason(console: Console, desk: Peer) -> None:
    text = console.get("/commands/order/release_door?door=side&reason=because&seconds=30").text
    assert 'value="side" selected' in text
    assert "because<" not in text
    assert 'value="30"' not in text


def test_who_is_inside_is_never_brought_back_from_what_was_ticked_before(
    console: Console, desk: Peer
) -> None:
    assert "data-draft" not in console.get("/commands/order/recount").text
    assert "data-draft=order-release_door" in console.get("/commands/order/release_door").text
