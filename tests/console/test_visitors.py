"""The visitor desk's part of the line: documents known again, codes of passes, photographs and their end."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from controller.console.photo_seals import SealedPhotos
from controller.console.photos import LONGEST, MOST_UNNAMED
from controller.console.store import FILE, Store
from controller.console.visitor import MOST
from controller.ledger.reading import LogReader
from controller.ledger.sqlite import sqlite3
from recorder.seal import opened
from tests.console.house import House, Told

HOUR = 3_600_000
PASSPORT = "E12345678"


def jpeg(text: str = "one") -> bytes:
    return b"\xff\xd8\xff\xe0" + text.encode() + b"\xff\xd9"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with House(tmp_path_factory.mktemp("visitors")) as house:
        yield house.founded("zhao", "chen", "li", "wang", "gao")


def requested(house: House, number: str, photo: str = "", **more: object) -> Told:
    wall = house.as_("li", "room")["view"]["wall_ms"]
    fields = {
        "name": "Anna Berg",
        "document": number,
        "document_kind": "passport",
        "purpose": "meeting",
        "host": "wang",
        "areas": ["main"],
        "from": wall,
        "until": wall + HOUR,
        "photo": photo,
        **more,
    }
    return house.as_("li", "ask", ask="request_visit", fields=fields)


def kept(house: House, picture: bytes) -> str:
    told = house.as_("li", "keep_photo", jpeg=b64encode(picture).decode())
    assert told == {"digest": sha256(picture).hexdigest()}
    return str(told["digest"])


def test_a_document_is_known_again_however_it_is_typed_and_nothing_is_written(house: House) -> None:
    visit = requested(house, PASSPORT)
    before = house.newest
    told = house.as_("li", "visitor", document="e 1234-5678")
    assert told == {
        "visitor": visit["visitor"],
        "blocked": False,
        "visits": 0,
        "open": [visit["visit"]],
    }
    unknown = house.as_("li", "visitor", document="E99999999")
    assert unknown == {"visitor": "", "blocked": False, "visits": 0, "open": []}
    assert house.newest == before


def test_whoever_is_blocked_is_told_at_the_first_look(house: House) -> None:
    asked = {"ask": "block_visitor", "fields": {"document": "B1111111", "reason": "stole"}}
    assert "accepted" in house.as_("li", "ask", **asked)
    assert house.as_("li", "visitor", document="B1111111")["blocked"]


@pytest.mark.parametrize("do", ["visitor", "pass_code", "pass_of", "keep_photo"])
def test_only_the_desk_may_look_somebody_up(house: House, do: str) -> None:
    name = {"visitor": "document", "pass_code": "visit", "pass_of": "code", "keep_photo": "jpeg"}[do]
    for person in ("wang", "gao"):
        assert house.as_(person, do, **{name: "x"})["refused"] == "not_allowed"


def test_a_session_asks_after_so_many_documents_a_minute_and_no_more(house: House) -> None:
    first = [house.as_("chen", "visitor", document=f"E{n:08}") for n in range(MOST)]
    assert all("refused" not in told for told in first)
    assert house.as_("chen", "visitor", document=PASSPORT)["refused"] == "too_many"
    assert "refused" not in house.as_("zhao", "visitor", document=PASSPORT)


def test_a_pass_is_found_by_its_code_and_by_no_other(house: House) -> None:
    one, other = (requested(house, number)["visit"] for number in ("C1000001", "C1000002"))
    code = house.as_("li", "pass_code", visit=one)["code"]
    assert len(code) == 16
    assert code != house.as_("li", "pass_code", visit=other)["code"]
    typed = "-".join(code[n : n + 4].lower() for n in range(0, 16, 4))
    assert house.as_("li", "pass_of", code=typed) == {"visit": one}
    assert house.as_("li", "pass_of", code="A" * 16)["refused"] == "nothing_to_do"
    assert house.as_("li", "pass_code", visit="v999")["refused"] == "nothing_to_do"


def test_a_photograph_is_shown_again_and_the_look_is_an_entry_once_a_session(house: House) -> None:
    digest = kept(house, jpeg("anna"))
    visit = requested(house, "D1000001", digest)
    house.sign_in("li")
    before = house.newest
    for _ in range(2):
        assert b64decode(house.as_("li", "photo", digest=digest)["jpeg"]) == jpeg("anna")
    looks = house.entries("evidence_read", after=before)
    assert [(e["who"], e["what"], e["filter"]) for e in looks] == [
        (["li"], "picture", f"visitor={visit['visitor']}")
    ]
    assert "jpeg" in house.as_("gao", "photo", digest=digest)
    assert house.as_("wang", "photo", digest=digest)["refused"] == "not_allowed"
    assert house.as_("li", "photo", digest="0" * 64)["refused"] == "no_picture"


@pytest.mark.parametrize(
    "wrong", [b"", b"GIF89a", jpeg()[:-1], b"\xff\xd8\xff" + b"x" * LONGEST + b"\xff\xd9"]
)
def test_what_is_no_small_jpeg_is_not_kept(house: House, wrong: bytes) -> None:
    told = house.as_("li", "keep_photo", jpeg=b64encode(wrong).decode())
    assert told["refused"] == "not_understood"


def test_the_biggest_photograph_comes_over_the_line(house: House) -> None:
    big = jpeg("x" * (LONGEST - 6))
    assert len(big) == LONGEST
    digest = kept(house, big)
    assert b64decode(house.as_("li", "photo", digest=digest)["jpeg"]) == big


def test_an_erasure_takes_the_photograph_out_of_the_file(house: House) -> None:
    picture = jpeg("a face that must go " + "f" * 5_000)
    digest = kept(house, picture)
    visit = requested(house, "F1000001", digest)
    declined = {"ask": "decline_visit", "fields": {"visit": visit["visit"], "reason": "no"}}
    assert "accepted" in house.as_("li", "ask", **declined)
    told = house.both("zhao", "chen", "erase_person", person=visit["visitor"], reason="asked for it")
    assert "accepted" in told, told
    assert house.as_("li", "photo", digest=digest)["refused"] == "no_picture"
    assert not _holds(house.data, picture)


def test_no_photograph_stands_unsealed_in_the_desks_file_nor_in_its_log_of_changes(house: House) -> None:
    named, waiting = jpeg("a face " + "a" * 5_000), jpeg("another face " + "b" * 5_000)
    visit = requested(house, "G1000001", kept(house, named))
    digest = kept(house, waiting)
    assert not any(_holds(house.data, one) for one in (named, waiting))
    assert b64decode(house.as_("li", "photo", digest=digest)["jpeg"]) == waiting
    assert not any(_holds(house.data, one) for one in (named, waiting))
    assert all(b"\xff\xd8\xff" not in file.read_bytes() for file in _files(house.data))
    with sqlite3.connect(house.data / FILE) as db:
        rows = dict(db.execute("SELECT digest, key FROM sealed_photo"))
    assert rows[sha256(named).hexdigest()] == ""  # from the naming on it has no key but the visitor's
    assert rows[digest].startswith("AGE-SECRET-KEY-")
    (entry,) = [e for e in house.entries("visit_requested") if e["visit"] == visit["visit"]]
    assert entry["seals"] == [visit["visitor"]]


def test_a_copy_of_the_file_from_before_an_erasure_opens_nothing_after_it(
    house: House,
) -> None:
    """The key goes with the Entry, so that a copy that nobody can reach is worth nothing either."""
    digest = kept(house, jpeg("somebody in a copy"))
    visit = requested(house, "H1000001", digest)
    assert "jpeg" in house.as_("li", "photo", digest=digest)  # sealed to the visitor by now
    with sqlite3.connect(house.data / FILE) as db:
        (sealed,) = db.execute("SELECT sealed FROM sealed_photo WHERE digest = ?", (digest,)).fetchone()
    with LogReader(house.data / "custody.db") as log:
        keys = log.picture_identities([visit["visitor"]])
        assert opened(sealed, keys).picture == jpeg("somebody in a copy")
    declined = {"ask": "decline_visit", "fields": {"visit": visit["visit"], "reason": "no"}}
    assert "accepted" in house.as_("li", "ask", **declined)
    assert "accepted" in house.both("zhao", "chen", "erase_person", person=visit["visitor"], reason="asked")
    with LogReader(house.data / "custody.db") as log:
        assert log.picture_identities([visit["visitor"]]) == []
    left = (file for file in house.data.iterdir() if file.name.startswith(("custody.db", FILE)))
    files = list(left)
    house.until(lambda: not any(keys[0].encode() in file.read_bytes() for file in files))


def test_what_an_older_version_kept_as_it_was_is_sealed_at_the_next_start(tmp_path: Path) -> None:
    picture = jpeg("from before " + "c" * 5_000)
    store = Store(tmp_path)
    store.script("CREATE TABLE photo (digest TEXT PRIMARY KEY, jpeg BLOB NOT NULL, since INTEGER NOT NULL)")
    store.do("INSERT INTO photo VALUES (?, ?, ?)", sha256(picture).hexdigest(), picture, 7)
    assert _holds(tmp_path, picture)
    photos = SealedPhotos(store)
    assert not _holds(tmp_path, picture)
    assert photos.unnamed() == 1
    store.close()


def test_what_a_killed_controller_had_deleted_stands_in_no_file_after_the_next_start(tmp_path: Path) -> None:
    store = Store(tmp_path)
    SealedPhotos(store).add(jpeg("killed " + "d" * 5_000), 7)
    ((key,),) = store.rows("SELECT key FROM sealed_photo")
    store.do("DELETE FROM sealed_photo")
    assert _holds(tmp_path, key.encode())
    SealedPhotos(store)
    assert not _holds(tmp_path, key.encode())
    store.close()


def test_a_photograph_goes_when_no_visit_has_named_it_for_as_long_as_pictures_are_kept(house: House) -> None:
    store = Store(house.data)
    photos = SealedPhotos(store)
    digests = [kept(house, jpeg(f"kept {n}")) for n in range(2)]
    visits = [requested(house, f"J100000{n}", digest) for n, digest in enumerate(digests)]
    seen = [house.as_("zhao", "photo", digest=digest) for digest in digests]
    assert all("jpeg" in told for told in seen), seen
    store.do("UPDATE sealed_photo SET since = -1 WHERE digest = ?", digests[0])
    photos.drop_named(0)
    assert photos.whose(digests[0]) == ""
    assert house.as_("li", "photo", digest=digests[0])["refused"] == "no_picture"
    assert photos.whose(digests[1]) == visits[1]["visitor"]
    store.close()


def test_photographs_that_no_visit_names_are_bounded(house: House) -> None:
    told = [
        house.as_("li", "keep_photo", jpeg=b64encode(jpeg(f"n{n}")).decode()) for n in range(MOST_UNNAMED + 1)
    ]
    assert told[-1]["refused"] == "too_many"


@pytest.mark.parametrize("several", [False, True])
def test_a_visit_that_is_changed_while_somebody_signs_for_it_is_not_approved(
    house: House, several: bool
) -> None:
    visit = requested(house, f"A100001{several:d}", host="wang")["visit"]
    other = requested(house, f"A100002{several:d}", host="wang")["visit"]
    named: Told = {"visits": [visit, other]} if several else {"visit": visit}
    asked = house.propose("zhao", "approve_visit", **named, as_of=10**9)
    assert asked["fields"] == named | {"as_of": house.newest + 1}, "nobody but the controller says it"
    changed = house.as_("li", "ask", ask="change_visit", fields={"visit": visit, "name": "Mallory"})
    assert "accepted" in changed, changed
    assert house.sign("zhao", asked)["refused"] == "not_seen"
    assert not [e for e in house.entries("visit_approved") if e["visit"] in {visit, other}]
    again = house.propose("zhao", "approve_visit", **named)
    assert "accepted" in house.sign("zhao", again)


def test_a_refusal_tells_what_is_missing_and_which_lockers_are_taken(house: House) -> None:
    """The fields by which a page says it beside the field come through the line."""
    wrong = requested(house, "110101199003070013", document_kind="resident_id")
    assert (wrong["refused"], wrong["check"]) == ("document_wrong", "check_digit")
    visit = requested(house, "A1000001", host="wang")["visit"]
    asked = house.propose("zhao", "approve_visit", visit=visit)
    assert "accepted" in house.sign("zhao", asked)
    given = {"visit": visit, "badge": "P1", "devices": []}
    told = house.as_("li", "ask", ask="issue_pass", fields=given)
    assert told["missing"] == ["identity_checked", "photo", "instruction_given", "privacy_notice_given"]


def _files(data: Path) -> list[Path]:
    return list(data.glob(f"{FILE}*"))


def _holds(data: Path, secret: bytes) -> bool:
    return any(secret[20:2_000] in file.read_bytes() for file in _files(data))
