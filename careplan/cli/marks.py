"""Show what differs so that it can be read without colour: [-gone-] and {+come in+}."""

from collections.abc import Iterable

import click

from careplan.content.changes import Change, compare_words

_SIGNS = {"added": "+", "removed": "-", "changed": "~"}
_COLOURS = {"+": "green", "-": "red"}


def show_changes(changes: Iterable[Change], indent: str = "", *, err: bool = False) -> None:
    """Write *changes*, one on a line, with colours on a terminal only."""
    for one in changes:
        sign = _SIGNS[one.kind]
        said = marked(one.before, one.after) if one.kind == "changed" else (one.after or one.before)
        where = " > ".join(one.where)
        lead = click.style(f"{sign} {where}", fg=_COLOURS.get(sign), bold=True)
        click.echo(f"{indent}{lead}: {said}" if said else f"{indent}{lead}", err=err)


def marked(before: str, after: str) -> str:
    """Return both texts in one, what is gone as [-so-] and what comes in as {+so+}."""
    shown = []
    for piece in compare_words(before, after):
        if piece.kind == "old":
            shown.append(click.style(f"[-{piece.text}-]", fg="red"))
        elif piece.kind == "new":
            shown.append(click.style(f"{{+{piece.text}+}}", fg="green"))
        else:
            shown.append(piece.text)
    return " ".join(shown)
