"""What can be read from the words of a post without a model: how angry, whether settled, what it talks about."""

from dataclasses import dataclass
from enum import StrEnum

import regex

from assistant.case import Role, Thread
from assistant.plain_words import EMAIL, LINK, PHONE, is_shouting, plain_words
from prompts.phrases import Phrases, Topic

_ANGRY = regex.compile(
    r"""\b(?:
      f+u+c+k\w*|wtf|tf|sh[i1]t\w*|bullsh\w*|crap\w*|damn\w*|hell|ass|a-hole|piss\w*|scum|crooks?|thie(?:f|ves)|idiots?
      |morons?|incompetent|pathetic|disgust\w*|disgrace\w*|shame|ridiculous\w*|outrag\w*|unacceptable|worst|terrible
      |horrible|awful|useless|garbage|scam\s+company|joke\s+of|rip-?off|robbed|stealing|furious|fed\s+up|sick\s+of
      |tired\s+of|done\s+with\s+(?:y|th)\w+|never\s+again|infuriat\w*|livid|clusterfuck|boycott
      |schei(?:ß|ss)\w*|verdammt\w*|mist|unverschämt\w*|frechheit|sauerei|katastroph\w*|unfassbar|lächerlich\w*|abzocke
      |schlimmst\w*|kotz\w*|saftladen|nie\s+wieder|verarsch\w*|dreist\w*
      |mierda|joder|puta|vergüenza|vergonzos[oa]|asco|inaceptable|ladrones|pésim[oa]|hart[oa]s?|indignante|nunca\s+más
      |ridícul[oa]|lamentable|tomadura
      |merde|putain|honte\w*|scandal\w*|inadmissible|inacceptable|arnaque\w*|voleurs?|nul(?:le)?s?|ras\s+le\s+bol|marre
      |plus\s+jamais|foutage|minable
    )\b|🤬|😡""",
    regex.VERBOSE | regex.IGNORECASE,
)
_ANNOYED = regex.compile(
    r"""\b(?:
      frustrat\w*|annoy\w*|disappoint\w*|upset|angry|mad\s+at|seriously|come\s+on|ffs|smh|bruh|still\s+(?:no|not|waiting)
      |again\s+and\s+again|(?:second|third|fourth|2nd|3rd)\s+time|fix\s+(?:this|your|the)|do\s+better|stupid|dumb
      |not\s+(?:ok|okay|acceptable)|wasted?\s+\w+\s+time|why\s+(?:is|are|do)\s+you\s+(?:so|always)|for\s+nothing
      |nervt|nervig|ärger\w*|enttäusch\w*|sauer|immer\s+noch|schon\s+wieder|ernsthaft|warte\s+seit
      |molest[oa]|enfadad[oa]|decepci\w*|frustra\w*|todavía\s+no|sigo\s+sin|otra\s+vez|en\s+serio|cansad[oa]
      |déçue?s?|agac\w*|énerv\w*|frustr\w*|toujours\s+(?:pas|rien)|encore\s+une\s+fois|sérieusement
    )\b|!{3,}|\?!|!\?|\?{3,}|😠|🙄|😤|👎""",
    regex.VERBOSE | regex.IGNORECASE,
)
_SARCASM = regex.compile(
    r"""\b(?:
      shout-?out\s+to|thanks\s+for\s+(?:nothing|ruining|the\s+great)|great\s+job|good\s+job|nice\s+(?:one|work|going)
      |well\s+done|bravo|love\s+(?:it\s+when|how|that|when)|just\s+(?:great|lovely|brilliant|perfect)
      |(?:what|such)\s+a\s+joy|another\s+(?:fantastic|great|wonderful|lovely)|so\s+that'?s\s+comforting
      |don'?t\s+you\s+love|best\s+security
      |toll\s+gemacht|super\s+gemacht|herzlichen\s+glückwunsch|danke\s+für\s+(?:nichts|gar\s+nichts)|klasse\s+service
      |na\s+bravo|na\s+toll|echt\s+stark|läuft\s+bei\s+euch
      |enhorabuena|gracias\s+por\s+nada|qué\s+maravilla|muy\s+bonito|vaya\s+servicio
      |merci\s+pour\s+rien|félicitations|quel\s+bonheur|super\s+service
    )\b|🙃|👏""",
    regex.VERBOSE | regex.IGNORECASE,
)
_SETTLED = regex.compile(
    r"""\b(?:
      (?:it'?s|all|now|got\s+it|is)\s+(?:\w+\s+)?(?:sorted|solved|resolved|fixed)(?:\s+now)?|sorted\s+(?:now|it)
      |never\s?mind|(?:it|everything|all)\s+works?\s+(?:now|again)|(?:is|it'?s)\s+working\s+(?:now|again)
      |just\s+started\s+working|no\s+longer\s+an\s+issue|problem\s+solved|figured\s+it\s+out
      |managed\s+to\s+(?:fix|sort)\s+it
      |(?:refund|money|parcel|package|order|replacement)\s+(?:has\s+|just\s+|finally\s+)?
        (?:landed|came\s+through|turned\s+up|showed\s+up)
      |(?:geld|paket|erstattung)\s+ist\s+(?:jetzt\s+|heute\s+|endlich\s+)?da
      |ya\s+(?:me\s+)?(?:ha\s+llegado|llegó)\s+(?:el|la|mi)\s+(?:dinero|reembolso|paquete|pedido)
      |(?:remboursement|colis|argent)\s+(?:est\s+)?bien\s+(?:arrivé|reçu)
      |hat\s+sich\s+erledigt|erledigt|ist\s+gelöst|geht\s+wieder|funktioniert\s+(?:jetzt|wieder)|klappt\s+(?:jetzt|wieder)
      |ya\s+(?:está\s+)?(?:resuelto|solucionado|arreglado)|ya\s+(?:me\s+)?funciona|asunto\s+resuelto
      |c'?est\s+(?:réglé|résolu)|problème\s+(?:réglé|résolu)|ça\s+(?:remarche|refonctionne)|laissez\s+tomber
    )\b""",
    regex.VERBOSE | regex.IGNORECASE,
)
_OPEN_STILL = regex.compile(
    r"""\b(?:but|wrong|broken|damaged|empty|missing|aber|falsch|kaputt|leer|fehlt|pero|rot[oa]|vací[oa]|falta|mais|cassée?
      |vide|manque)\b|\?""",
    regex.VERBOSE | regex.IGNORECASE,
)
_WAVED_OFF = regex.compile(
    r"""\b(?:it'?s|that'?s|its)\s+(?:al+\s?right|ok(?:ay)?|fine|all\s+good|no\s+problem)\b|\bno\s+worries\b|\ball\s+good\b
      |\b(?:schon\s+gut|passt\s+schon|kein\s+problem|alles\s+gut|kein\s+stress)\b
      |\b(?:no\s+pasa\s+nada|está\s+bien|no\s+importa|no\s+hay\s+problema)\b
      |\b(?:pas\s+(?:de\s+souci|grave)|tout\s+va\s+bien|ce\s+n'?est\s+rien)\b""",
    regex.VERBOSE | regex.IGNORECASE,
)
_BUT = regex.compile(
    r"""\b(?:however|although|still|can\s+(?:you|i|we)|would\s+(?:you|i)|refund|trotzdem|noch\s+(?:nicht|immer)|aunque
      |todavía|pourtant|toujours)\b|\?""",
    regex.VERBOSE | regex.IGNORECASE,
)
_PRAISING = regex.compile(
    r"""\b(?:
      you(?:\s+guys|\s+lot|\s+all)?(?:'re|\s+are|\s+r)?\s+(?:the\s+best|legends?|stars?|amazing|brilliant|awesome|heroes|lifesavers?)
      |(?:hats?\s+off|kudos|props)\s+to|(?:zero|no)\s+hassle|love\s+you\s+(?:guys|lot)|five\s+stars|10/10|well\s+chuffed
      |couldn'?t\s+be\s+happier|best\s+(?:service|tent|boots|jacket|pack|lamp|stove|purchase)\s+(?:ever|i'?ve\s+(?:ever\s+)?(?:had|owned|bought))
      |ihr\s+seid\s+(?:die\s+besten|spitze|klasse|super|toll|der\s+hammer)|hut\s+ab|großes\s+lob|lob\s+an|bin\s+begeistert
      |sois\s+(?:los\s+mejores|unos\s+cracks|geniales|la\s+leche)|chapó|encantad[oa]\s+con|un\s+10\s+para
      |vous\s+êtes\s+(?:les\s+meilleurs|au\s+top|géniaux)|chapeau\s+(?:à|bas)|rien\s+à\s+redire
    )(?!\w)""",
    regex.VERBOSE | regex.IGNORECASE,
)
_RUDE = regex.compile(
    r"\b(?:stupid|dumb|damn|fuck\w*|shit\w*|crap\w*|goddamn|bloody|lazy|silly|useless|worst)\b", regex.I
)


