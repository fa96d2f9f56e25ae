"""Checkpoints and cosignatures: the examples of the specifications, both types, every byte."""

import struct
from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey, MLDSA44PublicKey
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from controller.errors import FormatRefused
from controller.ledger.formats.checkpoint import Checkpoint
from controller.ledger.formats.cosignature import Cosigner, check_cosignature, timestamp_of
from controller.ledger.formats.note import Signature, SignedNote, VerifierKey, verify
from controller.ledger.formats.signer import Ed25519Signer, signed
from controller.ledger.tree import EMPTY_ROOT

patiently = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

# The example of C2SP tlog-cosignature: a checkpoint with a cosignature.
EXAMPLE = (
    "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n"
    "— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nT"
    "o+zyWE+xeMcTOAYQ8=\n"
    "— witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf"
    "5nNo0xUe+mbIUBkBIfZ+qnA==\n"
).encode()
EXAMPLE_TIME = 1679315147
TEXT = SignedNote.parse(EXAMPLE).text
MESSAGE = TEXT.encode()

ED = Cosigner("office.example/w1", Ed25519PrivateKey.from_private_bytes(b"\1" * 32), lambda: EXAMPLE_TIME)
ML = Cosigner("vault.example/w1", MLDSA44PrivateKey.from_seed_bytes(b"\2" * 32), lambda: EXAMPLE_TIME)
both = pytest.mark.parametrize("cosigner", [ED, ML], ids=["Ed25519", "ML-DSA-44"])


def test_the_example_of_the_specification_is_read_with_its_time_and_spelled_back() -> None:
    note = SignedNote.parse(EXAMPLE)
    assert note.to_bytes() == EXAMPLE
    assert Checkpoint.parse(note.text).text() == note.text
    assert Checkpoint.parse(note.text).size == 20852163
    assert timestamp_of(note.signatures[1].signature) == EXAMPLE_TIME


def test_an_ed25519_cosignature_signs_the_lines_that_the_specification_shows() -> None:
    shown = (
        b"cosignature/v1\ntime 1679315147\nexample.com/behind-the-sofa\n20852163\n"
        b"CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
    )
    signature = ED.sign(MESSAGE)
    assert signature[:8] == struct.pack(">Q", EXAMPLE_TIME)
    Ed25519PublicKey.from_public_bytes(ED.vkey.key).verify(signature[8:], shown)


def test_an_ml_dsa_44_cosignature_signs_the_structure_that_the_specification_lays_out() -> None:
    name, origin = b"vault.example/w1", b"example.com/behind-the-sofa"
    root = Checkpoint.parse(TEXT).root
    laid_out = b"".join(
        [
            b"subtree/v1\n\0",
            struct.pack(f">B{len(name)}sQ", len(name), name, EXAMPLE_TIME),
            struct.pack(f">B{len(origin)}sQQ32s", len(origin), origin, 0, 20852163, root),
        ]
    )
    signature = ML.sign(MESSAGE)
    assert signature[:8] == struct.pack(">Q", EXAMPLE_TIME)
    MLDSA44PublicKey.from_public_bytes(ML.vkey.key).verify(signature[8:], laid_out)


def test_log_and_both_log_witnesses_on_one_note_verify() -> None:
    log = Ed25519Signer.generate("example.com/behind-the-sofa")
    note = SignedNote.parse(signed(TEXT, log, ED, ML).to_bytes())
    assert verify(note, [ML.vkey, log.vkey, ED.vkey]) == [log.vkey, ED.vkey, ML.vkey]


@both
def test_a_cosigner_is_read_back_from_its_secret_line(cosigner: Cosigner) -> None:
    again = Cosigner.parse(cosigner.secret_text(), lambda: 5)
    assert again.vkey == cosigner.vkey == VerifierKey.parse(str(cosigner.vkey))
    check_cosignature(cosigner.vkey, MESSAGE, again.sign(MESSAGE))
    assert timestamp_of(again.sign(MESSAGE)) == 5
    assert repr(again) == f"Cosigner({cosigner.vkey.name}+{cosigner.vkey.key_id.hex()})"


def test_a_log_key_is_no_cosigner_and_a_cosigner_no_log_key() -> None:
    with pytest.raises(FormatRefused):
        Cosigner.parse(Ed25519Signer.generate("log").secret_text(), lambda: 5)
    with pytest.raises(FormatRefused):
        Ed25519Signer.parse(ED.secret_text())


@both
def test_a_cosignature_holds_for_no_other_head_time_or_key(cosigner: Cosigner) -> None:
    signature = cosigner.sign(MESSAGE)
    check_cosignature(cosigner.vkey, MESSAGE, signature)
    head = Checkpoint.parse(TEXT)
    others = [
        Checkpoint("example.com/behind-the-bed", head.size, head.root),
        Checkpoint(head.origin, head.size + 1, head.root),
        Checkpoint(head.origin, head.size, EMPTY_ROOT),
    ]
    for other in others:
        with pytest.raises(FormatRefused):
            check_cosignature(cosigner.vkey, other.text().encode(), signature)
    with pytest.raises(FormatRefused):
        check_cosignature(cosigner.vkey, MESSAGE, struct.pack(">Q", EXAMPLE_TIME + 1) + signature[8:])


