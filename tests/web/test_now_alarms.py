"""An alarm at the desk: shown with what to do, taken, settled; and what a silent one tells to whom."""

from __future__ import annotations

import re
from dataclasses import fields
from typing import Any

import pytest

from controller.core.events import Level
from controller.ledger.custody_log import CustodyLog
from tests.web.conftest import Console
from tests.web.desk_scene import Scene
from tests.web.peer import Peer
from web.now.alarms import Card

NOTE = {"note": "a cleaner's trolley, seen on the picture", "outcome": "false", "key": "k"}
references = re.compile(r'href="(/now/alarm/[0-9a-f]+)"').findall


@pytest.fixture
def scene(peer: Peer, log: CustodyLog) -> Scene:
    return Scene(peer, log)


def first(console: Console) -> str:
    """Address of the alarm that stands first."""
    return str(references(console.get("/now").text)[0])


def mended(scene: Scene) -> None:
    """The cause has ended, and what it left behind is settled by others."""
    scene.room.shut("main")
    scene.write()


def test_an_alarm_says_what_where_since_when_what_to_do_and_what_cameras_saw(
    console: Console, scene: Scene
) -> None:
    scene.opened()
    scene.force()
    shown = console.get("/now").text
    for text in ("Door forced · main", "Nobody looks after it", "the cause still stands", "Do not go alone"):
        assert text in shown, text
    assert "Inside now: Li Wei, Wang Fang" in shown
    pictures = re.findall(r'src="/now/picture/\d+/(door|room)/(-?\d+)"', shown)
    assert {("door", "-2000"), ("door", "0"), ("door", "2000"), ("room", "0")} <= set(pictures)


def test_pictures_on_their_way_and_missing_ones_are_said(console: Console, scene: Scene) -> None:
    scene.room.open("main")
    scene.write()
    assert "on its way" in console.get("/now").text
    scene.room.wait(60)
    scene.write()
    assert "the recorder did not answer in time" in console.get("/now").text


def test_the_first_alarm_is_taken_by_one_key_and_is_this_guards(console: Console, scene: Scene) -> None:
    scene.force()
    shown = console.get("/now").text
    assert shown.count("data-take") == 1
    where = first(console)
    assert console.post(f"{where}/take", {"key": "k"}).headers["Location"] == where
    assert [a.taken_by for a in scene.room.state.alarms.values()] == ["sun"]
    assert "You look after it" in console.get("/now").text


def test_what_another_guard_took_is_theirs_until_it_is_late(console: Console, scene: Scene) -> None:
    scene.force()
    where = first(console)
    scene.room.says("take_alarm", "qian", alarm="forced", place="main")
    shown = console.get(where).text
    assert "Qian Duo looks after it and closes it" in shown
    assert 'name="note"' not in shown
    answer = console.post(f"{where}/take", {"key": "k"})
    assert answer.status_code == 303
    assert [a.taken_by for a in scene.room.state.alarms.values()] == ["qian"]


def test_an_alarm_whose_cause_stands_waits_for_its_end_and_the_form_comes_by_itself(
    console: Console, scene: Scene
) -> None:
    scene.force()
    where = first(console)
    assert "Its cause still stands" in console.get(f"{where}/closing").text
    assert console.post(where, NOTE).status_code == 409
    assert scene.room.alarms == {"forced"}
    mended(scene)
    assert 'name="note"' in console.get(f"{where}/closing").text


def test_an_alarm_is_closed_with_a_note_and_what_it_was(console: Console, scene: Scene) -> None:
    scene.force()
    where = first(console)
    mended(scene)
    assert console.post(where, NOTE).headers["Location"] == "/now"
    closed = scene.room.of("alarm_acknowledged")[-1]
    assert (closed["alarm"], closed["outcome"], closed["who"]) == ("forced", "false", ["sun"])
    assert closed["note"] == NOTE["note"]
    assert "This alarm is closed" in console.get(where).text


@pytest.mark.parametrize(
    ("lacks", "said"), [("note", "Write down what you found."), ("outcome", "Say what it was.")]
)
def test_what_is_missing_is_said_beside_the_field_and_what_was_typed_stays(
    console: Console, scene: Scene, lacks: str, said: str
) -> None:
    scene.force()
    where = first(console)
    mended(scene)
    answer = console.post(where, {**NOTE, lacks: ""})
    assert answer.status_code == 409
    assert said in answer.text
    kept = "trolley" if lacks == "outcome" else 'value="false" checked'
    assert kept in answer.text
    assert "forced" in scene.room.alarms


