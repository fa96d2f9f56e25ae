"""AuthenticateAES and EV1 secure messaging, against captures of real cards.

Sources: E. Smith ("Elmü"), DESFire EV1 communication examples (Stack Overflow, answer 38283999; an EV1 card);
the crate desox 0.3.5, src/replay (an EV3 card).
"""

from collections.abc import Generator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.credentials.aes import chained_cmac, encrypted
from hardware.credentials.ev1 import AuthenticateAes, Ev1Session
from hardware.credentials.ev2 import CommMode
from hardware.credentials.exchange import CardRefusedError
from hardware.credentials.native import crc32
from hardware.signals import CardFault

ZERO = bytes(16)
hex_ = bytes.fromhex

# Key number, key, RndA, challenge, our proof, card's proof, session key (None: not in the capture).
CAPTURES = [
    (
        0,
        "00" * 16,
        "F44B26F5686F3A391CD38EBD10772281",
        "B969FDFE56FD91FC9DE6F6F213B8FD1E",
        "36AAD7DF6E436BA08D18613830A70D5AD43E3D3F4A8D47541EEE623A934E4774",
        "800DB680BC146BD121D6578F2D2E2059",
        "F44B26F5C05DDD7110772281C4D066E8",
    ),
    (
        1,
        "10182028303840485058606870788088",
        "40E7D27174CBA675E8EFBAB99C530E3D",
        "B351CB2465D4F33AC627FD6E87A168F2",
        "044B6CAC343A0865895149649CA8DDE1F5AC4EC67BD208900AF02F049E05F0B0",
        "A2EE144B1012FBEB7B2F11132D95A454",
        "40E7D271626FFBD49C530E3D304F5B17",
    ),
    (
        0,
        "00" * 16,
        "01" * 16,
        "B4F7379BAD5F9955110412F2CFC3759C",
        "D83FF069CADB06F10D59A9BCE7831C10D46B8F0482BEE2F5EED91BF0F9AF08FD",
        "34C0EDD94CB393B59CC71F8F00DEB3C9",
        None,
    ),
    (
        0,
        "00" * 16,
        "C0FFEEBADCAB1EF00DF00DF00DF00D01",
        "2C68DFD9C1E211D5020AF03C8147B01E",
        "F2CD9CA7ACF94173D340B4CDD5FC527264C54056E6BD0DB15853A4F7A902AFBC",
        "B2DC06693DC7E505798AC41FF6D0FD7F",
        None,
    ),
]


@pytest.mark.parametrize(("number", "key", "rnd_a", "challenge", "proof", "card", "session_key"), CAPTURES)
def test_authenticate_aes_is_that_of_real_cards(
    number: int, key: str, rnd_a: str, challenge: str, proof: str, card: str, session_key: str | None
) -> None:
    handshake = AuthenticateAes(hex_(key), number, hex_(rnd_a))
    assert handshake.begin().hex().upper() == f"90AA0000010{number}00"
    assert handshake.prove(hex_(challenge + "91AF")).hex().upper() == f"90AF000020{proof}00"
    session = handshake.session(hex_(card + "9100"))
    assert session.iv == ZERO
    assert session_key is None or session.key == hex_(session_key)


def ended(talk: Generator[bytes, bytes, object], response: str) -> object:
    with pytest.raises(StopIteration) as end:
        talk.send(hex_(response))
    return end.value.value


def test_a_command_and_its_answer_chain_as_in_the_capture() -> None:
    session = Ev1Session(hex_("90F7A20191036845EC63DECD544B9931"))
    talk = session.ask(0x64, b"\x00", mode=CommMode.MAC, due=1)
    assert next(talk).hex().upper() == "90640000010000"
    assert session.iv.hex().upper() == "257FC538618A944A3A20967B6F314348"
    assert ended(talk, "108A8FA36F55CD210D9100") == b"\x10"
    assert session.iv.hex().upper() == "8A8FA36F55CD210DD8054658AC70D99A"


# Session key, new key, what is sent: the master key of an application twice, each changed by itself.
OWN = [
    (
        "F44B26F5C05DDD7110772281C4D066E8",
        "00102030405060708090A0B0B0A09080",
        "E9F85E219496C2B58C1090DC3935FAE9E840CF61B383D9531946256B1F110C10",
    ),
    (
        "C2A1E47B27104712FE6D00A71177A19B",
        "10182028303840485058606870788088",
        "2945E3760E60F4A4046BB8A505B31CF559A3A2E05213BC82942CA6AB5DBCECF5",
    ),
]


