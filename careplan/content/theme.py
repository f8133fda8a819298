"""The theme: what a clinic's few colours come to, and whether everything can be read in them.

A clinic gives an accent; the shades that it does not give follow from it. They are mixed with
the paper: 9 % of the accent for what is soft, 50 % for lines, 12 % of the colour of waiting
for its background. What is in the middle has 40 %, or as much less as black text on it needs.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from careplan.content.clinic import Theme
from careplan.content.colours import BLACK, WHITE, contrast, mix
from careplan.content.source import Source
from careplan.problems import Problem

# Text, by WCAG's strictest level; stripes and frames; two kinds of bar told apart in grey.
TEXT, SHAPE, APART = 7.0, 3.0, 1.5

# What the style sheets call the clinic's typeface.
FACE = "Clinic"

_SOFT, _MIDDLE, _LINE, _WAIT_SOFT = 9, 40, 50, 12


@dataclass(frozen=True)
class Pair:
    """Two tokens of which one is printed on the other, and the contrast that this needs."""

    front: str
    back: str
    needed: float = TEXT


# What stands on the plain paper comes first: who fails there is the one to change.
PAIRS = (
    Pair("ink", "paper"), Pair("ink-soft", "paper"), Pair("accent", "paper"), Pair("alarm", "paper"),
    Pair("wait", "paper", SHAPE), Pair("accent", "accent-soft"), Pair("ink", "accent-soft"),
    Pair("ink", "accent-middle"), Pair("ink", "wait-soft"),
    Pair("accent-middle", "accent-soft", APART),
)
_PLAIN = {"paper": "the paper", "ink": "the text", "ink-soft": "the small text"}
# Where a shade comes from that the clinic does not give itself.
_ORIGINS = {"accent-soft": "accent", "accent-middle": "accent", "wait-soft": "wait"}


def theme_tokens(theme: Theme | None, tokens: Mapping[str, str]) -> dict[str, str]:
    """Return the tokens of *tokens* that *theme* changes, with their new values."""
    if theme is None:
        return {}
    paper, ink = tokens["paper"], tokens["ink"]
    values = {}
    if theme.accent:
        shades = (mix(theme.accent, paper, share / 100) for share in range(_MIDDLE, 0, -1))
        values["accent-middle"] = next((one for one in shades if contrast(ink, one) >= TEXT), paper)
        values["accent-soft"] = mix(theme.accent, paper, _SOFT / 100)
        values["line"] = mix(theme.accent, paper, _LINE / 100)
    if theme.wait:
        values["wait-soft"] = mix(theme.wait, paper, _WAIT_SOFT / 100)
    if theme.fonts:
        # The built-in typeface stays behind it, for a name with a letter that it does not have.
        values["face"] = f'"{FACE}", {tokens["face"]}'
    given = theme.model_dump(exclude={"fonts"}, exclude_none=True)
    return values | {name.replace("_", "-"): colour for name, colour in given.items()}


def unreadable(tokens: Mapping[str, str], pairs: Iterable[Pair] = PAIRS) -> tuple[Pair, ...]:
    """Return the pairs that have less contrast than they need."""
    return tuple(pair for pair in pairs if contrast(tokens[pair.front], tokens[pair.back]) < pair.needed)


def check_theme(theme: Theme, tokens: Mapping[str, str], source: Source) -> tuple[Problem, ...]:
    """Return a problem for each colour in which something could not be read.

    *tokens* is the default theme. Each problem stands at the colour that is to be changed
    and names the nearest shade of it that would do.
    """
    seen = {**tokens, **theme_tokens(theme, tokens)}
    worst: dict[str, Pair] = {}
    for pair in unreadable(seen):
        field = _blamed(pair, theme, worst)
        if field and (field not in worst or _shortfall(pair, seen) > _shortfall(worst[field], seen)):
            worst[field] = pair
    return tuple(_problem(field, pair, theme, tokens, source, worst) for field, pair in worst.items())


def _blamed(pair: Pair, theme: Theme, worst: Iterable[str]) -> str:
    """Return the field to change; nothing where one of *worst* has to be changed first."""
    if pair.front in worst and _is_given(pair.back, theme):
        return ""
    origins = (_ORIGINS.get(pair.back, ""), _ORIGINS.get(pair.front, ""))
    return next((field for field in (pair.back, pair.front, *origins) if _is_given(field, theme)), "")


def _is_given(token: str, theme: Theme) -> bool:
    return getattr(theme, token.replace("-", "_"), None) is not None


def _shortfall(pair: Pair, tokens: Mapping[str, str]) -> float:
    return pair.needed / contrast(tokens[pair.front], tokens[pair.back])


def _problem(  # noqa: PLR0913, PLR0917 - a field, what is wrong with it, and all that it stands among
    field: str, pair: Pair, theme: Theme, tokens: Mapping[str, str], source: Source, worst: Mapping[str, Pair]
) -> Problem:
    seen = {**tokens, **theme_tokens(theme, tokens)}
    name, written = field.replace("-", "_"), seen[field]
    # Cut, not rounded, so that a ratio that is too low never reads as the one that is needed.
    ratio = math.floor(contrast(seen[pair.front], seen[pair.back]) * 100) / 100
    other = pair.back if pair.front == field else pair.front
    if other in _PLAIN:
        on = f"{_PLAIN[other]} ({seen[other]})"
    else:
        is_mixed = _ORIGINS.get(other) == field and not _is_given(other, theme)
        follows = " that follows from it" if is_mixed else ""
        on = f"the {other.replace('-', '_')}{follows} ({seen[other]})"
    sentence = (
        f"theme.{name} must have a contrast of {pair.needed:g}:1 or more with {on}; "
        f"'{written}' has {ratio:.2f}:1."
    )
    nearest = _nearest(field, theme, tokens, worst)
    if nearest:
        darker = contrast(nearest, WHITE) > contrast(written, WHITE)
        sentence += f" The nearest {'darker' if darker else 'lighter'} shade that passes is '{nearest}'."
    return source.problem(source.locate(("theme", name)), sentence, "low-contrast")


def _nearest(field: str, theme: Theme, tokens: Mapping[str, str], worst: Mapping[str, Pair]) -> str:
    """Return the shade of *field* with which nothing fails for which it is to blame, or nothing."""
    name = field.replace("-", "_")
    others = worst.keys() - {field}
    blamed = [pair for pair in PAIRS if _blamed(pair, theme, others) == field]
    for share in range(99, -1, -1):
        for end in (BLACK, WHITE):
            shade = mix(getattr(theme, name), end, share / 100)
            changed = theme.model_copy(update={name: shade})
            if not unreadable({**tokens, **theme_tokens(changed, tokens)}, blamed):
                return shade
    return ""
