"""What somebody does who wants in with a DESFire he was not given."""

import random
from collections.abc import Callable

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from firmware_shims.cards.desfire import Desfire
from firmware_shims.cards.desfire_lies import (
    Babbler,
    Changed,
    Late,
    Recorder,
    Replay,
    Steered,
    Stubborn,
    Torn,
)
from hardware.credentials.desfire import DESFIRE
from hardware.credentials.exchange import CardRefusedError, NotThisCardError
from hardware.credentials.running import Bounds, converse
from hardware.signals import CardFault
from tests.credentials.tapping import (
    NUMBER,
    OTHER_SITE,
    OTHER_UID,
    SITE,
    UID,
    CardGoneError,
    Wire,
    badge,
    make,
    outcome,
    read,
)

GENERATIONS = pytest.mark.parametrize("generation", [1, 2])
TOKEN = NUMBER.hex().upper()
ANSWERS = {1: 5, 2: 4}  # so many answers has a reading
CHALLENGE, PROOF, DATA = -3, -2, -1  # which of them


def flip(position: int, bit: int = 1) -> Callable[[bytes], bytes]:
    def changed(answer: bytes) -> bytes:
        text = bytearray(answer)
        text[position] ^= bit
        return bytes(text)

    return changed


def test_a_cloned_uid_without_the_application_is_no_badge() -> None:
    assert outcome(Desfire(UID)) == "not ours"


@GENERATIONS
def test_a_cloned_uid_with_an_application_of_its_own_holds_the_wrong_key(generation: int) -> None:
    clone = badge(generation=generation, keys_of=OTHER_UID)
    assert outcome(clone) == "wrong_key"
    clone.applications[next(iter(clone.applications))].keys[:] = [bytes(16), bytes(16)]
    assert outcome(clone) == "wrong_key"


@GENERATIONS
def test_the_card_of_another_site_holds_the_wrong_key(generation: int) -> None:
    assert outcome(badge(OTHER_SITE, generation=generation)) == "wrong_key"


@GENERATIONS
def test_a_card_with_the_key_of_another_card_holds_the_wrong_key(generation: int) -> None:
    assert outcome(badge(uid=UID, keys_of=OTHER_UID, generation=generation)) == "wrong_key"


@GENERATIONS
def test_a_recorded_reading_opens_nothing_a_second_time(generation: int) -> None:
    tap = Recorder(badge(generation=generation))
    assert read(tap).token == TOKEN
    assert outcome(Replay(UID, [answer for _, answer in tap.heard])) == "wrong_key"


@GENERATIONS
def test_a_recorded_number_opens_nothing_behind_the_real_card(generation: int) -> None:
    tap = Recorder(badge(generation=generation))
    read(tap)
    recorded = tap.heard[DATA][1] or b""
    assert outcome(Steered(badge(generation=generation), {0xBD: recorded})) == "broken"


@GENERATIONS
def test_the_number_of_another_badge_cannot_be_put_in_the_place_of_this_one(generation: int) -> None:
    victim = Recorder(badge(uid=OTHER_UID, generation=generation))
    read(victim)
    mine = badge(generation=generation, number=bytes(range(16)))
    assert outcome(Steered(mine, {0xBD: victim.heard[DATA][1] or b""})) == "broken"


@GENERATIONS
@pytest.mark.parametrize(
    ("which", "position", "fault"),
    [
        (CHALLENGE, 0, "wrong_key"),
        (CHALLENGE, 15, "wrong_key"),
        (PROOF, 5, "wrong_key"),
        (PROOF, 15, "wrong_key"),
        (DATA, 0, "broken"),
        (DATA, 17, "broken"),
        (DATA, -3, "broken"),  # the last byte of the MAC, or of the CRC's block
    ],
)
def test_a_number_changed_on_its_way_is_found_out(
    generation: int, which: int, position: int, fault: str
) -> None:
    meddled = Changed(badge(generation=generation), ANSWERS[generation] + which, flip(position))
    assert outcome(meddled) == fault


