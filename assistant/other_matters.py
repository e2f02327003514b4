"""What a post holds besides the thing that many write about: whoever holds more is answered by themselves.

Searched for so that nothing is missed. A post that is kept for no good reason costs a person a moment; one that is
answered with everybody's text although it tells of a double charge costs the customer.
"""

from collections.abc import Collection, Sequence

import regex

from assistant.case import Thread
from assistant.focus import order_numbers
from assistant.intents import IntentRecogniser
from assistant.material import IntentGuess
from assistant.plain_words import EMAIL, LINK, PHONE, plain_words
from assistant.sentences import split_sentences

_MONEY = regex.compile(
    r"""\b(?:charg(?:ed|ing)\s+(?:me|us|my|twice|double|again|for)|(?:been|was|were|got|being)\s+(?:over)?charged|overcharg\w*
      |double[-\s]charg\w*|charges?\s+on\s+my|refund\w*|money\s+back|reimburs\w*|compensat\w*|paid\s+twice|billed
      |(?:took|taken|take|takes|taking)\s+(?:my|the|our|all\s+my)\s+money|payment\s+(?:was|has\s+been|got)\s+taken
      |(?:debited|deducted)|chargeback|bank\s+statement|out\s+of\s+(?:my\s+)?pocket
      |gift\s?cards?|vouchers?|store\s+credit|(?:my|the|card)\s+balance|points?\s+(?:are\s+|is\s+)?gone
      |guthaben|gutschein\w*|geschenkkarten?|(?:mi\s+)?saldo|tarjetas?\s+regalo|cartes?\s+cadeaux?|bons?\s+d'achat|mon\s+solde
      |abgebucht|abbuch\w*|doppelt\s+(?:bezahlt|belastet|berechnet|gebucht)|(?:rück)?erstatt\w*|geld\s+zurück|zurückzahl\w*
      |entschädig\w*|schadensersatz
      |cobr(?:ado|ada|aron|asteis|ó)|doble\s+cobro|cargo\s+(?:doble|duplicado)|reembols\w*|devol\w+\s+(?:el|mi|mis)\s+(?:dinero|pasta)
      |compensaci\w+|indemniz\w*
      |débit(?:é|ée|er|ées|és)|prélev\w*|rembours\w*|payé\s+deux\s+fois|double\s+(?:paiement|débit|prélèvement)|dédommag\w*
    )\b
    |[£€$]\s?\d|\b\d+(?:[.,]\d+)?\s?(?:£|€|\$|eur\b|euros?\b|gbp\b|usd\b|pounds?\b|quid\b|dollars?\b|libras?\b|livres?\b)""",
    regex.VERBOSE | regex.IGNORECASE,
)
_TOLD_BEFORE = regex.compile(
    r"""\b(?:(?:second|third|fourth|fifth|2nd|3rd|4th|5th)\s+time\s+(?:i|i'm|i've|i'll|we|asking|writing|contacting|messaging|telling|this)
      |(?:nobody|no\s?one|none\s+of\s+you)\s+(?:has\s+|have\s+|ever\s+|is\s+)?(?:answer|repl|respond|help)\w*
      |(?:no|without\s+an?|still\s+no|never\s+(?:got|had)\s+an?)\s+(?:answer|reply|response)|ignor(?:e|es|ed|ing)\s+(?:me|my|us)
      |my\s+(?:last|previous|earlier|other)\s+(?:message|tweet|post|dm|e-?mail|question|complaint)s?
      |(?:i|we)(?:'ve|\s+have)?\s+(?:already\s+|just\s+)?(?:written|wrote|e-?mailed|dm'?e?d|messaged|contacted|called|rang|rung|phoned|told\s+you|asked\s+you)
      |waiting\s+(?:for|on)\s+(?:an?\s+|your\s+|any\s+)?(?:answer|reply|response)
      |keine\s+antwort|(?:niemand|keiner)\s+(?:antwortet|hilft|meldet)|zum\s+(?:zweiten|dritten|vierten)\s+mal|(?:habe?n?)\s+(?:euch|ihnen)\s+(?:schon|bereits)
      |(?:schon|bereits)\s+(?:mehrmals\s+|zweimal\s+|dreimal\s+)?(?:geschrieben|gefragt|gemeldet|angerufen)|ignoriert\s+(?:mich|uns)
      |(?:nadie|ninguno)\s+(?:me\s+|nos\s+)?(?:contesta|responde|ayuda)|sin\s+respuesta|(?:segunda|tercera|cuarta)\s+vez\s+que|ya\s+(?:os|les|te)\s+(?:he\s+)?(?:escrit\w+|escribí|pregunt\w+)
      |(?:personne)\s+(?:ne\s+)?(?:répond|m'aide)|sans\s+réponse|aucune\s+réponse|(?:deuxième|troisième|quatrième)\s+fois\s+que|(?:vous|t')\s*ai\s+déjà
    )\b""",
    regex.VERBOSE | regex.IGNORECASE,
)
# A life at stake, said in passing: a manner of speaking to the screen, and still no matter for everybody's text.
_LIFE = regex.compile(
    r"""\b(?:(?:we|i|he|she|they|somebody|someone|people)(?:\s?'ll|\s+will|\s+could|\s+might|\s+may|\s+(?:are\s+|am\s+)?(?:gonna|going\s+to))?
        \s+(?:all\s+)?(?:die|freeze|starve|drown)\b
      |(?:freez\w+|starv\w+)\s+to\s+death|life\s+or\s+death|sterben|erfrieren|verhungern|ums\s+leben
      |(?:nos\s+|me\s+)(?:mor[ií]\w*|muero|morimos|helamos)|morirnos|mourir|on\s+(?:meurt|cr[eè]ve)
    )""",
    regex.VERBOSE | regex.IGNORECASE,
)
_OTHER_MONEY = 0.25
_SECOND = 0.45
_FEWEST_WORDS = 4
_SENTENCES = 4
# Who is shut out, or sees something not work, tells of an outage in other words.
_NO_MATTER_OF_ITS_OWN = frozenset({"outage", "fault", "account", "vague", "praise", "other", "wish", "conduct"})


