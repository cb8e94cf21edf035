"""Read an answer from standard input and fail unless it has the status given, and cites."""

import json
import sys

answer = json.load(sys.stdin)
expected = sys.argv[1]
if answer["status"] != expected:
    sys.exit(f"expected {expected}, got {answer['status']}: {answer['answer']}")
if expected == "answered" and not all(citation["quote"] for citation in answer["citations"]):
    sys.exit("an answer without quotes")
