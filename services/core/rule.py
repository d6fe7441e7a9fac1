"""Rules: named conditions over events or keywords, as users write them in ``rules.yaml``."""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from functools import cached_property
from itertools import pairwise
from typing import Annotated, Any, Final, Self

from pydantic import Field, ValidationError, model_validator

from services.core.condition import When
from services.core.errors import ConfigError, Problem
from services.core.inhibit import Inhibit
from services.core.kinds import HOUR, Cardinality, Kind, NewTerm, Sequence, Spike, Term
from services.core.ontology import Modality
from services.core.problems import problems_of as problems_of  # noqa: PLC0414 -- re-exported
from services.core.receivers import Route
from services.core.window import Duration, format_duration
from services.core.wire import content_id
from services.core.written import Written, shaped

MAX_RULES = 500


class Severity(StrEnum):
    """How grave an alert is, in rising order."""

    INFO = "info"
    WARNING = "warning"
    CRITICAL = "critical"


REMEMBERED: Final = 200
"""Sightings of a group that are sure to be remembered, the latest; of a sequence half as many on each of its sides."""


class Count(StrEnum):
    """What a threshold counts. Every kind counts independent things, never mere copies.

    ``casualties`` are the killed and wounded of the incidents, of each the highest figure told.
    """

    INCIDENTS = "incidents"
    STORIES = "stories"
    OUTLETS = "outlets"
    SIGHTINGS = "sightings"
    CASUALTIES = "casualties"


class GroupBy(StrEnum):
    """What a rule keeps separate counts for.

    ``border`` is the pair of countries at a border, or the country it happened in where only that is known;
    ``actor_pair`` the two countries or organisations that act and suffer, in alphabetical order, or the one that is
    known; ``region`` the sub-region of the country as the United Nations divide the world (M49); ``source`` the feed,
    ``outlet`` its owner.
    """

    NONE = "none"
    COUNTRY = "country"
    BORDER = "border"
    PLACE = "place"
    REGION = "region"
    ACTOR_PAIR = "actor_pair"
    OUTLET = "outlet"
    SOURCE = "source"

    @property
    def of_articles(self) -> bool:
        """Whether an article says it, without any event."""
        return self in (GroupBy.NONE, GroupBy.OUTLET, GroupBy.SOURCE)


class Denials(StrEnum):
    """What a denial does to the incident that it denies.

    ``retract``: the incident no longer counts on the word of whoever takes it back, nor at all once someone who has no
    part in it denies it; an outlet that takes it back takes back its own story and the copies of that. A denial by
    those who are part of it, such as the accused, is shown and changes nothing. ``note``: so for every denial.
    """

    RETRACT = "retract"
    NOTE = "note"


def _counted(rule: dict[str, Any]) -> tuple[Modality, ...]:
    """What counts where a rule does not say: what is told as happening, and what its conditions ask for by name."""
    named = _named_modalities(rule.get("when"), rule.get("sequence"))
    return tuple(one for one in Modality if one in (Modality.ASSERTED, Modality.ALLEGED) or one in named)


def _named_modalities(when: When | None, sequence: Sequence | None) -> frozenset[Modality]:
    conditions = (when, sequence.first if sequence else None)
    return frozenset(one for condition in conditions if condition for one in condition.named_modalities)


