"""Fail unless the wheel holds exactly the package files that git tracks, but for what is built."""

import subprocess
import sys
import zipfile

PACKAGES = ("assistant/", "index/", "prompts/")
BUILT_FROM = "assistant/widget/source/"
tracked = {
    name
    for name in subprocess.run(
        ["git", "ls-files"], check=True, capture_output=True, text=True
    ).stdout.splitlines()
    if name.startswith(PACKAGES) and not name.startswith(BUILT_FROM)
}
with zipfile.ZipFile(sys.argv[1]) as wheel:
    packed = {name for name in wheel.namelist() if ".dist-info/" not in name}
    licences = {
        name.partition("/licenses/")[2] for name in wheel.namelist() if "/licenses/" in name
    }
if packed != tracked:
    sys.exit(
        f"only in git: {sorted(tracked - packed)}; only in the wheel: {sorted(packed - tracked)}"
    )
if licences != {"assistant/LICENSE", "assistant/NOTICE"}:
    sys.exit(f"the wheel's licences are {sorted(licences)}")
