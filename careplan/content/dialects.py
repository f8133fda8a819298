"""What other YAML tools take a word for that stands without quotes.

careplan reads scalars by the YAML 1.2 core rules with fewer surprises. Tools that follow
YAML 1.1 see `no` as false, `12:30` as 750 and `010` as eight; tools that follow 1.2 to the
letter see `1e3` and `0x1F` as numbers. In quotes all of them see the same text.
"""

import re

_WORDS = {
    **dict.fromkeys("y Y yes Yes YES on On ON True TRUE".split(), "true"),  # noqa: SIM905 - as read
    **dict.fromkeys("n N no No NO off Off OFF False FALSE".split(), "false"),  # noqa: SIM905 - as read
    **dict.fromkeys(("~", "Null", "NULL"), "nothing at all"),
    # Some tools cannot read on from these.
    **dict.fromkeys(("=", "<<"), "a sign of its own"),
}
_DATE = re.compile(r"\d{4}-\d\d?-\d\d?([Tt ].*)?")
_NUMBER = re.compile(
    r"[-+]?(0o?[0-7_]+|0x[0-9a-fA-F_]+|0b[01_]+"
    r"|[0-9][0-9_]*|([0-9][0-9_]*)?\.[0-9_]*([eE][-+]?[0-9]+)?|[0-9][0-9_]*[eE][-+]?[0-9]+"
    r"|\.(inf|Inf|INF)|[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?)|\.(nan|NaN|NAN)"
)


def other_reading(word: str) -> str:
    """Return what other tools take *word* for: "true", "a number", "a date" …, or nothing.

    *word* is a text for careplan although it stands without quotes.
    """
    if word in _WORDS:
        return _WORDS[word]
    if _DATE.fullmatch(word):
        return "a date"
    # A single point is none of these, but the pattern's parts would all be empty.
    if word != "." and _NUMBER.fullmatch(word):
        return "a number"
    return ""
