"""Where the tests find what they are about."""

from pathlib import Path

ROOT = Path(__file__).parent.parent
SEEDS = ROOT / "seeds" / "docs"
SITES = ROOT / "tests" / "bench" / "visitors"
