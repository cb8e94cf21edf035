"""Text in a language that the models do not read is told from English with names of elsewhere."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.answering import Assistant
from index.language import asked, read_and_unread, unread_language, written
from index.records import Passage
from index.unread import Unread, UnreadDocument, unread_documents, unread_told

_GERMAN = (
    "Unsere Werkstatt nimmt alte Fahrräder jeden Dienstag an. Bitte bringen Sie einen Ausweis mit, "
    "und rechnen Sie damit, dass die Reparatur etwa eine Woche dauert."
)


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("Wann öffnet die Werkstatt am Samstag?", "de"),
        ("Où se trouve la gare la plus proche ?", "fr"),
        ("¿Cuánto cuesta alquilar una bicicleta?", "es"),
        ("Quanto costa noleggiare una bicicletta?", "it"),
        ("Onde posso deixar a minha bicicleta?", "pt"),
        ("Hoe laat gaat de werkplaats open?", "nl"),
        ("Gdzie mogę zostawić rower?", "pl"),
        ("Bisiklet kiralamak ne kadar?", "tr"),
        ("Tôi có thể thuê xe đạp ở đâu?", "vi"),
        ("Сколько стоит прокат велосипеда?", "ru"),
        ("Πόσο κοστίζει η ενοικίαση ποδηλάτου;", "el"),
        ("租一辆自行车多少钱?", "zh"),
        ("自転車を借りるのはいくらですか?", "ja"),
        ("자전거 대여료는 얼마인가요?", "ko"),
        ("كم تكلفة استئجار دراجة؟", "ar"),
        ("כמה עולה להשכיר אופניים?", "he"),
        ("साइकिल किराए पर लेने का कितना खर्च है?", "hi"),
        ("เช่าจักรยานราคาเท่าไหร่", "th"),
        ("Windowsの設定方法は?", "ja"),
        ("iPhone 15 的价格是多少?", "zh"),
    ],
)
def test_a_question_in_another_language_is_told(
    assistant: Assistant, question: str, language: str
) -> None:
    """By its script, or by what Latin letters spell."""
    assert unread_language(question, assistant.generation.encoder.unknown) == language


@pytest.mark.parametrize(
    "question",
    [
        *("botox cost?", "price?", "vitiligo?", "AB-1243 manual", "C++", "hw mch is a peel", "42"),
        *("Where can I buy 大宝 SOD蜜?", "what is 人参?", "Is Москва open on Sundays?"),
        *("who is Владимир Путин?", "What is α-tocopherol?", "how do you pronounce Müller?"),
        *("who wrote Le Petit Prince?", "does Häagen-Dazs have gluten", "how do stars die"),
        *("am i allergic to titanium", "is pityriasis versicolor contagious?", "", "?", "\u200b"),
    ],
)
def test_english_with_names_of_elsewhere_is_read(assistant: Assistant, question: str) -> None:
    """A false alarm costs a visitor an answer: names, codes, slips and Latin are no language."""
    assert unread_language(question, assistant.generation.encoder.unknown) is None


@settings(max_examples=60, deadline=None)
@given(text=st.text(max_size=80))
def test_any_text_has_a_language_or_none(assistant: Assistant, text: str) -> None:
    """Nothing that can be typed breaks the measure, and asking again gives the same."""
    unknown = assistant.generation.encoder.unknown
    assert unread_language(text, unknown) == unread_language(text, unknown)


@given(number=st.integers(1, 500))
def test_a_page_needs_more_than_a_question(number: int) -> None:
    """A passage that is left out costs every visitor, a question only one."""
    assert written(number) > asked(number) > 0


def _passage(row: int, text: str) -> Passage:
    return Passage(row, row, 0, 0, len(text), text, (), ())


def test_passages_that_are_not_read_leave_no_gap(assistant: Assistant) -> None:
    """What is left is numbered as rows of its own, and what is left out keeps its place."""
    texts = ("We repair bicycles.", _GERMAN, "We sell helmets.", "图书馆周末闭馆。借书证每年收费。")
    passages = [_passage(row, text) for row, text in enumerate(texts)]
    read, unread = read_and_unread(passages, assistant.generation.encoder.unknown)
    assert [(each.id, each.document) for each in read] == [(0, 0), (1, 2)]
    assert unread == [Unread(1, 0, len(_GERMAN), "de"), Unread(3, 0, len(texts[3]), "zh")]


@pytest.mark.parametrize(
    "text",
    [
        "- Acer Aspire 4830T\n- Acer Aspire E5-573G\n- Dell Inspiron 15R\n- Samsung NP300E4C",
        (
            "bereavement: pesar; duelo. base line: valores de referencia. breast: seno; pecho. "
            "condition: afección; enfermedad. to book: reservar. opening hours: horario de apertura"
        ),
        (
            "Lorem ipsum dolor sit amet, consectetur adipisicing elit, sed do eiusmod tempor "
            "incididunt ut labore et dolore magna aliqua."
        ),
    ],
)
def test_lists_of_names_and_glossaries_are_read(assistant: Assistant, text: str) -> None:
    """They are pages for readers of English."""
    assert unread_language(text, assistant.generation.encoder.unknown, written) is None


def test_an_owner_is_told_how_much_and_where() -> None:
    """One line: how many documents, in which languages, the three that hold the most."""
    rows = [0, 1, 1, 2, 3, 3, 3]
    unread = [Unread(row, 0, 9, "dz" if row == 2 else "de") for row in rows]
    paths = [UnreadDocument(f"{name}.md", "German", 1) for name in "abcd"]
    found = unread_documents(unread, paths)  # type: ignore[arg-type]  # of documents it takes paths
    assert [(each.path, each.passages) for each in found] == [
        *(("d.md", 3), ("b.md", 2), ("a.md", 1), ("c.md", 1))
    ]
    told = unread_told(found)
    assert '3 in German, 1 in "dz"' in told
    assert told.endswith("most of it is in d.md, b.md, a.md")
    assert unread_told(found[:1]).endswith("all of it is in d.md")
