"""A shift is handed over, and the roll is called."""

from __future__ import annotations

import pytest

from controller.ledger.custody_log import CustodyLog
from tests.web.conftest import Console
from tests.web.desk_scene import Scene
from tests.web.peer import Peer


@pytest.fixture
def scene(peer: Peer, log: CustodyLog) -> Scene:
    return Scene(peer, log)


def test_the_list_has_alarms_rooms_and_notes_and_says_none_where_there_is_none(
    console: Console, scene: Scene
) -> None:
    scene.opened()
    scene.force()
    scene.room.says("note_entry", "qian", n=1, text="lamp over the outer door flickers")
    scene.write()
    shown = console.get("/now/hand-over").text
    for text in ("Door forced · main", "2 inside", "Li Wei, Wang Fang", "flickers", "None."):
        assert text in shown, text


def test_what_does_not_work_is_on_the_list(console: Console, scene: Scene) -> None:
    told = scene.view() | {"lost": ["main.in"], "noisy": ["main.rex"], "cameras": {"door": "covered"}}
    scene.peer.answers["room"] = {"view": told}
    shown = console.get("/now/hand-over").text
    for text in ("main.in: no answer", "main.rex: the line chatters", "Camera door: covered"):
        assert text in shown, text


def test_a_shift_goes_to_another_guard_or_chief_with_its_alarms(console: Console, scene: Scene) -> None:
    scene.force()
    scene.room.says("take_alarm", "sun", alarm="forced", place="main")
    shown = console.get("/now/hand-over").text
    assert '<option value="qian">Qian Duo</option>' in shown
    assert 'value="sun"' not in shown
    assert 'value="li"' not in shown
    told = {"to": "qian", "note": "the lamp flickers", "key": "k"}
    assert console.post("/now/hand-over", told).headers["Location"] == "/now"
    written = scene.room.of("shift_handed_over")[-1]
    assert (written["who"], written["note"]) == (["sun", "qian"], "the lamp flickers")
    assert [a.taken_by for a in scene.room.state.alarms.values()] == ["qian"]
    assert "Last handed over by Sun Li" in console.get("/now/hand-over").text


def test_a_hand_over_to_nobody_keeps_what_was_typed(console: Console, scene: Scene) -> None:
    answer = console.post("/now/hand-over", {"to": "", "note": "the lamp flickers", "key": "k"})
    assert answer.status_code == 409
    assert "Choose who takes over." in answer.text
    assert "the lamp flickers" in answer.text


def test_duress_is_not_on_the_list_and_not_on_paper(console: Console, scene: Scene) -> None:
    scene.sign_in("zhou")
    scene.duress()
    shown = console.get("/now/hand-over").text
    assert "uress" not in shown
    assert "Quiet message" not in shown


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_both_lists_are_printed_and_the_print_is_written_down_first(
    console: Console, scene: Scene, language: str
) -> None:
    scene.opened()
    headers = {"Accept-Language": language}
    asked = {"to": "qian", "note": "lamp"}
    for answer in (
        console.post("/now/hand-over/sheet", asked, headers=headers),
        console.get("/now/roll-call/sheet", headers=headers),
    ):
        assert answer.headers["Content-Type"] == "application/pdf"
        assert answer.data.startswith(b"%PDF")
    assert [(one["what"], one["filter"]) for one in scene.looks] == [
        ("print", "hand-over"),
        ("print", "roll-call"),
    ]


def test_the_roll_has_everybody_inside_and_tells_a_count_in_doubt(console: Console, scene: Scene) -> None:
    assert "Nobody is known to be inside" in console.get("/now/roll-call").text
    scene.opened()
    shown = console.get("/now/roll-call").text
    assert shown.count('name="called"') == 2
    assert "not certain" not in shown
    scene.force()
    mended = scene.room
    mended.shut("main")
    assert "not certain" in console.get("/now/roll-call").text


def test_who_was_found_is_missing_or_was_not_called_is_written_down(console: Console, scene: Scene) -> None:
    scene.opened()
    told = {"called": ["li", "wang"], "is-li": "found", "is-wang": "missing", "key": "k"}
    assert console.post("/now/roll-call", told).headers["Location"] == "/now/roll-call"
    written = scene.room.of("roll_called")[-1]
    assert (written["found"], written["missing"], written["not_called"]) == (["li"], ["wang"], [])


def test_somebody_who_was_not_asked_for_is_refused_in_words(console: Console, scene: Scene) -> None:
    answer = console.post("/now/roll-call", {"called": ["x1"], "is-x1": "found", "key": "k"})
    assert answer.status_code == 409
    assert 'role="alert"' in answer.text


def test_an_auditor_reads_and_changes_nothing(console: Console, scene: Scene) -> None:
    scene.force()
    scene.sign_in("zheng")
    shown = console.get("/now").text
    assert "Door forced" in shown
    for text in ("Take it", "/now/hand-over", "/now/lockdown"):
        assert text not in shown, text
    for path in ("/now/hand-over", "/now/roll-call", "/now/lockdown"):
        assert console.post(path, {"key": "k"}).status_code == 403, path