@given(st.data())
def test_no_bit_of_a_reading_can_be_changed_and_still_open_with_another_number(data: st.DataObject) -> None:
    generation = data.draw(st.sampled_from([1, 2]))
    at = data.draw(st.integers(0, ANSWERS[generation] - 1))
    tap = Recorder(badge(generation=generation))
    read(tap)
    answer = tap.heard[at][1] or b""
    bit = data.draw(st.integers(0, 8 * len(answer) - 1))
    said = outcome(Changed(badge(generation=generation), at, flip(bit // 8, 1 << bit % 8)))
    assert said in {"wrong_key", "broken", "not ours"}


def test_a_card_made_to_look_older_still_has_to_prove_its_key() -> None:
    down = Steered(badge(), {0x71: b"\x91\x1c"})
    assert outcome(down) == TOKEN
    assert outcome(Steered(badge(keys_of=OTHER_UID), {0x71: b"\x91\x1c"})) == "wrong_key"


def test_only_911c_leads_to_the_older_authentication() -> None:
    for status in ("91AE", "919D", "9140", "6D00", "91AF", "9100", "917E"):
        wire = Wire(Steered(badge(), {0x71: bytes.fromhex(status)}))
        with pytest.raises(CardRefusedError):
            read(wire.card, wire=wire)
        assert wire.codes == ["5A", "71"], status


@pytest.mark.parametrize(
    "instead",
    [{0x71: "90AA0000010100"}, {0x71: "9099000000", 0xAA: "9071000002010000"}],
    ids=["EV2First as AuthenticateAES", "AuthenticateAES as EV2First"],
)
def test_a_message_of_one_authentication_does_not_serve_in_the_other(instead: dict[int, str]) -> None:
    class Mixed:
        """Takes what the reader begins to the card as the other authentication."""

        uid = UID
        card = badge()

        def answer(self, apdu: bytes) -> bytes | None:
            return self.card.answer(bytes.fromhex(instead.get(apdu[1], apdu.hex())))

    assert outcome(Mixed()) == "broken"


@pytest.mark.parametrize(
    "says", ["91AE", "9100", "911C", "91AF", "91A0", "9000", "6A82", "6D00", "", "91", "00"]
)
def test_a_card_with_one_answer_to_everything_is_no_badge(says: str) -> None:
    said = outcome(Stubborn(UID, bytes.fromhex(says)))
    assert said == ("broken" if says == "9100" else "not ours")


@pytest.mark.parametrize("after", [0, 1, 2, 3])
def test_a_card_that_is_torn_away_proves_nothing(after: int) -> None:
    with pytest.raises(CardGoneError):
        read(Torn(badge(), after))


@pytest.mark.parametrize(("delay", "fault"), [(0.05, "slow"), (0.5, "slow"), (0.01, None)])
def test_a_card_behind_a_relay_is_too_slow(delay: float, fault: str | None) -> None:
    now = [0.0]

    def wait() -> None:
        now[0] += delay

    relayed = Late(badge(), wait)
    exchange = DESFIRE.read(UID, SITE)
    if fault is None:
        assert converse(exchange, Wire(relayed), Bounds(), lambda: now[0]).token == TOKEN
        return
    with pytest.raises(CardRefusedError) as caught:
        converse(exchange, Wire(relayed), Bounds(), lambda: now[0])
    assert caught.value.fault is CardFault.SLOW


@given(st.randoms(use_true_random=False))
def test_a_card_that_babbles_is_refused_or_not_ours(dice: random.Random) -> None:
    assert outcome(Babbler(UID, dice)) in {"broken", "wrong_key", "not ours"}


@given(st.integers(0, 4), st.binary(max_size=300), st.sampled_from([1, 2]))
def test_any_answer_in_any_place_ends_in_a_refusal(at: int, said: bytes, generation: int) -> None:
    assume(said not in {b"\x91\x00", b"\x91\x1c"})  # which may be the true ones
    card = Changed(badge(generation=generation), at % ANSWERS[generation], lambda _: said)
    assert outcome(card) in {"broken", "wrong_key", "not ours"}


@given(st.integers(0, 21), st.binary(max_size=80), st.sampled_from(["", "9100", "91AF", "91AE", "91A0"]))
def test_any_answer_in_any_place_of_a_making_ends_in_a_refusal_or_in_a_badge(
    at: int, body: bytes, status: str
) -> None:
    card = Changed(Desfire(UID), at, lambda _: body + bytes.fromhex(status))
    try:
        token = make(card).token
    except (CardRefusedError, NotThisCardError):
        return
    assert read(card.card).token == token
