"""The guard's desk: what stands on it, and for whom."""

from __future__ import annotations

import re
from collections.abc import Callable
from hashlib import sha256

import pytest

from controller.core.events import DeviceLost
from controller.ledger.custody_log import CustodyLog
from tests.web.conftest import Console
from tests.web.desk_scene import Scene
from tests.web.peer import SITE, Peer, person
from web.now.memory import BEGIN


@pytest.fixture
def scene(peer: Peer, log: CustodyLog) -> Scene:
    return Scene(peer, log)


def test_everybody_begins_here_but_who_only_puts_in_devices(console: Console, scene: Scene) -> None:
    assert console.get("/").headers["Location"] == "/now"
    scene.peer.answers["who"] = person("installer")
    assert console.get("/").headers["Location"] == "/account"
    assert console.get("/now").status_code == 403


def test_a_quiet_house_says_so_and_shows_every_opening(console: Console, scene: Scene) -> None:
    shown = console.get("/now").text
    assert "All quiet" in shown
    assert "Empty and armed: vault" in shown
    assert "Mains on" in shown
    for thing in ("Door main", "Door outer", "Window north", "Cabinet c1", "Room vault", "Camera door"):
        assert f'aria-label="{thing}: ' in shown, thing


def test_visits_that_wait_are_asked_for_beside_the_plan(console: Console, scene: Scene) -> None:
    assert 'hx-get="/visitors/waiting"' in console.get("/now").text


def test_the_plan_leads_to_the_place_and_marks_the_thing(console: Console, scene: Scene) -> None:
    shown = console.get("/now").text
    assert 'href="/now/room/vault?at=c1.a"' in shown
    assert 'href="/now/room/outer"' in shown
    assert "class=marked>c1.a<" in console.get("/now/room/vault?at=c1.a").text


def test_lockdown_fire_clock_and_lost_devices_stand_above_everything(console: Console, scene: Scene) -> None:
    scene.room.says("lockdown", "qian", reason="")
    told = scene.view() | {"fire": True, "clock": "unconfirmed", "lost": ["recorder", "main.in"]}
    told["inputs"]["mains"] = "active"
    scene.peer.answers["room"] = {"view": told}
    shown = console.get("/now").text
    for text in ("Lockdown by Qian Duo since", "Fire alarm.", "clock is not confirmed", "Mains off"):
        assert text in shown, text
    assert "The recorder does not answer" in shown
    assert "No answer: main.in" in shown
    assert "All quiet" not in shown


def test_a_count_that_nobody_knows_is_never_called_empty(console: Console, scene: Scene) -> None:
    told = scene.view()
    told["rooms"]["vault"]["occupancy"] = "unknown"
    scene.peer.answers["room"] = {"view": told}
    shown = console.get("/now").text
    assert "vault: not known who is inside" in shown
    assert "Empty and armed" not in shown
    assert "All quiet" not in shown


def test_watching_is_written_down_once_before_anything_is_shown(console: Console, scene: Scene) -> None:
    for path in ("/now", "/now/live", "/now/room/vault", "/now"):
        assert console.get(path).status_code == 200
    assert [one["what"] for one in scene.looks] == ["feed"]


def test_a_look_that_cannot_be_written_down_shows_no_feed(console: Console, scene: Scene) -> None:
    scene.opened()
    scene.peer.answers["look"] = {"refused": "not_allowed", "need": "a right"}
    answer = console.get("/now")
    assert answer.status_code >= 400
    assert "went into vault" not in answer.text


def test_the_feed_tells_names_and_hides_what_is_quiet_until_asked(console: Console, scene: Scene) -> None:
    scene.opened()
    shown, all_of_it = console.get("/now").text, console.get("/now?quiet=1").text
    assert "Li Wei and Wang Fang went into vault" in shown
    assert all_of_it.count("feed-row quiet") > shown.count("feed-row quiet") == 0


def test_what_happens_is_on_the_next_look_at_the_living_part(console: Console, scene: Scene) -> None:
    before = console.get("/now/live").text
    scene.opened()
    after = console.get("/now/live").text
    assert "went into vault" not in before
    assert "went into vault" in after
    assert "2 inside" in after
    assert "<html" not in after


def test_who_keeps_no_watch_sees_no_feed_and_no_picture(console: Console, scene: Scene) -> None:
    scene.force()
    scene.peer.answers["who"] = person("custodian", name="li")
    shown = console.get("/now").text
    assert "Door forced" in shown
    assert "What happens" not in shown
    assert "/now/picture/" not in shown
    assert "Take it" not in shown
    assert scene.looks == []
    assert console.get("/now/picture/3/door/0").status_code == 403


def test_a_room_says_who_is_inside_since_when_and_what_happened(console: Console, scene: Scene) -> None:
    scene.opened()
    scene.force()
    shown = console.get("/now/room/vault").text
    assert "Li Wei" in shown
    assert 'datetime="2026-03-02T01:00:05+00:00"' in shown
    assert "forced open" in shown
    assert "Alarm at main: Door forced" in shown
    assert "Pictures of main asked for" not in shown
    assert console.get("/now/room/outer").status_code == 200
    assert console.get("/now/room/nowhere").status_code == 404


