"""The daily closing at the console (behaviour 55): what the sensors say, notes, signatures, paper."""

from __future__ import annotations

import json
import re
from hashlib import sha256

import pytest

from controller.core.console_roles import Via
from controller.core.events import Asking, Level
from controller.ledger.custody_log import CustodyLog
from tests.papers.reading import text_of
from tests.web.conftest import Console
from tests.web.desk_scene import Scene
from tests.web.peer import Peer, Told
from tests.web.visiting_desk import told
from web.closing.words import FINDINGS, finding

DAY = 24 * 3_600


@pytest.fixture
def scene(peer: Peer, log: CustodyLog) -> Scene:
    found = Scene(peer, log)
    peer.answers["propose"] = _proposed
    return found


def _proposed(said: Told) -> Told:
    text = json.dumps({"ask": said["ask"], "fields": said["fields"]})
    made = {"command": "c", "code": "4F2A-91C0", "text": text, "people": 2, "options": {}, "handle": "h"}
    return {**made, "ask": said["ask"], "fields": said["fields"], "by": "sun"}


def closed(scene: Scene, **notes: str) -> None:
    """Two people close the vault's day at the box."""
    fields = {"room": "vault", "notes": notes}
    scene.room.step(Asking(scene.room.now, "close_day", "sun", "qian", fields, via=Via.BOX))
    assert scene.room.reason is None
    scene.write()


def test_it_says_for_each_room_what_the_sensors_say(console: Console, scene: Scene) -> None:
    scene.room.input("north.contact", Level.ACTIVE)
    scene.write()
    shown = console.get("/closing").text
    for text in ("vault", "shut and bolted", "Window north is open", "Open alarm: Window open, north"):
        assert text in shown, text
    assert '<input type="hidden" name="finding" value="window_open north">' in shown


def test_an_occupied_room_names_who_is_inside_and_wants_a_note(console: Console, scene: Scene) -> None:
    scene.opened()
    shown = console.get("/closing").text
    assert "Li Wei, Wang Fang" in shown
    assert "Somebody is inside vault" in shown
    assert "due by" in shown


def test_a_count_that_is_lost_says_what_to_do(console: Console, scene: Scene) -> None:
    scene.opened()
    scene.room.rex()
    scene.room.through()
    scene.write()
    assert "Two people count again first" in console.get("/closing").text


def test_a_finding_without_a_note_is_not_proposed(console: Console, scene: Scene) -> None:
    scene.room.input("north.contact", Level.ACTIVE)
    answer = console.post("/closing/vault", {"finding": "window_open north", "said": " "})
    assert answer.status_code == 409
    assert "each thing that is not in order" in told(answer)["error"]
    assert not scene.peer.said("propose")


def test_the_notes_are_signed_and_what_the_sensors_say_is_not_sent(console: Console, scene: Scene) -> None:
    scene.room.input("north.contact", Level.ACTIVE)
    scene.room.says("acknowledge", "qian", alarm="window_open", reason="airing", outcome="false", force=True)
    words = scene.view()["rooms"]["vault"]["closing"]["findings"]
    answer = console.post("/closing/vault", {"finding": words, "said": ["airing"] * len(words), "note": "n"})
    assert answer.status_code == 200
    (asked,) = scene.peer.said("propose")
    assert asked["fields"] == {"room": "vault", "notes": dict.fromkeys(words, "airing"), "note": "n"}
    assert "Close the day of vault" in told(answer)["said"]
    assert "Window north is open: airing" in told(answer)["said"]


def test_a_note_has_its_length(console: Console, scene: Scene) -> None:
    scene.room.input("north.contact", Level.ACTIVE)
    words = scene.view()["rooms"]["vault"]["closing"]["findings"]
    answer = console.post("/closing/vault", {"finding": words, "said": ["x" * 201] * len(words)})
    assert answer.status_code == 409
    assert "At most 200 characters each." in told(answer)["error"]


def test_a_page_that_no_longer_fits_says_so(console: Console, scene: Scene) -> None:
    shown = console.get("/closing").text
    (mark,) = re.findall(r"/closing/vault/live\?mark=([0-9a-f]{16})", shown)
    assert "has changed" not in console.get(f"/closing/vault/live?mark={mark}").text
    scene.room.input("north.contact", Level.ACTIVE)
    assert "has changed" in console.get(f"/closing/vault/live?mark={mark}").text


def test_a_missing_closing_is_an_alarm_that_leads_here(console: Console, scene: Scene) -> None:
    scene.opened()
    scene.room.wait(DAY)
    scene.write()
    assert "missing since" in console.get("/closing").text
    ref = sha256(b"closing_missing@vault").hexdigest()[:12]
    assert 'href="/closing"' in console.get(f"/now/alarm/{ref}").text


def test_closed_days_are_listed_with_their_notes(console: Console, scene: Scene) -> None:
    closed(scene, **{"window_open north": "shut at six"})
    shown = console.get("/closing").text
    assert "Sun Li, Qian Duo" in shown
    assert "Window north is open (over when it was signed): shut at six" in shown


def test_a_look_at_closed_days_is_written_down_before_they_are_shown(console: Console, scene: Scene) -> None:
    before = len(scene.looks)
    console.get("/closing")
    (look,) = scene.looks[before:]
    assert (look["what"], look["filter"]) == ("show", "kind=day_closed limit=30")


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_a_closing_is_printed_and_the_print_is_written_down_first(
    console: Console, scene: Scene, language: str
) -> None:
    closed(scene, **{"window_open north": "shut at six"})
    n = scene.log.size - 1
    answer = console.get(f"/closing/{n}/sheet", headers={"Accept-Language": language})
    assert answer.headers["Content-Type"] == "application/pdf"
    said = "Window north is open (over when it was signed)" if language == "en" else "签署时已消除"
    assert said in text_of(answer.data, "-layout")
    assert re.search(r"\d{4}-\d\d-\d\d \d\d:\d\d UTC[+-]\d{4} · ", text_of(answer.data))
    assert scene.looks[-1]["what"] == "print"


def test_no_other_entry_is_printed_as_a_closing(console: Console, scene: Scene) -> None:
    assert console.get("/closing/1/sheet").status_code == 404
    assert console.get("/closing/attic/live").status_code == 404


@pytest.mark.parametrize("what", [*FINDINGS, "camera_covered", "alarm"])
def test_every_finding_is_a_sentence_with_its_place(what: str, console: Console, scene: Scene) -> None:
    with console.client.application.test_request_context():
        said = finding(f"{what} forced@main" if what == "alarm" else f"{what} main")
    assert "main" in said
    assert f"{what} main" not in said
