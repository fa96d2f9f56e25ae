"""What the log tells about itself, its key, and every look at it: behaviour 61 and 63."""

from __future__ import annotations

from typing import Any

import pytest

from controller.core.askings import ASKINGS
from controller.core.console_roles import ConsoleRole
from controller.core.custody import EVIDENCE, LIVE, LOG_NEWS
from controller.core.effects import Raise
from controller.core.erasing import WORDS_SEARCHED
from controller.core.events import LogNews
from controller.core.words import Kind, Reason
from tests.core.desk import Desk
from tests.core.room import Room

SAMPLES: dict[type, Any] = {str: "x", int: 7}
NEWS: dict[Kind, dict[str, Any]] = {
    kind: {name: SAMPLES[what] for name, what in row.fields.items()} for kind, row in LOG_NEWS.items()
}


def ready(kind: Kind) -> Room:
    """A room in which nothing speaks against news of a kind."""
    room = Room()
    if kind is Kind.KEY_ROTATED:
        tell(room, Kind.LOG_KEY)
        room.ask("rotate_key", "li", "wang")
    return room


def tell(room: Room, kind: Kind, place: str = "", /, **fields: Any) -> Any:
    room.step(LogNews(room.now, kind, place, fields or news(room, kind)))
    return room.reason


def news(room: Room, kind: Kind) -> dict[str, Any]:
    """Fields that fit; a restoration is of the log as it is."""
    return NEWS[kind] | ({"old_size": room.state.size} if kind is Kind.RESTORED else {})


@pytest.mark.parametrize("kind", LOG_NEWS)
def test_news_of_the_log_is_an_entry_with_its_fields_and_its_alarm(kind: Kind) -> None:
    room = ready(kind)
    said = news(room, kind)
    assert tell(room, kind) is None
    assert room.kinds[0] == kind
    assert said.items() <= room.of(kind)[0].items()
    alarm = LOG_NEWS[kind].alarm
    assert room.raised == ([alarm] if alarm else [])
    assert room.alarms == ({alarm} if alarm else set())


def test_after_a_restoration_the_log_has_no_key_until_it_names_the_new_one() -> None:
    room = Room()
    tell(room, Kind.LOG_KEY, vkey="old")
    assert tell(room, Kind.LOG_KEY, vkey="new") == Reason.NOT_ALLOWED
    assert tell(room, Kind.RESTORED) is None
    assert tell(room, Kind.LOG_KEY, vkey="new") is None
    assert room.state.log_key == "new"


@pytest.mark.parametrize("wrong", [-1, 1])
def test_a_restoration_is_told_at_the_end_of_the_old_log_or_not_at_all(wrong: int) -> None:
    room = Room()
    tell(room, Kind.LOG_KEY, vkey="old")
    told = tell(room, Kind.RESTORED, old_size=room.state.size + wrong, old_head="x", gap="x")
    assert told == Reason.NOT_ALLOWED
    assert room.state.log_key == "old"


def test_an_alarm_of_the_log_stands_until_a_guard_takes_note_and_sounds_again_when_told_again() -> None:
    room = Room()
    tell(room, Kind.DISK_LOW)
    tell(room, Kind.DISK_ENOUGH)
    assert room.alarms == {"disk_low"}
    tell(room, Kind.DISK_LOW, free_bytes=3)
    assert room.raised == ["disk_low"]
    room.ask("acknowledge", "zhao", alarm="disk_low", reason="disk changed")
    assert not room.alarms


@pytest.mark.parametrize(
    ("begins", "ends"),
    [
        (Kind.DISK_LOW, Kind.DISK_ENOUGH),
        (Kind.RESERVE_USED, Kind.DISK_ENOUGH),
        (Kind.BACKUP_FAILED, Kind.BACKED_UP),
    ],
)
def test_a_trouble_of_the_log_stands_until_its_end_is_told(begins: Kind, ends: Kind) -> None:
    room = Room()
    tell(room, begins)
    assert room.state.log_troubles == {begins}
    room.restart()
    assert room.state.log_troubles == {begins}
    tell(room, ends)
    assert not room.state.log_troubles


