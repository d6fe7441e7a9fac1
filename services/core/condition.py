"""The condition of a rule: the ``when`` of ``rules.yaml``. Pure; what meets it is decided by the alerter."""

from typing import Annotated, Final, Self

from pydantic import Field, model_validator

from services.core.ontology import CeasefireState, Modality
from services.core.wanted import (
    Area,
    Cameo,
    Country,
    EventType,
    Flag,
    Language,
    Listed,
    Name,
    Party,
    PloverType,
    SubEventType,
    Text,
    WordList,
)
from services.core.written import Asking, Given

MAX_DEPTH: Final = 4
"""Levels of conditions within conditions, the outermost among them: enough to say anything, few enough to read."""

_OF_ARTICLES: Final = frozenset(
    {"keywords", "phrases", "sources", "outlets", "languages", "all", "any", "not_"},
)


class When(Asking):
    """The condition: everything given must hold; within one list any entry will do, but flags must all be there.

    With nothing but words, phrases, sources, outlets and languages it looks at articles, else at events.
    """

    event_types: Annotated[Listed[EventType], Field(examples=[["Battles", "Riots"]])] = ()
    """ACLED event types, any of which will do."""
    sub_event_types: Annotated[Listed[SubEventType], Field(examples=[["Armed clash"]])] = ()
    """ACLED sub-event types, any of which will do."""
    plover: Annotated[Listed[PloverType], Field(examples=[["ASSAULT", "COERCE"]])] = ()
    """PLOVER event types, any of which will do."""
    cameo: Annotated[Listed[Cameo], Field(examples=[["19", "183"]])] = ()
    """CAMEO codes in quotes, any of which will do; a short one means all that begin with it: 19 is 190 to 196 too."""
    flags: Annotated[Listed[Flag], Field(examples=[["border_incident"]])] = ()
    """Properties of the event, all of which it must have."""
    ceasefire: Annotated[Listed[CeasefireState], Field(examples=[["declared", "restored"]])] = ()
    """What the sentence says of a ceasefire, any of which will do."""
    keywords: Annotated[
        WordList | None,
        Given(),
        Field(examples=[["shell", '"truce"'], {"near": {"words": ["drone", "city"]}}]),
    ] = None
    """Words with their inflections: a list of which any will do, or a mapping of any, all, none and near."""
    phrases: Annotated[Listed[Name], Field(examples=[["peace talks"]])] = ()
    """Words that stand there just so: whole words, any case, any white space between them; any will do."""
    countries: Annotated[Listed[Country], Field(examples=[["ARM", "AZE"]])] = ()
    """Where it happened: ISO 3166-1 alpha-3 codes, any of which will do."""
    places: Annotated[
        Listed[Area], Field(examples=[[{"near": {"lat": 39.8, "lon": 46.8, "km": 50}}, {"name": "Goris"}]])
    ] = ()
    """Where it happened, more closely: any of these will do."""
    actors: Annotated[Listed[Party], Field(examples=[["ARM-MIL", "REB"]])] = ()
    """Who did it, any of which will do: an id (ARM-MIL), its country or organisation (ARM), or a sector (MIL)."""
    targets: Annotated[Listed[Party], Field(examples=[["CVL"]])] = ()
    """To whom it was done, as under ``actors``."""
    sources: Annotated[Listed[Text], Field(examples=[["example-world"]])] = ()
    """Ids of feeds that the article may come from."""
    outlets: Annotated[Listed[Text], Field(examples=[["example"]])] = ()
    """Owners of feeds that the article may come from."""
    languages: Annotated[Listed[Language], Field(examples=[["en"]])] = ()
    """Languages that the article may be in, as ISO 639 codes; an article that names none is in none of them."""
    modalities: Annotated[Listed[Modality], Field(examples=[["threatened"]])] = ()
    """How the sentence may stand to what it tells; the rule then counts these too, unless it says otherwise."""
    min_confidence: Annotated[float, Field(ge=0, le=1, examples=[0.6])] = 0.0
    """The least confidence of the extractor in the event, 0 to 1; with 0.5 fewer alerts ring that ought not to."""
    min_killed: Annotated[int, Field(ge=0, examples=[1])] = 0
    """The fewest killed that the event's own figures add up to."""
    min_wounded: Annotated[int, Field(ge=0, examples=[10])] = 0
    """The fewest wounded that the event's own figures add up to."""
    min_casualties: Annotated[int, Field(ge=0, examples=[5])] = 0
    """The fewest killed and wounded together."""
    all: Annotated[Listed["When"], Field(examples=[[{"countries": ["ARM"]}, {"actors": ["AZE"]}]])] = ()
    """Further conditions, all of which must hold."""
    any: Annotated[Listed["When"], Field(examples=[[{"flags": ["border_incident"]}, {"min_killed": 5}]])] = ()
    """Further conditions, at least one of which must hold."""
    not_: Annotated[Listed["When"], Field(alias="not", examples=[[{"countries": ["AZE"]}]])] = ()
    """Further conditions, none of which may hold."""

    @model_validator(mode="after")
    def _is_not_too_deep(self) -> Self:
        if self.depth > MAX_DEPTH:
            raise ValueError(f"conditions may lie {MAX_DEPTH} deep within each other; here they lie deeper")
        return self

    @property
    def nested(self) -> tuple["When", ...]:
        """The conditions directly within this one, the forbidden ones among them."""
        return (*self.all, *self.any, *self.not_)

    @property
    def depth(self) -> int:
        """How many conditions lie within each other; one that holds none is 1 deep."""
        return 1 + max((inner.depth for inner in self.nested), default=0)

    @property
    def of_articles(self) -> bool:
        """Whether nothing in it needs an event, so that it can be asked of an article."""
        return self.model_fields_set <= _OF_ARTICLES and all(inner.of_articles for inner in self.nested)

    @property
    def named_modalities(self) -> frozenset[Modality]:
        """The modalities that it or a condition within it asks for."""
        return frozenset(self.modalities).union(*(inner.named_modalities for inner in (*self.all, *self.any)))
