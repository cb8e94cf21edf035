"""Numbers, days and months in words: each list once."""

ONES = tuple(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen".split()
)
TENS = tuple("twenty thirty forty fifty sixty seventy eighty ninety".split())
SCALES = {"dozen": 12.0, "hundred": 100.0, "thousand": 1000.0, "million": 1_000_000.0}
DAYS = tuple("monday tuesday wednesday thursday friday saturday sunday".split())
MONTHS = tuple(
    "january february march april may june july august september october november december".split()
)
# What names a time wherever it stands, as "may" does not.
CALENDAR = (*DAYS, *(month for month in MONTHS if month != "may"))
