"""Where a log's key is: log.key says it, a rotation moves it, and what is damaged there is told."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from controller.errors import FormatRefused, LogDamaged, LogDead, LogExposed
from controller.ledger.custody_log import CustodyLog
from controller.ledger.formats.note import SignedNote, verify
from controller.ledger.formats.verifier_key import VerifierKey
from controller.ledger.key_places import keys_of
from controller.ledger.key_trail import rotation
from controller.ledger.log_key import KEY, NEXT
from controller.ledger.token_url import TokenUrl
from controller.ledger.verify import verify as verify_log
from tests.ledger.tokens import MODULE, PIN, Drawer

Make = Callable[..., dict[str, object]]
ORIGIN = "bank.example/vault-1"


def address(file: Path) -> TokenUrl:
    return TokenUrl.parse((file.parent / KEY).read_text().splitlines()[0])


@pytest.mark.parametrize(
    "text",
    [
        "{url}\n",
        "{url}\n{vkey}",
        "{url}\n{vkey}\n\n",
        "{url}\r\n{vkey}\r\n",
        "{url}&pin-value=918273\n{vkey}\n",
        "{place}\n{vkey}\n",
        "{url}\n{url}\n",
        "pkcs11:\n{vkey}\n",
        "pkcs11:" + "x" * 5000,
    ],
)
def test_a_damaged_place_of_a_key_is_told(file: Path, begun: VerifierKey, drawer: Drawer, text: str) -> None:
    told = text.format(url=address(file), vkey=begun, place=drawer.url("vault"))
    (file.parent / KEY).write_text(told)
    with pytest.raises(LogDamaged, match="no place of a signing key") as error:
        CustodyLog.open(file)
    assert PIN not in str(error.value)


def change(log: CustodyLog, folder: Path, place: str, draft: Make) -> VerifierKey:
    """A rotation as the controller does it."""
    keys = keys_of(folder, place)
    coming, old = keys.begin_next(), log.vkey
    fields = rotation(log.signer, coming)
    log.change_key(coming)
    log.append([draft(kind="key_rotated", **fields)])
    both = [old, coming.vkey]
    assert verify(SignedNote.parse(log.note() or b""), both) == both
    keys.settle(coming.vkey.key_id)
    return coming.vkey


def test_a_rotation_takes_the_key_from_file_to_token_and_back(
    file: Path, draft: Make, drawer: Drawer
) -> None:
    url = drawer.add()
    seen = []
    with CustodyLog.open(file, origin=ORIGIN) as log:
        log.append([draft(kind="log_key", vkey=str(log.vkey))])
    for place in (url, url, "file", "file", url):
        with CustodyLog.open(file) as log:
            vkey = change(log, file.parent, place, draft)
            log.append([draft()])
            assert verify(SignedNote.parse(log.note() or b""), [vkey]) == [vkey]
        in_file = (file.parent / KEY).read_text().startswith("PRIVATE+KEY")
        assert in_file == (place == "file")
        assert drawer.objects() == ([] if in_file else [f"{ORIGIN}+{vkey.key_id.hex()}"])
        seen.append(verify_log(file).vkey == str(vkey))
    assert seen == [True] * 5
    assert not (file.parent / NEXT).exists()


def test_whoever_gives_keys_gives_every_one_there_was(file: Path, draft: Make) -> None:
    with CustodyLog.open(file, origin=ORIGIN) as log:
        log.append([draft(kind="log_key", vkey=str(log.vkey))])
        old = log.vkey
        new = change(log, file.parent, "file", draft)
        log.append([draft()])
    assert verify_log(file, trusted=[old, new]).vkey == str(new)
    with pytest.raises(LogDamaged, match="that key was not given") as told:
        verify_log(file, trusted=[old])
    assert told.value.wrong.startswith(f"the log says that {new} signed the head of")
    assert "every one that there was is to be given" in told.value.remedy


def test_a_rotation_that_a_power_cut_interrupted_ends_at_the_next_start(
    file: Path, draft: Make, begun: VerifierKey, drawer: Drawer
) -> None:
    with CustodyLog.open(file) as log:
        coming = keys_of(file.parent, drawer.url("vault")).begin_next()
        assert len(drawer.objects()) == 2
    with CustodyLog.open(file) as log:  # it never came to sign
        assert log.vkey == begun
        assert not (file.parent / NEXT).exists()
    assert drawer.objects() == [f"{ORIGIN}+{begun.key_id.hex()}"]
    with CustodyLog.open(file) as log:
        coming = keys_of(file.parent, "file").begin_next()
        fields = rotation(log.signer, coming)
        log.change_key(coming)
        log.append([draft(kind="key_rotated", **fields)])
    drawer.look_again()
    with CustodyLog.open(file) as log:  # it did, and had not its name yet
        assert log.vkey == coming.vkey
    assert drawer.objects() == []


def test_a_token_that_is_gone_does_not_hold_up_the_key_that_came_after_it(
    file: Path, draft: Make, begun: VerifierKey, drawer: Drawer
) -> None:
    with CustodyLog.open(file) as log:
        coming = keys_of(file.parent, "file").begin_next()
        fields = rotation(log.signer, coming)
        log.change_key(coming)
        log.append([draft(kind="key_rotated", **fields)])
    drawer.pull()
    drawer.look_again()
    with CustodyLog.open(file) as log:
        assert log.vkey == coming.vkey
        assert log.append([draft(1)]) == [2]


def test_a_key_next_to_it_is_replaced_when_a_rotation_is_asked_for_again(
    file: Path, begun: VerifierKey, drawer: Drawer
) -> None:
    keys = keys_of(file.parent, drawer.url("vault"))
    keys.begin_next()
    last = keys.begin_next()
    names = {f"{ORIGIN}+{vkey.key_id.hex()}" for vkey in (begun, last.vkey)}
    assert set(drawer.objects()) == names


def test_a_name_in_another_script_begins_a_log_in_a_file_and_in_a_token(
    file: Path, draft: Make, drawer: Drawer
) -> None:
    with CustodyLog.open(file, origin="总行/金库", keys=keys_of(file.parent, drawer.add("金库"))) as log:
        log.append([draft()])
    with CustodyLog.open(file) as log:
        assert log.vkey.name == "总行/金库"
    other = file.parent.parent / "other" / "custody.db"
    with CustodyLog.open(other, origin="总行/金库") as log:
        log.append([draft()])
    with CustodyLog.open(other) as log:
        assert log.vkey.name == "总行/金库"


def test_a_place_that_names_a_key_already_is_refused(file: Path, begun: VerifierKey) -> None:
    with pytest.raises(FormatRefused, match="leave out id="):
        keys_of(file.parent, str(address(file)))


def test_a_library_that_others_can_change_is_not_loaded(
    file: Path, begun: VerifierKey, drawer: Drawer, tmp_path: Path
) -> None:
    drawer.look_again()
    loose = tmp_path / "loose.so"
    loose.write_bytes(MODULE.read_bytes())
    loose.chmod(0o666)
    text = (file.parent / KEY).read_text()
    (file.parent / KEY).write_text(text.replace(str(MODULE), str(loose)))
    with pytest.raises(LogExposed, match="others can change this library"):
        CustodyLog.open(file)
    loose.unlink()
    with pytest.raises(LogDead, match="the token's library is not there"):
        CustodyLog.open(file)


def test_what_is_no_library_is_told(file: Path, begun: VerifierKey, tmp_path: Path) -> None:
    text = (file.parent / KEY).read_text()
    for wrong, told in ((b"no library", "OS exception"), (b"", "OS exception")):
        (tmp_path / "wrong.so").write_bytes(wrong)
        (file.parent / KEY).write_text(text.replace(str(MODULE), str(tmp_path / "wrong.so")))
        with pytest.raises(LogDead, match=told):
            CustodyLog.open(file)
