"""What visitors ask of anything that is done to them, and the words without which no text says it.

A list of a treatment's effects is no answer to "does it hurt?", however close in meaning: a text
that answers names pain, or its absence, in one of many ways. Owns those words, for pain, harm,
pregnancy, insurance, evidence, marks, training, doing it at home, age, booking and remedies. Pure,
and for English; a question about none of these has none.
"""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Facet:
    """One thing asked about: ``asked`` is sought in a question, ``said`` in its evidence."""

    name: str
    asked: re.Pattern[str]
    said: re.Pattern[str]


def _facet(name: str, asked: str, said: str) -> Facet:
    """Make a facet of words: whole ones that ask, and beginnings of ones that say."""
    return Facet(
        name,
        re.compile(rf"\b(?:{asked})\b", re.IGNORECASE),
        re.compile(rf"\b(?:{said})", re.IGNORECASE),
    )


# Chosen on the questions of tests/bench/visitors and the golden fitting split:
# ``python -m tests.bench.answers.facets`` counts how often what answers has none of the words.
FACETS = (
    _facet(
        "pain",
        r"hurts?|hurting|hurtful|pain|pains|painful|painless|ouch|stings?|stinging|sore|soreness"
        r"|uncomfortable|discomfort|unpleasant",
        r"hurt|pain|sore|sting|stung|stab|prick|pinch|burn|itch|ach(?:e|ing)|injur|thorn|spike"
        r"|(?:un)?comfortabl|discomfort|tender|numb(?:s|ed|ing|ness)?\b|an?esthe|anaesthe|tolera"
        r"|bearabl|bear it|gentl|sensitiv|sharp|tingl|throb|cramp|twinge|jolt|tug|pull|tweak"
        r"|scratch|unpleasant|notice|sensation|mild|pressure|ordeal|wince|snap|warm|smarts\b"
        r"|nothing to feel|feels? (?:a|an|any|nothing|little|like|no|only|some|the|very)\b|felt\b",
    ),
    _facet(
        "harm",
        r"side[- ]?effects?|after[- ]?effects|risks?|risky|(?:un)?safe|safely|safety|dangers?"
        r"|dangerous|harm|harmful|harmed|harmless|drawbacks?|downsides?|complications?|adverse"
        r"|goe?s? wrong|bad for|hazards?|hazardous",
        r"side[- ]effects?|after-?effects?|risk|(?:un)?saf(?:e|er|ely|ety)\b|danger|harm|hurt"
        r"|adverse|complicat|damag|injur|infect|allerg|bruis|bleed|bled|swell|swoll|redness"
        r"|reddish|red\b|irritat|caution|careful|avoid|rash|scar\b|scars|scarr|toxic|poison|hazard"
        r"|warn|react|pain|sore|burn|wound|ill\b|illness|sick|dizz|faint|nausea|headache|trouble"
        r"|problem|drawback|disadvantage|downside|not (?:for|suited|suitable|recommended|advised"
        r"|allowed|treated)|must not|should not|may not|never|do not|don['’]t|dry out|brittle"
        r"|break|tear|mat\b|worse|worst|weaken|death|die\b|dies|died|fatal|severe|serious|fail"
        r"|cough|tickle|water\b|drinking|cannot|can['’]t|threat",
    ),
    _facet(
        "pregnancy",
        r"pregnant|pregnancy|expecting|breast-?feed|breast-?feeding|trimester|unborn",
        r"pregnan|expecting|expectant|birth|born|bab(?:y|ies)\b|unborn|mother|breast-?f|nursing"
        r"|trimester|fo?etus|matern|women|carry",
    ),
    _facet(
        "insurance",
        r"insurance|insurer|insured|reimbursed?|reimbursement|medicare|medicaid",
        r"insur|reimburs|medicar|medicaid|cover|pay|paid|claim|refund|policy|fund",
    ),
    _facet(
        "evidence",
        r"evidence|studies|proven|proof|proved|scientific|scientifically|clinical trials?",
        r"evidence|stud(?:y|ies|ied)|prove|proof|scien|trial|research|test|investigat|experiment"
        r"|finding|found|shown|show|measure|survey|review|data",
    ),
    _facet(
        "marks",
        r"bruis(?:e|es|ing)|scars?|scarring|leave (?:any )?(?:marks?|traces?|redness|spots)"
        r"|needle marks?",
        r"bruis|scar|mark|red\b|redness|trace|spot|blue|purple|visible|streak|stain|swell|swoll"
        r"|scab|fade|pink",
    ),
    _facet(
        "training",
        r"qualified|qualifications?|licen[sc]ed?|certified|certificates?|certifications?|trained"
        r"|training|accredited",
        r"qualif|licen|certif|train|accredit|diplom|regist|degree|appren|course|learn|taught|school"
        r"|experienc|exam|member|stud",
    ),
    _facet(
        "at home",
        r"(?:do|does|doing|done|make|try|use)\b.{1,40}\b(?:at home|by myself|on my own)"
        r"|diy|home kit",
        r"home|yourself|self|own\b|alone|kit\b|kitchen|house|bathroom|buy|bought|course",
    ),
    _facet(
        "age",
        r"minimum age|age limit|how old (?:do|does|must|should)|old enough|too (?:old|young)"
        r"|for (?:kids|children|teens|teenagers|toddlers)",
        r"age\b|ages\b|aged|year|old\b|older|young|child|kid|teen|adult|minor|toddler"
        r"|bab(?:y|ies)\b|infant|parent|famil|\w+teen\b|twelve|ten\b|\d",
    ),
    _facet(
        "booking",
        r"an appointment|appointments|(?:how|where|when|do|can|could|must|should)"
        r"(?: (?:do|can|could|must|should))? (?:i|we|you|one)(?: (?:have|need) to)?"
        r" (?:book|reserve|sign up)",
        r"book|appoint|reserv|schedul|sign(?:s|ed)? (?:up|on|in)|regist|enrol|slots?\b|advance"
        r"|ahead|walk(?:ing|s)?[- ]?in|drop(?:s|ping)?[- ]?in|call|(?:tele)?phone|ring|e-?mail"
        r"|online|website|desk|reception|ticket|queue|wait|turn up|ask for|places?\b",
    ),
    _facet(
        "remedy",
        r"what (?:can|could|should|do|must) (?:i|we|you|one) do (?:about|against|for|if|to|when)"
        r"|(?:get|getting) rid of|what helps|anything (?:that )?helps|remed(?:y|ies)|cures?"
        r"|how (?:can|do|could|should|would) (?:i|we|you|one) (?:treat|fix|cure|improve|reduce"
        r"|shrink|smooth|soften|lessen|minimi[sz]e|prevent|avoid|stop)",
        r"help|heal|improv|reduc|less|treat|remed|cure|prevent|avoid|relie[fv]|sooth|smoother|soften"
        r"|address|minimi[sz]|us(?:e|es|ed|ing)\b|appl(?:y|ies)|wash|clean|keep|kept|try|tries"
        r"|should|must|ha(?:s|ve) to|need|take|ask|see (?:a|your)|stop|protect|contribut"
        r"|benefi|effect|therap|regulat|rest\b|drink|remov|repair|replac|fix|mend|go(?:es)? away"
        r"|disappear|vanish|gone|shrink|small|fade|drop|oil\b|cream|lotion|ointment|medic|dose"
        r"|tablet|surg|operat|inject|vaccin|change|switch|set|turn|press|choose|check|call"
        r"|contact|report|return|send|bring|fill|leave|do not|don['’]t|never|nothing",
    ),
)


def facet_unsaid(question: str, passage: str) -> bool:
    """Say whether a question asks about a facet of which a passage has no word."""
    return any(facet.asked.search(question) and not facet.said.search(passage) for facet in FACETS)
