"""Requests and answers between log and log witness: the specification's examples, byte for byte."""

from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from controller.errors import FormatRefused
from controller.ledger.formats.cosignature import Cosigner
from controller.ledger.formats.note import SignedNote, verify
from controller.ledger.formats.witness_wire import (
    AddCheckpoint,
    Status,
    decode_cosignatures,
    decode_size,
    encode_cosignatures,
    encode_size,
)

patiently = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

# The examples of C2SP tlog-witness, section "add-checkpoint": a request and an answer.
REQUEST = (
    "old 20852014\n"
    "PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=\n"
    "jrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=\n"
    "5+pKlUdi2LeF/BcMHBn+Ku6yhPGNCswZZD1X/6QgPd8=\n"
    "/6WVhPs2CwSsb5rYBH5cjHV/wSmA79abXAwhXw3Kj/0=\n"
    "\n"
    "example.com/behind-the-sofa\n"
    "20852163\n"
    "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
    "\n"
    "— example.com/behind-the-sofa "
    "Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n"
    "— example.com/behind-the-sofa "
    "opLqBQsREYCgu6xQkYQwJr9fo45a62DN9EdmHXnZdXNqlcVGlCum2Wks+49/V6267UEjw6QUXTS5Rovnzv++qbSzm9Q=\n"
).encode()
ANSWER = (
    "— witness.example/w1 "
    "CMp+6LWBU0anHGH5aNDTJkH/gj79sG+T6+iP2ThYN5krrDJbR1HDnucjL39QsZTSvVjyQLrdk3DXDqI5G2HgLatVs0pWh6Up69HVOw==\n"
    "— witness.example/w1 "
    "I7rEps0pvK2UqkS2gSpVUDhrhVtQV9lgF6pRrWAvjJHjyWpW7VcE3SiOlVlbQNt64vWhO+DlkL0+UfzuOBMh9ChdMkP1vi/lCAsmlw==\n"
    "— witness.example/w2 "
    "AWui8Sk55XjYLOijihBjhqEH6nS1ndDymE0a+6idX7pLcnoB+dhnz0854aLZgrrKbYKA7nC3HNJhm/kWl7oJlqU3rXXvpysAdyP3wQ==\n"
).encode()


def test_the_request_of_the_specification_is_read_and_spelled_back() -> None:
    request = AddCheckpoint.parse(REQUEST)
    assert (request.old, len(request.proof), len(request.note.signatures)) == (20852014, 4, 2)
    assert request.checkpoint.size == 20852163
    assert request.to_bytes() == REQUEST


def test_the_answer_of_the_specification_is_read_and_spelled_back() -> None:
    cosignatures = decode_cosignatures(ANSWER)
    assert [one.name for one in cosignatures] == [
        "witness.example/w1",
        "witness.example/w1",
        "witness.example/w2",
    ]
    assert encode_cosignatures(cosignatures) == ANSWER


def test_a_cosignature_from_an_answer_joins_the_note_it_was_asked_for() -> None:
    note = AddCheckpoint.parse(REQUEST).note
    cosigner = Cosigner("office", Ed25519PrivateKey.generate(), lambda: 1_700_000_000)
    cosignature = SignedNote(note.text, note.signatures).signatures[0]
    made = type(cosignature).by(cosigner.vkey, cosigner.sign(note.text.encode()))
    joined = note.joined(decode_cosignatures(ANSWER + encode_cosignatures([made])))
    assert verify(joined, [cosigner.vkey]) == [cosigner.vkey]
    assert len(joined.signatures) == 6


def test_the_status_codes_are_those_of_the_specification() -> None:
    assert [status.value for status in Status] == [200, 400, 403, 404, 409, 422]


