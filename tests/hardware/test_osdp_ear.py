"""A line that falls silent, drips or babbles inside a frame never swallows the next one for long."""

from hardware.osdp.codec import Frame, encode
from hardware.osdp.ear import LONGEST, PAUSE, Ear

REPLY = Frame(1, reply=True, sequence=2, block=b"", body=b"\x40")
FALSE_START = bytes.fromhex("5381800004")


def test_a_frame_in_two_pieces_with_a_pause_between_is_heard() -> None:
    ear = Ear(115200)
    wire = encode(REPLY)
    assert ear.hear(wire[:4], 0.0) == []
    assert ear.hear(b"", PAUSE) == []
    assert ear.expecting
    assert ear.hear(wire[4:], PAUSE) == [REPLY]
    assert not ear.expecting


def test_two_pauses_end_a_frame_and_free_what_it_had_swallowed() -> None:
    ear = Ear(115200)
    assert ear.hear(FALSE_START + encode(REPLY), 0.0) == []
    assert ear.hear(b"", PAUSE) == []
    assert ear.hear(b"", 2 * PAUSE) == [REPLY]
    assert ear.rubbish == len(FALSE_START)


def test_a_dripping_line_holds_nothing_up_beyond_the_longest_frame() -> None:
    ear = Ear(115200)
    now, found = 0.0, ear.hear(FALSE_START + encode(REPLY), 0.0)
    while not found:
        now += PAUSE / 2
        assert now < 2 * ear.longest
        found = ear.hear(b"\x00", now)
    assert found == [REPLY]


def test_a_slow_line_is_given_the_time_its_frames_take() -> None:
    assert Ear(9600).longest > 10 * LONGEST / 9600
    assert Ear(9600).longest > 3 * Ear(115200).longest


def test_a_length_no_peripheral_needs_is_noise_at_once() -> None:
    ear = Ear(115200)
    assert ear.hear(bytes.fromhex("5381810004") + encode(REPLY), 0.0) == [REPLY]


def test_a_frame_after_a_long_silence_has_all_the_time_of_a_frame() -> None:
    ear = Ear(115200)
    wire = encode(REPLY)
    assert ear.hear(wire, 0.0) == [REPLY]
    assert ear.hear(b"", 99.0) == []
    assert ear.hear(wire[:6], 100.0) == []
    assert ear.hear(wire[6:], 100.001) == [REPLY]
