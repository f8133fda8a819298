"""The ground that every model of authored data stands on, and the kinds of its values."""

import datetime as dt
import re
from collections.abc import Callable
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    PlainSerializer,
    PlainValidator,
    Strict,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from careplan.content import offsets, slots
from careplan.content.forms import Form

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_EARLIEST, _LATEST = dt.date(2000, 1, 1), dt.date(2099, 12, 31)

ID = Form(
    "id", _ID.pattern,
    "an id of small letters, digits and single hyphens, such as 'physical-therapy'", "physical-therapy",
)
WORDS = Form("words", r"[\s\S]*\S[\s\S]*", "text (in quotes if it is a number, true or false)", "Words")
# Every day from 2000 to 2099 that exists, the leap days among them.
DAY = Form(
    "day",
    "20[0-9]{2}-((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)"
    "|02-(0[1-9]|1[0-9]|2[0-8]))|20([02468][048]|[13579][26])-02-29",
    "a day that exists, written as YYYY-MM-DD, such as 2026-12-03", "2026-12-03",
)
UNTIL = Form(
    "until", f"{offsets.SPAN.pattern}|{_ID.pattern}",
    "a state such as 'wounds-healed', or a number of days such as '14 days'", "14 days",
)


class Model(BaseModel):
    """Authored data: frozen, and every field that is not known is a problem."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", strict=False, arbitrary_types_allowed=True,
        populate_by_name=True, protected_namespaces=(),
    )


def not_as_expected(expected: str) -> PydanticCustomError:
    """Return the problem that something is not *expected*; validators raise it."""
    code = "expected"
    return PydanticCustomError(code, "{expected}", {"expected": expected})


def expects(parse: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Turn the ValueError of *parse*, which says what was expected, into a problem."""

    def validate(value: Any) -> Any:
        try:
            return parse(value)
        except ValueError as error:
            raise not_as_expected(str(error)) from None

    return validate


def _id(value: Any) -> str:
    if isinstance(value, str) and _ID.fullmatch(value):
        return value
    raise ValueError(ID.expected)


def _words(value: Any) -> str:
    if isinstance(value, str) and value.strip():
        return " ".join(value.split())
    raise ValueError(WORDS.expected if value is not None else "text")


def _text(value: Any) -> str:
    words = _words(value)
    slots.check(words)
    return words


def parse_until(value: object) -> str | offsets.Offset:
    """Return the state or the number of days that *value* names; raises ValueError."""
    try:
        return offsets.parse_span(value)
    except ValueError:
        if isinstance(value, str) and _ID.fullmatch(value):
            return value
    raise ValueError(UNTIL.expected)


def _filled(ids: tuple[str, ...]) -> tuple[str, ...]:
    if ids:
        return ids
    message = "at least one id in the list"
    raise ValueError(message)


def parse_date(value: object) -> dt.date:
    """Return the day that *value* names as YYYY-MM-DD, from 2000 to 2099; raises ValueError."""
    message = DAY.expected
    if isinstance(value, dt.date):
        day = value
    elif isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        try:
            day = dt.date.fromisoformat(value)
        except ValueError:
            raise ValueError(message) from None
    else:
        raise ValueError(message)
    if not _EARLIEST <= day <= _LATEST:
        message = "a day from 2000 to 2099"
        raise ValueError(message)
    return day


def one_or_many(value: Any) -> Any:
    """Let authors leave out the brackets around a single value."""
    return value if isinstance(value, (list, tuple, type(None))) else [value]


def id_or_fields(value: Any) -> Any:
    """Let authors write a bare id where the other fields are not needed."""
    return {"id": value} if isinstance(value, str) else value


def form_schema(form: Form) -> dict[str, Any]:
    """Return what an editor is told about a text in *form*."""
    return {
        "x-form": form.name,
        "type": "string",
        "pattern": f"^({form.pattern})$",
        "patternErrorMessage": f"This must be {form.expected}.",
        "examples": [form.example],
    }


def written(form: Form) -> Any:
    """Return the type that stands for a text in *form* where the schema for editors is made."""
    return Annotated[str, WithJsonSchema(form_schema(form))]


def formed(form: Form) -> Any:
    """Return the type of a text that is taken as it stands where it has *form*, and refused else."""

    def read(value: Any) -> str:
        if isinstance(value, str) and re.fullmatch(form.pattern, value):
            return value
        raise ValueError(form.expected)

    return PlainValidator(expects(read), json_schema_input_type=written(form))


at_least_one = expects(_filled)

Whole = Annotated[int, Strict()]
YesNo = Annotated[bool, Strict()]
Id = Annotated[str, PlainValidator(expects(_id), json_schema_input_type=written(ID))]
# A name, a phone number: printed as it is, without slots.
Words = Annotated[str, PlainValidator(expects(_words), json_schema_input_type=written(WORDS))]
# What a fragment says to a reader; may hold slots.
Text = Annotated[str, PlainValidator(expects(_text), json_schema_input_type=written(slots.TEXT))]
_AS_TEXT = PlainSerializer(str, return_type=str)
Day = Annotated[
    dt.date, PlainValidator(expects(parse_date), json_schema_input_type=written(DAY)), _AS_TEXT,
]
Span = Annotated[
    offsets.Offset,
    PlainValidator(expects(offsets.parse_span), json_schema_input_type=written(offsets.SPAN)), _AS_TEXT,
]
Moment = Annotated[
    offsets.Offset,
    PlainValidator(expects(offsets.parse_offset), json_schema_input_type=written(offsets.MOMENT)), _AS_TEXT,
]
VisitWindow = Annotated[
    offsets.Window,
    PlainValidator(expects(offsets.parse_window), json_schema_input_type=written(offsets.WINDOW)), _AS_TEXT,
]
Ids = Annotated[tuple[Id, ...], BeforeValidator(one_or_many)]
FilledIds = Annotated[Ids, AfterValidator(at_least_one)]
