"""Whatever is asked, whenever the index stopped: the answer is that of a plain look at every entry."""

import re
import tempfile
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from itertools import product
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pypinyin
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from controller.ledger.custody_log import CustodyLog
from controller.ledger.search.finder import DayCount, Finder
from controller.ledger.search.indexer import Indexer
from controller.ledger.search.question import Question

Entry = dict[str, Any]

SENTENCES = {"granted": ("the bolt is released", "门锁已释放"), "held": ("a door is open too long",)}
KINDS = ("granted", "held", "opened")
PEOPLE, PLACES = ("li", "wang.fang", "p'x"), ("main", "vault", "main.in")
NOTES = ("seal intact", "Ölwechsel in the vault", "重庆银行", "李伟, audit", "door_seal", "")
ASKED = (
    "seal", "OLWECHSEL", "door", "li", "liwei", "lw", "zhongqing", "chongqingyinhang", "cqyh", "银行",
    "伟", "释放", "suoyishi", "vault", "vault li", "held", "audit 李", "nothing", "the bolt",
)  # fmt: skip
BEGIN = datetime(2026, 3, 2, 1, tzinfo=UTC)
HOURS = 60 * 60 * 1000

drafts = st.fixed_dictionaries(
    {"kind": st.sampled_from(KINDS), "hour": st.integers(-200, 2000) | st.integers(0, 48)},
    optional={
        "place": st.sampled_from(PLACES),
        "who": st.lists(st.sampled_from(PEOPLE), max_size=2),
        "carrier": st.sampled_from(("disk-1", "disk-2")),
        "note": st.sampled_from(NOTES),
        "sealed": st.just(True),
        "personal": st.sampled_from(({"v1": {"name": "王芳"}}, {"v2": {"name": "Li Ming", "firm": "重庆"}})),
    },
)
moments = st.none() | st.integers(-210, 2010)
questions = st.builds(
    Question,
    who=st.none() | st.sampled_from(PEOPLE),
    places=st.frozensets(st.sampled_from(PLACES), max_size=2),
    kinds=st.frozensets(st.sampled_from(KINDS), max_size=2),
    carrier=st.none() | st.sampled_from(("disk-1", "disk-3")),
    since=moments.map(lambda hour: hour if hour is None else millis(hour)),
    until=moments.map(lambda hour: hour if hour is None else millis(hour)),
    words=st.just("") | st.sampled_from(ASKED),
) | st.builds(Question, words=st.sampled_from(ASKED))


def millis(hour: int) -> int:
    return int(BEGIN.timestamp()) * 1000 + hour * HOURS


def lawful(made: Entry, at: int) -> Entry:
    moment = BEGIN + timedelta(hours=made["hour"])
    common = {"at": at, "time": f"{moment:%Y-%m-%dT%H:%M:%S}.000Z", "clock": "trusted", "policy": "p1"}
    return common | {name: value for name, value in made.items() if name != "hour"}


def spellings(run: str) -> set[str]:
    """All that the neighbours in a run may be typed as."""
    found = set()
    for start, end in product(range(len(run)), range(1, len(run) + 1)):
        part = run[start:end]
        sounds = [pypinyin.pinyin(sign, style=pypinyin.NORMAL, heteronym=True)[0] for sign in part]
        for sound in product(*sounds):
            found |= {part, "".join(sound)} | ({"".join(one[0] for one in sound)} if len(part) > 1 else set())
    return found


def plain_words(entry: Entry) -> set[str]:
    claims = [text for subject in entry.get("personal", {}).values() for text in subject.values()]
    texts = [*claims, *entry.get("who", ()), entry["kind"], *SENTENCES.get(entry["kind"], ())]
    texts += [entry.get(name, "") for name in ("place", "carrier", "note")]
    found: set[str] = set()
    for text in texts:
        plain = text.lower().replace("ö", "o")
        found |= set(re.findall("[a-z0-9]+", plain))
        for run in re.findall("[\u4e00-\u9fff]+", plain):
            found |= spellings(run)
    return found


def answers(entry: Entry, asked: Question, *, sealed: bool) -> bool:
    time = int(datetime.fromisoformat(entry["time"]).timestamp()) * 1000
    words = plain_words(entry)
    return (
        (sealed or "sealed" not in entry)
        and (asked.who is None or asked.who in entry.get("who", ()))
        and (not asked.places or entry.get("place") in asked.places)
        and (not asked.kinds or entry["kind"] in asked.kinds)
        and (asked.carrier is None or asked.carrier == entry.get("carrier"))
        and (asked.since is None or time >= asked.since)
        and (asked.until is None or time < asked.until)
        and all(word in words for word in re.findall("[a-z0-9]+|[\u4e00-\u9fff]+", asked.words.lower()))
    )


def paged(finder: Finder, question: Question, limit: int, *, sealed: bool) -> list[int]:
    found, before = [], None
    while True:
        page = finder.find(question, before, limit, sealed=sealed)
        assert len(page.entries) <= limit
        found += [int(str(entry["n"])) for entry in page.entries]
        before = page.next
        if before is None:
            return found


