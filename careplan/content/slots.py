"""The places in an authored text that a plan fills in: `{day 3}`, `{phone}`.

A fragment is data with named slots, not a template. Four or more underscores are a
line that a person writes on; they are no slot and stay as they are.
"""

import re
from collections.abc import Callable

from careplan.content.forms import Form

# Each slot with the word it needs behind it, if any.
KNOWN: dict[str, str] = {
    "date": "",
    "day": "a number of days",
    "option": "the id of an option",
    "phone": "",
    "emergency": "",
    "crisis": "",
    "fever": "",
}

_SLOT = re.compile(r"\{([^{}]*)\}")
_DAYS = r"-?\d{1,3}"
# The same rules as one pattern: something to read, and every brace part of a slot that is known.
_WRITTEN = "|".join(
    name + (f" {_DAYS}" if name == "day" else " [^{}]+" if word else "") for name, word in KNOWN.items()
)
TEXT = Form(
    "text", rf"(?=[\s\S]*\S)([^{{}}]|\{{({_WRITTEN})\}})*",
    f"text (in quotes if it is a number), with no other slots than "
    f"{', '.join('{' + name + (' …' if word else '') + '}' for name, word in KNOWN.items())}",
    "Replace this sentence.",
)


def check(text: str) -> None:
    """Raise ValueError with what was expected where a slot in *text* is not known."""
    if text.count("{") != text.count("}") or len(_SLOT.findall(text)) != text.count("{"):
        message = "text in which every '{' has its '}'"
        raise ValueError(message)
    for written in _SLOT.findall(text):
        name, _, word = written.partition(" ")
        if name not in KNOWN:
            message = f"one of the slots {', '.join(f'{{{known}}}' for known in KNOWN)}, not '{{{written}}}'"
            raise ValueError(message)
        if bool(word) != bool(KNOWN[name]) or (name == "day" and not re.fullmatch(_DAYS, word)):
            message = f"{KNOWN[name] or 'nothing'} behind '{name}' in '{{{written}}}'"
            raise ValueError(message)


def fill(text: str, value_of: Callable[[str, str], str]) -> str:
    """Return *text* with each slot replaced by *value_of* its name and word."""

    def replace(match: re.Match[str]) -> str:
        name, _, word = match[1].partition(" ")
        return value_of(name, word)

    return _SLOT.sub(replace, text)


def slots_in(text: str) -> tuple[str, ...]:
    """Return what stands in the slots of *text*: "day 3", "phone"."""
    return tuple(_SLOT.findall(text))


def days_in(text: str) -> tuple[int, ...]:
    """Return the days that *text* names in its slots."""
    named = (written.partition(" ") for written in _SLOT.findall(text))
    return tuple(int(word) for name, _, word in named if name == "day")


def options_in(text: str) -> tuple[str, ...]:
    """Return the ids of the options that *text* names in its slots."""
    named = (written.partition(" ") for written in _SLOT.findall(text))
    return tuple(word for name, _, word in named if name == "option")
