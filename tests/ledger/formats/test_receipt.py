"""Receipts: what they prove, and that no changed byte of one proves anything else."""

from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from controller.errors import FormatRefused, ProofRefused
from controller.ledger.formats.checkpoint import Checkpoint
from controller.ledger.formats.cosignature import Cosigner
from controller.ledger.formats.note import SignedNote
from controller.ledger.formats.policy import Policy, PolicyLog, PolicyWitness
from controller.ledger.formats.receipt import Receipt, check
from controller.ledger.formats.signer import Ed25519Signer, signed
from controller.ledger.proofs import inclusion_proof, subtree_of
from controller.ledger.tree import leaf_hash

patiently = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

ENTRIES = [b"entry %d" % number for number in range(11)]
SUBTREE = subtree_of([leaf_hash(entry) for entry in ENTRIES])
LOG = Ed25519Signer("room.example/main", Ed25519PrivateKey.from_private_bytes(b"\7" * 32))
OFFICE = Cosigner(
    "office.example/w1", Ed25519PrivateKey.from_private_bytes(b"\x08" * 32), lambda: 1_700_000_000
)
POLICY = Policy((PolicyLog(LOG.vkey),), (PolicyWitness("office", OFFICE.vkey),), (), "office")
HEAD = Checkpoint(LOG.vkey.name, len(ENTRIES), SUBTREE(0, len(ENTRIES)))
NOTE = signed(HEAD.text(), LOG, OFFICE)


def receipt_of(index: int, note: SignedNote = NOTE, extra: bytes = b"") -> Receipt:
    return Receipt(index, tuple(inclusion_proof(index, len(ENTRIES), SUBTREE)), note, extra)


@pytest.mark.parametrize("index", range(len(ENTRIES)))
def test_a_receipt_proves_its_own_entry_and_no_other(index: int) -> None:
    receipt = Receipt.parse(receipt_of(index, extra=b"for the recipient").to_bytes())
    assert check(receipt, ENTRIES[index], POLICY) == HEAD
    for other in (*ENTRIES[:index], *ENTRIES[index + 1 :], b""):
        with pytest.raises(ProofRefused):
            check(receipt, other, POLICY)


def test_a_receipt_without_the_quorum_proves_nothing() -> None:
    with pytest.raises(FormatRefused, match="quorum"):
        check(receipt_of(3, signed(HEAD.text(), LOG)), ENTRIES[3], POLICY)
    with pytest.raises(FormatRefused, match="no listed log"):
        check(receipt_of(3, signed(HEAD.text(), OFFICE)), ENTRIES[3], POLICY)


def test_an_inner_node_is_no_entry() -> None:
    forged = Receipt(0, tuple(inclusion_proof(0, 11, SUBTREE)[1:]), NOTE)
    with pytest.raises(ProofRefused):
        check(forged, SUBTREE(0, 1) + SUBTREE(1, 2), POLICY)


def test_a_receipt_is_spelled_as_the_specification_shows() -> None:
    lines = receipt_of(10, extra=b"\0").to_bytes().decode().split("\n")
    assert lines[:3] == ["c2sp.org/tlog-proof@v1", "extra AA==", "index 10"]
    assert lines[5] == ""
    assert "\n".join(lines[6:]).encode() == NOTE.to_bytes()
    assert receipt_of(10).to_bytes().startswith(b"c2sp.org/tlog-proof@v1\nindex 10\n")


# The example of C2SP tlog-proof; only its elided signatures are replaced.
EXAMPLE = (
    b"c2sp.org/tlog-proof@v1\n"
    b"extra YWdlLXYxLjIuMS1kYXJ3aW4tYXJtNjQudGFyLmd6kYXJ3aW4tYXJ\n"
    b"index 73894\n"
    b"gSKyXoYZUgZ6jduWYrkDOARinOMGJveXjgMkBTcdPlQ=\n"
    b"B95lDa8R83lS8n0eG+o0buTxRKQTYFi//1U8anccXmA=\n"
    b"EKNzoDWG8LGC0Yp9o+sv3qllpMP9uHQ9B20KNL+Q1zs=\n"
    b"RoopEkOdqkYqMB4MJXrbt/hMjOxsVn0IrWjpz1ZMMes=\n"
    b"AHCioX9nLjsrse6YhjRRmk1WUEirVOLLRoOQ6vfO5vk=\n\n"
    b"example.com/fancylog\n109482\nsFodV/vSp5O8n9a8QpW6PRY97tfOSW5bsc2Xl/EQi08=\n\n"
    b"\xe2\x80\x94 example.com/fancylog hI2DJwAA\n"
    b"\xe2\x80\x94 witness1.example mJirIklj\n"
)