async def other_matter(
    thread: Thread,
    language: str,
    guesses: Sequence[IntentGuess],
    recogniser: IntentRecogniser,
    about: Collection[str],
) -> str | None:
    """What else the target's author wrote of in this thread, in words for people; None if nothing.

    Args:
        thread: The posts.
        language: Of the request.
        guesses: What it is about as a whole, the likeliest first.
        recogniser: Tells what each sentence is about.
        about: The intents of the thing that many write about.
    """
    said = "\n".join(post.text for post in thread.spoken)
    return _in_words(said, guesses, about) or await _in_a_sentence(said, language, guesses, recogniser, about)


def _in_words(said: str, guesses: Sequence[IntentGuess], about: Collection[str]) -> str | None:
    life = _LIFE.search(said)
    if life is not None:
        return f"speaks of a danger to life: “{life.group()}”"
    numbers = order_numbers(said)
    if numbers:
        return f"names an order: “{numbers[0]}”"
    if EMAIL.search(said) or PHONE.search(LINK.sub(" ", said)):
        return "holds an address or a number of theirs"
    told = _TOLD_BEFORE.search(said)
    if told is not None:
        return f"has contacted us before: “{told.group()}”"
    return _money(said, guesses, about)


def _money(said: str, guesses: Sequence[IntentGuess], about: Collection[str]) -> str | None:
    """An incident about payments is about money itself; then only another matter of money counts."""
    other = [guess for guess in guesses if guess.intent.group == "money" and guess.intent.id not in about]
    likely = max(other, key=lambda guess: guess.confidence, default=None)
    if likely is not None and likely.confidence >= _OTHER_MONEY:
        return f"is about money: {likely.intent.title}"
    if any(guess.intent.group == "money" and guess.intent.id in about for guess in guesses):
        return None
    found = _MONEY.search(said)
    return f"is about money: “{found.group().strip()}”" if found is not None else None


async def _in_a_sentence(
    said: str,
    language: str,
    guesses: Sequence[IntentGuess],
    recogniser: IntentRecogniser,
    about: Collection[str],
) -> str | None:
    sentences = [one for one in split_sentences(plain_words(said)) if len(one.split()) >= _FEWEST_WORDS]
    groups = {guess.intent.group for guess in guesses if guess.intent.id in about} | _NO_MATTER_OF_ITS_OWN
    for sentence in sentences[-_SENTENCES:] if len(sentences) > 1 else ():
        found = await recogniser.guess(sentence, language)
        best = found[0] if found else None
        if best is None or best.confidence < _SECOND or best.intent.id in about:
            continue
        if best.intent.group not in groups:
            return f"has a second matter: {best.intent.title}"
    return None
