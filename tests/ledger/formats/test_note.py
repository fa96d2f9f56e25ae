"""Signed notes: the specification's own example, foreign keys, every second spelling refused."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from controller.errors import FormatRefused
from controller.ledger.formats.note import NOTE_BYTES, SIGNATURES, Signature, SignedNote, VerifierKey, verify
from controller.ledger.formats.signer import Ed25519Signer, signed

patiently = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

# The example of C2SP signed-note v1.0.0.
POEM = (
    "Ognuno sta solo sul cuor della terra\ntrafitto da un raggio di sole:\n\ned è subito sera.\n\n"
    "— quasimodo.example/salvatore NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQU0xMcXxj99"
    "ihAQwaqP3ZekRwNtIc=\n"
).encode()

# golang.org/x/mod/sumdb/note, the example of its documentation: key, text and signature.
PETER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
IF_YOU_THINK = (
    b"If you think cryptography is the answer to your problem,\n"
    b"then you don't know what your problem is.\n\n"
    b"\xe2\x80\x94 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2"
    b"pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)

SIGNER = Ed25519Signer.parse(
    "PRIVATE+KEY+example.com/log/testdata+33d7b496+AeymY/SZAX0jZcJ8enZ5FY1Dz+wTML2yWSkK+9DSF3eg"
)
NOTE = signed("one\n\ntwo\n", SIGNER).to_bytes()


def replaced(old: bytes, new: bytes, note: bytes = NOTE) -> bytes:
    assert old in note
    return note.replace(old, new, 1)


def test_the_poem_of_the_specification_is_a_note_and_is_spelled_back() -> None:
    note = SignedNote.parse(POEM)
    assert note.text.endswith("\n\ned è subito sera.\n")
    assert [line.name for line in note.signatures] == ["quasimodo.example/salvatore"]
    assert note.to_bytes() == POEM


def test_a_note_signed_by_gos_library_verifies() -> None:
    key = VerifierKey.parse(PETER)
    assert verify(SignedNote.parse(IF_YOU_THINK), [key]) == [key]


def test_a_note_that_was_signed_verifies_with_its_key() -> None:
    assert verify(SignedNote.parse(NOTE), [SIGNER.vkey]) == [SIGNER.vkey]


SECOND_SPELLINGS = {
    "CRLF": NOTE.replace(b"\n", b"\r\n"),
    "no last newline": NOTE[:-1],
    "a trailing newline": NOTE + b"\n",
    "trailing bytes": NOTE + b"x",
    "a space behind the signature": NOTE[:-1] + b" \n",
    "two spaces before the base64": replaced(b"testdata ", b"testdata  "),
    "a hyphen for the em dash": replaced("—".encode(), b"-"),
    "an en dash for the em dash": replaced("—".encode(), "\u2013".encode()),
    "no name": replaced(b"example.com/log/testdata", b""),
    "a plus in the name": replaced(b"example.com", b"example+com"),
    "a no-break space in the name": replaced(b"example.com", "example\u00a0com".encode()),
    "a tab in the text": replaced(b"one", b"o\te"),
    **{
        f"control {number:#04x} in the text": replaced(b"one", b"o" + bytes([number]) + b"e")
        for number in range(0x20)
        if number != 0x0A
    },
    "not UTF-8": replaced(b"one", b"\xff"),
    "overlong UTF-8": replaced(b"one", b"\xc0\xae"),
    "a surrogate in UTF-8": replaced(b"one", b"\xed\xa0\x80"),
    "no empty line": b"text\n" + NOTE.rpartition(b"\n\n")[2],
    "no signature": b"text\n\n",
    "no text": NOTE.rpartition(b"\n\n")[2],
    "nothing": b"",
    "base64 without padding": NOTE[:-1].rstrip(b"=") + b"\n",
    "base64 of a key ID alone": b"text\n\n\xe2\x80\x94 name AAAAAA==\n",
    "base64 with spare bits set": b"text\n\n\xe2\x80\x94 name AAAAAAF=\n",
    "URL-safe base64": b"text\n\n\xe2\x80\x94 name AAAAAP__\n",
    "too many signatures": b"text\n\n" + b"\xe2\x80\x94 name AAAAAAAA\n" * (SIGNATURES + 1),
    "too large": b"x" * NOTE_BYTES + NOTE,
}


@pytest.mark.parametrize("octets", SECOND_SPELLINGS.values(), ids=SECOND_SPELLINGS)
def test_a_second_spelling_of_a_note_is_refused(octets: bytes) -> None:
    with pytest.raises(FormatRefused):
        SignedNote.parse(octets)


def test_the_largest_allowed_number_of_signatures_is_read() -> None:
    octets = b"text\n\n" + b"\xe2\x80\x94 name AAAAAAAA\n" * SIGNATURES
    assert SignedNote.parse(octets).to_bytes() == octets


def test_a_signature_by_an_unknown_key_is_ignored_even_with_a_known_name_or_key_id() -> None:
    identity = SIGNER.vkey.key_id
    strangers = (
        Signature(SIGNER.vkey.name, b"\0\0\0\0", b"x"),
        Signature("stranger", identity, b"x"),
    )
    note = SignedNote.parse(NOTE)
    assert verify(note.joined(strangers), [SIGNER.vkey]) == [SIGNER.vkey]
    with pytest.raises(FormatRefused, match="no known key"):
        verify(SignedNote(note.text, strangers), [SIGNER.vkey])


def test_a_known_key_with_a_false_signature_refuses_a_note_that_another_known_key_signed() -> None:
    other = Ed25519Signer.generate("other")
    note = SignedNote.parse(NOTE)
    spoilt = note.joined([Signature.by(other.vkey, other.sign(b"something else\n"))])
    assert verify(spoilt, [SIGNER.vkey]) == [SIGNER.vkey]
    with pytest.raises(FormatRefused, match="other"):
        verify(spoilt, [SIGNER.vkey, other.vkey])


def test_a_key_that_signed_twice_is_refused() -> None:
    note = SignedNote.parse(NOTE)
    with pytest.raises(FormatRefused, match="twice"):
        verify(SignedNote(note.text, note.signatures * 2), [SIGNER.vkey])


def test_two_keys_of_one_name_and_key_id_are_never_known_together() -> None:
    # Found by trying seeds in order: four bytes of key ID are no protection against searching.
    one, other = (
        Ed25519Signer("log", Ed25519PrivateKey.from_private_bytes(seed.to_bytes(32, "big")))
        for seed in (16018, 63453)
    )
    assert one.vkey.key_id == other.vkey.key_id == bytes.fromhex("6f61a096")
    note = signed("text\n", one)
    assert verify(note, [one.vkey, one.vkey]) == [one.vkey]
    for known in ([one.vkey, other.vkey], [other.vkey, one.vkey], [other.vkey]):
        with pytest.raises(FormatRefused):
            verify(note, known)


def test_joining_keeps_the_first_signature_of_a_key() -> None:
    note = SignedNote.parse(NOTE)
    assert note.joined([Signature.by(SIGNER.vkey, b"later")]) == note


def test_every_single_changed_byte_of_a_note_is_refused_or_does_not_verify() -> None:
    for at in range(len(NOTE)):
        for other in (NOTE[at] ^ 1, NOTE[at] ^ 0x20, NOTE[at] ^ 0x80, 0x0A, 0x20, 0x41, 0x3D):
            if other != NOTE[at]:
                changed = NOTE[:at] + bytes([other]) + NOTE[at + 1 :]
                with pytest.raises(FormatRefused):
                    verify(SignedNote.parse(changed), [SIGNER.vkey])


def test_every_single_byte_left_out_or_put_in_is_refused_or_does_not_verify() -> None:
    for at in range(len(NOTE)):
        for changed in (
            NOTE[:at] + NOTE[at + 1 :],
            NOTE[:at] + b"\n" + NOTE[at:],
            NOTE[:at] + b"A" + NOTE[at:],
        ):
            if changed != NOTE:
                with pytest.raises(FormatRefused):
                    verify(SignedNote.parse(changed), [SIGNER.vkey])


texts = st.text(st.characters(min_codepoint=0x20, exclude_categories=["Cs"]) | st.just("\n"), max_size=60)
names = st.text(
    st.characters(
        min_codepoint=0x21, exclude_categories=["Cs", "Zs", "Zl", "Zp"], exclude_characters="+\x85"
    ),
    min_size=1,
    max_size=20,
)
signatures = st.builds(
    Signature, names, st.binary(min_size=4, max_size=4), st.binary(min_size=1, max_size=80)
)
notes = st.builds(
    SignedNote, texts.map(lambda text: text + "\n"), st.lists(signatures, min_size=1, max_size=20).map(tuple)
)


@patiently
@given(notes)
def test_every_note_is_read_back_as_it_was_spelled(note: SignedNote) -> None:
    assert SignedNote.parse(note.to_bytes()) == note


@pytest.mark.parametrize(("identity", "signature"), [(b"123", b"4"), (b"12345", b"6"), (b"1234", b"")])
def test_a_signature_has_four_bytes_of_key_id_and_at_least_one_more(
    identity: bytes, signature: bytes
) -> None:
    with pytest.raises(FormatRefused):
        Signature("name", identity, signature)


@pytest.mark.parametrize("text", ["", "no newline", "bell \a\n", "half a pair \ud800\n"])
def test_a_text_that_no_note_could_carry_is_not_signed(text: str) -> None:
    with pytest.raises(FormatRefused):
        SignedNote(text, (Signature("name", b"1234", b"5"),))
