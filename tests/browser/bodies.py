"""Bodies of answers, as a server sends them."""

import json
from typing import Any

from assistant.schemas import AskResponse

Body = dict[str, Any]

# Emoji and a combining accent before the quotes: offsets in code points, UTF-16 units and
# graphemes all differ from here on.
OILY = "Enlarged pores can result from excess oil production, ageing and environmental factors."

GENES = "They are often genetically predetermined."

SPOKEN = "Some visitors say “it’s 😀 magic [1] <b>truly</b>” about it."

DOCUMENTS = {
    "pores": (
        "Pores 👩‍⚕️",
        f"---\ntitle: Pores\n---\n# Pores 👩‍⚕️ cafe\u0301\n\n{GENES} {OILY}\n\n{SPOKEN}\n",
    ),
    "texture": ("Rough texture", "Dryness and sun damage can roughen skin."),
}


def citation(quote: str, number: int = 1, *, document_id: str = "pores", **changes: object) -> Body:
    """Return a citation of a quote that stands in one of DOCUMENTS."""
    title, text = DOCUMENTS[document_id]
    start = text.index(quote)
    return {
        "id": number,
        "document_id": document_id,
        "title": title,
        "path": f"{document_id}.md",
        "url": None,
        "document_sha256": "0" * 64,
        "start": start,
        "end": start + len(quote),
        "quote": quote,
        "display": quote,
        "page": None,
        "score": 0.9,
        **changes,
    }


def answer(*citations: Body, lead: str = "") -> Body:
    """Return an answered body with one sentence for each citation."""
    sentences: list[Body] = []
    text = lead and f"{lead} "
    for cited in citations:
        quote = cited["quote"]
        sentences.append(
            {
                "text": quote,
                "start": len(text),
                "end": len(text) + len(quote),
                "citations": [cited["id"]],
            }
        )
        text += f"{quote} [{cited['id']}] "
    return {**_body("answered", text.strip()), "sentences": sentences, "citations": [*citations]}


def refusal(*closest: Body) -> Body:
    """Return a refused body."""
    return {**_body("refused", "The sources do not say what it costs."), "closest": [*closest]}


def plain(status: str, text: str) -> Body:
    """Return a redirected or smalltalk body."""
    return {**_body(status, text), "confidence": None}


def _body(status: str, text: str) -> Body:
    return {
        "id": "a1",
        "index_id": "f" * 64,
        "status": status,
        "reason": "not_in_sources" if status == "refused" else None,
        "answer": text,
        "sentences": [],
        "citations": [],
        "closest": [],
        "confidence": 0.9,
        "question_used": "?",
        "generator": "extractive",
        "timing_ms": {"retrieve": 1, "rerank": 1, "total": 2},
    }


def event(name: str, data: object) -> bytes:
    """Return one server-sent event."""
    return f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n".encode()


def events(body: Body) -> list[bytes]:
    """Return the events of a streamed answer, checked against the schema."""
    AskResponse.model_validate(body)
    sent = [event("meta", {key: body[key] for key in ("id", "index_id", "question_used")})]
    for sentence in body["sentences"]:
        cited = [one for one in body["citations"] if one["id"] in sentence["citations"]]
        sent.append(event("sentence", {"sentence": sentence, "citations": cited}))
    return [*sent, event("done", body)]
