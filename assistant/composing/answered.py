"""What we would ask next, where the post already says it: the day it is needed, the size, money back or a new one."""

from typing import Literal

import regex

_DAYS = r"""(?:
      today|tonight|tomorrow|weekend|(?:mon|tues|wednes|thurs|fri|satur|sun)day|next\s+week|\d{1,2}(?:st|nd|rd|th)
      |heute|morgen|übermorgen|(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch|wochenende|nächste\s+woche
      |hoy|mañana|lunes|martes|miércoles|jueves|viernes|sábado|domingo|fin\s+de\s+semana|próxima\s+semana
      |aujourd'hui|demain|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|week-end|semaine\s+prochaine
      |christmas|weihnachten|navidad|noël|\d{1,2}\s+(?:de\s+)?\p{L}{3,}
    )"""
_NEEDED = r"""(?:
      need|leav\w+|leave|before|by|trip|fly|flying|going|travel\w*|until|off\s+on|starts?
      |brauch\w*|bis|vor|los|fahr\w*|flieg\w*|reis\w*|abreise
      |necesit\w+|antes|salgo|salimos|viaj\w+|para\s+el
      |besoin|avant|pars|partons|part|voyage|pour\s+le
    )"""
_NEEDED_BY = regex.compile(rf"\b{_NEEDED}\b[^.!?\n]{{0,30}}\b{_DAYS}\b", regex.VERBOSE | regex.IGNORECASE)
_SIZE = regex.compile(
    r"""\b(?i:for|to|in|into|size|a|an|auf|in|gegen|größe|eine?|una?|por|talla|número|en|du|taille|pointure)\s+(?i:an?\s+|eine?\s+)?
      (?:X{0,2}S|M|L|X{1,3}L|\d{2}(?:[.,]5)?)\b(?!\s*(?i:days|tage|días|jours|%|€|£|\$))""",
    regex.VERBOSE,
)
_REFUSED = regex.compile(
    r"\b(?:not|no|don'?t\s+want|kein\w*|nicht|ni|pas|plus)\s+(?:\p{L}+\s+){0,2}?"
    r"(?:another|replacement|new|one|neue\w*|ersatz\w*|otr[oa]|nuev[oa]|remplacement|autre|refund|erstattung)\b",
    regex.IGNORECASE,
)
_MONEY_BACK = regex.compile(
    r"\b(?:money\s+back|refund\w*|geld\s+zurück|erstatt\w*|rückerstatt\w*|dinero|reembols\w*|devolución|rembours\w*)\b",
    regex.IGNORECASE,
)
_AGAIN = regex.compile(
    r"\b(?:replacement|re-?send|send\s+(?:it|me)\s+(?:again|another|a\s+new)|another\s+one|new\s+one|ersatz\w*"
    r"|noch\s*mal\s+(?:schick|send)\w*|neu\s+(?:schick|verschick)\w*|otr[oa]\s+(?:nuev\w+|igual)|reenvi\w+|reemplaz\w+"
    r"|remplac\w+|renvoy\w+|un\s+autre)\b",
    regex.IGNORECASE,
)

Remedy = Literal["refund", "replace_items"]


def chosen_remedy(words: str) -> Remedy | None:
    """Whether somebody asks for their money or for the thing again; None if they name neither, or both."""
    wanted = _REFUSED.sub(" ", words)
    money, again = bool(_MONEY_BACK.search(wanted)), bool(_AGAIN.search(wanted))
    if money == again:
        return None
    return "refund" if money else "replace_items"


def is_answered(intent: str, words: str) -> bool:
    """Whether the question that follows this intent is answered in the words of the post."""
    if intent in ("order_late", "product_fault") and _NEEDED_BY.search(words):
        return True
    if intent == "wrong_size" and _SIZE.search(words):
        return True
    return intent == "damaged_item" and chosen_remedy(words) is not None
