"""What a brand has decided about how it speaks: brands, voice, intents, holding texts, questions.

Read from the files in knowledge/ (or the database) by the server, checked here, never changed during a turn.
docs/knowledge.md describes each file.
"""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

LANGUAGES = ("en", "de", "es", "fr")
Language = Literal["en", "de", "es", "fr"]
Texts = Annotated[Mapping[Language, str], Field(min_length=1)]


class Entry(BaseModel):
    """One entry of a guidance file: no unknown fields, no change after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise ValueError(f"{name!r} is no time zone; write one like Europe/London") from error
    return name


class Brand(Entry):
    """What we speak as. `aliases` are other names by which inputs call it; `accounts` its handle per channel.

    `time_zone` says when a day begins: the day on which a policy takes effect, say. `word_within_days` is in how many
    days a reply may promise that we write again, as the word of whoever approves it; 0: only what a source says.
    """

    id: str
    name: str
    aliases: tuple[str, ...] = ()
    accounts: Mapping[str, str] = Field(default_factory=dict)
    languages: tuple[Language, ...] = ("en",)
    regions: tuple[str, ...] = ()
    home_region: str | None = None
    time_zone: Annotated[str, AfterValidator(_zone)] = "UTC"
    word_within_days: int = Field(default=0, ge=0, le=31)
    default: bool = False

    def goes_by(self, name: str) -> bool:
        """Whether `name` (a brand id, its name, an alias or an account; @ and case do not matter) means this brand."""
        wanted = name.lstrip("@").casefold()
        return wanted in {
            known.lstrip("@").casefold() for known in (self.id, self.name, *self.aliases, *self.accounts.values())
        }


class Voice(Entry):
    """How a brand sounds on a channel ("*" for any) in a language."""

    brand: str
    language: Language
    channel: str = "*"
    greeting: str = ""
    sign_off: str = ""
    formal: bool = False
    avoid: tuple[str, ...] = ()


class Intent(Entry):
    """What a customer may want, and what a good answer to it needs.

    `records` names what must be known of the customer ("order", "payment", "return", "purchase") before facts can be
    told; `policies` are document categories that answer it; `destination` is the kind of place to send people to;
    `team` takes it over when it cannot be answered; `asks` is what to ask, publicly and without personal data, when
    the post leaves it open. `examples` and `words` teach the recogniser; examples are how people really write.
    """

    id: str
    title: str
    group: Literal[
        "account", "fault", "money", "order", "policy", "wish", "conduct", "outage", "abuse", "vague", "praise", "other"
    ]
    records: tuple[Literal["order", "payment", "return", "purchase"], ...] = ()
    policies: tuple[str, ...] = ()
    destination: str | None = None
    team: str | None = None
    asks: Mapping[Language, str] = Field(default_factory=dict)
    examples: Mapping[Language, tuple[str, ...]] = Field(default_factory=dict)
    words: Mapping[Language, tuple[str, ...]] = Field(default_factory=dict)


class Asked(Entry):
    """What people write when one document answers them, for one intent; without a document, what none answers."""

    intent: str
    document: str | None = None
    posts: Mapping[Language, tuple[str, ...]]


class Holding(Entry):
    """The approved text that may be said at once about something dangerous, and who is called.

    `text` is for a post, whose case is handed over with it; `between_two` for where a person is talking to the customer
    and has passed nothing on yet.
    """

    category: str
    team: str
    text: Texts
    between_two: Mapping[Language, str] = Field(default_factory=dict)
    brand: str | None = None


class Question(Entry):
    """Something the company wants to learn from a customer, one at a time. docs/questions.md describes the fields."""

    id: str
    text: Texts
    why: str
    fact: str
    purpose: str
    worth: int = Field(ge=1, le=10)
    ask_when: Mapping[str, str | int | bool | tuple[str, ...]] = Field(default_factory=dict)
    never_when: tuple[str, ...] = ()
    cap_per_day: int = Field(default=20, ge=1)
    valid_from: date | None = None
    valid_to: date | None = None
    brand: str | None = None


class Offer(Entry):
    """An action to be proposed to people where a customer has this trouble with an order of which all of this holds.

    `policy` is the document that lets it be offered.
    """

    action: str
    intents: tuple[str, ...]
    when: tuple[Literal["late", "not_sent"], ...]
    policy: str
    reason: str
    brand: str | None = None


class Guidance(Entry):
    """Everything in knowledge/ but the policies and the destinations."""

    brands: tuple[Brand, ...]
    voices: tuple[Voice, ...] = ()
    intents: tuple[Intent, ...] = ()
    asked: tuple[Asked, ...] = ()
    holdings: tuple[Holding, ...] = ()
    questions: tuple[Question, ...] = ()
    offers: tuple[Offer, ...] = ()

    def brand(self, name: str | None) -> Brand | None:
        """The brand called `name`, the default one for None, or None for a brand that is not ours."""
        if name is None:
            return next((brand for brand in self.brands if brand.default), None)
        return next((brand for brand in self.brands if brand.goes_by(name)), None)

    def voice(self, brand: str | None, channel: str, language: str) -> Voice | None:
        """The voice that fits best: this channel's before any channel's."""
        fitting = [v for v in self.voices if v.brand == brand and v.language == language]
        return next((v for v in fitting if v.channel == channel), next((v for v in fitting if v.channel == "*"), None))

    def intent(self, name: str) -> Intent | None:
        """The intent of this id."""
        return next((intent for intent in self.intents if intent.id == name), None)

    def holding(self, category: str, brand: str | None) -> Holding | None:
        """The approved text for a category: this brand's own before the one for all."""
        fitting = [h for h in self.holdings if h.category == category and h.brand in (brand, None)]
        return next((h for h in fitting if h.brand == brand), next(iter(fitting), None))