def test_only_a_chief_is_led_to_the_release_of_a_door(console: Console, scene: Scene) -> None:
    assert "/commands/order/release_door" not in console.get("/now/room/vault").text
    scene.sign_in("zhou")
    assert "/commands/order/release_door?door=main" in console.get("/now/room/vault").text


def test_everything_is_locked_once_and_the_way_back_is_said(console: Console, scene: Scene) -> None:
    told = {"reason": "shots heard", "key": "k1"}
    assert console.post("/now/lockdown", told).headers["Location"] == "/now"
    assert scene.room.state.lockdown
    assert "Somebody else lifts it" in console.get("/now").text
    again = console.post("/now/lockdown", {**told, "key": "k2"})
    assert again.status_code == 409
    assert "locked already, by Sun Li" in again.text


def test_a_console_that_knows_no_plan_yet_still_shows_alarms(console: Console, scene: Scene) -> None:
    scene.force()
    scene.peer.answers["site"] = SITE
    shown = console.get("/now").text
    assert "has not told its plan" in shown
    assert "Door forced" in shown


def test_a_log_that_cannot_be_read_hides_no_alarm(console: Console, scene: Scene) -> None:
    scene.force()
    console.get("/now")
    scene.log.close()
    for file in scene.log.file.parent.iterdir():
        file.write_bytes(b"not a log any more" * 400)
    shown = console.get("/now")
    assert shown.status_code == 200
    assert "The log cannot be read now" in shown.text
    assert "Door forced" in shown.text


def test_the_roll_is_called_without_a_log(console: Console, scene: Scene) -> None:
    scene.opened()
    scene.log.close()
    for file in scene.log.file.parent.iterdir():
        file.write_bytes(b"not a log any more" * 400)
    for path in ("/now/roll-call", "/now/room/vault"):
        answer = console.get(path)
        assert answer.status_code == 200, path
        assert "li" in answer.text, path


def test_an_alarm_long_ago_still_has_its_entry_and_its_pictures(
    console: Console, scene: Scene, draft: Callable[..., dict[str, object]]
) -> None:
    scene.force()
    at = scene.room.now
    scene.log.append([draft(at, kind="input", place="c1", point="c1.power") for _ in range(BEGIN + 100)])
    shown = console.get("/now").text
    assert 'src="/now/picture/' in shown
    assert "Alarm at main: Door forced" in console.get("/now/room/vault").text


@pytest.mark.parametrize(
    "path", ["/now", "/now/room/vault", "/now/hand-over", "/now/roll-call", "/now/lockdown"]
)
def test_every_page_speaks_chinese(console: Console, scene: Scene, path: str) -> None:
    scene.opened()
    scene.force()
    shown = console.get(path, headers={"Accept-Language": "zh-CN"}).text
    assert '<html lang="zh-Hans"' in shown
    assert any(ord(sign) > 0x4E00 for sign in shown)


def test_b15_a_lone_timer_is_counted_down_in_seconds(console: Console, scene: Scene) -> None:
    scene.opened()
    scene.room.leave("B1")
    scene.room.wait(5)
    scene.write()
    shown = console.get("/now").text
    assert "vault: one person alone. Alarm, and cabinets locked, in" in shown
    ends = scene.view()["rooms"]["vault"]["lone_at"] - scene.view()["at"] + scene.view()["wall_ms"]
    assert f'data-until="{ends}"' in shown
    assert "one person alone, alarm at" in shown


def test_b19_an_unknown_count_says_what_ends_it_and_who_left_without_a_badge(
    console: Console, scene: Scene
) -> None:
    scene.opened()
    scene.room.rex()
    scene.room.through()
    scene.write()
    shown = console.get("/now").text
    assert "vault: not known who is inside. Nobody goes in until two people count." in shown
    assert "Somebody left" in shown


def test_the_bar_names_the_alarm_that_stands_first(console: Console, scene: Scene) -> None:
    scene.force()
    scene.room.step(DeviceLost(scene.room.now, "main.in", "silent"))
    scene.write()
    first = re.search(r'alarm-card.*?<a href="[^"]*">([^<]*)</a>', console.get("/now").text, re.DOTALL)
    assert first
    assert first[1] == "Door forced · main"
    assert "Door forced · main" in console.get("/bar").text
    assert "2 alarms are open; nobody looks after 2 of them." in console.get("/now").text


def test_a_forced_alarm_says_whose_session_it_is_and_locks_everything(console: Console, scene: Scene) -> None:
    scene.opened()
    scene.force()
    ref = sha256(b"forced@main").hexdigest()[:12]
    shown = console.get(f"/now/alarm/{ref}").text
    assert "open since" in shown
    assert "Li Wei, Wang Fang" in shown
    assert 'href="/now/lockdown"' in shown
