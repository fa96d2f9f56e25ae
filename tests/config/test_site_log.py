"""The log's part of a site file: its name and key, who cosigns it, and how long what is kept."""

from __future__ import annotations

import pytest

from controller.config import load, loads
from controller.core.plan import LogWitnesses, RoomPlan
from controller.site_log import KEEPING, Keeping, LogSettings
from tests.config.small import SMALL, faults, site, small
from tests.config.test_site_schema import SAMPLE

ONE = "bank.example/witness-1+2df7abd3+BIqI4910CfGV/VLbLTy6XXLKZwm/HZQSG/N0iAG0D29c"
TWO = "bank.example/witness-2+47ebff78+BIE5dw6ofRdfVqNUZsNMfszLjYqRtO43ol32D1uPybOU"
A_LOG = "example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx"
URL = "https://one.bank.example"
WITNESS = f'[log_witness.one]\nurl = "{URL}"\nvkey = "{ONE}"\n'
SECOND = f'[log_witness.two]\nurl = "http://10.1.2.3:7380/log"\nvkey = "{TWO}"\n'


def told(text: str) -> list[tuple[str, str]]:
    return [(fault.key, fault.problem) for fault in faults(text)]


def keys(text: str) -> list[str]:
    return [fault.key for fault in faults(text)]


def test_a_site_that_says_nothing_has_a_log_of_its_own_name_and_no_log_witness() -> None:
    assert site().log == LogSettings("small", "file", ())
    assert site().keeping == Keeping()
    assert site().plan.log_witnesses == LogWitnesses()


def test_a_name_with_spaces_becomes_an_origin_that_can_stand_in_a_signed_head() -> None:
    text = SMALL.replace('name = "small"', 'name = "Head office + annex"')
    assert loads(text, "small.toml").log.origin == "Head-office-annex"


def test_the_log_witnesses_reach_the_core_by_name_and_the_process_with_place_and_key() -> None:
    log = "[log]\nwitnesses_needed = 2\nunwitnessed_max = 50\nunwitnessed_s = 60\n"
    found = loads(small("room.vault", "witnessed = 2", "witness_s = 10") + log + WITNESS + SECOND, "s.toml")
    assert found.plan.log_witnesses == LogWitnesses(("one", "two"), 2, 50, 60_000)
    assert found.plan.rooms["vault"].witnessed == 2
    assert found.plan.rooms["vault"].witness_ms == 10_000
    assert [(w.name, w.url, str(w.vkey)) for w in found.log.witnesses] == [
        ("one", URL, ONE),
        ("two", "http://10.1.2.3:7380/log", TWO),
    ]


def test_the_sample_writes_the_defaults_of_the_log_and_of_keeping() -> None:
    found = load(SAMPLE)
    assert found.keeping == Keeping()
    assert found.log.key == LogSettings().key
    assert found.plan.log_witnesses == LogWitnesses(("branch",))
    assert found.plan.rooms["vault"].witness_ms == RoomPlan("").witness_ms


@pytest.mark.parametrize("origin", ["", "two words", "a+b", "tab\\tbed", "x" * 256, "a\\u2003b"])
def test_an_origin_that_cannot_stand_in_a_signed_head_is_a_fault(origin: str) -> None:
    assert keys(SMALL + f'[log]\norigin = "{origin}"\n') == ["log.origin"]


@pytest.mark.parametrize("key", ["", "files", "/etc/key.pem", "pkcs11:", "pkcs11:a b", "tpm:1"])
def test_a_place_that_holds_no_signing_key_is_a_fault(key: str) -> None:
    assert keys(SMALL + f'[log]\nkey = "{key}"\n') == ["log.key"]


def test_the_pin_of_a_token_is_refused_and_not_repeated() -> None:
    (fault,) = faults(SMALL + '[log]\nkey = "pkcs11:token=vault?pin-value=918273"\n')
    assert "918273" not in str(fault)
    assert "pin-source" in fault.remedy


@pytest.mark.parametrize(
    "url",
    [
        "",
        "ftp://10.0.0.1",
        "http://witness.bank.example",  # a name, and nothing proves it
        "http://8.8.8.8",
        "https://8.8.8.8",
        "http://user:secret@10.0.0.1",
        "http://10.0.0.1:0",
        "http://10.0.0.1:70000",
        "http://10.0.0.1/?a=b",
        "http://10.0.0.1/#a",
        "http://10.0.0.1/",
        "http://[::1",
        "http://10.0.0.1\\n",
    ],
)
def test_an_address_that_is_not_one_of_a_log_witness_of_the_house_is_a_fault(url: str) -> None:
    text = SMALL + f'[log_witness.one]\nurl = "{url}"\nvkey = "{ONE}"\n'
    assert keys(text) == ["log_witness.one.url"]


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:7380",
        "http://[::1]:7380",
        "http://localhost",
        "http://[fd00::5]",
        "https://10.9.8.7",
        "https://witness.bank.example:8443/custody",
    ],
)
def test_an_address_of_this_machine_or_of_the_house_is_taken(url: str) -> None:
    assert not faults(SMALL + f'[log_witness.one]\nurl = "{url}"\nvkey = "{ONE}"\n')