@pytest.mark.parametrize(("session_key", "new", "sent"), OWN)
def test_changing_the_key_of_the_session_is_that_of_a_real_card(
    session_key: str, new: str, sent: str
) -> None:
    talk = Ev1Session(hex_(session_key)).change_own_key(0, hex_(new), 0x10)
    assert next(talk).hex().upper() == f"90C400002100{sent}00"
    ended(talk, "9100")


def test_changing_another_key_is_that_of_a_real_card() -> None:
    session = Ev1Session(hex_("C2A1E47BD8100044FE6D00A74D7AB17C"))
    talk = session.change_key(1, hex_("00102030405060708090A0B0B0A09080"), ZERO, 0x10)
    assert next(talk).hex().upper() == (
        "90C400002101E7ECCB6BD1CA64BC161A12B1C024F71430337408C8A87EACAB7A1FF18951FCA300"
    )
    ended(talk, "2128D3CD9C9ACFFF9100")
    assert session.iv.hex().upper() == "2128D3CD9C9ACFFFF6EB9546ADF35E17"


def test_the_crc_is_that_of_the_captures() -> None:
    new = hex_("00102030405060708090A0B0B0A09080")
    assert crc32(b"\xc4\x01" + new + b"\x10") == (0x84B47033).to_bytes(4, "little")
    assert crc32(new) == (0x1979E3BF).to_bytes(4, "little")


KEY = bytes(range(16))
NUMBER = b"a badge's number"


def reading() -> tuple[Generator[bytes, bytes, bytes], bytes]:
    """A read that waits for its answer, and the answer a card would give."""
    talk = Ev1Session(KEY).ask(0xBD, bytes(7), due=16)
    next(talk)
    text = (NUMBER + crc32(NUMBER + b"\x00")).ljust(32, b"\x00")
    return talk, encrypted(KEY, text, chained_cmac(KEY, b"\xbd" + bytes(7), ZERO)) + b"\x91\x00"


def test_an_encrypted_answer_is_opened() -> None:
    talk, answer = reading()
    assert ended(talk, answer.hex()) == NUMBER


@given(st.integers(0, 8 * 34 - 1))
def test_no_bit_of_an_encrypted_answer_can_be_changed(bit: int) -> None:
    talk, answer = reading()
    changed = bytearray(answer)
    changed[bit // 8] ^= 1 << bit % 8
    with pytest.raises(CardRefusedError) as caught:
        talk.send(bytes(changed))
    assert caught.value.fault is CardFault.BROKEN


@given(st.integers(0, 8 * 11 - 1))
def test_no_bit_of_an_answer_with_a_mac_can_be_changed(bit: int) -> None:
    # The capture of GetKeyVersion again.
    talk = Ev1Session(hex_("90F7A20191036845EC63DECD544B9931")).ask(0x64, b"\x00", mode=CommMode.MAC)
    next(talk)
    changed = bytearray(hex_("108A8FA36F55CD210D9100"))
    changed[bit // 8] ^= 1 << bit % 8
    with pytest.raises(CardRefusedError) as caught:
        talk.send(bytes(changed))
    assert caught.value.fault is CardFault.BROKEN


def test_an_answer_out_of_its_place_is_refused() -> None:
    session = Ev1Session(KEY)
    talk, answer = reading()
    for due in (1, 16):
        talk = session.ask(0xBD, bytes(7), due=due)
        next(talk)
        with pytest.raises(CardRefusedError):
            talk.send(answer if due == 16 else b"\x00" * 9 + b"\x91\x00")


@given(
    st.binary(max_size=80), st.sampled_from([b"", b"\x91\x00", b"\x91\xaf", b"\x91\xae"]), st.integers(0, 40)
)
def test_whatever_comes_back_is_broken(body: bytes, status: bytes, due: int) -> None:
    for mode in (CommMode.MAC, CommMode.FULL):
        talk = Ev1Session(KEY).ask(0xBD, bytes(7), mode=mode, due=due)
        next(talk)
        with pytest.raises(CardRefusedError) as caught:
            talk.send(body + status)
        assert caught.value.fault is CardFault.BROKEN


def test_a_card_without_the_key_is_of_the_wrong_key() -> None:
    handshake = AuthenticateAes(ZERO, 0, hex_(CAPTURES[0][2] or ""))
    for step, response in ((handshake.prove, "91AE"), (handshake.session, "91AE")):
        with pytest.raises(CardRefusedError) as caught:
            step(hex_(response))
        assert caught.value.fault is CardFault.WRONG_KEY
    handshake.prove(hex_(f"{CAPTURES[0][3]}91AF"))
    with pytest.raises(CardRefusedError) as caught:
        handshake.session(hex_(f"{CAPTURES[2][5]}9100"))
    assert caught.value.fault is CardFault.WRONG_KEY
