"""How visits end: check-out, what is missing then, overstay and erasing: behaviour 56 and 60."""

from __future__ import annotations

import json

from controller.core.causes import stands
from controller.core.fold import replay
from controller.core.remembered_visits import Deposit, VisitStatus
from controller.core.turn import Turn
from controller.core.words import Reason
from controller.ledger.batch import compose
from controller.ledger.tree import Frontier
from controller.visit_view import visits
from tests.core.visiting import HOUR, PHONE, Desk

LAPTOP = {"what": "computer", "locker": "13"}


def received(*devices: dict[str, str]) -> Desk:
    desk = Desk()
    desk.request()
    desk.approve()
    desk.issue(devices=list(devices))
    return desk


def test_b56_overstaying_is_written_down_and_an_alarm_to_the_millisecond() -> None:
    desk = received()
    desk.wait_ms(HOUR - 1)
    assert not desk.alarms
    desk.wait_ms(1)
    assert desk.alarms == {"visitor_overstay"}
    (entry,) = desk.of("visit_ended")
    assert (entry["visitors"], entry["overstayed"], entry["reason"]) == (["visitor-1"], ["v1"], "visit_over")
    desk.tap("main.in", "P1")
    assert desk.reason in {Reason.EXPIRED, Reason.VISIT_OVER}


def test_b56_an_overstay_lasts_until_the_pass_is_back_or_reported_lost() -> None:
    for badge_returned in (True, False):
        desk = received()
        desk.wait(3600)
        (alarm,) = desk.state.alarms.values()
        look = Turn(desk.plan, desk.state, desk.site.moment, b"", desk.now)
        assert stands(look, alarm)
        desk.check_out(badge_returned=badge_returned)
        assert not stands(look, alarm)


def test_b56_overstaying_inside_the_room_is_a_visitor_alone_as_well() -> None:
    desk = received()
    desk.enter("P1", "B1", "B2")
    desk.wait(3600)
    assert desk.alarms == {"visitor_overstay", "visitor_alone"}
    assert len(desk.of("visit_ended")) == 1


def test_a_pass_that_was_left_the_room_with_and_never_given_back_overstays() -> None:
    desk = received()
    desk.enter("P1", "B1", "B2")
    desk.leave("P1", "B1", "B2")
    assert desk.visit().status is VisitStatus.INSIDE
    desk.wait(3600)
    assert desk.alarms == {"visitor_overstay"}


def test_an_overstay_falls_due_over_a_restart_and_once() -> None:
    desk = received()
    desk.restart(off=2 * HOUR)
    desk.wait(1)
    assert "visitor_overstay" in desk.alarms
    desk.wait(3600)
    assert len([e for e in desk.of("visit_ended") if "overstayed" in e]) == 1


def test_b57_host_or_chief_prolong_a_visit_before_its_end_and_not_after() -> None:
    desk = received()
    later = desk.state.wall + 2 * HOUR
    assert desk.approve("v1", "bao", until=later) is Reason.NOT_ALLOWED
    assert desk.approve("v1", "xu", until=desk.visit().ends) is Reason.NOT_UNDERSTOOD
    assert desk.approve("v1", "xu") is Reason.NOT_UNDERSTOOD
    assert desk.approve("v1", "xu", until=later) is None
    desk.wait_ms(HOUR)
    assert not desk.alarms
    desk.enter("P1", "B1", "B2")
    assert desk.state.room("vault").visitors == ("visitor-1",)
    desk.wait(3600)
    assert desk.approve("v1", "xu", until=desk.state.wall + HOUR) is Reason.EXPIRED


def test_check_out_says_whether_the_badge_came_back() -> None:
    desk = received()
    assert desk.check_out(badge_returned=None) is Reason.NOT_UNDERSTOOD
    assert desk.check_out(badge_returned="yes") is Reason.NOT_UNDERSTOOD
    assert not desk.of("pass_returned")
    assert desk.check_out() is None
    assert desk.of("visit_ended")[-1]["visitors"] == ["visitor-1"]


def test_a_badge_in_the_box_that_is_played_with_is_written_down_like_any_dead_badge() -> None:
    desk = received()
    desk.check_out()
    desk.tap("main.in", "P1")
    desk.pin("main.in", "1234")
    desk.tap("c1", "P1")
    assert "impossible_travel" in desk.raised
    compose([{**entry} for entry in desk.entries], Frontier(), 0)


def test_a_badge_that_did_not_come_back_is_dead_and_stays_listed() -> None:
    desk = received()
    assert desk.check_out(badge_returned=False) is None
    assert desk.of("badge_blocked")[-1]["badge"] == "P1"
    desk.tap("main.in", "P1")
    assert desk.reason == Reason.BADGE_BLOCKED
    for _ in range(60):
        desk.wait(3600)
    desk.request(document="E87654321")
    assert visits(desk.state)["book"]["v1"]["badge_missing"]
    desk.approve("v2")
    assert desk.issue("v2") is Reason.BADGE_BLOCKED
    assert desk.check_out("v1", devices_returned=None) is None
    assert not desk.visit().open
    assert desk.issue("v2") is Reason.BADGE_BLOCKED  # a badge that was lost is not believed again


