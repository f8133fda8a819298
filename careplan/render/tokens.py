"""The colours and sizes of tokens.css in a clinic's theme, for what style sheets do not reach: pictures."""

from collections.abc import Mapping
from pathlib import Path

from careplan.content.clinic import Theme
from careplan.content.theme import theme_tokens
from careplan.content.tokens import default_tokens


def read_tokens(templates: Path, theme: Theme | None = None) -> Mapping[str, str]:
    """Return every token by its name, without the two dashes, as *theme* has it."""
    tokens = default_tokens(templates)
    return {**tokens, **theme_tokens(theme, tokens)}
