"""The OpenAPI document where FastAPI's own would not be true: error shapes, and streamed events.

Owns no more than that. Knows nothing of how a route works.
"""

from typing import Any

from fastapi import FastAPI

from assistant.schemas import Problem


class Described(FastAPI):
    """A FastAPI application whose every error is documented as the problem it is."""

    def openapi(self) -> dict[str, Any]:
        """Return the OpenAPI document of the application."""
        document = super().openapi()
        document["openapi"] = "3.2.0"  # which can say what a stream's events are
        schemas = document["components"]["schemas"]
        schemas["Problem"] = Problem.model_json_schema()
        return document


def _event(name: str, content: dict[str, Any]) -> dict[str, Any]:
    data = {"type": "string", "contentMediaType": "application/json", "contentSchema": content}
    return {
        "type": "object",
        "properties": {"event": {"const": name}, "data": data},
        "required": ["event", "data"],
    }


def _object(**fields: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": fields, "required": list(fields)}


def _ref(model: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{model}"}


_TEXT = {"type": "string"}
_CITATIONS = {"type": "array", "items": _ref("Citation")}
# One event of a streamed answer, as ``assistant.api.work.stream`` writes them.
ANSWER_EVENT: dict[str, Any] = {
    "oneOf": [
        _event("meta", _object(id=_TEXT, index_id=_TEXT, question_used=_TEXT)),
        _event("sentence", _object(sentence=_ref("AnswerSentence"), citations=_CITATIONS)),
        _event("done", _ref("AskResponse")),
        _event("error", _ref("Problem")),
    ]
}
