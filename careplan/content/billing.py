"""Find billing codes in what patients read: the bill's language, which says nothing to them."""

import re
from collections.abc import Iterable, Iterator
from itertools import chain

from pydantic import BaseModel

from careplan.content import fragments as f
from careplan.content.items import Fragment
from careplan.content.plain_language import patient_texts
from careplan.content.source import Keys, Source
from careplan.problems import Problem

# CPT: five digits, or four and a letter; HCPCS, which goes with it: a letter and four digits.
_CODE = re.compile(r"(?<![\w.,:/$#-])(?:\d{5}|\d{4}[FMTU]|[A-V]\d{4})(?![\w/]|[.,:]\d)(?!-\d{4}\b)")
# Groups of digits as phones have them; codes in a row are no phone.
_PHONE = re.compile(r"\+?\(?\d{1,5}\)?(?:[ .-]\(?\d{2,8}\)?)+")
_CODES = re.compile(r"\d{5}([ .-]\d{5}|-\d\d)*")
_TITLES: dict[type[BaseModel], tuple[str, ...]] = {
    Fragment: ("title",), f.Intervention: ("called", "summary"),
    f.Therapy: ("called", "summary", "therapist"),
}


def billing_codes(text: str) -> tuple[str, ...]:
    """Return the codes in *text*; years, amounts and phone numbers are none."""
    bare = _PHONE.sub(lambda found: found[0] if _CODES.fullmatch(found[0]) else "", text)
    return tuple(_CODE.findall(bare))


def check_billing(read: Iterable[tuple[BaseModel, Source]]) -> Iterator[Problem]:
    """Yield a problem for each billing code in a text that patients read."""
    for fragment, source in read:
        for keys, text in chain(patient_texts(fragment), _names(fragment)):
            # Few texts have four digits in a row, and only they are looked at closely.
            for code in billing_codes(text) if re.search(r"\d{4}", text) else ():
                sentence = (
                    f"'{code}' reads like a billing code (CPT); say what is done, in words."
                    " A large number needs its comma."
                )
                yield source.problem(source.locate(keys), sentence, "billing-code")


def _names(fragment: BaseModel) -> Iterator[tuple[Keys, str]]:
    for kind, fields in _TITLES.items():
        if isinstance(fragment, kind):
            yield from (((field,), getattr(fragment, field)) for field in fields)
