"""``footnote ask``: one question, answered in the terminal."""

from contextlib import closing
from typing import Annotated

import typer
from pydantic import ValidationError

from assistant.answering import open_assistant
from assistant.cli.output import answer_text
from assistant.cli.run import Index, Json, settings_of
from assistant.cli.terminal import emit, json_text
from assistant.schemas import AskRequest
from index.errors import FootnoteError


def ask(
    question: Annotated[str, typer.Argument(metavar="QUESTION", help="What to ask.")],
    *,
    index: Index = None,
    as_json: Json = False,
) -> None:
    """Answer one question, with numbered footnotes."""
    settings = settings_of(index=index)
    try:
        asked = AskRequest(question=question)
    except ValidationError as error:
        raise FootnoteError(
            "The question must be 1 to 2,000 characters of text, not only white space."
        ) from error
    with closing(open_assistant(settings)) as assistant:
        answer = assistant.answer(asked.question)
    emit(json_text(answer.model_dump()) if as_json else answer_text(answer))
