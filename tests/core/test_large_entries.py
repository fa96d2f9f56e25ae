"""However much there is to write, it fits into Entries: one too large would end the controller."""

from __future__ import annotations

from controller.core.effects import Body
from controller.core.events import TagSeen
from controller.core.words import Reason
from controller.ledger.canonical import encode
from tests.core.room import Room

SIGNS = "\U0001f600" * 190  # four bytes each
SMALLEST, GREATEST = "\x1f" * 190, "汉" * 190


def _fits(entries: tuple[Body, ...]) -> bool:
    return all(encode({**entry, "n": 2**53 - 1}) for entry in entries)


def _closed(carriers: list[str]) -> tuple[Body, ...]:
    room = Room()
    for carrier in carriers:
        room.step(TagSeen(room.now, carrier, "c1.a"))
    room.ask("recount", "li", "wang", room="vault", inside=["li", "wang"])
    room.ask("recount", "li", "wang", room="vault", inside=[])
    return room.outcome.entries


def test_a_closing_count_of_any_size_fits_and_leaves_out_no_carrier() -> None:
    for name in (SIGNS, SMALLEST, GREATEST, "x"):
        carriers = [f"{number}{name}" for number in range(400)]
        entries = _closed(carriers)
        counts = [entry for entry in entries if entry["kind"] == "closing_count"]
        assert _fits(entries)
        assert sorted(c for count in counts for c in count["expected"]) == sorted(carriers)
        assert sorted(c for count in counts for c in count["seen"]) == sorted(carriers)


def test_somebody_who_holds_any_number_of_carriers_can_be_ended() -> None:
    room = Room()
    carriers = sorted(f"{number}{SIGNS}" for number in range(100))
    for carrier in carriers:
        room.ask("move_carrier", "li", "zhao", carrier=carrier, state="OUT", holder="wang", reason="a test")
    room.ask("end_person", "li", person="wang")
    ended = [entry for entry in room.outcome.entries if entry["kind"] == "person_ended"]
    assert _fits(room.outcome.entries)
    assert [carrier for entry in ended for carrier in entry["must_come_back"]] == carriers
    assert room.state.people["wang"].ended


def test_a_person_does_not_grow_beyond_an_entry_by_changes() -> None:
    room = Room()
    for key in ("posts", "excluded_with", "department"):
        more = GREATEST if key == "department" else [f"{n}{GREATEST}" for n in range(30)]
        room.ask("change_person", "li", "zhao", person="wang", **{key: more})
        assert _fits(room.outcome.entries)


def test_a_carrier_with_an_endless_name_is_not_understood() -> None:
    room = Room()
    room.ask("move_carrier", "li", "zhao", carrier="x" * 201, state="OUT", holder="wang", reason="a test")
    assert room.outcome.answer
    assert room.outcome.answer.reason is Reason.NOT_UNDERSTOOD
