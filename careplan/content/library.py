"""All fragments there are, found by id, with what they refer to resolved."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from careplan.content import fragments as f
from careplan.content.approvals import Approvals
from careplan.content.catalogue import clinic_files, fragment_files
from careplan.content.clinic import Clinic, Countries, Country
from careplan.content.items import Fragment
from careplan.content.letterhead import load_looks
from careplan.content.origins import From, Loosened, Origin, built_in_origins
from careplan.content.references import Names, check_references, uncited_sources
from careplan.content.rule_checks import check_rules
from careplan.content.rules import (
    RedFlag,
    RedFlags,
    SafetyRule,
    SafetyRuleFragment,
    SafetyRules,
)
from careplan.content.source import Source, read_source
from careplan.content.translations import Translation
from careplan.content.validation import check
from careplan.content.vocabulary import DrugClass, DrugClasses, JargonList, Reference, Sources, Vocabulary
from careplan.problems import FragmentError, Problem, did_you_mean

KINDS: dict[str, type[BaseModel]] = {
    "intervention": f.Intervention, "therapy": f.Therapy, "follow-up": f.FollowUp,
    "condition": f.HealthCondition, "factor": f.Factor, "safety-rule": SafetyRuleFragment,
    "safety-rules": SafetyRules, "red-flags": RedFlags, "sources": Sources,
    "measures": f.Measures, "drug-classes": DrugClasses, "vocabulary": Vocabulary, "jargon": JargonList,
    "countries": Countries, "clinic": Clinic, "approvals": Approvals, "translation": Translation,
}
# The kinds that every plan rests on, whatever it asks for.
SHARED = (
    "countries", "drug-classes", "measures", "red-flags", "safety-rule", "safety-rules", "sources",
    "vocabulary",
)
# Files that are read for another purpose and are no part of a library.
_NO_LIBRARY = ("clinic", "request", "jargon", "approvals", "translation")


@dataclass(frozen=True)
class Library:
    """Every fragment by its id; built by `load_library`, complete and consistent.

    Keys such as `therapy/yoga` and `safety-rule/n01` lead to where a text comes from and, if a
    clinic made it from others, to their ids.
    """

    interventions: Mapping[str, f.Intervention]
    therapies: Mapping[str, f.Therapy]
    follow_ups: Mapping[str, f.FollowUp]
    conditions: Mapping[str, f.HealthCondition]
    factors: Mapping[str, f.Factor]
    rules: Mapping[str, SafetyRule]
    red_flags: Mapping[str, RedFlag]
    references: Mapping[str, Reference]
    measures: Mapping[str, f.Measure]
    drug_classes: Mapping[str, DrugClass]
    countries: Mapping[str, Country]
    vocabulary: Vocabulary
    fingerprints: Mapping[str, str]
    # Every file's model under the same key as its fingerprint.
    files: Mapping[str, Any]
    origins: Mapping[str, Origin] = field(default_factory=dict)
    loosened: tuple[Loosened, ...] = ()
    made_from: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def shared_fingerprints(self) -> tuple[str, ...]:
        """Return the fingerprints of the files that every plan rests on, rules and signs among them."""
        return tuple(
            value for key, value in sorted(self.fingerprints.items()) if key.split("/")[0] in SHARED
        )

    def where_from(self, kind: str, name: str) -> From:
        """Return whose the fragment or rule *name* is."""
        origin = self.origins.get(f"{kind}/{name}")
        return origin.where if origin else "built-in"

    def fingerprint(self, kind: str, fragment_id: str) -> str:
        """Return the SHA-256 of the fragment's file, in hexadecimal."""
        return self.fingerprints[f"{kind}/{fragment_id}"]


def read_fragment(
    path: Path, name: str | None = None, kinds: Mapping[str, type[BaseModel]] = KINDS
) -> tuple[Any, Source]:
    """Return the one checked fragment in *path* and where its values were written.

    *kinds* are the kinds of file that are expected, with their models. Raises
    `FragmentError` with all problems of the file.
    """
    return _understand(read_source(path, name), path, kinds)


