"""What a request carries that no page of ours sends: strange, huge, misleading. A peer tells what got in."""

from __future__ import annotations

import pytest

from tests.web.attacked import everybody
from tests.web.conftest import ORIGIN, Console, mark
from tests.web.peer import Peer
from tests.web.url_map import url_map

STRANGE_BODIES = [
    b'{"handle": "a", "handle": "b"}',
    b'{"handle": NaN}',
    b'{"handle": Infinity, "credential": -Infinity}',
    b'{"handle": 1e999}',
    b'{"handle": ' + b"9" * 5_000 + b"}",
    b"[" * 50_000 + b"]" * 50_000,
    b'{"a":' * 20_000 + b"1" + b"}" * 20_000,
    b'{"handle": "\\ud800"}',
    b'{"handle": "\\u0000"}',
    b"\xff\xfe\x00",
    b'"' + b"x" * 200_000 + b'"',
    b"null",
    b"",
    b"{",
]


@pytest.mark.parametrize("body", STRANGE_BODIES, ids=range(len(STRANGE_BODIES)))
def test_strange_json_breaks_nothing(console: Console, peer: Peer, body: bytes) -> None:
    everybody(peer)
    for one in url_map().routes:
        if "POST" not in one.methods or not one.rule.machine:
            continue
        answer = console.client.post(
            one.filled({}),
            base_url=ORIGIN,
            data=body,
            content_type="application/json",
            headers={"Origin": ORIGIN, "X-Ironroom-Mark": mark()},
        )
        assert answer.status_code < 500, (one.endpoint, answer.status_code)
        console.sign_in()


def test_more_than_its_measure_is_not_read(console: Console, peer: Peer) -> None:
    everybody(peer)
    huge = b"x" * (300 << 10)
    for kind in ("application/json", "application/x-www-form-urlencoded", "text/plain"):
        for path in ("/sign-in/passkey", "/now/lockdown", "/visitors", "/csp-report"):
            answer = console.client.post(
                path,
                base_url=ORIGIN,
                data=huge,
                content_type=kind,
                headers={"Origin": ORIGIN, "X-Ironroom-Mark": mark()},
            )
            assert answer.status_code in {400, 401, 413}, (path, kind, answer.status_code)
    many = "&".join(f"f{n}=1" for n in range(5_000))
    told = console.client.post(
        "/visitors",
        base_url=ORIGIN,
        data=many,
        content_type="application/x-www-form-urlencoded",
        headers={"Origin": ORIGIN, "X-Ironroom-Mark": mark()},
    )
    assert told.status_code < 500
    assert peer.said("ask") == []


def test_a_report_forges_no_line_of_the_consoles_own_log(
    stranger: Console, caplog: pytest.LogCaptureFixture
) -> None:
    lie = "x\r\nERROR the log: all is well\x1b[2J\u202e"
    report = {"csp-report": {"effective-directive": lie, "blocked-uri": lie, "document-uri": lie}}
    stranger.client.post("/csp-report", base_url=ORIGIN, json=report, headers={"Origin": ORIGIN})
    assert caplog.records
    for record in caplog.records:
        assert not set(record.getMessage()) & set("\r\n\x1b\u202e")


def test_invisible_signs_that_somebody_has_copied_do_not_come_with_the_text(
    console: Console, peer: Peer
) -> None:
    everybody(peer)
    peer.answers["ask"] = {"accepted": True}
    console.post("/now/lockdown", {"reason": "\ufeffsmoke\u200b in\u202e the \u00adhall\x00"})
    assert peer.said("ask")[0]["fields"]["reason"] == "smoke in the hall"


def test_invisible_signs_in_a_search_do_not_stop_it(console: Console, peer: Peer) -> None:
    everybody(peer)
    console.get("/review", query_string={"words": "Anna\u200b Berg"})
    assert {said["words"] for said in peer.said("look") if said["words"]} == {"Anna Berg"}