WRONG: list[tuple[Kind, dict[str, Any]]] = [
    (Kind.GRANTED, {"until": 9}),
    (Kind.ERASED, {"person": "li", "erases": ["li"]}),
    (Kind.LOG_KEY, {"vkey": 7}),
    (Kind.LOG_KEY, {"key": "x"}),
    (Kind.LOG_KEY, {"vkey": "x", "at": 9}),
    (Kind.LOG_KEY, {"vkey": "x" * 8_001}),
    (Kind.LOG_KEY, {"vkey": "\ud800"}),
    (Kind.DISK_LOW, {"free_bytes": -1}),
    (Kind.DISK_LOW, {"free_bytes": True}),
    (Kind.DISK_LOW, {"free_bytes": 2**53}),
    (Kind.DISK_LOW, {"free_bytes": 0.5}),
]


@pytest.mark.parametrize(("kind", "fields"), WRONG)
def test_news_that_is_not_in_the_table_or_not_of_its_shape_is_not_written(
    kind: Kind, fields: dict[str, Any]
) -> None:
    room = Room()
    assert tell(room, kind, **fields) is Reason.NOT_UNDERSTOOD
    assert not room.outcome.entries
    assert not [e for e in room.outcome.effects if isinstance(e, Raise)]


def test_a_key_that_is_known_changes_by_rotation_alone() -> None:
    room = Room()
    tell(room, Kind.LOG_KEY, vkey="site+1+A")
    assert tell(room, Kind.LOG_KEY, vkey="site+1+A") is Reason.NOTHING_TO_DO
    assert tell(room, Kind.LOG_KEY, vkey="site+2+B") is Reason.NOT_ALLOWED
    assert (len(room.of("log_key")), room.state.log_key) == (1, "site+1+A")


@pytest.mark.parametrize(("asked", "old"), [(False, "site+1+A"), (True, "site+9+Z"), (True, "")])
def test_no_key_is_rotated_that_two_did_not_ask_for_or_that_is_not_the_logs(asked: bool, old: str) -> None:
    room = Room()
    tell(room, Kind.LOG_KEY, vkey="site+1+A")
    if asked:
        room.ask("rotate_key", "li", "wang")
    said = tell(room, Kind.KEY_ROTATED, old=old, new="site+2+B", signature_old="a", signature_new="b")
    assert said is Reason.NOT_ALLOWED
    assert room.state.log_key == "site+1+A"


@pytest.mark.parametrize("kind", [Kind.PRUNED, Kind.PICTURES_DELETED])
def test_under_any_legal_hold_nothing_is_pruned(kind: Kind) -> None:
    room = Room()
    for person in ("", "wang"):
        room.ask("set_hold", "li", hold="case 7", person=person, reason="a court asks")
        assert tell(room, kind) is Reason.UNDER_HOLD
        assert not room.of(kind)
        room.ask("lift_hold", "zhao", "chen", hold="case 7", reason="closed")
    assert tell(room, kind) is None


def test_what_was_pruned_does_not_come_back() -> None:
    room = Room()
    tell(room, Kind.PRUNED, kept_from=500, bodies=500)
    tell(room, Kind.PRUNED, kept_from=100, bodies=0)
    room.restart()
    assert room.state.kept_from == 500


def test_two_ask_for_a_new_key_once_and_it_signs_when_both_keys_have_said_so() -> None:
    room = Room()
    tell(room, Kind.LOG_KEY, vkey="site+1+A")
    room.ask("rotate_key", "li", "wang", reason="yearly")
    assert (room.of("key_rotation_asked")[0]["who"], room.state.rotation_asked) == (["li", "wang"], True)
    room.ask("rotate_key", "zhao", "chen")
    assert room.reason is Reason.NOTHING_TO_DO
    room.restart()
    assert room.state.rotation_asked  # a restart does not forget it
    tell(room, Kind.KEY_ROTATED, old="site+1+A", new="site+2+B", signature_old="a", signature_new="b")
    assert (room.state.log_key, room.state.rotation_asked) == ("site+2+B", False)
    room.ask("rotate_key", "zhao", "chen")
    assert room.reason is None


@pytest.mark.parametrize("what", EVIDENCE)
def test_every_way_of_looking_at_evidence_is_an_entry_of_who_what_and_which(what: str) -> None:
    room, chosen = Room(), "room=vault" if what == LIVE else "kind=granted"
    room.ask("read_evidence", "os:auditor", what=what, filter=chosen)
    assert [kind for kind in room.kinds if kind != "snapshot"] == ["evidence_read"]
    entry = room.of("evidence_read")[0]
    assert (entry["who"], entry["what"], entry["filter"]) == (["os:auditor"], what, chosen)
    assert "personal" not in entry