@settings(max_examples=50, deadline=None)
@given(
    made=st.lists(drafts, min_size=1, max_size=40),
    asked=st.lists(questions, min_size=1, max_size=12),
    edge=st.integers(0, 40),
    limit=st.integers(1, 7),
    sealed=st.booleans(),
)
def test_every_answer_is_that_of_a_look_at_all_entries(
    made: list[Entry], asked: list[Question], edge: int, limit: int, *, sealed: bool
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "custody.db"
        with CustodyLog.open(file) as log:
            log.append([lawful(one, at) for at, one in enumerate(made)])
            with Indexer(file) as indexer:
                indexer.step(max(1, edge // 2))
                indexer.step(max(1, edge - edge // 2))
                covered = indexer.edge
            with Finder(file, SENTENCES) as finder:
                for question in asked:
                    every = list(log.tail())
                    expected = [e["n"] for e in reversed(every) if answers(e, question, sealed=sealed)]
                    if question.asks_for_content or sealed:
                        assert paged(finder, question, limit, sealed=sealed) == expected
                    else:
                        assert paged(finder, question, limit, sealed=sealed) == list(range(len(every)))[::-1]
                    assert finder.find(question).indexed == covered


def test_pages_go_on_where_they_were_while_entries_are_appended_and_indexed(
    log: CustodyLog, draft: Any
) -> None:
    log.append([draft(at, note="seal" if at % 3 else "door") for at in range(60)])
    with Indexer(log.file) as indexer, Finder(log.file) as finder:
        indexer.step(30)
        found: list[int] = []
        before = None
        while True:
            page = finder.find(Question(words="seal"), before, 7)
            found += [int(str(entry["n"])) for entry in page.entries]
            before = page.next
            if before is None:
                break
            log.append([draft(log.last_at + 1, note="seal")])
            indexer.step(5)
        assert found == [n for n in reversed(range(60)) if n % 3]


@pytest.mark.parametrize("zone", ["UTC", "Asia/Shanghai", "America/New_York"])
@pytest.mark.parametrize("edge", [0, 37, 80])
def test_counts_by_local_day_and_kind_are_those_of_a_count_over_all_entries(
    log: CustodyLog, zone: str, edge: int
) -> None:
    made = [{"kind": KINDS[n % 3], "hour": n * 7 % 100 - 20 * (n % 11)} for n in range(80)]
    made[5]["sealed"] = made[50]["sealed"] = True
    log.append([lawful(one, at) for at, one in enumerate(made)])
    with Indexer(log.file, zone) as indexer:
        while indexer.edge < edge and indexer.step(edge - indexer.edge):
            pass
    first, last = date(2026, 2, 27), date(2026, 3, 4)
    for sealed in (False, True):
        expected: Counter[tuple[date, str]] = Counter()
        for one in made:
            day = (BEGIN + timedelta(hours=int(str(one["hour"])))).astimezone(ZoneInfo(zone)).date()
            if first <= day <= last and (sealed or "sealed" not in one):
                expected[day, str(one["kind"])] += 1
        with Finder(log.file, zone=zone) as finder:
            counted = finder.counts(first, last, sealed=sealed)
        assert counted == [DayCount(*key, count) for key, count in sorted(expected.items())]


def test_a_clock_that_wakes_up_in_1970_does_not_hide_what_came_before_or_after(log: CustodyLog) -> None:
    hours = [*range(300), -490_000, -489_999, *range(300, 600)]
    log.append([lawful({"kind": "held", "hour": hour}, at) for at, hour in enumerate(hours)])
    with Indexer(log.file) as indexer:
        while indexer.step():
            pass
    with Finder(log.file) as finder:
        span = Question(since=millis(290), until=millis(310))
        assert paged(finder, span, 9, sealed=False) == [*range(311, 301, -1), *range(299, 289, -1)]
        assert paged(finder, Question(until=millis(-400_000)), 9, sealed=False) == [301, 300]


NAMED = {"v1": {"name": "王芳"}}


@pytest.mark.parametrize(
    ("words", "who", "expected"),
    [
        ("wangfang", None, [3, 0]),
        ("wangfang seal", None, [3, 0]),
        ("wangfang door", None, [3]),
        ("wangfang audit", None, []),
        ("王芳 released", None, [0]),
        ("wangfang seal li", None, [3]),
        ("wangfang", "li", [3]),
        ("wf seal", "zhao", []),
    ],
)
def test_words_about_people_and_other_words_are_found_together(
    log: CustodyLog, draft: Any, words: str, who: str | None, expected: list[int]
) -> None:
    log.append(
        [
            draft(0, note="seal", personal=NAMED, who=[]),
            draft(1, note="seal door", who=["li"]),
            draft(2, kind="held", note="door", who=["zhao"]),
            draft(3, kind="held", note="the seal", personal=NAMED, who=["li"]),
        ]
    )
    with Indexer(log.file) as indexer, Finder(log.file, SENTENCES) as finder:
        question = Question(words=words, who=who)
        by_scan = [entry["n"] for entry in finder.find(question).entries]
        indexer.step()
        page = finder.find(question)
        assert ([entry["n"] for entry in page.entries], page.indexed) == (by_scan, 4)
        assert by_scan == expected