def test_an_ml_dsa_44_cosignature_commits_to_the_name_of_its_cosigner() -> None:
    stranger = VerifierKey.of("stranger.example/w1", ML.vkey.algorithm, ML.vkey.key)
    with pytest.raises(FormatRefused):
        check_cosignature(stranger, MESSAGE, ML.sign(MESSAGE))


@both
def test_every_single_changed_byte_of_a_cosignature_does_not_verify(cosigner: Cosigner) -> None:
    signature = cosigner.sign(MESSAGE)
    for at in range(len(signature)):
        changed = signature[:at] + bytes([signature[at] ^ 1]) + signature[at + 1 :]
        with pytest.raises(FormatRefused):
            check_cosignature(cosigner.vkey, MESSAGE, changed)


@both
@pytest.mark.parametrize("cut", [0, 7, 8, 9, -1])
def test_a_cosignature_of_another_length_is_refused(cosigner: Cosigner, cut: int) -> None:
    signature = cosigner.sign(MESSAGE)
    for changed in (signature[:cut], signature + b"\0"):
        with pytest.raises(FormatRefused, match=r"no time|no cosignature"):
            check_cosignature(cosigner.vkey, MESSAGE, changed)


@both
@pytest.mark.parametrize("time", [0, -1, 2**63, 2**64])
def test_a_time_that_no_cosignature_may_have_is_not_signed(cosigner: Cosigner, time: int) -> None:
    with pytest.raises(FormatRefused):
        cosigner.sign_at(MESSAGE, time)


@both
def test_a_cosignature_without_time_is_refused_though_its_signature_holds(cosigner: Cosigner) -> None:
    with pytest.raises(FormatRefused, match="time"):
        check_cosignature(cosigner.vkey, MESSAGE, bytes(8) + cosigner.sign(MESSAGE)[8:])
    with pytest.raises(FormatRefused, match="time"):
        timestamp_of(b"\xff" * 72)
    for too_early_or_short in (bytes(72), bytes(7) + b"\1", b"\1", b""):
        with pytest.raises(FormatRefused, match="time"):
            timestamp_of(too_early_or_short)


@both
def test_only_a_checkpoint_is_cosigned(cosigner: Cosigner) -> None:
    for message in (b"", b"a poem\n", MESSAGE + b"extension\n", b"\xff" + MESSAGE):
        with pytest.raises(FormatRefused):
            cosigner.sign(message)


def test_a_log_signature_is_no_cosignature_by_the_same_key() -> None:
    private = Ed25519PrivateKey.generate()
    as_log, as_witness = Ed25519Signer("name", private), Cosigner("name", private, lambda: 5)
    assert as_log.vkey.key_id != as_witness.vkey.key_id
    disguised = SignedNote(TEXT, (Signature.by(as_witness.vkey, as_log.sign(MESSAGE)),))
    with pytest.raises(FormatRefused):
        verify(disguised, [as_witness.vkey])


BAD_CHECKPOINTS: dict[str, Callable[[str], str]] = {
    "extension line": lambda text: text + "more\n",
    "empty extension line": lambda text: text + "\n",
    "no newline at the end": lambda text: text[:-1],
    "extension line without newline": lambda text: text + "more",
    "leading zero": lambda text: text.replace("\n2", "\n02"),
    "sign": lambda text: text.replace("\n2", "\n+2"),
    "hexadecimal": lambda text: text.replace("20852163", "0x1"),
    "beyond 2^63": lambda text: text.replace("20852163", str(2**63)),
    "no origin": lambda text: text.replace("example.com/behind-the-sofa", ""),
    "tab in the origin": lambda text: text.replace("behind", "be\thind"),
    "CRLF": lambda text: text.replace("\n", "\r\n"),
    "root without padding": lambda text: text.replace("=", ""),
    "root of 33 bytes": lambda text: text.replace("q2I=", "q2IA"),
    "spare bits in the root": lambda text: text.replace("q2I=", "q2J="),
    "two lines": lambda text: text.partition("\n")[2],
    "origin of 256 bytes": lambda text: "x" * 229 + text,
    "empty tree with a root": lambda text: text.replace("20852163", "0"),
    "nothing": lambda _: "",
}


@pytest.mark.parametrize("change", BAD_CHECKPOINTS.values(), ids=BAD_CHECKPOINTS)
def test_a_second_spelling_of_a_checkpoint_is_refused(change: Callable[[str], str]) -> None:
    assert Checkpoint.parse(TEXT)
    with pytest.raises(FormatRefused):
        Checkpoint.parse(change(TEXT))


def test_an_origin_need_not_look_like_a_name() -> None:
    checkpoint = Checkpoint("go.sum database tree", 0, EMPTY_ROOT)
    assert Checkpoint.parse(checkpoint.text()) == checkpoint


origins = st.text(st.characters(min_codepoint=0x20, exclude_categories=["Cs"]), min_size=1, max_size=60)


@patiently
@given(origins, st.integers(1, 2**63 - 1), st.binary(min_size=32, max_size=32))
def test_every_checkpoint_is_read_back(origin: str, size: int, root: bytes) -> None:
    checkpoint = Checkpoint(origin, size, root)
    assert Checkpoint.parse(checkpoint.text()) == checkpoint
