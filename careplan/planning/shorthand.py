"""Choices as they are written on one line: `diabetes, pregnant=unknown`, `site=lumbar`."""


def split_words(text: str, at: str = ",") -> list[str]:
    """Return the words of *text* that any of the characters in *at* parts, without the empty ones."""
    for other in at[1:]:
        text = text.replace(other, at[0])
    return [word for piece in text.split(at[0]) if (word := piece.strip())]


def factor_state(word: str) -> str | dict[str, str]:
    """Return the factor in *word* as a request holds it: an id, or an id with its status."""
    name, is_set, status = word.partition("=")
    return {"id": name.strip(), "status": status.strip()} if is_set else name


def option_values(text: str, at: str = ",") -> tuple[str, list[str]]:
    """Return the option and the values in *text*; raises ValueError with the form that is expected."""
    key, _, value = text.partition("=")
    values = split_words(value, at)
    if not (key.strip() and values):
        message = "KEY=VALUE, such as site=lumbar"
        raise ValueError(message)
    return key.strip(), values
