"""How people write that a site does not work, or that it does: "page just spins", "no puedo pagar", "works great".

For an incident about an outage. A person looks through what is listed, so that much is found rather than little.
"""

import regex

from assistant.sentences import split_sentences

OUTAGE = "is_it_down"
"""The intent of an incident that is about an outage."""

_PLACE = regex.compile(
    r"""\b(?:web\s?-?(?:site|page|shop|seite)|sites?|pages?|check\s?-?out|basket|cart|online\s?shop|shop|store|app|server|login
      |seiten?|kasse|warenkorb|onlineshop
      |web|p[aá]gina|sitio|tienda|cesta|carrito|caja
      |panier|caisse|boutique|appli
    )\b""",
    regex.VERBOSE | regex.IGNORECASE,
)
_FAILS = regex.compile(
    r"""\b(?:down|broken|spin(?:s|ning)?|stuck|frozen|freez\w+|hangs?|hanging|crash\w*|errors?|unavailable|offline|dead
      |load(?:s|ing)?\s(?:for\s?ever|and\sload\w*)|tim(?:es|ed|ing)\sout|time-?out|50[0234]
      |(?:won'?t|will\snot|can'?t|cannot|doesn'?t|does\snot|isn'?t|is\snot|not|never)\s(?:even\s)?(?:load|work|open|go|respond|let|complet)\w*
      |geht\s(?:\w+\s)?nicht|h[aä]ngt|l[aä]dt\s(?:\w+\s)?nicht|kaputt|funktioniert\s(?:\w+\s)?nicht|fehler\w*
      |nicht\serreichbar|abgest[uü]rzt|st[uü]rzt\s(?:\w+\s)?ab|l[aä]dt\sewig
      |no\s(?:me\s)?(?:carga|funciona|va|responde|abre|deja)|ca[ií]d[oa]|colgad[oa]|bloquead[oa]|se\s(?:cuelga|queda)
      |en\spanne|plant[eé]e?|ne\s(?:charge|marche|fonctionne|r[eé]pond)\w*|erreur|bloqu[eé]e?|inaccessible|bugg?[eé]e?
    )\b""",
    regex.VERBOSE | regex.IGNORECASE,
)
_CANNOT_BUY = regex.compile(
    r"""\b(?:(?:can'?t|cannot|can\snot|couldn'?t|unable\sto|won'?t\slet\sme)\s(?:\w+\s)?(?:pay|check\s?-?out|order|buy|purchase)
      |(?:kann|k[oö]nnen)\s(?:\w+\s){0,3}nicht\s(?:\w+\s)?(?:bezahlen|bestellen|zahlen)|(?:be)?zahlen\sgeht\snicht
      |no\s(?:\w+\s)?(?:puedo|podemos|deja|consigo)\s(?:\w+\s)?(?:pagar|comprar|pedir)
      |impossible\sde\s(?:payer|commander|valider)|(?:peux|peut|arrive)\spas\s(?:[aà]\s)?(?:payer|commander|valider)
    )\b""",
    regex.VERBOSE | regex.IGNORECASE,
)
_WORKS = regex.compile(
    r"""\b(?:(?:works?|working|worked)\s(?:\w+\s)?(?:great|fine|perfect\w*|well|again|now|like\sa\scharm|a\streat)|(?:back\sup|all\sgood)
      |(?:l[aä]uft|funktioniert|geht)\s(?:jetzt\s)?(?:wieder|super|prima|gut|bestens|einwandfrei)
      |(?:funciona|va)\s(?:ya\s|muy\s)?(?:genial|perfect\w*|bien|de\snuevo|otra\svez)
      |(?:re)?(?:marche|fonctionne)\s(?:tr[eè]s\s)?(?:bien|super|de\snouveau|parfaitement)
    )\b""",
    regex.VERBOSE | regex.IGNORECASE,
)


def outage_in(text: str) -> str | None:
    """The words that tell of a site that does not work, or of an order that cannot be placed; None if none do."""
    bare = text.replace("’", "'")
    cannot = _CANNOT_BUY.search(bare)
    if cannot is not None:
        return cannot.group()
    for sentence in split_sentences(bare):
        fails = _FAILS.search(sentence)
        if fails is not None and _PLACE.search(sentence):
            return fails.group()
    return None


def says_it_works(text: str) -> bool:
    """Whether a post tells that all is well, and neither asks for it nor says anything else of it."""
    bare = text.replace("’", "'")
    return "?" not in bare and _WORKS.search(bare) is not None and not (_FAILS.search(bare) or _CANNOT_BUY.search(bare))
