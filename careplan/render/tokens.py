"""The tokens as a clinic's theme and an edition leave them, for what style sheets do not reach: pictures."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from careplan.content.clinic import Theme
from careplan.content.theme import theme_tokens
from careplan.content.tokens import tokens_of


def read_tokens(
    templates: Path, theme: Theme | None = None, editions: Iterable[str] = ()
) -> Mapping[str, str]:
    """Return every token by its name, without the two dashes; *editions* come after *theme*."""
    tokens = tokens_of(templates, "tokens")
    changed = {name: value for one in editions for name, value in tokens_of(templates, one).items()}
    return {**tokens, **theme_tokens(theme, tokens), **changed}