class Rule(Written):
    """One named condition with its window, thresholds and grouping."""

    name: Annotated[str, *shaped("a name: small letters, digits and hyphens, a letter first", r"[a-z][a-z0-9-]{0,62}")]
    """Unique in the file; part of the name of the rule's topic."""
    description: str = ""
    """What the rule is for, in a sentence."""
    when: When
    """The condition; of a sequence that of what follows."""
    count: Count = Count.INCIDENTS
    """What the threshold counts."""
    window: Duration
    """How far back counts go, in event time: 72h, 30d."""
    group_by: GroupBy = GroupBy.COUNTRY
    """What separate counts are kept for."""
    severities: dict[Severity, Annotated[int, Field(ge=1)]]
    """For each severity the count from which it holds (other kinds: the level); the lowest is the rule's threshold."""
    kind: Kind = Kind.THRESHOLD
    """What the rule looks for."""
    spike: Spike | None = None
    """What a spike is compared with."""
    cardinality: Cardinality | None = None
    """What a cardinality rule counts."""
    new_term: NewTerm | None = None
    """What is to be new, and for how long it was not seen."""
    sequence: Sequence | None = None
    """What comes first, and within what time the condition follows."""
    modalities: Annotated[tuple[Modality, ...], Field(default_factory=_counted)]
    """How a sentence must stand to what it tells to count; if not given: asserted, alleged and what ``when`` names."""
    lateness: Annotated[Duration, Field(json_schema_extra={"default": "7d"})] = timedelta(days=7)
    """How long after its publication an article may arrive and still count."""
    denials: Denials = Denials.RETRACT
    """What a later denial does to an incident."""
    cooldown: Duration | None = None
    """How long after an alert is resolved its group does not ring again."""
    labels: Annotated[dict[str, str], Field(default_factory=dict)]
    """Copied into each alert, for routing."""
    annotations: Annotated[dict[str, str], Field(default_factory=dict)]
    """Copied into each alert, for people."""

    @model_validator(mode="after")
    def _severities_rise(self) -> Self:
        if not self.severities:
            raise ValueError("severities needs at least one entry, for example {warning: 2, critical: 5}")
        counts = [self.severities[severity] for severity in Severity if severity in self.severities]
        if any(low >= high for low, high in pairwise(counts)):
            raise ValueError("a graver severity needs a higher count (info < warning < critical)")
        return self

    @model_validator(mode="after")
    def _severities_can_be_counted(self) -> Self:
        kept = REMEMBERED // 2 if self.kind is Kind.SEQUENCE else REMEMBERED
        if (
            max(self.severities.values()) > kept
            and self.count is not Count.CASUALTIES
            and self.kind is not Kind.FLATLINE
        ):
            raise ValueError(
                f"severities must be at most {kept}: of a group no more sightings are sure to be remembered"
            )
        return self

    @model_validator(mode="after")
    def _keywords_have_no_place(self) -> Self:
        if self.by_keyword and not self.group_by.of_articles:
            raise ValueError("a keyword rule knows no place: group_by must be none, outlet or source")
        if self.by_keyword and self.count in (Count.INCIDENTS, Count.CASUALTIES):
            raise ValueError(
                "a keyword rule knows no incidents or casualties: count must be stories, outlets or sightings"
            )
        return self

    @model_validator(mode="after")
    def _counts_what_it_asks_for(self) -> Self:
        idle = sorted(_named_modalities(self.when, self.sequence) - set(self.modalities))
        if idle:
            raise ValueError(f"when asks for {', '.join(idle)}, which modalities does not count")
        return self

    @model_validator(mode="after")
    def _has_the_parameters_of_its_kind(self) -> Self:
        for kind in (Kind.SPIKE, Kind.CARDINALITY, Kind.NEW_TERM, Kind.SEQUENCE):
            if kind is not self.kind and getattr(self, kind.value) is not None:
                raise ValueError(f"{kind.value} is for rules of kind {kind.value}; this one is a {self.kind.value}")
        if self.kind is Kind.SEQUENCE and self.sequence is None:
            raise ValueError("a rule of kind sequence needs sequence: {first: <condition>, within: <time>}")
        if self.sequence and self.sequence.first.of_articles != self.by_keyword:
            raise ValueError("both conditions of a sequence must be of events, or both of articles")
        asked = self.cardinality or self.new_term or (NewTerm() if self.kind is Kind.NEW_TERM else Cardinality())
        if self.by_keyword and asked.of is not Term.OUTLETS:
            raise ValueError(f"a keyword rule knows no {asked.of}")
        return self

    @model_validator(mode="after")
    def _its_window_fits_its_kind(self) -> Self:
        longest = (self.spike or Spike()).baseline.length
        if self.kind is Kind.SPIKE and (self.window > longest or self.window % HOUR):
            raise ValueError(f"the window of a spike must be whole hours, and at most {format_duration(longest)}")
        if self.kind is Kind.FLATLINE and self.window < HOUR:
            raise ValueError("the window of a flatline must be at least 1h: feeds are not asked much more often")
        return self

    @property
    def by_keyword(self) -> bool:
        """Whether the rule looks at articles rather than at events."""
        return self.when.of_articles

    @property
    def threshold(self) -> int:
        """The count from which the rule rings."""
        return min(self.severities.values())

    @property
    def beyond(self) -> timedelta:
        """How much further back than its window the sightings lie that the rule needs."""
        if self.kind is Kind.FLATLINE:
            return self.threshold * self.window
        return self.sequence.within if self.sequence else timedelta()

    @property
    def memory(self) -> timedelta:
        """How much further back than its window it must be known when things were told."""
        if self.kind is Kind.SPIKE:
            return (self.spike or Spike()).history
        return (self.new_term or NewTerm()).unseen if self.kind is Kind.NEW_TERM else self.beyond

    @property
    def watches_silence(self) -> bool:
        """Whether its group is known before anything has matched: it waits for what may never come."""
        return self.kind is Kind.FLATLINE and self.group_by is GroupBy.NONE

    @cached_property
    def matching(self) -> str:
        """An id of what decides which sightings there are; what is remembered under another one says nothing."""
        fields = {"kind", "when", "count", "group_by", "modalities", "cardinality", "new_term", "sequence"}
        return content_id("matching", self.model_dump_json(include=fields))[:12]

    @cached_property
    def version(self) -> str:
        """An id of the rule's content; changes whenever anything in it does."""
        return content_id("rule", self.model_dump_json())[:12]

    def severity_at(self, count: int) -> Severity | None:
        """The gravest severity that ``count`` reaches, or None below the threshold."""
        found = None
        for severity, least in self._rising:
            if count >= least:
                found = severity
        return found

    @cached_property
    def _rising(self) -> tuple[tuple[Severity, int], ...]:
        return tuple((severity, self.severities[severity]) for severity in Severity if severity in self.severities)


