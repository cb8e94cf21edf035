"""An owner's file of routes is taken as it stands, or refused with the line and its mending."""

from pathlib import Path

import pytest

from assistant.question.routes.build import routes_in_force
from assistant.question.routes.file import (
    RoutesError,
    ordinary_questions,
    read_routes,
    shipped_routes,
)
from assistant.settings import Settings

ROUTE = """[[route]]
name = "complaints"
notice = "Please write to us."
examples = ["I want to complain", "this was awful", "I want my money back"]
"""


def _written(folder: Path, text: str) -> Path:
    path = folder / "routes.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_shipped_routes_are_whole() -> None:
    """Five routes, each with a notice that invents no number, and no text in two of them."""
    routes = shipped_routes().routes
    assert [each.name for each in routes] == [
        *("self-harm", "emergencies", "pregnancy", "medication", "diagnosis"),
    ]
    for each in routes:
        assert not any(character.isdigit() for character in each.notice)
        assert "local emergency number" in each.notice
    texts = [text for each in routes for text in (*each.examples, *each.ordinary)]
    texts += ordinary_questions()
    assert len(texts) == len({text.casefold() for text in texts})


def test_use_clinic_stands_for_the_shipped_routes(tmp_path: Path) -> None:
    """One line turns them on for a folder of documents."""
    assert read_routes(_written(tmp_path, 'use = "clinic"\n')) == shipped_routes()


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("[[route]\n", 1, "not TOML"),
        (ROUTE + "\n[[route]]\nname = 3\n", 7, "name"),
        (ROUTE.replace("notice", "notise"), 1, "a route has name, notice"),
        (ROUTE + 'extra = "x"\n', 5, "extra"),
        (ROUTE + ROUTE, 6, "two routes 'complaints'"),
        (ROUTE + 'always = ["fine",\n  "(broken"]\n', 6, "the phrase '(broken'"),
        (ROUTE + 'words = [".*"]\n', 5, "the phrase '.*'"),
        (ROUTE.replace("complaints", "Complaints!"), 2, "name"),
        ("\n\nuse = 'clinics'\n", 3, "'use' is not known"),
        ("", 1, "no [[route]] is there"),
        (ROUTE + "examples_ = 1\n", 5, "examples_"),
        ("route = 'x'\n", 1, "no [[route]] is there"),
        ("route = ['x']\n", 1, ""),
    ],
)
def test_a_broken_file_is_named_with_its_line(
    tmp_path: Path, text: str, line: int, said: str
) -> None:
    """The message has the file, the line to look at, and what to write there."""
    with pytest.raises(RoutesError) as caught:
        read_routes(_written(tmp_path, text))
    message = str(caught.value)
    assert "routes.toml" in message
    assert said in message
    assert f"line {line}" in message


def test_what_is_no_file_of_text_is_refused(tmp_path: Path) -> None:
    """Missing, a folder, not UTF-8, or huge: each is said, and nothing is guessed."""
    for path, said in (
        (tmp_path / "missing.toml", "cannot be read"),
        (tmp_path, "is no file"),
        (_bytes(tmp_path / "latin.toml", b"name = '\xff'"), "line 1: not UTF-8"),
        (_bytes(tmp_path / "huge.toml", b"#" * (1024 * 1024 + 1)), "is larger than"),
    ):
        with pytest.raises(RoutesError, match=said):
            read_routes(path)


def _bytes(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def test_routes_come_from_the_setting_or_the_source_folder(tmp_path: Path) -> None:
    """Other corpora have none unless their owner chooses."""
    plain = Settings(source=tmp_path)
    assert routes_in_force(plain) is None
    assert routes_in_force(Settings(source=tmp_path, routes="clinic")) == shipped_routes()
    own = _written(tmp_path, ROUTE)
    found = routes_in_force(plain)
    assert found is not None
    assert [each.name for each in found.routes] == ["complaints"]
    assert routes_in_force(Settings(source=tmp_path, routes="none")) is None
    assert routes_in_force(Settings(source=tmp_path / "nowhere", routes=str(own))) == found


def test_a_link_out_of_the_source_folder_is_not_followed(tmp_path: Path) -> None:
    """As with documents: what stands outside is copied in, or named by the setting."""
    source = tmp_path / "docs"
    source.mkdir()
    (source / "routes.toml").symlink_to(_written(tmp_path, ROUTE))
    with pytest.raises(RoutesError, match="leads out of the source folder"):
        routes_in_force(Settings(source=source))
