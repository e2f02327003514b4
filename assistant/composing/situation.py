"""Everything that the parts of the composer look at for one case."""

from collections.abc import Sequence
from dataclasses import dataclass

from babel.lists import format_list

from assistant.case import is_between_two
from assistant.composing.reading import Reading, read_thread
from assistant.composing.wording import Text, finish
from assistant.focus import order_numbers
from assistant.guidance import Guidance, Intent, Offer, Voice
from assistant.material import IntentGuess, Material
from assistant.outcome import Reply
from prompts.phrases import Phrases, load_phrases
from tools.records import Known

_SURE = 0.3
_CLEAR = 0.45
_HINTED = 0.04
_CONTACT = "contact_request"
_CONFIDENTIAL = frozenset({"order", "money"})
_STILL = "still_not_solved"
_FIELDS = {"account": frozenset({"account", "mail", "video"})}
_WITHOUT_STEPS = frozenset({"conduct", "wish", "abuse", "praise"})
_LEAST_TELLING = 0.02
_WANT_NOTHING = frozenset({"thanks", "its_fine", "smalltalk"})


@dataclass(frozen=True, slots=True)
class Situation:
    """One case as the composer sees it. `seed` makes the choice among variants stable for a post."""

    material: Material
    reading: Reading
    phrases: Phrases
    voice: Voice | None
    intent: Intent | None
    confidence: float
    seed: str
    offers: tuple[Offer, ...] = ()

    @classmethod
    def of(cls, material: Material, guidance: Guidance) -> "Situation":
        """Read the case."""
        phrases = load_phrases(material.language)
        brand = material.brand.id if material.brand else None
        reading = read_thread(material.thread, phrases)
        guess = _likeliest(material.guesses, reading)
        return cls(
            material=material,
            reading=reading,
            phrases=phrases,
            voice=guidance.voice(brand, material.thread.channel, material.language),
            intent=guess.intent if guess else None,
            confidence=guess.confidence if guess else 0.0,
            seed=material.thread.target.id,
            offers=tuple(offer for offer in guidance.offers if offer.brand in (None, brand)),
        )

    @property
    def sure(self) -> bool:
        """Whether the intent is certain enough to answer by it."""
        return self.confidence >= _SURE

    @property
    def matter(self) -> Intent | None:
        """What to ask about: the intent if it is clear. Who wants to be called is asked about what they want it for."""
        if self.intent is None or self.intent.group == "praise" or self.confidence < _CLEAR:
            return None
        if self.intent.id != _CONTACT:
            return self.intent
        guesses = self.material.guesses
        concrete = (g.intent for g in guesses if g.confidence >= _HINTED and g.intent.group not in ("other", "praise"))
        return next(concrete, self.intent)

    @property
    def stuck(self) -> bool:
        """Whether the customer has been through the usual steps, so that nobody advises them again."""
        if self.intent is not None and self.intent.group in _WITHOUT_STEPS:
            return False
        still = bool(self.material.guesses) and self.material.guesses[0].intent.id == _STILL
        if self.reading.steps_done or (still and self.reading.continued):
            return True
        own = "\n".join(post.text for post in self.material.thread.spoken)
        return any(step in own for step in self.material.tried)

    @property
    def exhausted(self) -> bool:
        """Whether the place that the intent names has been tried, too; a further question says nothing of that."""
        place = self.material.destinations.get(self.intent.destination or "") if self.intent else None
        went_there = self.reading.continued and "?" not in self.reading.latest
        if place is None or not (self.stuck or went_there):
            return False
        return any(place[0].target in step for step in self.material.tried)

    @property
    def verified(self) -> bool:
        """Whether facts of the record may be told to this person, in private."""
        return self.material.identity.known is Known.VERIFIED and self.material.customer is not None

    @property
    def about_records(self) -> bool:
        """Whether it is about an order or money, whichever of these intents it is: then it belongs in private."""
        if self.intent is None or self.intent.group not in _CONFIDENTIAL:
            return False
        return sum(g.confidence for g in self.material.guesses if g.intent.group in _CONFIDENTIAL) >= _CLEAR

    @property
    def names_order(self) -> bool:
        """Whether they write an order number that is not looked up here: they are not known, or it is not theirs."""
        if self.material.order is not None:
            return False
        return bool(self.material.refused or order_numbers("\n".join(p.text for p in self.material.thread.spoken)))

    @property
    def posted_order(self) -> bool:
        """Whether everybody can read that number: only then there is something to ask of them."""
        said = "\n".join(post.text for post in self.material.thread.spoken_in_public)
        refused = any(number in said for number in self.material.refused)
        return self.names_order and (refused or bool(order_numbers(said)))

    @property
    def between_two(self) -> bool:
        """Whether nobody else hears the reply, so that there is nothing to mind before others."""
        return is_between_two(self.material.thread.channel)

    @property
    def spoken(self) -> bool:
        """Whether the reply is read out."""
        return self.material.thread.channel.casefold() == "phone"

    def say(self, *keys: str, **values: str) -> str:
        """A prepared text in the customer's language."""
        topic = {"topic": self.reading.topic} if self.reading.topic and self._topic_fits() else {}
        return self.phrases.pick(*keys, seed=self.seed, spoken=self.spoken, **topic, **values)

    def _topic_fits(self) -> bool:
        """Whether naming the topic helps: who is shut out may mention a jacket, but it is not about the jacket."""
        fields = _FIELDS.get(self.matter.group) if self.matter else None
        return fields is None or self.reading.field in fields

    def listed(self, names: Sequence[str]) -> str:
        """Names one after another: "a, b and c"."""
        return str(format_list(list(names), locale=self.material.language))

    def either(self, names: Sequence[str]) -> str:
        """Names to choose from: "a, b or c"."""
        return str(format_list(list(names), style="or", locale=self.material.language))

    def opening(self) -> str:
        """The first sentence: it shows that the post was read."""
        mood = self.reading.mood.value
        keys = [f"opening.any.{mood}"]
        if self.matter is not None:
            keys = [f"opening.{self.matter.id}.{mood}", f"opening.{self.matter.group}.{mood}", *keys]
        if self.stuck:
            keys = [f"opening.still_not_solved.{mood}", *keys]
        elif self.reading.continued:
            keys = [f"opening.continued.{mood}", *keys]
        return self.say(*keys, "spoken")

    def reply(self, public: Text | None = None, private: Text | None = None) -> Reply:
        """The texts as a reply in the brand's voice, within the channel's length."""
        return finish(public, private, voice=self.voice, channel=self.material.thread.channel)


def _likeliest(guesses: Sequence[IntentGuess], reading: Reading) -> IntentGuess | None:
    """The likeliest intent; one that wants nothing only if the words want nothing, either.

    "Still the same" says nothing of what it is about: then the next likely one counts.
    """
    wanting = [guess for guess in guesses if not (reading.wants and guess.intent.id in _WANT_NOTHING)]
    telling = [guess for guess in wanting if guess.intent.id != _STILL]
    if telling and wanting[0].intent.id == _STILL and telling[0].confidence < _LEAST_TELLING:
        return wanting[0]
    return next(iter(telling or wanting or guesses), None)
