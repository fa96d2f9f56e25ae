"""EV2First: who opens a session, and whom it is refused (AN12196 rev. 2.0)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.credentials.ev2 import Ev2First, UnknownCommandError, session_keys
from hardware.credentials.exchange import CardRefusedError
from hardware.signals import CardFault
from tests.credentials.ev2_examples import FIRST, ZERO, hex_


@pytest.mark.parametrize("example", FIRST)
def test_ev2first_is_that_of_an12196(example: tuple[int, str, str, str, str, str, str, str]) -> None:
    number, rnd_a, challenge, proof, card, *opened = example
    first = Ev2First(ZERO, number, hex_(rnd_a))
    assert first.begin().hex().upper() == f"90710000020{number}0000"
    assert first.prove(hex_(challenge + "91AF")).hex().upper() == f"90AF000020{proof}00"
    session = first.session(hex_(card + "9100"))
    assert [session.ti, session.key_enc, session.key_mac] == [hex_(text) for text in opened]
    assert session.counter == 0


def test_the_session_keys_of_table_23_come_from_its_random_numbers() -> None:
    enc, mac = session_keys(
        ZERO, hex_("60BE759EDA560250AC57CDDC11743CF6"), hex_("6924E8D09722659A2E7DEC68E66312B8")
    )
    assert enc.hex().upper() == "4CF3CB41A22583A61E89B158D252FC53"
    assert mac.hex().upper() == "5529860B2FC5FB6154B7F28361D30BF9"


def test_a_card_that_says_it_holds_another_key_is_of_the_wrong_key() -> None:
    first = Ev2First(ZERO, 1)
    with pytest.raises(CardRefusedError) as caught:
        first.prove(b"\x91\xae")
    assert caught.value.fault is CardFault.WRONG_KEY
    first.prove(bytes(16) + b"\x91\xaf")
    with pytest.raises(CardRefusedError) as caught:
        first.session(b"\x91\xae")
    assert caught.value.fault is CardFault.WRONG_KEY


def test_a_card_that_proves_nothing_is_of_the_wrong_key() -> None:
    first = Ev2First(ZERO, 0, hex_(FIRST[0][1]))
    first.prove(hex_(FIRST[0][2] + "91AF"))
    with pytest.raises(CardRefusedError) as caught:
        first.session(hex_(FIRST[1][4] + "9100"))
    assert caught.value.fault is CardFault.WRONG_KEY


def test_only_the_first_answer_can_say_that_ev2_is_not_known() -> None:
    first = Ev2First(ZERO, 0)
    with pytest.raises(UnknownCommandError):
        first.prove(b"\x91\x1c")
    first.prove(bytes(16) + b"\x91\xaf")
    with pytest.raises(CardRefusedError) as caught:
        first.session(b"\x91\x1c")
    assert not isinstance(caught.value, UnknownCommandError)
    assert caught.value.fault is CardFault.BROKEN


@given(st.binary(max_size=60), st.sampled_from([b"", b"\x91\xaf", b"\x91\x00", b"\x90\x00"]))
def test_whatever_a_card_answers_to_ev2first_it_opens_no_session(body: bytes, status: bytes) -> None:
    first = Ev2First(ZERO, 0)
    for step in (first.prove, first.session):
        try:
            taken = step(body + status)
        except CardRefusedError:
            continue
        assert step == first.prove
        assert isinstance(taken, bytes)
        assert len(body) == 16