def _understand(
    source: Source, path: Path, kinds: Mapping[str, type[BaseModel]] = KINDS
) -> tuple[Any, Source]:
    kind = source.data.get("kind") if isinstance(source.data, dict) else None
    if not isinstance(kind, str) or kind not in kinds:
        hint = did_you_mean(kind, kinds) if isinstance(kind, str) else ""
        sentence = f"kind must be one of {', '.join(kinds)}{hint or '.'}"
        raise FragmentError([source.problem(source.locate(("kind",)), sentence, "unknown-kind")])
    fragment = check(kinds[kind], source)
    if isinstance(fragment, (Fragment, SafetyRuleFragment)) and fragment.id != path.name.split(".")[0]:
        place = source.locate(("id",))
        sentence = f"The id '{fragment.id}' must be the file's name, '{path.name.split('.')[0]}'."
        raise FragmentError([source.problem(place, sentence, "id-not-file-name")])
    if isinstance(fragment, Clinic):
        fragment = load_looks(fragment, source, path.parent)
    return fragment, source


def load_library(
    plans: Path, clinic_folder: Path | None = None, more: Iterable[Path] = ()
) -> Library:
    """Return the fragments below *plans* with those of the clinic and in the files *more* laid over.

    Raises `FragmentError` with every problem of every file.
    """
    laid = _gather(plans, clinic_folder, more)
    library, found = _assemble(laid)
    if laid.problems or found:
        raise FragmentError([*laid.problems, *found])
    return library


def check_library(
    plans: Path,
    more: Iterable[Path] = (),
    today: dt.date | None = None,
    clinic_folder: Path | None = None,
) -> tuple[Problem, ...]:
    """Return every problem of the library at *plans* with the clinic's and the files *more* laid over.

    Looks further than `load_library`: also at how plain the texts are, at translations, at
    sources that nothing cites, and, where *today* is given, at the days of the reviews.
    """
    from careplan.content.billing import check_billing  # noqa: PLC0415 - only to check
    from careplan.content.plain_language import check_language  # noqa: PLC0415 - needs a dictionary
    from careplan.content.portable import check_portable  # noqa: PLC0415 - only to check
    from careplan.content.reviews import check_reviews  # noqa: PLC0415 - only to check
    from careplan.content.translations import check_translations  # noqa: PLC0415 - only to check

    laid = _gather(plans, clinic_folder, more)
    read = laid.read
    _, found = _assemble(laid)
    jargon = [word for one, _ in read if isinstance(one, JargonList) for word in one.jargon]
    if not laid.problems and not found:
        # What depends on the whole library is looked at when the whole library is there.
        whole = [*uncited_sources(read), *check_rules(read)]
        ours = {source.file for _, source in laid.ours}
        # A word of ours that nothing uses any more is no mistake of the clinic that dropped its use.
        found += [one for one in whole if not laid.is_changed or one.location.file not in ours]
    found += [*check_language(read, jargon), *check_billing(read), *check_portable(read)]
    found += [*check_translations(read), *(check_reviews(read, today) if today else ())]
    return tuple(sorted([*laid.problems, *found]))


def name_of(path: Path, plans: Path) -> str:
    """Return what problems call the file at *path*: "plans/…" in the library, else as it was given."""
    if path.is_relative_to(plans):
        return str(path.relative_to(plans.parent))
    # So that nobody takes it for a file of ours.
    return f"./{path}" if path.parts[0] == "plans" else str(path)


@dataclass(frozen=True)
class _Gathered:
    """All files that were read and laid over each other, with what ours were before."""

    ours: list[tuple[Any, Source]]
    read: list[tuple[Any, Source]]
    problems: list[Problem]
    origins: Mapping[str, Origin]
    loosened: tuple[Loosened, ...] = ()
    made_from: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @property
    def is_changed(self) -> bool:
        return self.read is not self.ours


