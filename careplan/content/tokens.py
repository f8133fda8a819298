"""The colours and sizes that a style sheet gives to tokens."""

import re
from pathlib import Path

_TOKEN = re.compile(r"--([a-z0-9-]+):\s*([^;]+);")


def default_tokens(templates: Path) -> dict[str, str]:
    """Return every token of the default theme by its name, without the two dashes."""
    return tokens_of(templates, "tokens")


def tokens_of(templates: Path, sheet: str) -> dict[str, str]:
    """Return the tokens that the style sheet *sheet* sets, by name, without the two dashes."""
    return dict(_TOKEN.findall((templates / "css" / f"{sheet}.css").read_text(encoding="utf-8")))