class Rules(Written):
    """The whole of a rules file."""

    rules: Annotated[tuple[Rule, ...], Field(min_length=1, max_length=MAX_RULES)]
    """What rings, each under a name of its own."""
    inhibit: Annotated[tuple[Inhibit, ...], Field(max_length=MAX_RULES)] = ()
    """Which alerts mute which others."""
    routes: Annotated[tuple[Route, ...], Field(max_length=MAX_RULES)] = ()
    """Which channels are told of which alerts; the first that fits counts."""

    def named(self, name: str) -> Rule | None:
        """The rule of that name, if there is one."""
        return next((rule for rule in self.rules if rule.name == name), None)


def parse_rules(data: Any, place: str) -> Rules:
    """The rules in parsed YAML ``data``, checked whole.

    Raises:
        ConfigError: every problem, each with its path behind ``place``, such as ``rules.yaml: rules[2].window``.
    """
    if not isinstance(data, Mapping):
        raise ConfigError((Problem(place, "must be a mapping with the key 'rules'"),))
    problems = tuple(_repeats(data, place))
    try:
        rules = Rules.model_validate(data)
    except ValidationError as error:
        raise ConfigError(problems_of(error, place, Rules) + problems) from error
    if problems:
        raise ConfigError(problems)
    return rules


def _repeats(data: Mapping[str, Any], place: str) -> list[Problem]:
    rules = data.get("rules")
    listed = rules if isinstance(rules, list) else []
    names = [rule.get("name") if isinstance(rule, Mapping) else None for rule in listed]
    return [
        Problem(f"{place}: rules[{index}].name", f"{name!r} is the name of an earlier rule")
        for index, name in enumerate(names)
        if isinstance(name, str) and name in names[:index]
    ]
