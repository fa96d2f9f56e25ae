"""What is found by which words, and that no word can be typed that does harm."""

from collections.abc import Callable

import pytest

from controller.errors import UserMistake
from controller.ledger.custody_log import CustodyLog
from controller.ledger.search.finder import Finder
from controller.ledger.search.indexer import Indexer
from controller.ledger.search.question import Question
from controller.ledger.search.words import Words, wanted

Make = Callable[..., dict[str, object]]

SENTENCES = {"held": ("a door is open too long", "门开得太久"), "same_holder": ("another person's badge",)}


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        (
            "重庆银行",
            ["重庆", "chongqing", "zhongqing", "cqyh", "zqyh", "yinhang", "yinxing", "yh", "庆", "qing"],
        ),
        ("王小明", ["wangxiaoming", "wxm", "xiaoming", "xm", "wang", "王小明", "王 明"]),
        ("单经理", ["shan", "shanjingli", "danjingli"]),
        ("吕布", ["lvbu", "lubu", "lb", "lv"]),
        ("西安", ["xian", "xa"]),
        ("Ölwechsel im Tresorraum", ["olwechsel", "ÖLWECHSEL", "tresorraum im"]),
        ("straße", ["STRASSE"]),
        ("room_opened by li.wei", ["opened", "room_opened", "li.wei", "wei"]),
        ("ＡＢＣ １２", ["abc", "12"]),  # noqa: RUF001 — wide letters, as a Chinese keyboard types them
        ("דלת פתוחה", ["דלת", "פתוחה"]),
        ("باب مفتوح", ["باب"]),
        ("дверь Открыта", ["ДВЕРЬ", "открыта"]),
        ("𠀋子", ["𠀋", "𠀋子"]),
        ("audit李伟audit", ["李伟", "audit", "liwei"]),
    ],
)
def test_a_text_is_found_by(log: CustodyLog, draft: Make, text: str, typed: list[str]) -> None:
    log.append([draft(0, note=text, who=[]), draft(1, note="something else", who=[])])
    with Finder(log.file) as finder:
        by_scan = [[e["n"] for e in finder.find(Question(words=words)).entries] for words in typed]
        with Indexer(log.file) as indexer:
            indexer.step()
        by_index = [[e["n"] for e in finder.find(Question(words=words)).entries] for words in typed]
        assert finder.find(Question(words=typed[0])).indexed == 2
    assert by_scan == by_index == [[0]] * len(typed)


@pytest.mark.parametrize("words", ["庆重", "chong ming", "chongqin", "wx", "x", "重行", "olwechse", "cqh"])
def test_what_is_not_there_is_not_found(log: CustodyLog, draft: Make, words: str) -> None:
    log.append([draft(0, note="重庆银行 Ölwechsel")])
    with Indexer(log.file) as indexer, Finder(log.file) as finder:
        assert finder.find(Question(words=words)).entries == []
        indexer.step()
        assert finder.find(Question(words=words)).entries == []


@pytest.mark.parametrize("words", ["too long", "太久", "menkai", "mkd", "badge", "held", "door main"])
def test_stable_words_are_found_by_their_sentences(log: CustodyLog, draft: Make, words: str) -> None:
    log.append([draft(0, kind="held", reason="same_holder"), draft(1, kind="shut")])
    with Indexer(log.file) as indexer, Finder(log.file, SENTENCES) as finder:
        assert [e["n"] for e in finder.find(Question(words=words)).entries] == [0]
        indexer.step()
        page = finder.find(Question(words=words))
        assert ([e["n"] for e in page.entries], page.indexed) == ([0], 2)
    with Finder(log.file) as finder:  # sentences are not in the index: another language needs no new one
        assert len(finder.find(Question(words=words)).entries) == (words == "held")


HOSTILE = [
    'seal" OR "x', "seal AND", "NEAR(seal x, 3)", "seal*", "^seal", "words : seal", "{words} : seal", "-seal",
    "(seal", "seal)", "'; DROP TABLE token; --", "seal\x00", "\u202eseal\u202c", "\ufeffseal", "seal\ud800",
    "OR", "NOT", "AND OR NOT", "+p0000000000", "_liwei", ".lw", '"""', "%", "\\", "\u017feal",
]  # fmt: skip


@pytest.mark.parametrize("words", HOSTILE)
def test_no_words_are_commands_to_the_index(log: CustodyLog, draft: Make, words: str) -> None:
    log.append([draft(at, note="the seal, x") for at in range(3)])
    with Indexer(log.file) as indexer, Finder(log.file) as finder:
        try:
            question = Question(words=words)
        except UserMistake:
            assert not Words.of([words]).tokens()
            return
        by_scan = finder.find(question).entries
        indexer.step()
        page = finder.find(question)
        assert (page.entries, page.indexed) == (by_scan, 3)


@pytest.mark.parametrize(
    "words", ["x" * 10_000, " ".join(["w1"] * 60), "王" * 201, " ".join(f"w{n}" for n in range(17))]
)
def test_more_than_anybody_types_is_refused(words: str) -> None:
    if len(words) <= 200 and len(set(words.split())) <= 16:
        assert wanted(words)
        return
    with pytest.raises(UserMistake, match="at most"):
        Question(words=words)


@pytest.mark.parametrize("words", ["a" * 40, "an" * 50, "王" * 200, "shi" * 60, "xian" * 10, "z" * 41])
def test_the_longest_words_are_answered_from_the_index(log: CustodyLog, draft: Make, words: str) -> None:
    log.append(
        [draft(0, note="a" * 40), draft(1, note="王" * 200 + " " + "是" * 60), draft(2, note="西安" * 10)]
    )
    with Indexer(log.file) as indexer, Finder(log.file) as finder:
        by_scan = finder.find(Question(words=words)).entries
        indexer.step()
        page = finder.find(Question(words=words))
        assert (page.entries, page.indexed) == (by_scan, 3)


@pytest.mark.parametrize("name", ["li\ud800", "\udfff"])
def test_half_characters_are_refused_as_names(name: str) -> None:
    for asked in ({"who": name}, {"carrier": name}, {"places": frozenset({name})}):
        with pytest.raises(UserMistake, match="surrogate"):
            Question(**asked)


@pytest.mark.parametrize("name", ['li" OR "x', "li\x00", "'; --", "\u202eil", "x" * 10_000])
def test_hostile_names_are_only_names(log: CustodyLog, draft: Make, name: str) -> None:
    log.append([draft(0, who=[name], place=name, kind=name, carrier=name), draft(1)])
    one = frozenset({name})
    asked = [Question(who=name), Question(places=one), Question(kinds=one), Question(carrier=name)]
    with Indexer(log.file) as indexer, Finder(log.file) as finder:
        indexer.step()
        for question in [*asked, Question(name, one, one, name)]:
            page = finder.find(question)
            assert ([entry["n"] for entry in page.entries], page.indexed) == ([0], 2)


def test_technical_values_and_digests_are_no_words(log: CustodyLog, draft: Make) -> None:
    log.append([draft(0, picture="ab" * 32, level="normal", note="kept")])
    with Finder(log.file) as finder:
        for words in ("ab" * 32, "normal", "synced", "p1"):
            assert finder.find(Question(words=words)).entries == []
        assert len(finder.find(Question(words="kept")).entries) == 1
