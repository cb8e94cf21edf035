"""What an owner reads in a terminal, by real processes over a real index."""

import json
import re
import subprocess
import sys

from tests.assistant.shop import OPENS, Shop


def _footnote(shop: Shop, *arguments: str) -> str:
    """Run the command line in a process of its own and return what it prints."""
    done = subprocess.run(
        [sys.executable, "-m", "assistant", *arguments, "--index", str(shop.index)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert max(map(len, done.stdout.splitlines())) <= 80
    return done.stdout


def test_an_owner_edits_looks_and_goes_back(shop: Shop) -> None:
    """The sentences that would change, both generations by date and size, and back by short id."""
    first = shop.rebuild()
    shop.edit()
    told = _footnote(
        *(shop, "diff", "--source", str(shop.source), "--golden", str(shop.golden)),
    )
    assert f"published now: {first[:12]}; a rebuild would publish: " in told
    assert f"\nshop.md:\n  - {OPENS}\n  + {OPENS.replace('nine', 'ten')}\n" in told
    second = shop.rebuild()
    assert f"a rebuild would publish: {second[:12]}\n" in told
    row = r"([0-9a-f]{12})  20\d\d-\d\d-\d\d \d\d:\d\d  \d+\.\d MB +3 +\d"
    _, *kept = _footnote(shop, "generations").splitlines()
    assert [re.match(row, line)[1] for line in kept] == [first[:12], second[:12]]  # type: ignore[index]
    assert [line.endswith("published") for line in kept] == [False, True]
    assert _footnote(shop, "rollback", first[:12]) == f"published {first}\n"


def test_an_owner_asks_what_is_right(shop: Shop) -> None:
    """Five lines in plain words, and what went wrong by name, before any figure."""
    shop.rebuild()
    lines = shop.golden.read_text("utf-8").splitlines()
    asked = [json.loads(line) for line in lines]
    asked[0]["answerable"], asked[0]["spans"] = False, []
    shop.golden.write_text("\n".join(map(json.dumps, asked)), "utf-8")
    told = _footnote(shop, "evaluate", "--golden", shop.golden.name).splitlines()
    assert [line[:6] for line in told[:5]] == ["1 of 1", "0 of 1", "0 of 1", "1 of 2", "1 of 2"]
    worst = told.index("The worst questions first:")
    assert re.fullmatch(
        r"  should be refused   \d\.\d\d  opens: When does the shop open\?", told[worst + 1]
    )
    assert worst < next(place for place, line in enumerate(told) if line.startswith("figure "))
