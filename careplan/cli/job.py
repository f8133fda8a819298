"""What one batch is to do and with what, from the words of the command line."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from careplan.cli.clock import today
from careplan.cli.house import House
from careplan.cli.make import usual_folder
from careplan.cli.progress import Manner, manner
from careplan.cli.signatures import read_signatures
from careplan.planning.shorthand import split_words
from careplan.problems import RequestError, did_you_mean

if TYPE_CHECKING:
    from careplan.batch.pool import Limits
    from careplan.batch.printfiles import Wish
    from careplan.batch.run import Crew
    from careplan.batch.stock import Stock

# As many sheets a printer and the memory of a usual computer bear in one file.
_SHEETS = 1000
# What means nothing without --merge.
_WITH_MERGE = ("duplex", "slip_sheets", "sort", "split")


@dataclass(frozen=True)
class Job:
    """How one batch is done: who works, where files go, what is wished, and how it is told."""

    roster: str
    crew: "Crew"
    limits: "Limits"
    stock: "Stock"
    # Where the handouts go, and the print files that are wished for.
    folder: Path
    merge: "Wish | None"
    how: Manner
    given: Mapping[str, Any]

    @property
    def owner(self) -> str:
        """Return whose handouts these are: the roster's, in one form."""
        file = "standard input" if self.roster == "-" else Path(self.roster).name
        return file if self.given["form"] == "pdf" else f"{file} (-f {self.given['form']})"

    @property
    def report(self) -> Path:
        """Return the file of the report."""
        if self.merge:
            return self.merge.target.with_name(f"{self.merge.target.stem}-report.csv")
        return self.folder / "report.csv"


def refuse_alone(given: Mapping[str, Any]) -> None:
    """Refuse options that mean nothing without the one they go with."""
    if not given["merge"]:
        alone = [f"--{name.replace('_', '-')}" for name in _WITH_MERGE if given[name]]
        if alone:
            message = f"{' and '.join(alone)} {'goes' if len(alone) == 1 else 'go'} with --merge PATH."
            raise RequestError(message)
    elif given["out"]:
        message = "--merge says where to print to; leave out -o."
        raise RequestError(message)
    if given["scheduler"] and given["workers"]:
        message = "--scheduler works with all workers of its cluster; leave out --workers."
        raise RequestError(message)
    if given["shared"] and not given["scheduler"]:
        message = "--shared goes with --scheduler ADDRESS."
        raise RequestError(message)


def make_job(roster: str, house: House, given: Mapping[str, Any]) -> Job:
    """Return what is to be done with *roster*; raises `RequestError`, `FragmentError`, `ClusterError`."""
    from careplan.batch.pool import Limits  # noqa: PLC0415 - slow to import

    limits = Limits(given["time_limit"], given["memory_limit"])
    merge, stock = _merge(given), load_stock(house, given)
    crew = _crew(stock, limits, given)
    if merge:
        folder = merge.target.with_name(f"{merge.target.stem}-parts")
    elif given["out"]:
        folder = Path(given["out"])
    else:
        what = "handouts" if given["form"] == "pdf" else given["form"]
        name = f"{'roster' if roster == '-' else Path(roster).stem}-{what}"
        folder = Path(usual_folder(house) or ".") / name
    how = manner(as_json=given["as_json"], quiet=given["quiet"])
    return Job(roster, crew, limits, stock, folder, merge, how, given)


def _merge(given: Mapping[str, Any]) -> "Wish | None":
    """Return how the handouts are to be put together, if they are."""
    if not given["merge"]:
        return None
    from careplan.batch.printfiles import Wish  # noqa: PLC0415 - slow to import
    from careplan.batch.stack import SORTED_BY  # noqa: PLC0415 - slow to import

    sort = tuple(word for words in given["sort"] for word in split_words(words))
    for word in sort:
        if word not in SORTED_BY:
            hint = did_you_mean(word, SORTED_BY) or f"; there is {', '.join(SORTED_BY)}."
            message = f"--sort {word}: handouts cannot be sorted by that{hint}"
            raise RequestError(message)
    target = Path(given["merge"])
    if target.suffix.lower() != ".pdf":
        message = f"--merge {target}: a file for the printer ends in .pdf."
        raise RequestError(message)
    return Wish(target, sort, given["duplex"], given["slip_sheets"], given["split"] or _SHEETS)


def _crew(stock: "Stock", limits: "Limits", given: Mapping[str, Any]) -> "Crew":
    if given["scheduler"]:
        from careplan.batch.cluster import Cluster  # noqa: PLC0415 - slow to import

        cluster = Cluster(given["scheduler"], stock, limits, shared=given["shared"])
        return click.get_current_context().with_resource(cluster)
    from careplan.batch import crew  # noqa: PLC0415 - slow to import

    return crew.Crew(stock, given["workers"] or crew.processors(), limits)


def load_stock(house: House, given: Mapping[str, Any]) -> "Stock":
    """Return what all rows share; raises `FragmentError` with what is wrong in the texts."""
    from careplan.batch.stock import Stock, made_with  # noqa: PLC0415 - slow to import
    from careplan.content.resources import templates_folder  # noqa: PLC0415 - slow to import
    from careplan.content.signing import signed_texts, valid_approvals  # noqa: PLC0415

    library, signatures, day = house.load_library(), read_signatures(house.folder), today()
    valid = valid_approvals(signed_texts(library), signatures.approvals, day)
    return Stock(
        library, house.clinic, valid, day, given["form"], made_with(templates_folder()), signatures.required,
    )
