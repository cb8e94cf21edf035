"""Text in documents that gives orders to a program, or hides from the person who reads it.

Owns what counts as such, with its reasons. Pure. The extractive path has no instructions to follow,
so such text can change no answer; but quoted it would put an attacker's words before a visitor, and
whoever passes answers on to a language model would pass on the order. Patterns are for English.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from assistant.safety.hidden import Region, hidden_regions, regions_in
from index.records import Passage

_MACHINE = (
    r"(?:AI|A\.I\.|chat ?bots?|language models?|LLMs?|(?:virtual |AI |chat )?assistants?|GPT)"
)
_REPLY = (
    r"(?:responses?|repl(?:y|ies)|answers?|messages?|outputs?|generated text|summar(?:y|ies)"
    r"|completions?)"
)
# What a programmer has too, who may be told to use a tool "in your code": an order is one about it
# only with the code that is to go in.
_WORK = rf"(?:{_REPLY}|code(?:base)?|solutions?|implementations?|algorithms?)"
_SNIPPET = r"(?:following|subsequent|below) code (?:snippet|block|excerpt|section|fragment)"
# Verbs that open an order about what is to be written.
_WRITE = (
    r"(?:absorb|add|adopt|append|assimilate|augment|avoid|begin|blend|combine|compose|convert|deploy"
    r"|embed|employ|encode|end|engage|enhance|enlist|enrich|ensure|execute|fuse|group|harmonize"
    r"|include|incorporate|infuse|inject|insert|integrate|interweave|introduce|jumble|let|make|meld"
    r"|merge|misspell|mix|modify|place|prepend|provide|put|rearrange|remove|render|replace|scramble"
    r"|spell|start|substitute|swap|translate|use|utilize|weave|write|rewrite)"
)
_OPENING = (
    r"(?:^|[.!?:;]\s+|\n)[\"'“(*_>\s-]*(?:please |now |then |also |always |never |to proceed, )*"
)
_ORDERS = {
    "orders a program about": re.compile(
        # Over full stops too: an address stands between the order and the reply.
        rf"{_OPENING}{_WRITE}\b[^\n]{{0,120}}?\b(?:in|to|into|of|with|within|from|by|as)\b"
        rf"[^.!?\n]{{0,40}}?\byour {_REPLY}\b"
        rf"|{_OPENING}{_WRITE} (?:random |every |all |the )?[^.!?\n]{{0,40}}?\b(?:letters|spaces"
        rf"|vowels|words|characters|typos|anagrams?)\b[^.!?\n]{{0,60}}?\byour {_REPLY}\b"
        rf"|{_OPENING}(?:modify|enhance|augment|enrich|render|provide|group|rearrange|scramble|jumble"
        rf"|misspell|encode|translate|rewrite) (?:[^.!?\n]{{0,40}}? )?your {_REPLY}\b"
        rf"|{_OPENING}(?:in|within|as part of) your (?:next |final )?{_REPLY},? (?:please )?[a-z]+"
        rf"|{_OPENING}(?:let )?your {_REPLY} (?:should|must|has to|assimilate)\b"
        rf"|\bthe {_SNIPPET}[^.!?\n]{{0,80}}\byour {_WORK}\b"
        rf"|\byour {_WORK}[^.!?\n]{{0,80}}\b{_SNIPPET}\b",
        re.IGNORECASE,
    ),
    "sets aside what a program was told": re.compile(
        r"\b(?:ignore|disregard|forget|override|bypass|drop)\b[^.!?\n]{0,30}?\b(?:previous|prior"
        r"|above|earlier|preceding|former|other|existing|system|original|your|all)\b[^.!?\n]{0,20}?"
        r"\b(?:instructions?|prompts?|directives?|guidelines|rules|commands?|orders|programming"
        r"|training|guardrails)\b"
        r"|\b(?:new|updated|real|secret|hidden) (?:system )?(?:instructions?|prompt|directives?)"
        r"(?: for (?:you|the))?\s*:"
        r"|\b(?:(?:enter|in|into) developer|god|dan|jailbreak|jailbroken|unrestricted) mode\b",
        re.IGNORECASE,
    ),
    "speaks to a program": re.compile(
        rf"\b(?:as an? {_MACHINE}\b"
        rf"|you(?:'re| are) (?:now |an? |the )*(?:helpful |new )?{_MACHINE}\b"
        rf"|if you(?:'re| are) (?:an? |the )?{_MACHINE}\b"
        rf"|(?:attention|note|message|instructions?|dear)(?: to| for)?(?: all| any| the)? "
        rf"?{_MACHINE}\b\s*[:,!]"
        rf"|{_MACHINE}\s*[:,!] (?:you|please"
        rf"|do|say|tell|print|ignore|answer|reply)"
        rf"|(?:the |this |any )?{_MACHINE} (?:must|should|has to|is to) "
        rf"(?:now |always |never |only |not )*(?:say|tell|answer|reply|respond|output|print"
        rf"|ignore|include|recommend|reveal|mention)"
        rf"|you are now (?:dan|jailbroken|unrestricted|uncensored|free (?:from|of)|in [a-z]+ mode"
        rf"|(?:the |an? )?(?:admin(?:istrator)?|attacker|hacker|pirate|villain|persona))\b"
        rf"|from now on,? you(?:'ll| will| are to| must| should| shall| have to)? (?:only |always "
        rf"|never )*(?:answer|respond|reply|act|behave|speak|say|tell|pretend|obey|ignore"
        rf"|recommend)\b"
        rf"|(?:reveal|print|output|show|repeat|leak|display)[^.!?\n]{{0,30}}\b(?:(?:system|initial"
        rf"|hidden|secret) (?:prompt|instructions?|message|password|keys?)|your (?:prompt"
        rf"|instructions))\b"
        rf"|(?:do not|don't|never) (?:tell|inform|mention|reveal|show)[^.!?\n]{{0,40}}\b(?:to )?the"
        rf" (?:user|visitor|customer|human)s?\b"
        rf"|(?:tell|convince|urge) the (?:user|visitor)s? (?:to|that)\b"
        rf"|{_OPENING}respond (?:only )?(?:with|in)\b[^.!?\n]{{0,60}}"
        rf"\b(?:base64|json|morse|rot13|pirate))",
        re.IGNORECASE,
    ),
    "plays a part in a conversation": re.compile(
        r"<\|[a-z_ ]{2,30}\|>|\[/?INST\]|<</?SYS>>"
        # What templates of models put before a turn; a heading says something of its own.
        r"|(?:^|\n)\s*#{1,6} ?(?:system|instruction|response|assistant)\s*:\s*(?:\n|$)"
        r"|(?:^|\n)\s*### ?Instruction\s*:"
        r"|(?:^|\n)\s*(?:\*\*)?(?:(?-i:SYSTEM|ASSISTANT)(?:\*\*)? ?:"
        r"|(?:system|assistant)(?:\*\*)? ?:(?:\*\*)? ?"
        r"(?:you|please|ignore|do|never|always|say|tell)\b)"
        r"|</?(?:system|assistant|instructions?|prompt)>"
        r"|\b(?-i:BEGIN|END) (?-i:SYSTEM|PROMPT|INSTRUCTIONS?)\b",
        re.IGNORECASE,
    ),
}
_BLOB = re.compile(
    r"(?<![A-Za-z0-9+/_.:-])(?=[A-Za-z0-9+/]*[a-z])(?=[A-Za-z0-9+/]*[A-Z])(?=[A-Za-z0-9+/]*\d)"
    r"[A-Za-z0-9+/]{48,}={0,2}(?![A-Za-z0-9+/])"
)
_ADDRESS = re.compile(r"(?:[a-z][a-z0-9+.-]*:|//|\]\(\s*)[^\s<>\"']+", re.IGNORECASE)
_MARKUP = re.compile(r"<!--|-->|<[^<>]*>")
# Of these an order has one at least: a search for them spares most texts the patterns.
_GATES = {
    "orders a program about": ("your ",),
    "sets aside what a program was told": (
        *("instruction", "prompt", "directive", "guideline", "rules", "command", "orders"),
        *("programming", "training", "guardrail", " mode"),
    ),
}
_INVISIBLE = re.compile(
    "[\u202a-\u202e\u2066-\u2069]"  # turns the direction of what follows
    "|[\u2061-\u2064\u206a-\u206f\u180e]"  # shows nothing, and has no use in prose
    # A word taken apart. Joiners shape other scripts, and emoji; between words all of these are
    # what copying from a page leaves.
    "|(?<=[A-Za-z])[\u200b-\u200d\u2060\ufeff](?=[A-Za-z])"
    "|[\u200b-\u200d\u2060\ufeff]{3}"  # bits
    "|[\ufe00-\ufe0d\U000e0100-\U000e01ef]{2}"  # bytes hidden in variation selectors
    "|(?<![\U0001f3f4\U000e0020-\U000e007f])[\U000e0000-\U000e007f]"  # tags, but for flags
)
# Letters of Cyrillic and Greek that look like Latin ones; micro and mathematics' own are not.
_CYRILLIC = dict(zip("аеорсухіјѕһԁԛԝАВЕКМНОРСТУХЅІЈ", "aeopcyxijshdqwABEKMHOPCTYXSIJ", strict=True))
_GREEK = dict(zip("οανρτυικΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "oavptuikABEZHIKMNOPTYX", strict=True))
_LATIN = str.maketrans(_CYRILLIC | _GREEK)
# In one word with Latin letters: of Cyrillic any; of Greek those that no symbol is, as in "TNFα",
# "IκBα" or "αv" of the sciences: small ones among small letters, capital ones before them.
_MIXED = re.compile(
    rf"(?<=[A-Za-z])[{''.join(_CYRILLIC)}]|[{''.join(_CYRILLIC)}](?=[A-Za-z])"
    rf"|(?<=[a-z])[{''.join(c for c in _GREEK if c.islower())}](?=[a-z])"
    rf"|[{''.join(c for c in _GREEK if c.isupper())}](?=[a-z]{{2}})"
)
HIDES = "hides text"
ENCODED = "holds an encoded blob"
INVISIBLE = "holds invisible characters"
HOMOGLYPHS = "mixes alphabets within a word"


@lru_cache(maxsize=4096)
def reasons(text: str) -> tuple[str, ...]:
    """Return why a text is suspicious, in fixed words; nothing, if it is not.

    A comment is nothing to see in any page, and a reason only if its words are one.
    """
    found: list[str] = []
    for region in hidden_regions(text):
        within = _within(text, region)
        if within or region.kind != "comment":
            found += [each for each in (HIDES, *within) if each not in found]
    return (*found, *(each for each in _told(text) if each not in found))


def alarms(text: str) -> tuple[str, ...]:
    """Return what an owner is to look at in a text.

    Its reasons, but that it hides something only where a page would have no use for that, or where
    what it hides is suspicious by itself.
    """
    found = reasons(text)
    disguised = any(region.kind == "disguised" for region in hidden_regions(text))
    return () if found == (HIDES,) and not disguised else found


def shows_nothing(text: str) -> bool:
    """Say whether a hidden part of a text is a comment without orders: no reader misses it."""
    return text.startswith("<!--") and not reasons(text)


def is_hidden(text: str, start: int, end: int) -> bool:
    """Say whether something of a span is hidden but comments within it that show nothing."""
    return any(
        not (start <= region.start and region.end <= end)
        or not shows_nothing(text[region.start : region.end])
        for region in regions_in(text, start, end)
    )


def _within(text: str, region: Region) -> tuple[str, ...]:
    """Return why what is hidden would be suspicious if it stood there plainly."""
    return _told(_MARKUP.sub("\n", text[region.start : region.end]).strip())


def _told(text: str) -> tuple[str, ...]:
    found = []
    if not text.isascii():
        if _INVISIBLE.search(text):
            found.append(INVISIBLE)
        if _MIXED.search(text):
            found.append(HOMOGLYPHS)
    shown = text if text.isascii() else _shown(text)
    folded = shown.casefold()
    for reason, pattern in _ORDERS.items():
        gate = _GATES.get(reason)
        if (gate is None or any(word in folded for word in gate)) and pattern.search(shown):
            found.append(reason)
    # An address is as long as it is.
    if _BLOB.search(_ADDRESS.sub(" ", shown)):
        found.append(ENCODED)
    return tuple(found)


@lru_cache(maxsize=4096)
def suspicious(passage: Passage) -> frozenset[int]:
    """Return where the suspicious sentences of a passage start, in its document's code points.

    A sentence is one by itself, or by standing in what the passage hides.
    """
    return frozenset(
        sentence.start
        for sentence in passage.sentences
        if reasons(passage.quote(sentence))
        or is_hidden(passage.text, sentence.start - passage.start, sentence.end - passage.start)
    )


def suspicious_texts(passage: Passage) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the suspicious sentences of a passage, each with its reasons."""
    starts = suspicious(passage)
    for sentence in passage.sentences:
        if sentence.start in starts:
            text = passage.quote(sentence)
            yield text, alarms(text)


def _shown(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).translate(_LATIN)
    return "".join(each for each in plain if unicodedata.category(each) != "Cf")
