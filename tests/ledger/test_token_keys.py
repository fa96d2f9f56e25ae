"""A log's key in a token: it signs there and never leaves, and a token that fails ends the log."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pkcs11
import pytest

from controller.errors import LogDead, LogExposed
from controller.ledger.custody_log import CustodyLog
from controller.ledger.formats.note import SignedNote, verify
from controller.ledger.formats.signer import Ed25519Signer
from controller.ledger.formats.verifier_key import VerifierKey
from controller.ledger.key_places import key_beside
from controller.ledger.log_key import KEY
from controller.ledger.reading import LogReader
from controller.ledger.token_session import TokenFailed, asked
from controller.ledger.token_url import TokenUrl
from controller.ledger.verify import verify as verify_log
from tests.ledger.tokens import PIN, Drawer

Make = Callable[..., dict[str, object]]
ORIGIN = "bank.example/vault-1"


def address(file: Path) -> TokenUrl:
    return TokenUrl.parse((file.parent / KEY).read_text().splitlines()[0])


def test_a_log_signed_by_a_token_is_verified_by_who_has_no_token(
    file: Path, draft: Make, begun: VerifierKey, drawer: Drawer
) -> None:
    drawer.look_again()
    with CustodyLog.open(file) as log:  # a restart, by what log.key says
        log.append([draft(1)])
    drawer.pull()
    drawer.look_again()
    with LogReader(file) as reader:
        assert verify(SignedNote.parse(reader.note() or b""), [begun]) == [begun]
    report = verify_log(file, trusted=[begun])
    assert (report.entries, report.vkey) == (2, str(begun))
    assert key_beside(file.parent) == begun


def test_log_key_says_where_the_key_is_and_holds_neither_key_nor_pin(file: Path, begun: VerifierKey) -> None:
    text = (file.parent / KEY).read_text()
    assert text == f"{address(file)}\n{begun}\n"
    assert "PRIVATE" not in text
    assert PIN not in text
    assert (file.parent / KEY).stat().st_mode & 0o777 == 0o600


def test_the_key_is_made_in_the_token_and_cannot_be_taken_out(file: Path, begun: VerifierKey) -> None:
    names = pkcs11.Attribute
    with asked(address(file)) as session:
        (key,) = session.get_objects({names.CLASS: pkcs11.ObjectClass.PRIVATE_KEY})
        assert key.label == f"{ORIGIN}+{begun.key_id.hex()}"
        assert (key[names.SENSITIVE], key[names.EXTRACTABLE], key[names.LOCAL]) == (True, False, True)
        assert (key[names.ALWAYS_SENSITIVE], key[names.NEVER_EXTRACTABLE]) == (True, True)
        with pytest.raises(pkcs11.AttributeSensitive):
            key[names.VALUE]
        wrapping = session.generate_key(pkcs11.KeyType.AES, 256, store=False)
        with pytest.raises(pkcs11.KeyUnextractable):
            wrapping.wrap_key(key)
        with pytest.raises(pkcs11.PKCS11Error):
            key[names.EXTRACTABLE] = True
        assert key[names.EXTRACTABLE] is False


def test_a_key_that_could_leave_its_token_does_not_sign(file: Path, begun: VerifierKey) -> None:
    names = pkcs11.Attribute
    url = address(file)
    with asked(url) as session:
        curve = {names.EC_PARAMS: bytes.fromhex("06032b6570")}
        made = session.create_domain_parameters(pkcs11.KeyType.EC_EDWARDS, curve, local=True)
        public, _ = made.generate_keypair(
            mechanism=pkcs11.Mechanism.EC_EDWARDS_KEY_PAIR_GEN,
            store=True,
            id=b"loose",
            private_template={names.EXTRACTABLE: True, names.SENSITIVE: False},
        )
        point = bytes(public[names.EC_POINT])[-32:]
    where = str(url).replace("".join(f"%{byte:02x}" for byte in url.key_id), "loose")
    (file.parent / KEY).write_text(f"{where}\n{VerifierKey.of(ORIGIN, 1, point)}\n")
    with pytest.raises(LogExposed, match="can be taken out"):
        CustodyLog.open(file)


def test_a_token_that_is_pulled_out_in_a_commit_ends_the_log_and_nothing_is_written(
    file: Path, draft: Make, begun: VerifierKey, drawer: Drawer
) -> None:
    with CustodyLog.open(file) as log:
        log.append([draft(1)])
        head, note = log.head, log.note()
        drawer.pull()
        with pytest.raises(LogDead, match=r"a commit failed: the token vault: the key is not there any more"):
            log.append([draft(2, kind="granted")])
        drawer.put_back()
        with pytest.raises(LogDead, match="nothing may open"):  # nor does it come to life again
            log.append([draft(3)])
        assert (log.head, log.note()) == (head, note)
    with LogReader(file) as reader:
        assert reader.count() == 2
        assert reader.note() == note
    with CustodyLog.open(file) as log:
        assert log.head == head
        log.append([draft(4)])
    assert verify_log(file).entries == 3


def test_a_key_that_is_removed_from_its_token_ends_the_log(
    file: Path, draft: Make, begun: VerifierKey
) -> None:
    with CustodyLog.open(file) as log:
        with asked(address(file)) as session:
            for half in session.get_objects():
                half.destroy()
        with pytest.raises(LogDead, match="the key is not there any more"):
            log.append([draft(1)])
    with pytest.raises(LogDead, match="holds 0 keys"):
        CustodyLog.open(file)


def test_a_token_that_refuses_something_else_signs_on(
    file: Path, draft: Make, begun: VerifierKey, drawer: Drawer
) -> None:
    with CustodyLog.open(file) as log:
        with (
            pytest.raises(TokenFailed, match="the token vault: it does not"),
            asked(address(file)) as session,
        ):
            session.generate_key(pkcs11.KeyType.AES, 256, mechanism=pkcs11.Mechanism.SEED_KEY_GEN)
        assert log.append([draft(1)]) == [1]


def test_a_token_that_is_not_there_is_named(file: Path, begun: VerifierKey, drawer: Drawer) -> None:
    drawer.add("another")
    drawer.look_again()
    url = (file.parent / KEY).read_text()
    (file.parent / KEY).write_text(url.replace("token=vault", "token=gone"))
    with pytest.raises(LogDead, match="the token gone: no such token is there"):
        CustodyLog.open(file)


def test_a_wrong_pin_is_told_never_shown_and_right_again_later(
    file: Path, draft: Make, begun: VerifierKey, drawer: Drawer
) -> None:
    drawer.look_again()
    drawer.pin("111111")
    with pytest.raises(LogDead, match=r"the PIN in .* is wrong") as told:
        CustodyLog.open(file)
    assert "111111" not in str(told.value)
    drawer.pin(PIN)
    with CustodyLog.open(file) as log:
        assert log.append([draft(1)]) == [1]


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o700 | 0o010])
def test_a_pin_that_others_can_touch_is_not_used(
    file: Path, begun: VerifierKey, drawer: Drawer, mode: int
) -> None:
    drawer.look_again()
    drawer.pin_file.chmod(mode)
    with pytest.raises(LogExposed, match="chmod 600"):
        CustodyLog.open(file)


@pytest.mark.parametrize("text", ["", "x" * 256, "12\n34", "12\x00", "密码"])
def test_what_is_no_pin_is_not_tried(file: Path, begun: VerifierKey, drawer: Drawer, text: str) -> None:
    drawer.look_again()
    drawer.pin(text)
    with pytest.raises(LogDead, match="this is no PIN"):
        CustodyLog.open(file)


def test_a_pin_behind_a_link_or_gone_is_not_looked_for(
    file: Path, begun: VerifierKey, drawer: Drawer
) -> None:
    drawer.look_again()
    other = drawer.pin_file.rename(drawer.pin_file.with_name("elsewhere"))
    with pytest.raises(LogDead, match="PIN cannot be read"):
        CustodyLog.open(file)
    drawer.pin_file.symlink_to(other)
    with pytest.raises(LogDead, match="PIN cannot be read"):
        CustodyLog.open(file)


def test_another_token_of_the_same_name_is_not_taken_for_it(
    file: Path, begun: VerifierKey, drawer: Drawer
) -> None:
    drawer.pull()
    drawer.add()
    drawer.look_again()
    with pytest.raises(LogDead, match="another token of that name"):
        CustodyLog.open(file)
    drawer.put_back()
    drawer.look_again()
    with pytest.raises(LogDead, match="more than one token answers"):
        CustodyLog.open(file)


def test_of_two_tokens_of_a_name_the_serial_number_says_which(
    file: Path, draft: Make, begun: VerifierKey, drawer: Drawer
) -> None:
    with asked(address(file)) as session:
        serial = session.token.serial.decode()
    drawer.add()
    drawer.look_again()
    text = (file.parent / KEY).read_text()
    (file.parent / KEY).write_text(text.replace("token=vault", f"token=vault;serial={serial}"))
    with CustodyLog.open(file) as log:
        assert log.append([draft(1)]) == [1]


def test_a_key_that_is_not_the_one_of_log_key_does_not_sign(file: Path, begun: VerifierKey) -> None:
    stranger = Ed25519Signer.generate(ORIGIN).vkey
    text = (file.parent / KEY).read_text()
    (file.parent / KEY).write_text(text.replace(str(begun), str(stranger)))
    with pytest.raises(LogDead, match="another key, or a token that is damaged"):
        CustodyLog.open(file)


def test_without_the_package_for_tokens_a_sentence_says_which(
    file: Path, begun: VerifierKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pkcs11", None)
    with pytest.raises(LogDead, match=r"install ironroom\[pkcs11\]"):
        CustodyLog.open(file)