def test_devices_that_were_not_fetched_keep_their_locker() -> None:
    desk = received(PHONE, LAPTOP)
    assert desk.check_out(devices_returned=["99"]) is Reason.NOT_UNDERSTOOD
    assert desk.check_out(devices_returned=["12"]) is None
    assert desk.more == {"kept": ["13"]}
    assert desk.visit().devices == (Deposit("computer", "13"),)
    assert visits(desk.state)["lockers"] == {"13": "v1"}
    assert desk.check_out(badge_returned=None, devices_returned=["13"]) is None
    assert not desk.visit().open
    assert desk.check_out() is Reason.NOTHING_TO_DO


def test_b56_a_pass_given_back_while_its_visitor_is_inside_is_an_alarm_and_lets_out() -> None:
    desk = received()
    desk.enter("P1", "B1", "B2")
    desk.ask("check_out", "bao", visitor="visitor-1", badge_returned=True)
    assert desk.alarms == {"visitor_alone"}
    desk.tap("main.out", "P1")
    assert desk.is_open()


def test_b60_an_erased_visitor_is_not_known_again_and_their_name_is_taken_from_the_log() -> None:
    desk = received()
    desk.ask("erase_person", "zhao", "chen", person="visitor-1", reason="asked")
    assert desk.reason == Reason.NOT_ENDED
    desk.check_out()
    desk.ask("erase_person", "zhao", "chen", person="visitor-1", reason="asked")
    assert desk.reason is None
    assert "visitor-1" in desk.of("erased")[-1]["erases"]
    assert not desk.state.documents
    assert not desk.state.visit_book
    desk.request()
    assert desk.visit("v2").visitor == "visitor-2"


def test_b60_a_badge_that_never_came_back_keeps_nobodys_name() -> None:
    desk = received(PHONE)
    desk.check_out(badge_returned=False, devices_returned=[])
    desk.ask("erase_person", "zhao", "chen", person="visitor-1", reason="asked")
    assert desk.reason == Reason.NOT_ENDED, "their telephone still lies here"
    desk.check_out(badge_returned=None, devices_returned=["12"])
    desk.check_out("v1", badge_returned=False, devices_returned=[])
    desk.ask("erase_person", "zhao", "chen", person="visitor-1", reason="asked")
    assert desk.reason is None
    assert desk.state.badges["P1"].blocked


def test_b60_a_visitor_who_only_announced_a_visit_can_be_erased() -> None:
    desk = Desk()
    desk.request()
    desk.ask("decline_visit", "li", visit="v1", reason="no")
    desk.ask("erase_person", "zhao", "chen", person="visitor-1", reason="asked")
    assert desk.reason is None


def test_b60_who_came_under_two_ids_is_erased_under_both() -> None:
    desk = received()
    desk.check_out()
    desk.request(document=None, document_kind=None)
    desk.ask("change_visit", "bao", visit="v2", document="E12345678", document_kind="passport")
    assert desk.of("visit_changed")[-1]["same_as"] == "visitor-1"
    desk.ask("erase_person", "zhao", "chen", person="visitor-1", reason="asked")
    assert desk.reason == Reason.NOT_ENDED
    desk.ask("decline_visit", "li", visit="v2", reason="no")
    desk.ask("erase_person", "zhao", "chen", person="visitor-1", reason="asked")
    assert {"visitor-1", "visitor-2"} <= {*desk.of("erased")[-1]["erases"]}
    assert desk.state.people["visitor-2"].erased


def test_the_view_tells_where_a_visit_is_and_nobodys_name() -> None:
    desk = received(PHONE)
    desk.enter("P1", "B1", "B2")
    seen = visits(desk.state)["book"]["v1"]
    assert (seen["status"], seen["room"], seen["escort"], seen["late"]) == ("inside", "vault", "li", False)
    assert (seen["visits"], seen["blocked"], seen["ended"]) == (1, False, False)
    desk.wait(3600)
    seen = visits(desk.state)["book"]["v1"]
    assert (seen["overstayed"], seen["late"], seen["ended"]) == (True, True, True)
    assert "Berg" not in json.dumps(visits(desk.state))


def test_the_log_alone_makes_the_visit_book() -> None:
    desk = received(PHONE, LAPTOP)
    desk.ask("reprint_pass", "bao", visit="v1", reason="torn")
    desk.wait(3600)
    desk.check_out(badge_returned=False, devices_returned=["12"])
    desk.ask("block_visitor", "bao", visitor="visitor-1", reason="stole a badge")
    bare = [{k: v for k, v in entry.items() if k != "personal"} for entry in desk.entries]
    again = replay(json.loads(json.dumps(bare)))
    assert again.visit_book == desk.state.visit_book
    assert (again.blocks, again.documents) == (desk.state.blocks, desk.state.documents)


def test_what_was_said_of_a_missing_thing_stands_in_the_entry() -> None:
    desk = received()
    assert desk.check_out(reason=7) is Reason.NOT_UNDERSTOOD
    assert desk.check_out(badge_returned=False, reason=" fell into the lake ") is None
    (entry,) = desk.of("pass_returned")
    assert entry["note"] == "fell into the lake"


def test_whoever_ends_somebodys_rights_is_told_which_visits_are_without_a_host() -> None:
    desk = Desk()
    desk.request()
    desk.approve()
    host = desk.visit().host
    desk.ask("end_person", "xu", person=host)
    assert desk.more["visits_without_host"] == ["v1"]
    assert desk.issue() is not None  # nobody gets a pass on the word of somebody who is gone
    desk.ask("change_visit", "bao", visit="v1", host="bao")
    assert desk.reason is None
    assert (desk.visit().host, desk.visit().status) == ("bao", VisitStatus.REQUESTED)
