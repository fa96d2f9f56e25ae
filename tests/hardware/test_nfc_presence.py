from hypothesis import given
from hypothesis import strategies as st

from hardware.nfc_presence import Presence

A, B, NOBODY = b"\x04\x01\x02\x03\x04\x05\x06", b"\x11\x22\x33\x44", None
SENSES = st.lists(st.sampled_from([A, B, b"\x99\x88\x77\x66", NOBODY]), max_size=40)


def presented(senses: list[bytes | None]) -> list[int]:
    presence = Presence()
    return [n for n, uid in enumerate(senses) if presence.sensed(() if uid is None else (uid,))]


def counted(*senses: tuple[bytes, ...]) -> list[tuple[bytes, ...]]:
    presence = Presence()
    return [presence.sensed(uids) for uids in senses]


def test_a_card_counts_once_however_long_it_lies_there() -> None:
    assert presented([NOBODY, A, A, A, A]) == [1]


def test_a_card_that_one_sense_missed_has_not_been_away() -> None:
    assert presented([A, NOBODY, A, NOBODY, A]) == [0]


def test_a_card_that_two_senses_missed_counts_again() -> None:
    assert presented([A, NOBODY, NOBODY, A]) == [0, 3]


def test_another_card_counts_at_once() -> None:
    assert presented([A, B]) == [0, 1]


def test_two_cards_that_answer_in_turn_count_once_each() -> None:
    assert presented([A, B, A, B, A, B]) == [0, 1]


def test_random_uids_are_one_card_until_it_has_been_away() -> None:
    telephone: list[bytes | None] = [bytes((8, 1, 2, n)) for n in range(20)]
    assert presented([*telephone, NOBODY, NOBODY, *telephone]) == [0, 22]


def test_seven_bytes_that_begin_with_08_are_a_card_of_their_own() -> None:
    assert presented([b"\x08\x01\x02\x03\x04\x05\x06", b"\x08\x01\x02\x03\x04\x05\x07"]) == [0, 1]


@given(SENSES)
def test_a_card_counts_exactly_when_the_last_two_senses_did_not_find_it(senses: list[bytes | None]) -> None:
    expected = [n for n, uid in enumerate(senses) if uid is not None and uid not in senses[max(0, n - 2) : n]]
    assert presented(senses) == expected


def test_two_cards_are_one_presentation_of_both() -> None:
    assert counted((A, B), (A, B), (B, A)) == [(A, B), (), ()]


def test_the_card_that_stays_counts_when_the_other_has_been_away() -> None:
    assert counted((A, B), (A,), (A,), (A,)) == [(A, B), (), (A,), ()]


def test_a_card_beside_one_that_was_read_is_two_cards_and_the_first_is_not_read_again() -> None:
    assert counted((A,), (A, B), (A,), (A,), (A,)) == [(A,), (A, B), (), (), ()]


def test_two_cards_with_random_uids_are_two_cards() -> None:
    assert counted((b"\x08\1\2\3", b"\x08\4\5\6")) == [(b"\x08\1\2\3", b"\x08\4\5\6")]


def test_a_torn_card_may_try_again_and_its_tears_are_counted_until_it_has_been_away() -> None:
    presence = Presence()
    for tears in (1, 2):
        assert presence.sensed((A,)) == (A,)
        assert presence.torn(A) == tears
    presence.sensed(())
    presence.sensed(())
    assert presence.sensed((A,)) == (A,)
    assert presence.torn(A) == 1


def test_a_card_counts_from_the_sense_that_first_found_it() -> None:
    presence = Presence()
    presence.sensed((A, B), 5.0)
    presence.sensed((A,), 6.0)
    assert presence.sensed((A,), 7.0) == (A,)
    assert presence.since(A) == 5.0


@given(st.lists(st.sampled_from([(), (A,), (B,), (A, B), (B, b"\x99\x88\x77\x66")]), max_size=40))
def test_the_memory_is_bounded(senses: list[tuple[bytes, ...]]) -> None:
    presence = Presence()
    for uids in senses:
        presence.sensed(uids)
        assert len(presence._stays) <= 4
