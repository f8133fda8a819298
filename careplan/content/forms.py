"""The forms that a text can have, for the code that reads it and for the editor that shows it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Form:
    """What a text of one kind looks like, and what to say where it does not.

    *pattern* is a regular expression that Python and JavaScript read alike; the whole text must
    match it. *expected* continues the sentence "This must be …".
    """

    name: str
    pattern: str
    expected: str
    example: str
