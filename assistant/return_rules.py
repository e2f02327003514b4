"""The rule for returns in a shop's documents: a span of time from delivery, for whatever was bought and by whomever.

A sentence that holds for some alone counts as none: of members, of what is faulty, of a season, of one kind of thing,
and of when the money comes. Whoever is told a day by such a rule is told one that is not theirs.
"""

import calendar
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import regex

from assistant.sentences import split_sentences
from tools.records import Passage

ASKED_UNDER = frozenset({"return_policy", "refund_request"})
"""The intents under which it is asked for."""

CATEGORY = "returns"

_FLAGS = regex.VERBOSE | regex.IGNORECASE
_FROM = r"""(?:[\s,]+(?:of|from|after|since|following|the|your|you|day|date|it|its|was|parcel|order
    |nach|ab|seit|der|die|dem|des|deiner|ihrer|siguientes|a|al|la|el|desde|tras|de|del
    |suivants?|après|à|compter|votre|du|jour))*[\s,]+"""
_SPAN = regex.compile(
    rf"""\b(?P<count>\d{{1,3}})[-\s]+(?:calendar\s+)?(?:
        (?P<day>days?|tagen?|días?|jours?)|(?P<week>weeks?|wochen?|semanas?|semaines?)
        |(?P<month>months?|monate?n?|mes(?:es)?|mois)
      )
      {_FROM}(?:
        deliver\w*|(?P<came>receipt|receiv\w+|arriv\w+|erhalt|recepción|réception)
        |(?:aus)?lieferung|zustellung|entrega\w*|livraison
      )\b""",
    _FLAGS,
)
_COMES_BACK = regex.compile(
    r"""\b(?:return(?:s|ed|able)?|come\s+back|send(?:ing)?\s+(?:\w+\s+){0,3}back|zurück\w*|rückgabe|devol\w+|devuelv\w+
      |rendre|retour\w*|renvoy\w+|repris\w*)\b""",
    _FLAGS,
)
_UNUSED = regex.compile(r"\b(?:unused|unworn|unbenutzt\w*|sin\s+usar|non\s+utilisé\w*)", regex.IGNORECASE)
_FOR_SOME = regex.compile(
    r"""\b(?:
      faulty|defect\w*|damaged|broken|wrong|members?|club|loyalty|vip|students?|gifts?|presents?|gifted
      |christmas|xmas|holidays?|black\s+friday|season\w*|sales?|clearance|outlet|discounted|reduced|personali[sz]ed|bulky|large
      |placed|between|(?:bought|ordered|purchased)\s+(?:from|before|after|since|until|in|during)
      |for\s+(?:an?\s+)?(?:store\s+|shop\s+)?(?:exchange|swap|credit|voucher|repair)|warranty
      |(?<!not\s)(?<!never\s)(?<!been\s)(?:worn|used|opened)
      |can(?:not|['’]t|\s+not)|may\s+not|(?:must|will|do|does|are|is)(?:\s+not|n['’]t)|no\s+(?:longer|returns?)|never\s+be
      |defekt\w*|beschädigt\w*|kaputt\w*|falsch\w*|mitglied\w*|geschenk\w*|weihnacht\w*|feiertag\w*|reduziert\w*|restposten\w*
      |ausverkauf\w*|zwischen|gutschrift|guthaben|getragen\w*|gebraucht\w*|kein\w*|nicht(?!\s+(?:benutzt|getragen|gebraucht|geöffnet))
      |defectuos\w*|dañad\w*|equivocad\w*|soci[oa]s?|miembros?|regalos?|navidad\w*|rebajad\w*|rebajas|liquidación|entre
      |(?<!no\s)usad[oa]s?|no\s+(?:se\s+)?(?:puede\w*|aceptamos|admit\w+)
      |défectueu\w*|abîmée?s?|endommagée?s?|cassée?s?|membres?|adhérents?|cadeaux?|noël|soldée?s?|soldes|avoir
      |(?<!non\s)(?:utilisée?s?|portée?s?)|ne\s+(?:peut|peuvent|pouvez)
    )\b""",
    _FLAGS,
)
_WHATEVER = regex.compile(
    r"""\b(?:items?|products?|articles?|goods|things?|purchases?|orders?(?!\s+(?:number|confirmation))|anything|everything|it|them
      |returns?\s+(?:are|is|window|period|time)|(?:return|send\s+back|come\s+back)\s+(?:within|up\s+to|until|for)
      |\w*artikel\w*|waren?|produkte?n?|bestellung\w*|alles|etwas|es|(?:du|sie|ihr)\s+(?:kannst|können|könnt)\s+(?:innerhalb|binnen|bis)
      |artículos?|productos?|compras?|pedidos?|todo|devolverl[oa]s?|puedes?\s+devolver\s+(?:en|dentro)
      |produits?|achats?|commandes?|tout|l[ea]s?\s+(?:rendre|retourner|renvoyer)
    )\b""",
    _FLAGS,
)
_MONEY = regex.compile(
    r"\b(?:refund\w*|money|erstatt\w*|geld|reembols\w*|dinero|rembours\w*|argent)\b", regex.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class ReturnRule:
    """So many days, weeks or months (`unit`) from delivery, and the document that says so."""

    count: int
    unit: str
    unused: bool
    passage: Passage

    @property
    def span(self) -> str:
        """`60 days`."""
        return f"{self.count} {self.unit}{'' if self.count == 1 else 's'}"

    def end(self, delivered: date) -> date:
        """The last day; the day of delivery is day 0."""
        if self.unit != "month":
            return delivered + timedelta(days=self.count * (7 if self.unit == "week" else 1))
        year, month = divmod(delivered.year * 12 + delivered.month - 1 + self.count, 12)
        return date(year, month + 1, min(delivered.day, calendar.monthrange(year, month + 1)[1]))


def find_rule(passages: Iterable[Passage]) -> ReturnRule | None:
    """The rule for returns in these documents: of several the longest span, of equal ones that of a region.

    None also where a region's rule is another than everywhere's: which of them a customer may choose is not said.
    """
    found = [rule for passage in passages for rule in _rules_in(passage)]
    here, everywhere = (
        max((rule for rule in found if bool(rule.passage.regions) is regional), key=_length, default=None)
        for regional in (True, False)
    )
    if here is not None and everywhere is not None and _length(here) != _length(everywhere):
        return None
    return here or everywhere


def says_of_returns(passage: Passage) -> bool:
    """Whether it tells customers of returns."""
    return passage.category == CATEGORY and passage.audience == "public"


def _length(rule: ReturnRule) -> date:
    return rule.end(date.min)


def _rules_in(passage: Passage) -> Iterator[ReturnRule]:
    if not says_of_returns(passage) or passage.product is not None:
        return
    told = [answer.text for answer in passage.answers if answer.intent in ASKED_UNDER]
    for sentence in (sentence for text in (*told, passage.text) for sentence in split_sentences(text)):
        match = _SPAN.search(sentence)
        if match is not None and _COMES_BACK.search(sentence) and _holds_for_all(sentence, match):
            unit = next(name for name in ("day", "week", "month") if match[name])
            yield ReturnRule(int(match["count"]), unit, bool(_UNUSED.search(sentence)), passage)


def _holds_for_all(sentence: str, span: "regex.Match[str]") -> bool:
    """Whether it speaks of whatever was bought, by whomever; and not of how long the money takes from its arrival."""
    if _FOR_SOME.search(sentence) or not _WHATEVER.search(sentence):
        return False
    return not (span["came"] and _MONEY.search(sentence))