CHANGES: dict[str, Callable[[bytes], bytes]] = {
    "no old line": lambda octets: octets.partition(b"\n")[2],
    "no word": lambda octets: octets.replace(b"old ", b""),
    "another word": lambda octets: octets.replace(b"old ", b"Old "),
    "two spaces": lambda octets: octets.replace(b"old ", b"old  "),
    "a leading zero": lambda octets: octets.replace(b"old ", b"old 0"),
    "a sign": lambda octets: octets.replace(b"old ", b"old -"),
    "beyond 2^63": lambda octets: octets.replace(b"old ", b"old 999999999999"),
    "CRLF": lambda octets: octets.replace(b"\n", b"\r\n"),
    "a short hash": lambda octets: octets.replace(b"PlRN", b""),
    "a hash without padding": lambda octets: octets.replace(b"kaw=", b"kaw"),
    "a hash with spare bits": lambda octets: octets.replace(b"kaw=", b"kax="),
    "64 hashes": lambda octets: octets.replace(b"\n", b"\n" + (b"A" * 43 + b"=\n") * 60, 1),
    "no empty line": lambda octets: octets.replace(b"\n\n", b"\n", 1),
    "two empty lines": lambda octets: octets.replace(b"\n\n", b"\n\n\n", 1),
    "an extension line": lambda octets: octets.replace(b"q2I=\n", b"q2I=\nmore\n"),
    "a poem for the checkpoint": lambda octets: octets.replace(b"20852163", b"a poem"),
    "no signature": lambda octets: octets.rpartition(b"\n\n")[0] + b"\n\n",
    "trailing bytes": lambda octets: octets + b"\n",
    "nothing": lambda _: b"",
    "too long": lambda octets: octets + b"\n" * 600_000,
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_second_spelling_of_a_request_is_refused(change: Callable[[bytes], bytes]) -> None:
    with pytest.raises(FormatRefused):
        AddCheckpoint.parse(change(REQUEST))


def test_63_hashes_are_read() -> None:
    octets = REQUEST.replace(b"\n", b"\n" + (b"A" * 43 + b"=\n") * 59, 1)
    assert len(AddCheckpoint.parse(octets).proof) == 63


def test_every_single_changed_byte_makes_another_request_or_none() -> None:
    meant = AddCheckpoint.parse(REQUEST)
    for at in range(len(REQUEST)):
        changed = REQUEST[:at] + bytes([REQUEST[at] ^ 1]) + REQUEST[at + 1 :]
        try:
            request = AddCheckpoint.parse(changed)
        except FormatRefused:
            continue
        assert request != meant
        assert request.to_bytes() == changed


hashes = st.lists(st.binary(min_size=32, max_size=32), max_size=63).map(tuple)


@patiently
@given(st.integers(0, 2**63 - 1), hashes)
def test_every_request_is_read_back(old: int, proof: tuple[bytes, ...]) -> None:
    request = AddCheckpoint(old, proof, AddCheckpoint.parse(REQUEST).note)
    assert AddCheckpoint.parse(request.to_bytes()) == request


@pytest.mark.parametrize(
    "octets",
    [b"", b"\n", ANSWER[:-1], ANSWER + b"\n", b"\n" + ANSWER, ANSWER.replace(b"\n", b"\r\n"), b"x" * 600_000],
)
def test_a_second_spelling_of_an_answer_is_refused(octets: bytes) -> None:
    with pytest.raises(FormatRefused):
        decode_cosignatures(octets)


def test_an_answer_has_at_most_64_cosignatures() -> None:
    line = ANSWER.partition(b"\n")[0] + b"\n"
    assert len(decode_cosignatures(line * 64)) == 64
    with pytest.raises(FormatRefused):
        decode_cosignatures(line * 65)


def test_an_answer_without_cosignatures_is_not_given() -> None:
    with pytest.raises(FormatRefused):
        encode_cosignatures([])


@patiently
@given(st.integers(0, 2**63 - 1))
def test_every_size_is_read_back(size: int) -> None:
    assert decode_size(encode_size(size)) == size


@pytest.mark.parametrize(
    "octets",
    [b"", b"5", b"\n", b"05\n", b"5\n\n", b"5\r\n", b" 5\n", b"-1\n", b"9223372036854775808\n", b"5" * 99],
)
def test_a_second_spelling_of_a_size_is_refused(octets: bytes) -> None:
    with pytest.raises(FormatRefused):
        decode_size(octets)
