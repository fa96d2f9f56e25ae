"""Personal data is beside the leaf: it can be erased, and the log stays what it was for everybody."""

import json
import random
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sd_jwt.verifier import SDJWTVerifier

from controller.errors import EntryRefused
from controller.ledger.custody_log import CustodyLog
from controller.ledger.disclosures import conceal, digest_of, reveal
from controller.ledger.reading import LogReader
from controller.ledger.verify import verify

Make = Callable[..., dict[str, object]]
NAME = "Anna Schmidt-Gutenberg"

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(codec="utf-8")),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(st.characters(codec="utf-8")), inner),
    max_leaves=4,
)
claims = st.dictionaries(
    st.text(st.characters(codec="utf-8"), min_size=1).filter(lambda name: name[0] != "_" and name != "..."),
    values,
    max_size=4,
)


@given(st.dictionaries(st.text(st.characters(codec="utf-8")), claims, max_size=3))
def test_what_was_concealed_is_revealed_whole(personal: dict[str, dict[str, Any]]) -> None:
    leaf, disclosures = conceal(personal, 7)
    known = {one.digest: one.text for one in disclosures}
    assert reveal({"personal": leaf}, known) == {"personal": personal}
    erased = {who: {"_erased": len(them)} if them else {} for who, them in personal.items()}
    assert reveal({"personal": leaf}, {}) == {"personal": erased}


@given(claims)
def test_digests_and_disclosures_are_those_of_the_foreign_sd_jwt_library(
    given_claims: dict[str, Any],
) -> None:
    leaf, disclosures = conceal({"v": given_claims}, 0)
    foreign = SDJWTVerifier.__new__(SDJWTVerifier)  # its reading of disclosures, without a token around them
    foreign._input_disclosures = [one.text for one in disclosures]
    foreign._hash_to_decoded_disclosure, foreign._hash_to_disclosure = {}, {}
    foreign._create_hash_mappings(foreign._input_disclosures)
    foreign._duplicate_hash_check = []
    assert foreign._unpack_disclosed_claims(leaf) == {"v": given_claims}


def test_the_same_name_twice_has_two_digests() -> None:
    _, one = conceal({"v": {"name": "x"}}, 0)
    _, two = conceal({"v": {"name": "x"}}, 0)
    assert one[0].digest != two[0].digest
    salt, *_ = json.loads(urlsafe_b64decode(one[0].text + "=="))
    assert len(urlsafe_b64decode(salt + "==")) == 16
    assert digest_of(one[0].text) == one[0].digest


def test_the_leaf_holds_no_letter_of_it_and_readers_see_it(log: CustodyLog, draft: Make) -> None:
    log.append([draft(personal={"v17": {"name": NAME}})])
    with LogReader(log.file) as reader:
        ((body,),) = reader.fetch("SELECT body FROM entry", ())
        assert NAME.encode() not in body
        assert next(reader.entries())["personal"] == {"v17": {"name": NAME}}
    assert next(log.tail())["personal"] == {"v17": {"name": NAME}}


def test_erasing_takes_every_trace_from_the_files_and_changes_no_leaf(file: Path, draft: Make) -> None:
    with CustodyLog.open(file) as log:
        log.append([draft(personal={"v17": {"name": NAME, "document": "E12"}, "v18": {"name": "Bo"}})])
        before = log.root
        proof = log.note()
        log.append([draft(1, kind="erased", erases=["v17"])])
        log.upkeep()
        for path in file.parent.iterdir():
            assert b"QW5uYSBTY2" not in path.read_bytes(), path  # base64 of the name's beginning
            assert NAME.encode() not in path.read_bytes(), path
        first = next(log.tail())
        assert first["personal"] == {"v17": {"_erased": 2}, "v18": {"name": "Bo"}}
    assert verify(file).entries == 2
    assert proof is not None
    with LogReader(file) as reader:
        assert reader.subtree(0, 1) == before


def test_traces_in_the_wal_go_when_the_last_reader_has_gone(file: Path, draft: Make) -> None:
    with CustodyLog.open(file) as log, LogReader(file) as reader:
        log.append([draft(personal={"v17": {"name": NAME}})])
        reader._db.execute("BEGIN").fetchall()
        reader._db.execute("SELECT * FROM entry").fetchall()
        log.append([draft(1, kind="erased", erases=["v17"])])
        log.upkeep()
        assert (file.parent / "custody.db-wal").stat().st_size
        reader._db.execute("COMMIT").fetchall()
        log.upkeep()
        assert not (file.parent / "custody.db-wal").stat().st_size


def test_one_commit_that_enrols_and_erases_keeps_nothing(log: CustodyLog, draft: Make) -> None:
    log.append([draft(personal={"v": {"name": "x"}}), draft(erases=["v"])])
    assert next(log.tail())["personal"] == {"v": {"_erased": 1}}
    log.append([draft(erases=["v"]), draft(personal={"v": {"name": "y"}})])
    *_, last = log.tail()
    assert last["personal"] == {"v": {"name": "y"}}


@pytest.mark.parametrize(
    "wrong",
    [
        {"personal": "x"},
        {"personal": {"v": 1}},
        {"personal": {1: {}}},
        {"personal": {"v": {"_sd": []}}},
        {"personal": {"v": {"...": 1}}},
        {"personal": {"v": {"name": object()}}},
        {"personal": {"v": {"name": float("nan")}}},
        {"erases": "v"},
        {"erases": [1]},
    ],
)
def test_a_draft_with_strange_personal_data_changes_nothing(
    log: CustodyLog, draft: Make, wrong: dict[str, object]
) -> None:
    log.append([draft(personal={"v": {"name": "x"}})])
    with pytest.raises(EntryRefused):
        log.append([draft(), draft(**wrong)])
    assert log.size == 1
    assert next(log.tail())["personal"] == {"v": {"name": "x"}}


class Dice:
    """Salts that are the same every time: with these, rows deleted one by one leave four copies behind."""

    def __init__(self) -> None:
        self.token_bytes = random.Random(22).randbytes  # noqa: S311


def test_however_many_are_erased_no_page_keeps_a_copy(
    log: CustodyLog, draft: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("controller.ledger.disclosures.secrets", Dice())
    names, claims = [f"v{n}" for n in range(900)], {f"claim {n}": f"Annabel {n}" for n in range(3)}
    for begin in range(0, 900, 30):
        log.append([draft(personal={name: claims}) for name in names[begin : begin + 30]])
    texts: list[tuple[str, str]] = log._fetch("SELECT subject, text FROM disclosure", ())
    gone = [name for name in names if not name.endswith("7")]
    for begin in range(0, len(gone), 90):
        log.append([draft(kind="erased", erases=gone[begin : begin + 90])])
    log.upkeep()
    octets = b"".join(file.read_bytes() for file in log.file.parent.iterdir())
    assert [one for one, text in texts if (text.encode() in octets) == (one in set(gone))] == []


@pytest.mark.parametrize("told", [b"[" * 100_000, b"{}", b'["salt", 1, 2]', b'["salt", "name"]', b"\xff"])
def test_a_disclosure_that_is_none_discloses_nothing_and_harms_nobody(told: bytes) -> None:
    text = urlsafe_b64encode(told).rstrip(b"=").decode()
    digest = digest_of(text)
    shown = reveal({"personal": {"v": {"_sd": [digest]}}}, {digest: text})
    assert shown == {"personal": {"v": {"_erased": 1}}}
