"""What a text commits us to: which of its sentences promise something, what that is, and about which order."""

from collections.abc import Collection, Iterable, Sequence
from functools import cache

import regex

from assistant.claims import classify
from assistant.focus import order_numbers
from assistant.outcome import ClaimKind
from assistant.reading.lexicon import LANGUAGES, Hit, Phrases, phrases_of
from assistant.reading.tokens import words_of

ACTS: dict[str, frozenset[str]] = {
    "refund": frozenset({"refund"}),
    "credit": frozenset({"credit"}),
    "cancel_order": frozenset({"cancel"}),
    "change_address": frozenset({"address"}),
    "change_items": frozenset({"items"}),
    "change_payment": frozenset({"payment"}),
    "return_items": frozenset({"return"}),
    "exchange_items": frozenset({"exchange"}),
    "upgrade_shipping": frozenset({"express"}),
    "replace_items": frozenset({"replace"}),
}
"""For each kind of action the acts of a sentence that it carries out."""

_BESIDES: dict[str, frozenset[str]] = {
    "refund": frozenset({"payment", "parcel"}),
    "credit": frozenset({"parcel"}),
    "cancel_order": frozenset({"refund", "payment"}),
    "change_address": frozenset({"parcel"}),
    "change_items": frozenset({"exchange", "parcel"}),
    "exchange_items": frozenset({"items", "replace", "parcel"}),
    "upgrade_shipping": frozenset({"parcel"}),
    "replace_items": frozenset({"exchange", "parcel"}),
}
"""What a sentence may name with an act without saying more: a replacement is sent, a refund goes to a method."""

_GREETING = regex.compile(
    r"""^(?:@[\w.@-]+[\s,:]+)*
    (?:(?:hi|hello|hey|dear|good\ (?:morning|afternoon|evening)|hallo|guten\ (?:tag|morgen|abend)|moin|lieber?|hola
      |buen[oa]s(?:\ (?:d[ií]as|tardes|noches))?|estimad[oa]|bonjour|bonsoir|salut|ch[eè]re?
      )\b[^,!:–—]{0,40}[,!:–—]\s*)?
    """,
    regex.VERBOSE | regex.IGNORECASE,
)
# We do nothing before the customer has: their answer opens the case anew, with a time of its own.
_WAITS_FOR_THEM = regex.compile(
    r"""\b(?:
      (?:if|once|when(?:ever)?|as\ soon\ as|after|should)\ you(?:['’](?:d|ve|re|ll))?\b
    | (?:wenn|sobald|falls|sofern|nachdem)\ (?:du|sie|ihr)\b
    | (?:si|cuando|en\ cuanto|una\ vez\ que)\ (?:nos|me|lo|la|t[uú]|usted|quieres?|necesitas?|env[ií][ae]s?|puedes?)\b
    | (?:si|quand|lorsque|dès\ que|une\ fois\ que)\ (?:tu|vous)\b
    )""",
    regex.VERBOSE | regex.IGNORECASE,
)
# A card, and no credit that is given.
_CREDIT_CARD = regex.compile(r"\b(?:credit[\s-]cards?|cartes?\s(?:de\s)?crédit)\b", regex.IGNORECASE)
# "We are working on it and will update you": who will stands before the first verb.
_GOES_ON = regex.compile(
    r"""\b(?:
      we\b[^.!?;:]*(?:\band|,|–|—|\s-)\s(?:will|shall|['’]ll)\s(?!not\b|never\b|be\s(?:happy|glad|delighted|here)\b)
    | wir\b[^.!?;:]*\bund\s(?:werden|melden|informieren|erstatten|schicken|senden|geben|halten|schreiben|antworten)\b
    | nous\b[^.!?;:]*\bet\s(?:vous\s|te\s|t['’]|le\s|la\s|les\s|l['’])?\p{L}+rons\b
    )""",
    regex.VERBOSE | regex.IGNORECASE,
)
_NOT_TO = regex.compile(
    r"""\b(?:
      (?:we|i)(?:['’]ll|\ will|\ shall)\ (?:not|never|no\ longer|always\ be\ here|be\ (?:happy|glad|delighted|here))\b
    | (?:werden?|melden?)\b[^,.;:]*\b(?:nicht|nie|niemals|kein\w*)\b | werden\ uns\ freuen
    | no\ (?:\p{L}+\ ){0,2}(?:vamos|voy|\p{L}+(?:aremos|eremos|iremos))\b | estaremos\ encantad\w+
    | (?:nous|je)\ n(?:e\ |['’])[^,.;:]*\b(?:pas|jamais|plus)\b | serons\ (?:ravis|heureux)
    )""",
    regex.VERBOSE | regex.IGNORECASE,
)


def is_commitment(sentence: str, told: ClaimKind | None = None) -> bool:
    """Whether a sentence binds us to do something; what depends on the customer's own doing first does not.

    `told` is what a draft's claim says that the sentence is.
    """
    promises = ClaimKind.PROMISE in (told, classify(sentence, ())) or _GOES_ON.search(sentence)
    if not promises:
        return False
    return not _NOT_TO.search(sentence) and not _WAITS_FOR_THEM.search(sentence)


def without_greeting(sentence: str) -> str:
    """The sentence without whom it addresses."""
    said = _GREETING.sub("", sentence.strip(), count=1).strip()
    return said[:1].upper() + said[1:] if said else sentence.strip()


def order_in(sentence: str, cited: Iterable[str]) -> str | None:
    """The order that a sentence is about: the one it names or, if it names none, the one it rests on. Never a guess.

    Args:
        sentence: What was said.
        cited: The orders of the records that the sentence cites.
    """
    rests_on = {number.casefold(): number for number in cited}
    named = {number.casefold(): number for number in order_numbers(sentence)}
    orders = {key: rests_on.get(key, number) for key, number in named.items()} or rests_on
    return next(iter(orders.values())) if len(orders) == 1 else None


def acts_in(text: str) -> frozenset[str]:
    """What a text says is done for the customer: "refund", "replace" and so on."""
    return frozenset(hit.name for hit in _phrases().find(words_of(text)).get("promises/acts", ()))


def act_words_in(text: str) -> Sequence[Hit]:
    """The same with where it is said: the first token of each and the one after its last."""
    return _phrases().find(words_of(text)).get("promises/acts", [])


def says(text: str, section: str) -> bool:
    """Whether a text holds a phrase of that section of the word list of promises."""
    return bool(_phrases().find(words_of(text)).get(f"promises/{section}"))


def carries_out(kind: str, acts: Collection[str]) -> bool:
    """Whether an action of this kind does one of these acts."""
    return not ACTS.get(kind, frozenset()).isdisjoint(acts)


def acts_promised(sentence: str) -> frozenset[str]:
    """The acts that have to be done before what a sentence promises is kept: each that it names."""
    return acts_in(_CREDIT_CARD.sub(" ", sentence))


def carry_out_all(kinds: Iterable[str], acts: Collection[str]) -> bool:
    """Whether actions of these kinds, together, do every one of these acts; no acts are done by none."""
    doing = [kind for kind in kinds if carries_out(kind, acts)]
    done = frozenset[str]().union(*(ACTS[kind] | _BESIDES.get(kind, frozenset()) for kind in doing))
    return bool(acts) and done.issuperset(acts)


@cache
def _phrases() -> Phrases:
    return phrases_of("promises", ("acts", "denied", "taken_up", "in_full"), LANGUAGES)
