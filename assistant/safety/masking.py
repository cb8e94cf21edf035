r"""What is kept of a question that is logged: no mail address, phone number or card number.

Owns what is recognised as one. It errs on the side of hiding: any run of seven digits or more goes,
a date written with digits too. Pure: text in, text out.
"""

import re
import unicodedata

MAIL, PHONE, CARD = "[mail]", "[phone]", "[card]"
# Domains without a dot are addresses as well, inside a company. Parts are bounded (RFC 5321), so
# that a search takes linear time.
_MAIL = re.compile(r"[^\s@<>()\[\]{},;:\"']{1,254}@[^\s@<>()\[\]{},;:\"']{1,254}")
# Digits with what people put between them.
_NUMBER = re.compile(r"\+?\(?\d(?:[\s().\-/_\u2010-\u2015\u2212]{0,3}\d){6,}")
_CARD_DIGITS = range(13, 20)  # ISO/IEC 7812
_LONGEST_CARD = max(_CARD_DIGITS)


def masked(text: str) -> str:
    """Return the text with mails, phone numbers and card numbers replaced by what they are.

    Invisible characters are dropped and compatibility forms (full-width digits) made plain first:
    both would hide a number from us and not from a reader.
    """
    seen = "".join(each for each in text if unicodedata.category(each) != "Cf")
    return _NUMBER.sub(_number, _MAIL.sub(MAIL, unicodedata.normalize("NFKC", seen)))


def is_card(digits: str) -> bool:
    """Say whether digits have a card's length and check digit (Luhn, ISO/IEC 7812-1)."""
    if len(digits) not in _CARD_DIGITS:
        return False
    total = 0
    for place, digit in enumerate(reversed([int(each) for each in digits])):
        doubled = digit * 2 if place % 2 else digit
        total += doubled - 9 if doubled > 9 else doubled
    return total % 10 == 0


def _number(found: re.Match[str]) -> str:
    digits = "".join(each for each in found[0] if each.isdigit())
    # A run longer than any card's number may begin with one.
    return CARD if is_card(digits) or len(digits) > _LONGEST_CARD else PHONE
