"""Signing in and out: what is relayed, what the browser keeps, and what nobody is told."""

from __future__ import annotations

import pytest

from tests.web.conftest import Console
from tests.web.peer import REFUSED, TOKEN, Peer

IN = {"token": "new-token", "person": "c1", "roles": ["chief"]}
FORM = {"person": "c1", "password": "open sesame", "code": "123456", "next": "/seat"}


def test_the_session_cookie_is_for_this_host_over_tls_and_for_no_script(
    stranger: Console, peer: Peer
) -> None:
    peer.answers["sign_in_password"] = IN
    answer = stranger.post("/sign-in/password", FORM)
    assert answer.headers["Location"] == "/seat"
    assert answer.headers.getlist("Set-Cookie") == [
        "__Host-ironroom=new-token; Secure; HttpOnly; Path=/; SameSite=Strict"
    ]
    assert peer.said("sign_in_password") == [
        {
            "do": "sign_in_password",
            "person": "c1",
            "password": "open sesame",
            "code": "123456",
            "seat": "127.0.0.1",
        }
    ]


def test_a_wrong_sign_in_says_one_thing_whatever_was_wrong_and_keeps_the_number_alone(
    stranger: Console, peer: Peer
) -> None:
    peer.answers["sign_in_password"] = {"refused": "wrong", "need": "x"}
    answer = stranger.post("/sign-in/password", FORM)
    assert answer.status_code == 401
    assert "That did not fit" in answer.text
    assert 'value="c1"' in answer.text
    assert "open sesame" not in answer.text
    assert "Set-Cookie" not in answer.headers


def test_who_is_locked_out_is_told_how_long(stranger: Console, peer: Peer) -> None:
    peer.answers["sign_in_password"] = {"refused": "locked", "need": "x", "wait_s": 42}
    answer = stranger.post("/sign-in/password", FORM)
    assert answer.status_code == 429
    assert "42" in answer.text


def test_a_passkey_is_relayed_and_its_token_kept(stranger: Console, peer: Peer) -> None:
    peer.answers |= {"passkey_options": {"handle": "h", "options": {"challenge": "c"}}, "sign_in": IN}
    assert stranger.post("/sign-in/options", json={}).json == {"handle": "h", "options": {"challenge": "c"}}
    told = {"handle": "h", "credential": {"id": "k"}, "next": "/help"}
    answer = stranger.post("/sign-in/passkey", json=told)
    assert answer.json == {"next": "/help"}
    assert stranger.cookie("__Host-ironroom") == "new-token"
    assert peer.said("sign_in")[0]["credential"] == {"id": "k"}


def test_somebody_who_is_signed_in_proves_it_anew_and_gets_another_token(
    console: Console, peer: Peer
) -> None:
    peer.answers["prove"] = {"accepted": True, "token": "newer-token"}
    answer = console.post(
        "/sign-in/passkey", json={"handle": "h", "credential": {"id": "k"}, "next": "/account"}
    )
    assert answer.json == {"next": "/account"}
    assert console.cookie("__Host-ironroom") == "newer-token"
    assert peer.said("prove")[0]["token"] == TOKEN
    assert not peer.said("sign_in")
    assert not peer.said("sign_out")


def test_by_password_too_who_is_signed_in_proves_it_anew_in_the_same_session(
    console: Console, peer: Peer
) -> None:
    peer.answers["prove_password"] = {"accepted": True, "token": "new-token"}
    assert console.post("/sign-in/password", FORM).headers["Location"] == "/seat"
    (said,) = peer.said("prove_password")
    assert said == {
        "do": "prove_password",
        "token": TOKEN,
        "password": FORM["password"],
        "code": FORM["code"],
    }
    assert console.cookie("__Host-ironroom") == "new-token"
    assert peer.said("sign_out") == peer.said("sign_in_password") == []


def test_a_new_sign_in_ends_the_session_that_the_browser_had(console: Console, peer: Peer) -> None:
    peer.answers |= {"sign_in_password": IN, "sign_out": {"accepted": True}}
    console.post("/sign-in/password", FORM | {"person": "c2"})
    assert peer.said("sign_out") == [{"do": "sign_out", "token": TOKEN}]


def test_signing_out_ends_the_session_and_takes_the_cookie_away(console: Console, peer: Peer) -> None:
    peer.answers["sign_out"] = {"accepted": True}
    answer = console.post("/sign-out", {})
    assert answer.headers["Location"] == "/sign-in"
    assert console.cookie("__Host-ironroom") == ""
    assert peer.said("sign_out") == [{"do": "sign_out", "token": TOKEN}]


def test_the_first_passkey_is_made_with_a_code_of_the_box(stranger: Console, peer: Peer) -> None:
    peer.answers |= {"set_up_begin": {"handle": "h", "options": {}}, "set_up_finish": IN}
    assert stranger.post("/set-up/begin", json={"person": "c1", "code": "AAAA-BBBB"}).status_code == 200
    told = {"handle": "h", "credential": {"id": "k"}, "label": "blue"}
    assert stranger.post("/set-up/finish", json=told).json == {"next": "/now"}
    assert peer.said("set_up_begin") == [{"do": "set_up_begin", "person": "c1", "code": "AAAA-BBBB"}]
    assert stranger.cookie("__Host-ironroom") == "new-token"


def test_a_password_and_a_phone_are_set_up_with_a_code_of_the_box(stranger: Console, peer: Peer) -> None:
    peer.answers |= {
        "set_up_password": {"handle": "h", "uri": "otpauth://totp/x?secret=AAAA", "secret": "AAAA"},
        "set_up_codes": IN,
    }
    typed = {"person": "c1", "code": "AAAA-BBBB", "password": "four grey herons", "again": "four grey herons"}
    page = stranger.post("/set-up/password", typed)
    assert "AAAA" in page.text
    assert "four grey herons" not in page.text
    assert stranger.post("/set-up/codes", {"handle": "h", "code": "123456"}).headers["Location"] == "/now"
    assert stranger.cookie("__Host-ironroom") == "new-token"


def test_two_passwords_that_differ_are_said_before_anything_is_told(stranger: Console, peer: Peer) -> None:
    typed = {"person": "c1", "code": "AAAA-BBBB", "password": "four grey herons", "again": "four gray herons"}
    assert stranger.post("/set-up/password", typed).status_code == 401
    assert peer.said("set_up_password") == []


@pytest.mark.parametrize("sent", [None, [], "text", {"handle": 7}])
def test_nonsense_instead_of_a_passkey_is_refused_in_words(
    stranger: Console, peer: Peer, sent: object
) -> None:
    peer.answers["sign_in"] = {"refused": "not_understood", "need": "x"}
    answer = stranger.post("/sign-in/passkey", json=sent)
    assert answer.status_code == 401
    assert answer.json
    assert answer.json["error"]


def test_a_session_that_the_controller_ended_leads_back_to_the_sign_in(console: Console, peer: Peer) -> None:
    peer.answers["who"] = REFUSED
    assert console.get("/seat").headers["Location"] == "/sign-in?next=/seat"


def test_the_token_is_never_shown_in_a_page(console: Console) -> None:
    for path in ("/now", "/seat", "/keys", "/help"):
        assert TOKEN not in console.get(path).text


def test_what_the_browser_fetches_by_itself_keeps_nobody_signed_in(console: Console, peer: Peer) -> None:
    console.get("/signed-in")
    console.get("/bar")
    console.get("/keys", headers={"X-Ironroom-Quiet": "1"})
    console.get("/keys")
    assert [one["quiet"] for one in peer.said("who")] == [True, True, True, False]
    assert [one["quiet"] for one in peer.said("room")] == [True]