_WANTS = regex.compile(
    r"""\?|\b(?:help|please|pls|plz|need|want|hope|wish|fix|send|add|put\s+up|bring|why|how|when|where|can(?:'t|not)?|could
      |would|won'?t|doesn'?t|isn'?t|still|but|problem|issue|error|stop\s+\w+ing
      |hilfe|hilf|bitte|brauche|möchte|will|wann|warum|wieso|wie|kann|könnt|könnte|aber|nicht|kein|problem|fehler
      |ayuda|por\s+favor|necesito|quiero|quisiera|cuándo|cómo|por\s+qué|dónde|puedo|podéis|pero|no|sigue|error
      |aide|aidez|svp|s'il\s+vous|besoin|voudrais|veux|quand|comment|pourquoi|puis-je|pouvez|mais|pas|erreur|problème
    )\b""",
    regex.VERBOSE | regex.IGNORECASE,
)


_STEPS_DONE = regex.compile(
    r"""\b(?:reinstalled|restarted|re-?paired|rebooted|uninstalled|redownloaded|checked\s+spam|tried\s+everything
      |neu\s+(?:gestartet|installiert|gekoppelt)|reinstalad[oa]|reiniciad[oa]|réinstallé|redémarré)\b""",
    regex.VERBOSE | regex.IGNORECASE,
)


