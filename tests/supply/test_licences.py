"""Whatever an installation brings along may be used, changed and passed on by whoever has it."""

import zipfile
from importlib.metadata import distribution

import pytest

from tests.places import ROOT
from tests.supply.licences import (
    EXCEPTIONS,
    OURS,
    Licensed,
    from_npm,
    installed,
    is_allowed,
    refused,
)

NPM_LOCK = ROOT / "assistant" / "widget" / "source" / "package-lock.json"
EXTRAS = ("models", "build", "evaluate", "test")


def test_every_package_has_a_licence_that_we_accept() -> None:
    """All that serving, building and testing need, however far away, or else its name is here."""
    packages = installed(EXTRAS)
    assert len(packages) > 80
    assert refused(packages) == []


def test_what_builds_the_widget_has_a_licence_that_we_accept() -> None:
    """esbuild, TypeScript and axe, on every platform that they are published for."""
    packages = from_npm(NPM_LOCK)
    assert {"esbuild", "typescript", "axe-core"} <= {each.name for each in packages}
    assert refused(packages) == []


def test_no_exception_outlives_its_package() -> None:
    """An exception is for a package that is needed, under the licence that the reason names."""
    needed = {each.name: each for each in [*installed(EXTRAS), *from_npm(NPM_LOCK)]}
    for name, reason in EXCEPTIONS.items():
        assert not is_allowed(needed[name].licence)
        assert reason.startswith(f"{needed[name].licence}: ")


@pytest.mark.parametrize(
    ("licence", "allowed"),
    [
        ("MIT", True),
        ("MIT OR GPL-3.0-only", True),
        ("Apache-2.0 AND (MIT OR Zlib)", True),
        ("Apache-2.0 WITH LLVM-exception", True),
        ("MIT AND GPL-3.0-only", False),
        ("GPL-2.0-or-later WITH Classpath-exception-2.0", False),
        ("LGPL-3.0", False),
        ("AGPL-3.0-only", False),
        ("Proprietary", False),
        ("mit", False),
        ("", False),
    ],
)
def test_copyleft_and_unknown_licences_are_refused(licence: str, allowed: bool) -> None:
    """Of an OR one side is enough, of an AND both are needed, and what is unknown is none."""
    assert is_allowed(licence) is allowed
    assert refused([Licensed("a", "1", licence)]) == (
        [] if allowed else [f"a 1: {licence or 'names no licence'}"]
    )


def test_an_exception_is_for_one_licence() -> None:
    """A package that is excepted under one licence is not under the next."""
    assert refused([Licensed("certifi", "1", "MPL-2.0")]) == []
    assert refused([Licensed("certifi", "2", "GPL-3.0")]) == ["certifi 2: GPL-3.0"]


def test_our_licence_and_notice_come_with_the_package() -> None:
    """Whoever installs it has the text of the licence, and whom the weights are owed to."""
    ours = distribution(OURS)
    assert ours.metadata["License-Expression"] == "Apache-2.0"
    assert ours.metadata.get_all("License-File") == ["assistant/LICENSE", "assistant/NOTICE"]
    licence = (ROOT / "assistant" / "LICENSE").read_text("utf-8")
    assert "Apache License\n                           Version 2.0, January 2004" in licence
    assert "END OF TERMS AND CONDITIONS" in licence


def test_the_notice_names_where_the_weights_come_from() -> None:
    """The model they were made of, and each body of text they learnt from, with its licence."""
    notice = " ".join((ROOT / "assistant" / "NOTICE").read_text("utf-8").split())
    for weights in sorted((ROOT / "assistant" / "weights").iterdir()):
        assert f"assistant/weights/{weights.name}" in notice
    assert "derivative work of cross-encoder/ms-marco-MiniLM-L-12-v2" in notice
    assert "SQuAD 2.0 (squad2): " in notice
    assert "creativecommons.org/licenses/by-sa/4.0/" in notice
    assert "MedQuAD: " in notice
    assert "creativecommons.org/licenses/by/4.0/" in notice
    trained_on = (ROOT / "tests" / "training" / "reader" / "__main__.py").read_text("utf-8")
    sources = trained_on.split("sources = {")[1].split("}")[0]
    for source in ("squad2", "medquad", "golden", "visitors"):
        assert f'"{source}"' in sources
    assert sources.count(":") == 4, "a source was added: say in assistant/NOTICE whose it is"
    assert "CANARD: " in notice
    resolver = (ROOT / "tests" / "training" / "resolver" / "__main__.py").read_text("utf-8")
    learnt = "from tests.training.resolver.examples import canard, written\n"
    assert learnt in resolver, "a source was added: say in assistant/NOTICE whose it is"


def test_a_wheel_holds_nothing_but_zip_and_text() -> None:
    """What we ship can be read: no pickle, no library, no archive inside."""
    for path in (ROOT / "assistant").rglob("*"):
        if path.is_file() and not {"node_modules", "__pycache__"} & set(path.parts):
            assert not zipfile.is_zipfile(path), path
            assert path.suffix not in {".pkl", ".pt", ".bin", ".so", ".pyc"}, path
