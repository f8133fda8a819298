"""All sentences of a handout, as authors wrote them, for measuring how hard they are."""

from collections.abc import Iterator

from careplan.content.readability import sentences_of
from careplan.planning.plan import DeviceCard, Plan, Said


def handout_sentences(plan: Plan) -> tuple[str, ...]:
    """Return every sentence that the handout says to the patient; headings are none."""
    texts = [*_texts(plan), *_card(plan.card)]
    return tuple(sentence for text in texts for sentence in sentences_of(text))


def handout_names(plan: Plan) -> frozenset[str]:
    """Return the words of the procedure's and therapies' own names, in small letters."""
    titles = [plan.title.partition(":")[2], *(therapy.title for therapy in plan.therapies)]
    titles += [said.text for said in plan.section("names")]
    return frozenset(word.strip(".,").lower() for title in titles for word in title.split())


def _texts(plan: Plan) -> Iterator[str]:
    yield plan.message.text
    yield plan.purpose
    yield from _said(plan.first_steps)
    for flags in plan.red_flags.values():
        yield from _said(flags)
    for section in (*plan.conditions, *plan.procedure):
        yield from _said(section.items)
    for period in (*plan.getting_ready, *plan.after):
        yield from _said(period.items)
    for group in plan.safety.reasons:
        yield from (reason.sentence for reason in group.said)
    yield from (one.where for one in plan.safety.kept_away)
    for therapy in plan.therapies:
        yield therapy.starts
        for phase in therapy.phases:
            yield from _said(phase.items)
        for section in therapy.sections:
            yield from _said(section.items)
    for appointment in plan.appointments:
        yield f"{appointment.text} {appointment.bring}"
    for diary in plan.diaries:
        yield diary.how


def _card(card: DeviceCard | None) -> Iterator[str]:
    """Yield what the card in the handout says; an older device's card is not in it."""
    return _said((card.never, *card.items)) if card and card.is_new else iter(())


def _said(items: tuple[Said, ...]) -> Iterator[str]:
    return (f"{item.title} {item.text}" for item in items)
