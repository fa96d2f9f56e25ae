"""`ironroom tls`: what it makes, and every mistake a sentence."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from controller.cli import main
from tests.web.certified import HOST, certified
from web.tls_files import pair


def tls(*words: str | Path) -> Result:
    return CliRunner().invoke(main, ["tls", *map(str, words)], catch_exceptions=False)


def made(folder: Path, *more: str) -> dict[str, Any]:
    told = tls("server", "--folder", folder, "--name", HOST, *more, "--json")
    assert told.exit_code == 0, told.output
    return dict(json.loads(told.output))


def refused(told: Result) -> str:
    assert told.exit_code == 2, told.output
    assert told.output.count("\n") == 1, told.output
    return told.output


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return certified(tmp_path / "ca")


def test_an_authority_and_a_console_are_made_and_shown_with_their_fingerprints(tmp_path: Path) -> None:
    where = tmp_path / "not" / "there" / "yet"
    first = tls("authority", "--folder", where, "--domain", "Vault.lan", "--network", "192.0.2.0/24")
    assert (first.exit_code, "for vault.lan, 192.0.2.0/24" in first.output) == (0, True), first.output
    row = made(where, "--address", "192.0.2.7")
    assert row["for"] == [HOST, "192.0.2.7"]
    shown = tls("show", "--folder", where, "--json")
    assert shown.exit_code == 0, shown.output
    rows = [json.loads(line) for line in shown.output.splitlines()]
    assert rows[1] == row
    assert [Path(one["file"]).name for one in rows] == ["authority.pem", f"{HOST}.pem"]
    assert all(len(one["sha256"]) == 95 and not one["faults"] for one in rows)


def test_nothing_is_overwritten(folder: Path) -> None:
    before = {file.name: file.read_bytes() for file in folder.iterdir()}
    said = refused(tls("authority", "--folder", folder, "--domain", "vault.lan"))
    assert "is there already and is not overwritten" in said
    assert "--renew" in refused(tls("server", "--folder", folder, "--name", HOST))
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == before


def test_half_of_what_was_there_is_not_overwritten_either(folder: Path) -> None:
    (folder / "authority.pem").unlink()
    key = (folder / "authority.key").read_bytes()
    assert "authority.key is there" in refused(tls("authority", "--folder", folder, "--domain", "vault.lan"))
    assert (folder / "authority.key").read_bytes() == key


def test_a_renewed_certificate_is_another_for_the_same_key_wherever_that_is(
    folder: Path, tmp_path: Path
) -> None:
    before, key = pair(folder, HOST).certificate, folder / f"{HOST}.key"
    key.rename(tmp_path / "in the box")
    made(folder, "--renew")
    assert not key.exists()
    (tmp_path / "in the box").rename(key)
    after = pair(folder, HOST).certificate
    assert after.serial_number != before.serial_number
    assert after.public_key() == before.public_key()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--name", "console.bank.example"], "outside vault.lan"),
        (["--name", "notvault.lan"], "outside vault.lan"),
        (["--name", "192.0.2.7"], "an address is no name"),
        (["--name", "other.vault.lan", "--address", "203.0.113.9"], "in no network"),
        (["--name", "other.vault.lan", "--address", "2001:db8::7"], "in no network"),
        (["--name", "other.vault.lan", "--renew"], "is missing"),
    ],
)
def test_what_the_authority_may_not_certify_is_a_sentence_and_leaves_nothing(
    folder: Path, words: list[str], told: str
) -> None:
    before = sorted(folder.iterdir())
    assert told in refused(tls("server", "--folder", folder, *words))
    assert sorted(folder.iterdir()) == before


def test_an_authority_without_networks_certifies_no_address(tmp_path: Path) -> None:
    assert tls("authority", "--folder", tmp_path / "ca", "--domain", "vault.lan").exit_code == 0
    said = refused(tls("server", "--folder", tmp_path / "ca", "--name", HOST, "--address", "192.0.2.7"))
    assert "given them by --network" in said


def test_a_key_that_others_can_read_is_not_used_and_is_shown(folder: Path) -> None:
    (folder / "authority.key").chmod(0o640)
    assert "chmod 600" in refused(tls("server", "--folder", folder, "--name", "other.vault.lan"))
    shown = tls("show", "--folder", folder)
    assert shown.exit_code == 1
    assert f"others can read {folder}/authority.key" in shown.output


def test_no_key_is_made_or_used_where_others_can_write(folder: Path) -> None:
    folder.chmod(0o777)
    for words in (["authority", "--domain", "vault.lan"], ["server", "--name", "other.vault.lan"], ["show"]):
        assert "others can write in it: chmod 700" in refused(tls(*words, "--folder", folder))


def test_a_key_behind_a_link_is_not_used(folder: Path, tmp_path: Path) -> None:
    (folder / "authority.key").rename(tmp_path / "elsewhere")
    (folder / "authority.key").symlink_to(tmp_path / "elsewhere")
    told = tls("server", "--folder", folder, "--name", "other.vault.lan")
    assert told.exit_code == 2
    assert "authority.key" in told.output


@pytest.mark.parametrize("octets", [b"", b"-----BEGIN PRIVATE KEY-----\n", b"\xff" * 100, b"x" * 70_000])
def test_a_strange_key_or_certificate_is_a_sentence(folder: Path, octets: bytes) -> None:
    (folder / "authority.key").write_bytes(octets)
    assert "authority.key" in refused(tls("server", "--folder", folder, "--name", "other.vault.lan"))
    (folder / f"{HOST}.pem").write_bytes(octets)
    assert f"{HOST}.pem" in refused(tls("show", "--folder", folder))


def test_the_key_of_another_authority_is_not_taken_for_this_one(folder: Path, tmp_path: Path) -> None:
    other = certified(tmp_path / "other")
    (other / "authority.key").replace(folder / "authority.key")
    assert "is not the key of" in refused(tls("server", "--folder", folder, "--name", "other.vault.lan"))


def test_a_certificate_of_another_authority_is_shown_as_that(folder: Path, tmp_path: Path) -> None:
    other = certified(tmp_path / "other")
    (other / "authority.pem").replace(folder / "authority.pem")
    shown = tls("show", "--folder", folder)
    assert shown.exit_code == 1
    assert "it is not of the authority in authority.pem" in shown.output


def test_a_console_can_look_at_its_certificate_without_the_authority(folder: Path) -> None:
    (folder / "authority.key").unlink()
    assert tls("show", "--folder", folder).exit_code == 0


def test_an_empty_folder_and_none_are_sentences(tmp_path: Path) -> None:
    assert "no such folder" in refused(tls("show", "--folder", tmp_path / "nowhere"))
    assert tls("show", "--folder", tmp_path).exit_code == 1
