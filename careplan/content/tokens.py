"""The colours and sizes of tokens.css, as the default theme gives them."""

import re
from pathlib import Path

_TOKEN = re.compile(r"--([a-z0-9-]+):\s*([^;]+);")


def default_tokens(templates: Path) -> dict[str, str]:
    """Return every token of the default theme by its name, without the two dashes."""
    return dict(_TOKEN.findall((templates / "css" / "tokens.css").read_text(encoding="utf-8")))
