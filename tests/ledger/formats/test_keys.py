"""Keys as text, and which keys and signatures are taken: Wycheproof, CCTV, Go's keys, openssl."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from controller.errors import FormatRefused
from controller.ledger.formats.ed25519_point import require_prime_order
from controller.ledger.formats.note import SignedNote, VerifierKey, key_id, verify
from controller.ledger.formats.signer import Ed25519Signer, signed
from controller.ledger.formats.spelling import from_base64, to_base64

patiently = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
VECTORS = Path(__file__).parent / "vectors"
WYCHEPROOF: dict[str, Any] = json.loads((VECTORS / "wycheproof_ed25519.json").read_text())
CCTV: dict[str, Any] = json.loads((VECTORS / "cctv_ed25519.json").read_text())

# A pair of transparency-dev/tessera's tests, made by Go's sumdb/note.
SECRET = "PRIVATE+KEY+example.com/log/testdata+33d7b496+AeymY/SZAX0jZcJ8enZ5FY1Dz+wTML2yWSkK+9DSF3eg"
PUBLIC = "example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx"

ODD = {"SmallOrderPublicKey", "MixedOrderPublicKey"}
WYCHEPROOF_CASES = [
    pytest.param(key, *map(bytes.fromhex, case[1:3]), case[3] == "valid", set(case[4]), id=str(case[0]))
    for key, cases in WYCHEPROOF["keys"].items()
    for case in cases
]


def holds(key: bytes, message: bytes, signature: bytes) -> bool:
    """Whether the library that verifies our notes takes the signature, whatever key it is."""
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
    except InvalidSignature:
        return False
    return True


@pytest.mark.parametrize(("key", "message", "signature", "valid", "flags"), WYCHEPROOF_CASES)
def test_wycheproof_agrees_and_its_odd_keys_are_never_taken(
    key: str, message: bytes, signature: bytes, valid: bool, flags: set[str]
) -> None:
    if flags & ODD:
        with pytest.raises(FormatRefused):
            VerifierKey.of("key", 0x01, bytes.fromhex(key))
    else:
        vkey = VerifierKey.of("key", 0x01, bytes.fromhex(key))
        assert holds(vkey.key, message, signature) is valid


@pytest.mark.parametrize("key", CCTV["low_order"])
@pytest.mark.parametrize("algorithm", [0x01, 0x04])
def test_an_encoding_of_low_order_is_no_key(key: str, algorithm: int) -> None:
    with pytest.raises(FormatRefused):
        VerifierKey.of("key", algorithm, bytes.fromhex(key))


@pytest.mark.parametrize("vector", CCTV["vectors"], ids=lambda vector: str(vector["number"]))
def test_a_key_about_whose_signatures_verifiers_disagree_is_refused(vector: dict[str, Any]) -> None:
    key, signature, message = (
        bytes.fromhex(vector["key"]),
        bytes.fromhex(vector["sig"]),
        vector["msg"].encode(),
    )
    # The behaviour that CCTV's README tells of Go and OpenSSL: some of these signatures do hold.
    assert holds(key, message, signature) is {"low_order_residue", "non_canonical_R"}.isdisjoint(
        vector["flags"]
    )
    with pytest.raises(FormatRefused):
        require_prime_order(key)


def test_bytes_that_are_no_point_of_the_curve_are_no_key() -> None:
    off_the_curve = [number for number in range(2, 40) if not is_key(number.to_bytes(32, "little"))]
    assert len(off_the_curve) > 10
    with pytest.raises(FormatRefused, match="not a point"):
        require_prime_order(bytes([off_the_curve[0]]) + bytes(31))
    for length in (0, 31, 33):
        with pytest.raises(FormatRefused):
            require_prime_order(b"\x03" * length)


def test_a_point_spelled_with_a_coordinate_beyond_the_field_is_no_key() -> None:
    prime = 2**255 - 19
    for number in range(19):
        with pytest.raises(FormatRefused, match="canonical"):
            require_prime_order((number + prime).to_bytes(32, "little"))


def is_key(key: bytes) -> bool:
    try:
        require_prime_order(key)
    except FormatRefused:
        return False
    return True


@patiently
@given(st.binary(min_size=32, max_size=32))
def test_every_key_that_a_signer_can_have_is_taken(seed: bytes) -> None:
    signer = Ed25519Signer("log", Ed25519PrivateKey.from_private_bytes(seed))
    assert VerifierKey.parse(str(signer.vkey)) == signer.vkey
    assert repr(Ed25519Signer.parse(signer.secret_text())) == repr(signer)


def test_a_pair_of_gos_keys_is_read_and_spelled_back() -> None:
    assert str(Ed25519Signer.parse(SECRET).vkey) == PUBLIC
    assert Ed25519Signer.parse(SECRET).secret_text() == SECRET
    assert str(VerifierKey.parse(PUBLIC)) == PUBLIC


KEY_TEXTS = {
    "upper case key ID": PUBLIC.replace("33d7b496", "33D7B496"),
    "another key ID": PUBLIC.replace("33d7b496", "33d7b497"),
    "key ID without its zeroes": PUBLIC.replace("33d7b496", "3d7b496"),
    "another name": PUBLIC.replace("testdata", "testdatb"),
    "no name": PUBLIC.removeprefix("example.com/log/testdata"),
    "a space in the name": PUBLIC.replace("testdata", "test data"),
    "an ideographic space in the name": PUBLIC.replace("testdata", "test\u3000data"),
    "a newline in the name": PUBLIC.replace("testdata", "test\ndata"),
    "a newline behind": PUBLIC + "\n",
    "padding": PUBLIC + "=",
    "unknown type": PUBLIC.replace("+AeHT", "+AuHT"),
    "cut": PUBLIC[:-4],
    "longer": PUBLIC + "AAAA",
    "two parts": PUBLIC.replace("+33d7b496", ""),
    "nothing": "",
    "no material": "name+00000000+",
    "half a surrogate pair": "\ud800" + PUBLIC,
}


@pytest.mark.parametrize("text", KEY_TEXTS.values(), ids=KEY_TEXTS)
def test_a_second_spelling_of_a_key_is_refused(text: str) -> None:
    with pytest.raises(FormatRefused):
        VerifierKey.parse(text)


@pytest.mark.parametrize("algorithm", [0x00, 0x02, 0x03, 0x05, 0x07, 0xFA, 0xFF])
def test_a_key_of_another_type_is_refused_though_its_key_id_is_right(algorithm: int) -> None:
    with pytest.raises(FormatRefused, match="no key of type"):
        VerifierKey.of("log", algorithm, VerifierKey.parse(PUBLIC).key)


@pytest.mark.parametrize(
    ("algorithm", "length"), [(0x01, 31), (0x04, 33), (0x06, 32), (0x06, 1311), (0x06, 1313)]
)
def test_a_key_of_another_length_is_refused(algorithm: int, length: int) -> None:
    with pytest.raises(FormatRefused, match="no key of type"):
        VerifierKey.of("log", algorithm, bytes(length))


SECRET_TEXTS = {
    "a public key": PUBLIC,
    "another key ID": SECRET.replace("33d7b496", "33d7b497"),
    "upper case key ID": SECRET.replace("33d7b496", "33D7B496"),
    "a newline behind": SECRET + "\n",
    "unknown type": SECRET.replace("+Aeym", "+Auym"),
    "a cosigner's type": SECRET.replace("+Aeym", "+BOym"),
    "spare bits set": SECRET[:-1] + "h",
    "a seed of 31 bytes": SECRET.rpartition("33d7b496+")[0] + "33d7b496+" + to_base64(b"\1" * 32),
    "lower case marker": SECRET.lower(),
    "nothing": "",
}


@pytest.mark.parametrize("text", SECRET_TEXTS.values(), ids=SECRET_TEXTS)
def test_a_false_private_key_is_refused_and_not_repeated(text: str) -> None:
    with pytest.raises(FormatRefused) as refusal:
        Ed25519Signer.parse(text)
    assert SECRET[-20:-1] not in str(refusal.value)
    assert refusal.value.__cause__ is None


def test_a_signer_does_not_show_its_private_key() -> None:
    signer = Ed25519Signer.parse(SECRET)
    assert repr(signer) == str(signer) == "Ed25519Signer(example.com/log/testdata+33d7b496)"


def test_the_key_id_is_the_hash_over_name_type_and_key() -> None:
    vkey = VerifierKey.parse(PUBLIC)
    assert key_id(vkey.name, vkey.algorithm, vkey.key).hex() == "33d7b496"
    assert key_id(vkey.name, 0x04, vkey.key) != vkey.key_id


def test_a_name_has_at_most_255_bytes() -> None:
    key = VerifierKey.parse(PUBLIC).key
    assert VerifierKey.of("\u00e9" * 127 + "e", 0x01, key)
    with pytest.raises(FormatRefused, match="longer"):
        VerifierKey.of("\u00e9" * 128, 0x01, key)


def test_openssl_verifies_the_signature_of_a_note_and_refuses_a_changed_text(tmp_path: Path) -> None:
    signer = Ed25519Signer.generate("log")
    note = signed("checkpoint\n5\n", signer)
    public = Ed25519PublicKey.from_public_bytes(signer.vkey.key)
    (tmp_path / "key").write_bytes(public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))
    (tmp_path / "sig").write_bytes(from_base64(str(note.signatures[0]).split(" ")[2])[4:])
    assert openssl(tmp_path, note.text) == 0
    assert openssl(tmp_path, note.text.replace("5", "6")) != 0


def test_a_note_that_openssl_signed_verifies(tmp_path: Path) -> None:
    made = ["openssl", "genpkey", "-algorithm", "ed25519", "-outform", "DER", "-out", str(tmp_path / "key")]
    subprocess.run(made, check=True, capture_output=True, timeout=60)
    (tmp_path / "text").write_text("a text\n")
    sign = ["openssl", "pkeyutl", "-sign", "-rawin", "-keyform", "DER", "-inkey", str(tmp_path / "key")]
    signature = subprocess.run(
        [*sign, "-in", str(tmp_path / "text")], check=True, capture_output=True, timeout=60
    ).stdout
    pkey = ["openssl", "pkey", "-inform", "DER", "-in", str(tmp_path / "key"), "-pubout", "-outform", "DER"]
    public = subprocess.run(pkey, check=True, capture_output=True, timeout=60).stdout
    vkey = VerifierKey.of("openssl", 0x01, public[-32:])
    line = f"— openssl {to_base64(vkey.key_id + signature)}\n"
    assert verify(SignedNote.parse(f"a text\n\n{line}".encode()), [vkey]) == [vkey]


def openssl(folder: Path, text: str) -> int:
    (folder / "text").write_text(text)
    command = ["openssl", "pkeyutl", "-verify", "-rawin", "-pubin", "-keyform", "DER", "-inkey", "key"]
    command += ["-sigfile", "sig", "-in", "text"]
    return subprocess.run(command, cwd=folder, check=False, capture_output=True, timeout=60).returncode