def test_b33b_a_live_look_is_an_entry_and_has_the_room_pictured_once_in_ten_seconds() -> None:
    room = Room()
    for chosen in ("room=nowhere", "vault", ""):
        room.ask("read_evidence", "os:auditor", what=LIVE, filter=chosen)
        assert room.reason is Reason.NOTHING_TO_DO
    assert not room.of("snapshot")
    for seconds, reason in ((0, None), (9.9, Reason.TOO_MANY), (0.1, None)):
        room.wait(seconds)
        room.ask("read_evidence", "os:auditor", what=LIVE, filter="room=vault")
        assert room.reason is reason
    assert len(room.of("evidence_read")) == 2
    assert [(e["place"], e["why"]) for e in room.of("snapshot")] == [("vault", "evidence_read")] * 2


@pytest.mark.parametrize(
    ("by", "reason"), [("installer", Reason.NOT_ALLOWED), ("zheng", Reason.NOT_ALLOWED), ("sun", None)]
)
def test_b33b_at_the_console_only_who_may_approve_has_a_room_pictured(by: str, reason: Reason | None) -> None:
    room = Desk(installer={"badges": ["I1"], "roles": ["installer"]})
    room.says("read_evidence", by, what=LIVE, filter="room=vault", words="")
    assert room.why() is reason
    assert len(room.of("snapshot")) == (reason is None)


def test_words_that_were_searched_are_personal_and_go_with_the_next_erasure() -> None:
    room = Room()
    room.ask("read_evidence", "os:auditor", what="find", words="Anna Berg")
    assert room.of("evidence_read")[0]["personal"] == {WORDS_SEARCHED: {"words": "Anna Berg"}}
    room.ask("end_person", "zhao", person="wang")
    room.ask("erase_person", "zhao", "chen", person="wang", reason="asked")
    assert WORDS_SEARCHED in room.of("erased")[0]["erases"]


REFUSED: list[tuple[str, dict[str, Any], Reason]] = [
    ("li", {"what": "show"}, Reason.NOT_ALLOWED),
    ("", {"what": "show"}, Reason.NOT_ALLOWED),
    ("os:" + "x" * 200, {"what": "show"}, Reason.NOT_ALLOWED),
    ("os:auditor", {}, Reason.NOT_UNDERSTOOD),
    ("os:auditor", {"what": "steal"}, Reason.NOT_UNDERSTOOD),
    ("os:auditor", {"what": ["show"]}, Reason.NOT_UNDERSTOOD),
    ("os:auditor", {"what": "show", "filter": "x" * 501}, Reason.NOT_UNDERSTOOD),
    ("os:auditor", {"what": "show", "filter": 7}, Reason.NOT_UNDERSTOOD),
    ("os:auditor", {"what": "show", "words": "x" * 501}, Reason.NOT_UNDERSTOOD),
]


@pytest.mark.parametrize(("by", "fields", "reason"), REFUSED)
def test_a_look_by_nobody_of_the_box_or_of_no_known_kind_is_refused(
    by: str, fields: dict[str, Any], reason: Reason
) -> None:
    room = Room()
    room.ask("read_evidence", by, **fields)
    assert room.reason is reason
    assert not room.of("evidence_read")


def test_a_user_of_the_box_may_look_and_nothing_else() -> None:
    room = Room()
    for name in ("lockdown", "set_hold", "end_person"):
        room.ask(name, "os:root", hold="h", person="li", reason="because")
        assert room.reason is Reason.NOT_ALLOWED


def test_evidence_is_taken_away_by_chief_or_auditor_after_it_is_written() -> None:
    room = Room()
    room.ask("export_evidence", "zhao", form="xlsx", filter="from=2026-03-02", words="Anna Berg")
    (entry,) = room.of("evidence_read")
    assert (entry["who"], entry["what"], entry["form"], entry["filter"]) == (
        ["zhao"],
        "export",
        "xlsx",
        "from=2026-03-02",
    )
    assert entry["personal"] == {WORDS_SEARCHED: {"words": "Anna Berg"}}
    assert ASKINGS["export_evidence"].roles == (ConsoleRole.CHIEF, ConsoleRole.AUDITOR)
    assert ASKINGS["export_evidence"].signed


@pytest.mark.parametrize(
    "fields", [{}, {"form": "csv"}, {"form": "pdf", "filter": 7}, {"form": "pdf", "words": "x" * 501}]
)
def test_evidence_is_taken_away_in_known_forms_only(fields: dict[str, Any]) -> None:
    room = Room()
    room.ask("export_evidence", "zhao", **fields)
    assert room.reason == Reason.NOT_UNDERSTOOD
    assert room.of("evidence_read") == []