def test_a_chief_closes_an_alarm_while_its_cause_stands_by_saying_so(console: Console, scene: Scene) -> None:
    scene.sign_in("zhou")
    scene.force()
    where = first(console)
    assert 'name="force"' in console.get(where).text
    refused = console.post(where, NOTE)
    assert refused.status_code == 409
    assert "forced" in scene.room.alarms
    console.post(where, {**NOTE, "force": "1", "key": "k2"})
    assert scene.room.of("alarm_acknowledged")[-1]["cause_stood"] is True


def test_who_opened_the_room_is_told_why_the_alarm_is_not_theirs(console: Console, scene: Scene) -> None:
    scene.opened("G1", "G2")
    scene.force()
    shown = console.get("/now").text
    assert "You opened this room, so somebody else has to settle this alarm." in shown
    assert "data-take" not in shown
    where = first(console)
    console.post(f"{where}/take", {"key": "k"})
    assert [a.taken_by for a in scene.room.state.alarms.values() if a.kind == "forced"] == [""]


def test_the_loudest_stands_first_and_what_is_taken_below(console: Console, scene: Scene) -> None:
    scene.force()
    scene.room.input("north.contact", Level.ACTIVE)
    scene.room.input("c1.tamper", Level.ACTIVE)
    scene.pictured()
    order = re.findall(r"(Door forced|Window open|Tamper) · \w", console.get("/now").text)
    assert order == ["Door forced", "Window open", "Tamper"]
    scene.room.says("take_alarm", "qian", alarm="forced", place="main")
    order = re.findall(r"(Door forced|Window open|Tamper) · \w", console.get("/now").text)
    assert order == ["Window open", "Tamper", "Door forced"]


def test_one_that_nobody_took_is_marked_as_called_out_again(console: Console, scene: Scene) -> None:
    scene.force()
    scene.room.wait_ms(scene.room.plan.alarm_take_ms + 1000)
    scene.write()
    assert "called out again" in console.get("/now").text


def test_duress_is_one_calm_line_that_tells_a_stranger_nothing(console: Console, scene: Scene) -> None:
    scene.sign_in("zhou")
    scene.duress()
    shown = console.get("/now").text
    part = shown[shown.index('id="now"') :]
    assert "Quiet message" in part
    assert "uress" not in part
    assert "alarm-card" not in part
    assert "data-take" not in part
    assert "All quiet" not in part


def test_whoever_duress_is_due_to_reads_what_to_do_one_page_further(console: Console, scene: Scene) -> None:
    scene.sign_in("zhou")
    scene.duress()
    where = first(console)
    shown = console.get(where).text
    assert "Show nothing" in shown
    assert "<title>Quiet message" in shown
    console.post(f"{where}/take", {"key": "k"})
    assert scene.room.of("alarm_taken")[-1]["sealed"] is True


def test_a_guard_to_whom_the_controller_tells_duress_gets_the_same_line_without_the_log(
    console: Console, scene: Scene
) -> None:
    scene.duress()
    told = scene.view(sealed=True)
    scene.peer.answers["room"] = {"view": told}
    shown = console.get(first(console)).text
    assert "Show nothing" in shown
    assert "/now/picture/" not in shown
    feed = console.get("/now?quiet=1").text
    assert "Sealed: for chief and auditor" in feed
    assert "uress" not in feed[feed.index('id="now"') :]


def test_an_address_of_no_alarm_tells_no_more_than_one_that_is_closed(console: Console, scene: Scene) -> None:
    scene.duress()
    answer = console.get("/now/alarm/0123456789ab")
    assert answer.status_code == 200
    assert "There is no such alarm any more" in answer.text


def test_who_caused_a_console_alarm_is_not_told_that_they_opened_a_room() -> None:
    nothing: dict[str, Any] = {one.name: None for one in fields(Card)}
    texts = {kind: Card(**nothing | {"kind": kind}).why_barred for kind in ("console", "forced")}
    assert "signed what this alarm is about" in texts["console"]
    assert texts["forced"] == "You opened this room, so somebody else has to settle this alarm."
