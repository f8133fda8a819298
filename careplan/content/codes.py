"""Every code that a problem can carry: what it means, a wrong and a right example, how to mend it."""

from dataclasses import dataclass

from careplan.content.batch_code_texts import ROSTERS
from careplan.content.code_texts import CONTENT, SHAPE, WRITING
from careplan.problems import RequestError, did_you_mean


@dataclass(frozen=True)
class Code:
    """What a code stands for; *also* are codes that mean the same."""

    name: str
    title: str
    means: str
    wrong: str
    right: str
    mend: str
    also: tuple[str, ...] = ()

    def told(self) -> str:
        """Return all of it as one reads it in a terminal."""
        parts = [f"{self.name}: {self.title}", self.means]
        parts += [f"Wrong:\n{_indented(self.wrong)}"] if self.wrong else []
        parts += [f"Right:\n{_indented(self.right)}"] if self.right else []
        return "\n\n".join([*parts, f"To mend it: {self.mend}"])


def _indented(text: str) -> str:
    return "\n".join(f"    {line}" if line else "" for line in text.splitlines())


def _read(text: str) -> tuple[Code, ...]:
    """Return the codes in *text*, of which each begins with "## " and its names."""
    codes = []
    for entry in text.strip().removeprefix("## ").split("\n\n## "):
        heading, _, rest = entry.partition("\n")
        names, _, title = heading.partition(": ")
        name, *also = names.split(", ")
        means, wrong, right, mend = _parts(rest)
        codes.append(Code(name, title, means, wrong, right, mend, tuple(also)))
    return tuple(codes)


def _parts(rest: str) -> tuple[str, str, str, str]:
    words: dict[str, list[str]] = {"": [], "-": [], "+": [], ">": []}
    for line in rest.splitlines():
        mark = line[:1] if line[1:2] in ("", " ") and line[:1] in ("-", "+", ">") else ""
        words[mark].append(line[2:] if mark else line)
    return " ".join(words[""]), "\n".join(words["-"]), "\n".join(words["+"]), " ".join(words[">"])


CODES: tuple[Code, ...] = tuple(
    sorted((*_read(WRITING), *_read(SHAPE), *_read(CONTENT), *_read(ROSTERS)), key=lambda one: one.name)
)


def find_code(name: str) -> Code:
    """Return the code called *name*; raises `RequestError` with the nearest one."""
    wanted = name.strip().strip("[]").lower()
    known = {called: code for code in CODES for called in (code.name, *code.also)}
    if wanted not in known:
        hint = did_you_mean(wanted, known) or "; a code stands in brackets at the end of each problem."
        message = f"There is no code '{name}'{hint}"
        raise RequestError(message)
    return known[wanted]
