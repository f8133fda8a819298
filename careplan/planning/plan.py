"""The plan: fragments chosen, checked and dated for one request. Immutable.

Every renderer reads this one value. All texts are finished: slots are filled, dates are
words in the plan's language, and `____` marks a line to write on.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from careplan.content.clinic import Clinic
from careplan.content.items import Tier
from careplan.content.origins import From
from careplan.content.rules import Action
from careplan.content.vocabulary import Reference
from careplan.planning.request import Request
from careplan.planning.safety import Conflict


@dataclass(frozen=True)
class Said:
    """One thing said to the patient."""

    id: str
    text: str
    title: str = ""
    sources: tuple[str, ...] = ()


@dataclass(frozen=True)
class Section:
    """A heading with what is said under it; *id* is the field of the fragment."""

    id: str
    title: str
    items: tuple[Said, ...]


@dataclass(frozen=True)
class Dated:
    """Things to do at one time, which is given in words."""

    id: str
    day: int
    when: str
    dates: str
    items: tuple[Said, ...]
    note: str = ""


@dataclass(frozen=True)
class Appointment:
    """A visit or call; *when* is its date, or how long after the procedure it is.

    *by_whom* is `procedure`, `clinic` or `therapy`; *day* is None where the clinic
    writes the date itself.
    """

    id: str
    title: str
    short: str
    contact: str
    day: int | None
    when: str
    text: str
    bring: str = ""
    by_whom: str = "clinic"
    therapy: str = ""


@dataclass(frozen=True)
class StartLine:
    """Techniques that are allowed from one day on; *note* says what else must be so."""

    day: int
    when: str
    what: str
    note: str


@dataclass(frozen=True)
class KeptAway:
    """Techniques and, in sentences, the places where they are not allowed."""

    what: str
    where: str


@dataclass(frozen=True)
class Reason:
    """Why something waits or stays out, to the patient; *answer* asks for a line for ours."""

    sentence: str
    answer: bool


@dataclass(frozen=True)
class Reasons:
    """The reasons of all rules with one kind of action."""

    kind: Action
    label: str
    said: tuple[Reason, ...]


@dataclass(frozen=True)
class Safety:
    """What waits, what stays out, where not, and why."""

    starts: tuple[StartLine, ...]
    left_out: str
    kept_away: tuple[KeptAway, ...]
    reasons: tuple[Reasons, ...]

    def __bool__(self) -> bool:
        """Return whether there is anything to say."""
        return bool(self.starts or self.left_out or self.kept_away or self.reasons)

    @property
    def leaves_out(self) -> bool:
        """Return whether anything stays out of the plan, so that a heading may say so."""
        return bool(self.left_out) or any(one.kind == "block" for one in self.reasons)


@dataclass(frozen=True)
class TherapyPlan:
    """A therapy as it joins this plan; *phases* are empty where no day can be told.

    *safety* holds what concerns this therapy alone, for the sheet that its therapist gets.
    """

    id: str
    title: str
    starts: str
    first_day: int | None
    visits: tuple[int, ...]
    reviews: tuple[Appointment, ...]
    safety: Safety
    phases: tuple[Dated, ...]
    sections: tuple[Section, ...]

    def section(self, name: str) -> tuple[Said, ...]:
        """Return what the section *name* says; nothing if the plan has none."""
        return next((one.items for one in self.sections if one.id == name), ())

    def heading(self, name: str) -> str:
        """Return the heading of the section *name*; nothing if the plan has none."""
        return next((one.title for one in self.sections if one.id == name), "")


@dataclass(frozen=True)
class Pictured:
    """A limit with the drawing beside it; what is not *allowed* yet has a line through it."""

    picture: str
    allowed: bool
    said: Said


@dataclass(frozen=True)
class DiaryPlan:
    """A table for the patient to fill in, its rows in words."""

    id: str
    title: str
    how: str
    columns: tuple[str, ...]
    rows: tuple[str, ...]
    sample: tuple[str, ...]


@dataclass(frozen=True)
class MeasurePlan:
    """A short form with a column for each visit that it is filled in for."""

    id: str
    title: str
    intro: str
    questions: tuple[str, ...]
    columns: tuple[str, ...]
    credit: str


@dataclass(frozen=True)
class DeviceCard:
    """A card about a device in the body, to cut out; empty values are lines to write on.

    *is_new* says that today's procedure places the device.
    """

    device: str
    is_new: bool
    placed: str
    told: tuple[tuple[str, str], ...]
    never: Said
    items: tuple[Said, ...]


@dataclass(frozen=True)
class DeviceFacts:
    """What every therapist must know of the devices in the body, in sentences; may be empty."""

    never: str
    ask: str


@dataclass(frozen=True)
class Bar:
    """A stretch of days on the timeline; *kind* is `visits`, `home` or `wait`.

    *ask* says that it holds only once the clinic says yes. *short* is said beside the bar
    where it has no room for *text*.
    """

    start: int
    end: int
    text: str
    kind: str
    ask: bool = False
    short: str = ""


@dataclass(frozen=True)
class Mark:
    """A day on the timeline; *kind* is `procedure` or `visit`; what comes again has no text."""

    day: int
    text: str
    kind: str


@dataclass(frozen=True)
class Lane:
    """One row of the timeline; *kind* is `procedure`, `therapy`, `home` or `visits`."""

    title: str
    kind: str
    bars: tuple[Bar, ...] = ()
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True)
class Column:
    """The first day of a week or month of the timeline, with its labels."""

    day: int
    label: str
    date: str = ""


@dataclass(frozen=True)
class Band:
    """The days from *start* up to *end* on one scale, with the lanes that have something then.

    Bars keep their own days, so that one can be seen to go on beyond its band.
    """

    title: str
    start: int
    end: int
    columns: tuple[Column, ...]
    lanes: tuple[Lane, ...]


@dataclass(frozen=True)
class Timeline:
    """The plan week by week, then month by month; *said* tells all of it, lane by lane.

    *weeks_title* is the title where there is no room for the months.
    """

    title: str
    weeks_title: str
    caption: str
    bands: tuple[Band, ...]
    said: tuple[str, ...]

    @property
    def told(self) -> str:
        """Return the whole timeline in sentences, for those who cannot see it."""
        return " ".join(self.said)


@dataclass(frozen=True)
class RuleRow:
    """A safety rule as staff read it; *override* and *doubt* are empty where there is none."""

    id: str
    label: str
    about: str
    patient: str
    staff: str
    basis: str
    confidence: str
    sources: str
    override: str
    doubt: str
    whose: str = ""


@dataclass(frozen=True)
class LoosenedRow:
    """What the clinic changed or dropped: in what it is less strict, who says so, and why."""

    label: str
    id: str
    what: str
    said: str


@dataclass(frozen=True)
class ThinnerRow:
    """A kind of blood thinner with the clinic's own value, or a line to write it on."""

    title: str
    value: str


