"""One's own account: what is relayed, what it takes, and what is said when the controller refuses."""

from __future__ import annotations

from typing import Any

import pytest

from tests.web.conftest import Console
from tests.web.peer import TOKEN, Peer, person

SESSION = {"since": 1_795_341_699_774, "seen": 1_795_341_899_774, "seat": "10.2.3.4"}
SESSIONS: list[dict[str, Any]] = [
    {"id": "s1", "person": "c1", "how": "passkey", "own": True, **SESSION},
    {"id": "s2", "person": "p2", "how": "password", "own": False, **SESSION},
]


@pytest.fixture(autouse=True)
def desk(peer: Peer) -> None:
    """What the controller says about accounts."""
    peer.answers |= {
        "sessions": {"sessions": SESSIONS},
        "offered": {"offered": [{"credential": "a", "person": "c1", "label": "phone", "since": 1}]},
        "end_session": {"accepted": True},
        "set_password": {"accepted": True},
        "totp_begin": {"uri": "otpauth://totp/x?secret=JBSWY3DPEHPK3PXP", "secret": "JBSWY3DPEHPK3PXP"},
        "totp_finish": {"accepted": True},
        "passkey_finish": {"accepted": True, "offered": "a"},
    }


def test_sessions_are_listed_with_where_and_when_in_the_rooms_time(console: Console) -> None:
    text = console.get("/account").text
    assert "11-22 18:01" in text  # Asia/Shanghai
    assert "10.2.3.4" in text
    assert "this screen" in text
    assert text.count("/account/sessions/") == 1  # one's own ends by signing out


def test_a_session_is_ended_by_its_name(console: Console, peer: Peer) -> None:
    answer = console.post("/account/sessions/s2", {})
    assert answer.headers["Location"] == "/account"
    assert peer.said("end_session") == [{"do": "end_session", "token": TOKEN, "id": "s2"}]
    assert "That session has ended." in console.get("/account").text


def test_a_password_is_typed_twice_and_relayed_once(console: Console, peer: Peer) -> None:
    wrong = console.post("/account/password", {"old": "o", "new": "one long phrase", "again": "another"})
    assert wrong.status_code == 409
    assert "one long phrase" not in wrong.text
    assert not peer.said("set_password")
    told = {"old": "o", "new": "one long phrase", "again": "one long phrase"}
    assert console.post("/account/password", told).status_code == 303
    assert peer.said("set_password")[0]["password"] == "one long phrase"


@pytest.mark.parametrize(
    ("word", "said"), [("weak", "short or known"), ("wrong", "did not fit"), ("not_fresh", "Confirm first")]
)
def test_a_password_that_is_refused_is_told_why(console: Console, peer: Peer, word: str, said: str) -> None:
    peer.answers["set_password"] = {"refused": word, "need": "x"}
    answer = console.post("/account/password", {"old": "", "new": "x", "again": "x"})
    assert answer.status_code == 409
    assert said in answer.text


def test_codes_are_shown_as_qr_and_text_drawn_in_the_page_itself(console: Console, peer: Peer) -> None:
    text = console.get("/account/code").text
    assert '<svg viewBox="' in text
    assert "JBSWY3DPEHPK3PXP" in text
    assert "otpauth" not in text
    assert console.post("/account/code", {"code": "123 456"}).status_code == 303
    assert peer.said("totp_finish")[0]["code"] == "123456"


def test_a_wrong_code_keeps_the_secret_and_shows_it_no_second_time(console: Console, peer: Peer) -> None:
    peer.answers["totp_finish"] = {"refused": "wrong", "need": "x"}
    answer = console.post("/account/code", {"code": "000000"})
    assert answer.status_code == 409
    assert "JBSWY3DP" not in answer.text
    assert len(peer.said("totp_begin")) == 0


def test_a_new_passkey_is_offered_and_said_to_wait_for_two_chiefs(console: Console, peer: Peer) -> None:
    told = {"handle": "h", "credential": {"id": "k"}, "label": "phone"}
    assert console.post("/account/passkey/finish", json=told).json == {"next": "/account"}
    assert peer.said("passkey_finish")[0]["label"] == "phone"
    assert "two chiefs" in console.get("/account").text


def test_who_is_no_chief_sees_no_other_names(console: Console, peer: Peer) -> None:
    peer.answers |= {"who": person("guard", name="g1"), "sessions": {"sessions": SESSIONS[:1]}}
    assert "Everybody who is signed in" not in console.get("/account").text


def test_a_command_is_shown_whole_before_it_is_signed(console: Console, peer: Peer) -> None:
    text = '{"ask":"release_door","by":"c1","fields":{"door":"outer","seconds":8},"nonce":"n"}'
    command = {"command": "k1", "code": "4F2A-91C0", "text": text, "people": 2, "options": {}, "handle": "h"}
    peer.answers["sign_options"] = command
    told = console.post("/sign/k1/options", json={"next": "/now"}).json
    assert told
    assert told["rows"][0] == ["What is asked", "Release a door (release_door)"]
    rows = [" ".join(row) for row in told["rows"]]
    for held in ("c1", "outer", "8", "n"):
        assert any(held in row for row in rows), held
    assert told["bytes"] == text, "and to the letter"
    assert told["code"] == "4F2A-91C0"


@pytest.mark.parametrize(
    ("answer", "status", "said"),
    [
        ({"accepted": True}, 200, "Done."),
        ({"waits": 1, "code": "4F2A-91C0"}, 200, "It waits for a second person: code 4F2A-91C0."),
        ({"refused": "expired", "need": "x"}, 409, ""),
    ],
)
def test_a_signature_is_relayed_and_its_fate_told(
    console: Console, peer: Peer, answer: dict[str, Any], status: int, said: str
) -> None:
    peer.answers["sign"] = answer
    got = console.post("/sign/k1", json={"handle": "h", "credential": {"id": "k"}, "next": "//evil.example"})
    assert got.status_code == status
    assert got.json
    assert got.json.get("next", "/") == "/"
    assert ("error" in got.json) == (status == 409)
    assert said in console.get("/keys").text