class Mood(StrEnum):
    """How the customer sounds; it decides the first sentence and how much is said."""

    CALM = "calm"
    UPSET = "upset"


@dataclass(frozen=True, slots=True)
class Reading:
    """What the author of the target post wrote in this thread, cleaned, and what it shows.

    `words` are all their posts, `latest` is the post to answer, `asked` what the brand said to them before. `topic` is
    what they talk about as it may be named to them, `field` the area it belongs to, `topics` all of it. `wants`: there
    is a request or a complaint in it, `praises`: praise. `personal_data`: they posted an address or a number that
    everybody can read. `steps_done`: they have been through the usual steps.
    """

    words: str
    latest: str
    asked: str
    mood: Mood
    angry: bool
    sarcastic: bool
    settled: bool
    waved_off: bool
    praises: bool
    wants: bool
    personal_data: bool
    steps_done: bool
    topic: str | None
    field: str | None
    topics: str

    @property
    def continued(self) -> bool:
        """Whether the brand has answered in this thread before."""
        return bool(self.asked)


def read_thread(thread: Thread, phrases: Phrases) -> Reading:
    """Read the target's author out of the thread; what others wrote is left aside."""
    own = [plain_words(post.text) for post in thread.spoken]
    words, latest = "\n".join(own), plain_words(thread.target.text)
    posted = "\n".join(post.text for post in thread.spoken_in_public)
    angry = bool(_ANGRY.search(latest)) or is_shouting(thread.target.text)
    sarcastic = bool(_SARCASM.search(latest))
    mood = Mood.UPSET if angry or sarcastic or _ANNOYED.search(latest) else Mood.CALM
    asked = _said_to_them(thread)
    # what a public text names must have been named in public
    open_words = [plain_words(post.text) for post in thread.spoken_in_public]
    first = open_words[:1] if asked else open_words[-1:]
    topic = _find_topic("\n".join(first), phrases) or _find_topic("\n".join(open_words), phrases)
    return Reading(
        words=words,
        latest=latest,
        asked=asked,
        mood=mood,
        angry=angry,
        sarcastic=sarcastic,
        settled=bool(_SETTLED.search(latest)) and not sarcastic and not _OPEN_STILL.search(latest),
        waved_off=bool(_WAVED_OFF.search(latest)) and not sarcastic and not _BUT.search(latest),
        praises=bool(_PRAISING.search(latest)) and not _OPEN_STILL.search(latest),
        wants=bool(_WANTS.search(latest)) or mood is Mood.UPSET,
        personal_data=bool(EMAIL.search(posted) or PHONE.search(LINK.sub(" ", posted))),
        steps_done=bool(_STEPS_DONE.search(words)),
        topic=_name(topic, words) if topic else None,
        field=topic.field if topic else None,
        topics=name_topics(words, phrases),
    )


def _said_to_them(thread: Thread) -> str:
    """What the brand wrote after this author's first post; answers to others before it do not count."""
    first = next(number for number, post in enumerate(thread.posts) if post.author == thread.target.author)
    return "\n".join(plain_words(post.text) for post in thread.posts[first:] if post.role is Role.BRAND)


def name_topics(text: str, phrases: Phrases) -> str:
    """Everything that `text` talks about, as the topics are named: words of the language for what has other names."""
    return " ".join(topic.say for topic in phrases.topics if topic.cue.found_in(text))


def _find_topic(text: str, phrases: Phrases) -> Topic | None:
    """The narrowest thing that `text` talks about."""
    return next((topic for topic in phrases.topics if topic.cue.found_in(text)), None)


def _name(topic: Topic, words: str) -> str:
    """The topic in the customer's own words where that is safe ("your Minecraft account"), else as the file says."""
    noun = regex.fullmatch(r"(?:your|the) ([a-z]+)", topic.say)
    if noun is None:
        return topic.say
    named = regex.search(rf"\b(my|our|the)\s+((?:\p{{Lu}}[\p{{L}}-]+\s+){{1,2}}){noun.group(1)}\b", words)
    if named is None or _RUDE.search(named.group(2)) or named.group(2).isupper():
        return topic.say
    whose = "the" if named.group(1).casefold() == "the" else "your"
    return f"{whose} {' '.join(named.group(2).split())} {noun.group(1)}"
