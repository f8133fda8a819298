"""The colours and sizes of tokens.css, for what style sheets do not reach: pictures."""

import re
from collections.abc import Mapping
from pathlib import Path

_TOKEN = re.compile(r"--([a-z0-9-]+):\s*([^;]+);")


def read_tokens(templates: Path) -> Mapping[str, str]:
    """Return every token of the default theme by its name, without the two dashes."""
    return dict(_TOKEN.findall((templates / "css" / "tokens.css").read_text(encoding="utf-8")))
