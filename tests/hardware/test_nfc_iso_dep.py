import random
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_shims.cards.iso_dep import DESFIRE_ATS
from firmware_shims.cards.iso_dep import IsoDep as Card
from hardware.credentials.exchange import CardRefusedError
from hardware.nfc_iso_dep import (
    LONGEST_ANSWER,
    NOISES,
    Ats,
    IsoDep,
    SilentError,
    parse_ats,
    rats,
)
from hardware.signals import CardFault
from tests.hardware.iso_dep_air import EACH_S, Air, Echo, activated

FRAMES = 10_000


@pytest.mark.parametrize(
    ("ats", "means"),
    [
        # NXP AN10833 and ISO/IEC 14443-4, 5.2: MIFARE DESFire; the shortest there is; FSCI alone; all bytes.
        (DESFIRE_ATS, Ats(64, 4096 / 13.56e6 * 256, 4096 / 13.56e6 * 2)),
        (b"\x01", Ats(32, 4096 / 13.56e6 * 16, 0.0)),
        (b"\x02\x08", Ats(256, 4096 / 13.56e6 * 16, 0.0)),
        (b"\x03\x28\xe0", Ats(256, 4096 / 13.56e6 * 16384, 0.0)),
        # Reserved values count as the default: FSCI 15 as 8, FWI 15 as 4, SFGI 15 as 0.
        (b"\x03\x2f\xff", Ats(256, 4096 / 13.56e6 * 16, 0.0)),
    ],
)
def test_an_answer_to_select_means_what_the_standard_says(ats: bytes, means: Ats) -> None:
    assert parse_ats(ats) == means


@pytest.mark.parametrize(
    "ats",
    [b"", b"\x00", b"\x02", b"\x05\x78\x80\x70", b"\x02\x78", b"\x03\x78\x80", b"\x02\x85", b"\x40" * 9],
)
def test_an_answer_to_select_that_lies_about_itself_is_broken(ats: bytes) -> None:
    with pytest.raises(CardRefusedError, match="answer to select") as refused:
        parse_ats(ats)
    assert refused.value.fault is CardFault.BROKEN


def test_a_card_that_wants_to_be_left_alone_for_seconds_is_broken() -> None:
    with pytest.raises(CardRefusedError, match="left alone"):
        IsoDep(lambda _, __: b"", parse_ats(b"\x03\x25\x4e"), EACH_S)


@pytest.mark.parametrize("frame", range(9))
@given(sizes=st.lists(st.integers(0, 700), min_size=1, max_size=4))
def test_commands_and_answers_of_any_size_arrive_whole_through_any_frame_size(
    frame: int, sizes: list[int]
) -> None:
    card = Card(Echo(), ats=bytes((2, frame)))
    dep = activated(Air(card))
    for size in sizes:
        apdu = (bytes(range(256)) * 3)[:size]
        assert dep.transceive(apdu) == apdu + b"\x90\x00"


@pytest.mark.parametrize("lost", ["garbled", "unheard"])
@pytest.mark.parametrize("at", range(1, 12))
def test_one_frame_lost_to_noise_anywhere_changes_nothing(lost: str, at: int) -> None:
    echo = Echo()
    air = Air(Card(echo, ats=b"\x02\x03", pleas=1), **{lost: {at}})
    dep = activated(air)
    commands = [bytes(range(100)), b"\x01\x02"]
    assert [dep.transceive(c) for c in commands] == [c + b"\x90\x00" for c in commands]
    assert echo.heard == commands


def test_nothing_but_noise_is_silence_after_a_few_frames() -> None:
    air = Air(Card(Echo()), garbled=set(range(100)))
    with pytest.raises(SilentError):
        activated(air).transceive(b"\x60")
    assert len(air.frames) == NOISES + 1


def test_a_silent_card_is_not_asked_again() -> None:
    card = Card(Echo())
    air = Air(card)
    dep = activated(air)
    dep.transceive(b"\x60")
    card.reset()
    with pytest.raises(SilentError):
        dep.transceive(b"\x61")
    assert len(air.frames) == 2


def test_an_answer_without_end_is_broken() -> None:
    blocks = iter(range(10**6))
    with pytest.raises(CardRefusedError, match="no end"):
        IsoDep(lambda _, __: bytes((0x12 | next(blocks) % 2,)) * 250, parse_ats(b"\x01"), EACH_S).transceive(
            b"\x60"
        )
    assert next(blocks) < LONGEST_ANSWER / 249 + 3


@pytest.mark.parametrize(
    "block",
    [b"\x03\x90\x00", b"\x0a\x00\x90\x00", b"\x06\x90\x00", b"\xa2", b"\xb2", b"\xc2", b"\xff", b"\xe2"],
)
def test_a_block_that_does_not_belong_here_is_broken(block: bytes) -> None:
    with pytest.raises(CardRefusedError) as refused:
        IsoDep(lambda _, __: block, parse_ats(b"\x01"), EACH_S).transceive(b"\x60")
    assert refused.value.fault is CardFault.BROKEN


def test_a_part_of_a_command_that_is_not_acknowledged_is_broken() -> None:
    with pytest.raises(CardRefusedError, match="acknowledge"):
        IsoDep(lambda _, __: b"\x02\x90\x00", parse_ats(b"\x02\x00"), EACH_S).transceive(bytes(50))


def _mutated(frame: bytes, dice: random.Random) -> bytes:
    changes: list[Callable[[bytes], bytes]] = [
        lambda f: f,
        lambda _: dice.randbytes(dice.randrange(40)),
        lambda f: f[: dice.randrange(len(f) + 1)],
        lambda f: f + dice.randbytes(3),
        lambda f: bytes(b ^ (1 << dice.randrange(8)) if dice.random() < 0.2 else b for b in f),
        lambda f: bytes((dice.randrange(256),)) + f[1:],
    ]
    return dice.choice(changes)(frame)


def test_ten_thousand_mutated_and_random_frames_end_in_an_answer_a_refusal_or_silence() -> None:
    dice = random.Random(14443)  # noqa: S311
    ends: dict[str, int] = {}
    frames = 0
    while frames < FRAMES:
        air = Air(Card(Echo(), ats=b"\x02\x03", pleas=dice.randrange(3)))

        def swap(frame: bytes, wait_s: float, air: Air = air) -> bytes:
            return _mutated(air.swap(frame, wait_s), dice)

        try:
            ats = parse_ats(_mutated(bytes(air.card(rats(256)) or b""), dice))
            dep = IsoDep(swap, ats, EACH_S, lambda air=air: air.now)  # type: ignore[misc]
            for _ in range(4):
                assert len(dep.transceive(bytes(range(60)))) <= LONGEST_ANSWER
            end = "answered"
        except (CardRefusedError, SilentError) as error:
            end = type(error).__name__
        ends[end] = ends.get(end, 0) + 1
        frames += 1 + len(air.frames)
    assert set(ends) == {"answered", "CardRefusedError", "SilentError"}
