"""Follow-ups -> a question that stands alone, without a language model.

Owns how much of a conversation is read. Which of its words a question leaves unsaid is a function
passed in.
"""

from collections.abc import Callable, Sequence

from assistant.models.resolver import Word
from assistant.question.composing import composed
from assistant.question.phrases import phrases
from assistant.question.smalltalk import smalltalk
from assistant.schemas import Turn

Unsaid = Callable[[str, Sequence[Turn]], Sequence[Word]]
_MESSAGES = 24  # messages that are read; older ones are trimmed
_LONGEST = 500  # code points of a message that are read


def stand_alone(question: str, history: Sequence[Turn], unsaid: Unsaid) -> str:
    """Return the question with what it leaves unsaid carried over from the conversation.

    ``unsaid`` gives the words of a conversation, each with the logit that the question means it. A
    question that stands alone is returned as it is, and so is one without an earlier question.
    """
    messages = [
        Turn(role=turn.role, content=turn.content[:_LONGEST].strip())
        for turn in history
        if turn.content.strip() and not (turn.role == "user" and smalltalk(turn.content))
    ][-_MESSAGES:]
    if not any(turn.role == "user" for turn in messages):
        return question
    return composed(question, phrases(question, messages, unsaid(question, messages)))