@pytest.mark.parametrize("vkey", ['""', '"one"', "7", f'"{ONE[:-1]}"', f'"{ONE} "', f'"{A_LOG}"'])
def test_a_text_that_is_no_key_of_a_log_witness_is_a_fault(vkey: str) -> None:
    assert keys(SMALL + f'[log_witness.one]\nurl = "{URL}"\nvkey = {vkey}\n') == ["log_witness.one.vkey"]


def test_place_and_key_of_a_log_witness_are_both_needed() -> None:
    assert keys(SMALL + "[log_witness.one]\n") == ["log_witness.one.url", "log_witness.one.vkey"]


def test_more_log_witnesses_needed_than_there_are_is_a_fault() -> None:
    log = "[log]\nwitnesses_needed = 2\n"
    assert told(SMALL + log + WITNESS) == [("log.witnesses_needed", "of log witnesses there are 1")]
    assert told(small("room.vault", "witnessed = 1")) == [
        ("room.vault.witnessed", "of log witnesses there are 0")
    ]
    assert told(small("room.vault", "witnessed = 3") + WITNESS + SECOND) == [
        ("room.vault.witnessed", "of log witnesses there are 2")
    ]


def test_a_limit_without_effect_is_a_fault() -> None:
    assert keys(SMALL + "[log]\nunwitnessed_max = 9\nunwitnessed_s = 90\n") == [
        "log.unwitnessed_max",
        "log.unwitnessed_s",
    ]
    assert keys(small("room.vault", "witness_s = 3") + WITNESS) == ["room.vault.witness_s"]


def test_two_log_witnesses_have_two_places_and_two_keys() -> None:
    again = WITNESS.replace(".one]", ".two]", 1)
    assert keys(SMALL + WITNESS + again) == ["log_witness.two.url", "log_witness.two.vkey"]


def test_a_log_witness_has_a_name_that_nothing_else_has() -> None:
    assert keys(SMALL + WITNESS.replace("[log_witness.one]", "[log_witness.main]")) == ["log_witness.main"]


@pytest.mark.parametrize("key", ["log_days", "alarm_days", "picture_days"])
def test_b63_nothing_is_kept_for_less_than_180_days(key: str) -> None:
    assert keys(SMALL + f"[keeping]\n{key} = 179\n") == [f"keeping.{key}"]
    assert not faults(SMALL + f"[keeping]\n{key} = 180\n")


def test_every_number_of_keeping_can_be_set() -> None:
    numbers = {key.name: 1_000 + place for place, key in enumerate(KEEPING.keys)} | {"backup_hours": 48}
    numbers |= {"announce_free_mb": 5_000, "log_days": 2_000}
    lines = "".join(f"{name} = {number}\n" for name, number in numbers.items())
    assert loads(SMALL + "[keeping]\n" + lines, "s.toml").keeping == Keeping(**numbers)


def test_a_disk_is_announced_full_before_the_reserve_of_the_log_is_touched() -> None:
    assert keys(SMALL + "[keeping]\nreserve_mb = 2000\n") == ["keeping.reserve_mb"]
    assert keys(SMALL + "[keeping]\nreserve_mb = 500\nannounce_free_mb = 500\n") == [
        "keeping.announce_free_mb"
    ]


def test_everything_wrong_is_told_at_once_each_with_its_line() -> None:
    text = SMALL + '[log]\nkey = "x"\n[log_witness.one]\nurl = "y"\nvkey = "z"\n[keeping]\nlog_days = 1\n'
    lines = text.splitlines()
    found = faults(text)
    assert [fault.key for fault in found] == [
        "log.key",
        "log_witness.one.url",
        "log_witness.one.vkey",
        "keeping.log_days",
    ]
    for fault in found:
        assert lines[fault.line - 1].startswith(fault.key.rpartition(".")[2])


def test_no_picture_is_kept_longer_than_the_entry_that_names_it() -> None:
    assert keys(f"{SMALL}[keeping]\npicture_days = 400\nlog_days = 365\n") == ["keeping.picture_days"]
    assert keys(f"{SMALL}[keeping]\npicture_days = 365\nlog_days = 365\n") == []