@dataclass(frozen=True)
class StaffSheet:
    """What staff check, read and sign."""

    checks: tuple[str, ...]
    fired: tuple[RuleRow, ...]
    not_known: tuple[RuleRow, ...]
    outside: tuple[RuleRow, ...]
    bleeding_risk: str
    thinners: tuple[ThinnerRow, ...]
    loosened: tuple[LoosenedRow, ...] = ()


@dataclass(frozen=True)
class Origin:
    """A text that went into the plan; *by* and *until* tell of a signature that holds.

    Shared texts may have no version and no day of review, and no id where there is one of its kind.
    """

    kind: str
    id: str
    version: int | None
    status: str
    due: dt.date | None
    fingerprint: str
    by: str = ""
    until: dt.date | None = None
    whose: From = "built-in"

    @property
    def name(self) -> str:
        """Return the name under which the text is signed."""
        return f"{self.kind}/{self.id}" if self.id else self.kind


@dataclass(frozen=True)
class Signature:
    """Texts that one person approved until one day, in words; *by* is empty for unsigned ones."""

    by: str
    until: str
    texts: tuple[str, ...]


@dataclass(frozen=True)
class Plan:
    """Everything that a handout, a staff sheet or a calendar file is made of."""

    request: Request
    clinic: Clinic
    language: str
    title: str
    intervention: str
    message: Said
    purpose: str
    short_purpose: str
    called: str
    date: str
    chosen: tuple[tuple[str, str], ...]
    first_steps: tuple[Said, ...]
    timeline: Timeline
    red_flags: Mapping[Tier, tuple[Said, ...]]
    procedure: tuple[Section, ...]
    conditions: tuple[Section, ...]
    getting_ready: tuple[Dated, ...]
    after: tuple[Dated, ...]
    safety: Safety
    therapies: tuple[TherapyPlan, ...]
    appointments: tuple[Appointment, ...]
    pictured: tuple[Pictured, ...]
    diaries: tuple[DiaryPlan, ...]
    measures: tuple[MeasurePlan, ...]
    card: DeviceCard | None
    references: tuple[Reference, ...]
    factors: tuple[str, ...]
    devices: DeviceFacts | None
    conflicts: tuple[Conflict, ...]
    staff: StaffSheet
    origins: tuple[Origin, ...]
    shared: tuple[Origin, ...]
    signatures: tuple[Signature, ...]
    approved: bool
    fingerprint: str
    emergency: str
    crisis: str

    @property
    def own_appointments(self) -> tuple[Appointment, ...]:
        """Return the appointments without the reviews inside a therapy, which stand there."""
        return tuple(one for one in self.appointments if not one.therapy or one.contact == "therapy")

    def section(self, name: str) -> tuple[Said, ...]:
        """Return what the procedure's section *name* says; nothing if there is none."""
        return next((one.items for one in self.procedure if one.id == name), ())