def _gather(plans: Path, clinic_folder: Path | None, more: Iterable[Path]) -> _Gathered:
    ours: list[tuple[Any, Source]] = []
    problems: list[Problem] = []
    for path in fragment_files(plans):
        try:
            ours.append(read_fragment(path, name_of(path, plans)))
        except FragmentError as error:
            problems += error.problems
    files: dict[Path, Path] = {path.resolve(): path for path in more}
    if clinic_folder:
        own_files, refused = clinic_files(clinic_folder)
        problems += refused
        files = {path.resolve(): path for path in own_files} | files
    if not files:
        return _Gathered(ours, ours, problems, built_in_origins(ours))
    from careplan.content.overlay import lay_over  # noqa: PLC0415 - only for a clinic's files

    own: dict[Path, Source] = {}
    for path in files.values():
        try:
            own[path] = read_source(path, name_of(path, plans))
        except FragmentError as error:
            problems += error.problems
    paths = {source.file: path for path, source in own.items()}
    laid = lay_over(ours, own.values(), lambda source: _understand(source, paths[source.file])[0], KINDS)
    return _Gathered(
        ours, laid.read, [*problems, *laid.problems], laid.origins, laid.loosened, laid.made_from,
    )


class _Shelf(dict[str, Any]):
    """Fragments of one kind by id, which notices an id that comes twice."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__()
        self._problems = problems
        self._files: dict[str, str] = {}

    def put(self, fragment: Any, source: Source, *keys: str | int) -> None:
        place = source.locate((*keys, "id"))
        if fragment.id in self:
            sentence = f"The id '{fragment.id}' is taken already, in {self._files[fragment.id]}."
            self._problems.append(source.problem(place, sentence, "duplicate-id"))
            return
        self[fragment.id] = fragment
        self._files[fragment.id] = f"{place.file}:{place.line}"


def _assemble(gathered: _Gathered) -> tuple[Library, list[Problem]]:
    read, problems = gathered.read, list[Problem]()
    shelves: dict[str, _Shelf] = {kind: _Shelf(problems) for kind in KINDS}
    fingerprints, files = {}, {}
    singles: dict[str, tuple[Any, Source] | None] = dict.fromkeys(("vocabulary", "countries"))
    for fragment, source in read:
        kind = fragment.kind
        if kind in ("safety-rules", "sources", "red-flags", "measures", "drug-classes"):
            field, shelf = {
                "safety-rules": ("rules", "safety-rule"), "sources": ("sources", "sources"),
                "red-flags": ("red_flags", "red-flags"), "measures": ("measures", "measures"),
                "drug-classes": ("drug_classes", "drug-classes"),
            }[kind]
            for index, inner in enumerate(getattr(fragment, field)):
                shelves[shelf].put(inner, source, field, index)
        elif kind in singles:
            first = singles[kind]
            if first is not None:
                sentence = f"There is one file of kind '{kind}' already, {first[1].file}."
                problems.append(source.problem(source.locate(("kind",)), sentence, "second-file"))
            else:
                singles[kind] = (fragment, source)
        elif kind not in _NO_LIBRARY:
            shelves[kind].put(fragment, source)
        key = f"{kind}/{getattr(fragment, 'id', source.file)}"
        fingerprints[key], files[key] = source.digest(), fragment
    words, lands = singles["vocabulary"], singles["countries"]
    countries = lands[0].countries if lands else {}
    vocabulary = words[0] if words else Vocabulary(
        kind="vocabulary", traits=(), modalities=(), regions=(), areas=(), states=(), events=(),
        options=(),
    )
    names = Names(
        vocabulary, shelves["intervention"], shelves["therapy"], shelves["follow-up"],
        shelves["condition"], shelves["factor"], shelves["red-flags"], shelves["sources"],
        shelves["measures"],
    )
    problems += check_references(read, names)
    library = Library(
        shelves["intervention"], shelves["therapy"], shelves["follow-up"], shelves["condition"],
        shelves["factor"], shelves["safety-rule"], shelves["red-flags"], shelves["sources"],
        shelves["measures"], shelves["drug-classes"], countries, vocabulary, fingerprints, files,
        gathered.origins, gathered.loosened, gathered.made_from,
    )
    return library, problems
