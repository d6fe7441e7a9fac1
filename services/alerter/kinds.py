"""The kinds of rules, and how each is judged."""

from typing import Final

from services.alerter.cardinality import CARDINALITY
from services.alerter.case import Reading
from services.alerter.flatline import FLATLINE
from services.alerter.new_term import NEW_TERM
from services.alerter.sequence import SEQUENCE
from services.alerter.spike import SPIKE
from services.alerter.threshold import THRESHOLD
from services.core.kinds import Kind

READINGS: Final[dict[Kind, Reading]] = {
    Kind.THRESHOLD: THRESHOLD,
    Kind.SPIKE: SPIKE,
    Kind.CARDINALITY: CARDINALITY,
    Kind.NEW_TERM: NEW_TERM,
    Kind.FLATLINE: FLATLINE,
    Kind.SEQUENCE: SEQUENCE,
}
"""How rules of each kind are judged; a new kind is a module beside these and a line here."""