def test_the_example_of_the_specification_is_read_and_spelled_back() -> None:
    receipt = Receipt.parse(EXAMPLE)
    assert (receipt.index, len(receipt.proof), len(receipt.note.signatures)) == (73894, 5, 2)
    assert receipt.extra.startswith(b"age-v1.2.1-darwin-arm64.tar.gz")
    assert receipt.to_bytes() == EXAMPLE


CHANGES: dict[str, Callable[[bytes], bytes]] = {
    "another version": lambda octets: octets.replace(b"@v1", b"@v2"),
    "no first line": lambda octets: octets.partition(b"\n")[2],
    "CRLF": lambda octets: octets.replace(b"\n", b"\r\n"),
    "an empty extra": lambda octets: octets.replace(b"index", b"extra \nindex"),
    "an extra without data": lambda octets: octets.replace(b"index", b"extra\nindex"),
    "two extras": lambda octets: octets.replace(b"index", b"extra AA==\nextra AA==\nindex"),
    "extra behind the index": lambda octets: octets.replace(b"index 3\n", b"index 3\nextra AA==\n"),
    "extra with spare bits": lambda octets: octets.replace(b"index", b"extra AB==\nindex"),
    "no index": lambda octets: octets.replace(b"index 3\n", b""),
    "two indexes": lambda octets: octets.replace(b"index 3\n", b"index 3\nindex 3\n"),
    "a leading zero": lambda octets: octets.replace(b"index 3", b"index 03"),
    "a sign": lambda octets: octets.replace(b"index 3", b"index +3"),
    "two spaces": lambda octets: octets.replace(b"index 3", b"index  3"),
    "an index beyond 2^63": lambda octets: octets.replace(b"index 3", b"index 9223372036854775808"),
    "a short hash": lambda octets: octets.replace(b"index 3\n", b"index 3\nAAAA\n"),
    "64 hashes": lambda octets: octets.replace(b"index 3\n", b"index 3\n" + (b"A" * 43 + b"=\n") * 64),
    "two empty lines": lambda octets: octets.replace(b"\n\n", b"\n\n\n", 1),
    "no empty line": lambda octets: octets.replace(b"\n\n", b"\n"),
    "an extension line": lambda octets: octets.replace(b"=\n\n\xe2", b"=\nmore\n\n\xe2"),
    "no signature": lambda octets: octets.rpartition(b"\n\n")[0] + b"\n\n",
    "trailing bytes": lambda octets: octets + b"\n",
    "nothing": lambda _: b"",
    "too long": lambda octets: octets.replace(b"index", b"extra " + b"A" * 90_000 + b"\nindex"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_second_spelling_of_a_receipt_is_refused(change: Callable[[bytes], bytes]) -> None:
    changed = change(receipt_of(3).to_bytes())
    with pytest.raises(FormatRefused):
        Receipt.parse(changed)


def test_every_single_changed_byte_of_a_receipt_is_refused_or_proves_nothing() -> None:
    octets = receipt_of(3).to_bytes()
    for at in range(len(octets)):
        for other in (octets[at] ^ 1, octets[at] ^ 0x20, 0x0A, 0x41):
            if other != octets[at]:
                changed = octets[:at] + bytes([other]) + octets[at + 1 :]
                with pytest.raises((FormatRefused, ProofRefused)):
                    check(Receipt.parse(changed), ENTRIES[3], POLICY)


hashes = st.lists(st.binary(min_size=32, max_size=32), max_size=63).map(tuple)


@patiently
@given(st.integers(0, 2**63 - 1), hashes, st.binary(max_size=50))
def test_every_receipt_is_read_back(index: int, proof: tuple[bytes, ...], extra: bytes) -> None:
    receipt = Receipt(index, proof, NOTE, extra)
    assert Receipt.parse(receipt.to_bytes()) == receipt
