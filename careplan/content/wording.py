"""The words that a handout adds around its fragments, one file for each language."""

from pathlib import Path
from typing import Literal

from pydantic import Field

from careplan.content.models import Model
from careplan.content.source import read_source
from careplan.content.validation import check
from careplan.problems import RequestError, did_you_mean


class Wording(Model):
    """Words and sentences by key, with `{slots}` that code fills."""

    kind: Literal["wording"]
    language: str = Field(description="The language's tag for the handout: 'en-US'.")
    locale: str = Field(description="The locale in which dates are written: 'en_US'.")
    words: dict[str, str] = Field(description="Each word or sentence by its key.")

    def say(self, key: str, **values: object) -> str:
        """Return the words of *key* with its slots filled; raises KeyError for unknown keys."""
        return self.words[key].format_map(values) if values else self.words[key]

    def count(self, key: str, number: int, **values: object) -> str:
        """Return the words of *key* for *number* things; one thing has its own key."""
        return self.say(f"{key}_one" if number == 1 else key, number=number, **values)

    def joined(self, parts: list[str] | tuple[str, ...]) -> str:
        """Return *parts* as a sentence lists them: "a, b and c"."""
        if len(parts) <= 1:
            return "".join(parts)
        return f"{', '.join(parts[:-1])} {self.words['and']} {parts[-1]}"


def capitalised(text: str) -> str:
    """Return *text* with its first letter large and the rest as it is, to begin a line with it."""
    return text[:1].upper() + text[1:]


def load_wording(templates: Path, language: str) -> Wording:
    """Return the words of *language*; raises `RequestError` if there are none."""
    folder = templates / "locales"
    known = sorted(path.stem for path in folder.glob("*.yaml"))
    if language not in known:
        hint = did_you_mean(language, known)
        there_is = ", ".join(known)
        message = f"There is no handout in the language '{language}'; there is {there_is}{hint or '.'}"
        raise RequestError(message)
    path = folder / f"{language}.yaml"
    return check(Wording, read_source(path, f"templates/locales/{path.name}"))
