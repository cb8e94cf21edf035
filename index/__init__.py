"""Folder of text in, verified generation out. Imports nothing else of ours."""

import os

# onnxruntime reports home by default, and reads whether to when it is loaded: a package's own
# module runs before any module in it. No setting turns this on again.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
