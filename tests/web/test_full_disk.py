"""A full disk seen through the console: the controller's is told in words, its own is not even needed."""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from tests.console.house import House
from tests.power.test_bad_disks import OWN_MOUNTS, run
from tests.web.full_disk import LOW, MEANWHILE, RESERVE
from tests.web.running import Running, running

DISKS = {"a tmpfs of its own": 120} if OWN_MOUNTS else {"a limit of the kernel": 0}
GONE = "The controller does not answer"
FULL = f"{GONE}, and its disk is full"
BOUNDARY = "0123456789abcdef"


@pytest.fixture(scope="module", params=[*DISKS.values()], ids=[*DISKS])
def seen(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Whatever the console said while the disk filled up and when there was room again."""
    folder = tmp_path_factory.mktemp("full")
    words = [*OWN_MOUNTS, sys.executable, "-m", "tests.web.full_disk", str(folder), str(request.param)]
    return dict(json.loads(line) for line in run(*words).splitlines())


def test_the_page_of_what_is_now_says_how_full_it_is_long_before_anything_stops(seen: dict[str, Any]) -> None:
    assert LOW not in seen["before"][1]
    assert RESERVE not in seen["before"][1]
    if "low" in seen:
        assert (seen["low"][0], RESERVE in seen["low"][1]) == (200, False)
        assert "Disk filling up" in seen["low"][1]
        assert seen["reserve"][0] == 200


def test_the_controller_ends_and_every_page_says_that_and_why(seen: dict[str, Any]) -> None:
    assert seen["ended"][0] == 70
    for path in MEANWHILE:
        status, text, headers = seen[path]
        assert (path, status, headers["retry-after"]) == (path, 503, "3")
        assert (FULL if "low" in seen else GONE) in text
        assert "Waiting. What you typed is kept on this screen." in text
    assert seen.get("again", [70])[0] == 70  # as often as it is started


def test_whoever_asks_is_told_that_it_is_not_known_whether_it_was_done_and_it_was_not(
    seen: dict[str, Any],
) -> None:
    status, text, _ = seen["asked"]
    assert (status, "What you sent may have been done or not" in text) == (503, True)
    status, text, _ = seen["script"]
    told = json.loads(text)["error"]
    assert status == 503
    assert "Look first, then send it again" in told
    assert told.startswith(FULL if "low" in seen else GONE)
    assert seen["kept"][0] == seen["kept"][1]


def test_with_room_again_it_goes_on_and_a_second_click_is_none(seen: dict[str, Any]) -> None:
    assert seen["well"] == [200, [303, 303], 1]
    assert seen["words"] is False  # no traceback in what the console said


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A console whose processes may not write one byte to any file, its error output among them."""
    with House(tmp_path_factory.mktemp("bare")) as house:
        house.founded("zhao")
        with running(house) as console:
            for pid in console.family():
                resource.prlimit(pid, resource.RLIMIT_FSIZE, (0, 0))
            yield console


def test_a_console_without_any_disk_shows_every_page_and_does_what_is_asked(bare: Running) -> None:
    for path in ("/now", "/review", "/proof", "/account", "/visitors", "/people", "/commands", "/devices"):
        assert (path, bare.get(path)[0]) == (path, 200)
    assert bare.post("/now/lockdown", "reason=fire&key=k1")[0] == 303
    assert bare.house.entries("lockdown")


def test_a_photograph_takes_no_room_on_the_consoles_disk(bare: Running) -> None:
    picture = photograph()
    assert len(picture) > 600_000
    kind = f"multipart/form-data; boundary={BOUNDARY}"
    head = 'Content-Disposition: form-data; name="picture"; filename="p.jpg"\r\nContent-Type: image/jpeg\r\n'
    body = f"--{BOUNDARY}\r\n{head}\r\n".encode() + picture + f"\r\n--{BOUNDARY}--\r\n".encode()
    status, text, _ = bare.ask("POST", "/visitors/photo", body, **{"Content-Type": kind})
    assert (status, [*json.loads(text)]) == (200, ["digest"]), text


def photograph() -> bytes:
    """A face as a large camera sees it, with its grain: more than what is kept in memory by default."""
    whole = BytesIO()
    Image.effect_noise((2400, 1800), 20).convert("RGB").save(whole, "JPEG", quality=90)
    return whole.getvalue()
