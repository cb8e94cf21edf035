"""A question for a number, date or name needs one in the evidence."""

import pytest

from assistant.english.expected import expectation_unmet


@pytest.mark.parametrize(
    ("question", "evidence", "unmet"),
    [
        ("How many effects are there?", "It is credited with four effects.", False),
        ("How many sessions are needed?", "Facial acupuncture is a holistic approach.", True),
        ("What does it cost?", "Facial acupuncture is a holistic approach.", True),
        ("What does it cost?", "A visit is 80 euros.", False),
        ("When was it founded?", "It was founded in 1908.", False),
        ("When does it close?", "It closes at six.", False),
        ("When does it close?", "It closes at noon.", False),
        ("When does it close?", "It closes its books.", True),
        ("In which century did it begin?", "It is an old practice.", True),
        ("Who invented it?", "It is an ancient Chinese practice.", True),
        ("Who invented it?", "It was invented by Alexander Bell.", False),
        ("Who invented it?", "Improved Blood Flow: it is an ancient practice.", True),
        ("How long does it last?", "There are two kinds.", True),
        ("How long does it last?", "It lasts for three weeks.", False),
        ("Who is it for?", "It is for anybody.", False),
        ("What has that to do with how big my pores look?", "Pores look larger.", False),
        ("How deep do the needles go?", "The needles go into the skin.", True),
        ("What is it?", "It is a practice.", False),
    ],
)
def test_evidence_must_hold_what_is_asked_for(question: str, evidence: str, unmet: bool) -> None:
    """Relevance is not answerability: a passage without a number answers no "how many"."""
    assert expectation_unmet(question, evidence, evidence) is unmet
