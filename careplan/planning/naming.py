"""What the fields of a request name, for an editor that lists the ids there are."""

from careplan.content import names
from careplan.planning.request import (
    Allowed,
    FactorState,
    PastEvent,
    Request,
    TherapyChoice,
)

FIELDS: names.Fields = {
    **names.FIELDS,
    (Request, "intervention"): ("intervention",),
    (Request, "options"): (names.CHOICES,),
    (Request, "conditions"): ("condition",),
    (Request, "factors"): ("factor",),
    (Request, "therapies"): ("therapy",),
    (Request, "follow_up"): ("follow-up",),
    (Request, "planned"): ("activity",),
    (FactorState, "id"): ("factor",),
    (TherapyChoice, "id"): ("therapy",),
    (TherapyChoice, "region"): ("region",),
    (PastEvent, "event"): ("event",),
    (PastEvent, "region"): ("region",),
    (Allowed, "rule"): ("safety-rule",),
}
