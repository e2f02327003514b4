"""Labelled amounts: what is claimed is not what is paid, the total not the price, the price not the rest."""

from collections.abc import Iterable, Sequence

from assistant.checks.findings import Sentence
from assistant.checks.sources import Told
from assistant.outcome import Finding, Severity
from assistant.reading.mentions import Kind, Mention
from assistant.reading.passage import Unit
from assistant.reading.tokens import stem, words_of


def _stems(words: str) -> frozenset[str]:
    return frozenset(map(stem, words_of(words)))


_CLAIMED = _stems("claimed requested beantragt gefordert solicitado reclamado demandé réclamé")
_GRANTED = _stems("accepted approved granted genehmigt anerkannt bewilligt aceptado aprobado accepté accordé")
_LEFT = _stems("remaining outstanding left still offen noch restlich pendiente queda quedan restant reste")
_TOTAL = _stems("total sum summe gesamt gesamtsumme insgesamt altogether")
_WHOLE = _TOTAL | _stems("order bestellung auftrag pedido commande booking buchung reserva réservation")
_PAY = _stems("paying pay pays pagamos pagaremos payons paierons zahlen überweisen")
_PAYING = frozenset(("paid", "refunded", "credited", "costs"))
_BEFORE, _SPAN = 3, 1
_KINDS = (Kind.DURATION, Kind.MONEY, Kind.PERCENT, Kind.NUMBER)


def check_labels(sentence: Sentence) -> Iterable[Finding]:
    """At most one finding: an amount under another label than the sentence's, or told outside its brackets."""
    if sentence.text.rstrip().endswith("?"):
        return
    said = frozenset(sentence.unit.stems)
    for mention in sentence.unit.mentions:
        own = sentence.told[mention]
        if not own or mention.kind not in _KINDS:
            continue
        wrong = _of_other_place(own, said)
        if wrong is None and mention.kind is Kind.MONEY and all(item.source.is_record for item in own):
            wrong = _under_other_label(sentence, mention, own, said)
        if wrong is not None:
            reason = f"{wrong.source.id} says {wrong.mention.text} of this, not {mention.text}"
            yield sentence.finding("attachment", Severity.BLOCK, reason)
            return


def _under_other_label(sentence: Sentence, mention: Mention, own: Sequence[Told], said: frozenset[str]) -> Told | None:
    """The amount that the records label as the sentence does, where its own is labelled otherwise."""
    amounts = [i for i in sentence.sources.told if i.source is own[0].source and i.mention.kind is Kind.MONEY]
    paying = _pays(sentence, mention)
    if all(is_only_claimed(sentence, mention, item) for item in own):
        return next((item for item in amounts if _label(item) & _GRANTED), None)
    if paying and _LEFT & said and not any(_label(item) & _LEFT for item in own):
        return next((item for item in amounts if _label(item) & _LEFT), None)
    if not _WHOLE & said and all(_label(item) & _TOTAL for item in own):
        return next((item for item in amounts if _is_of_thing(sentence, item)), None)
    return None


def is_only_claimed(sentence: Sentence, mention: Mention, item: Told) -> bool:
    """Whether an amount is labelled as claimed, while the sentence speaks of paying and not of claiming."""
    return _pays(sentence, mention) and not _CLAIMED & set(sentence.unit.stems) and bool(_label(item) & _CLAIMED)


def _pays(sentence: Sentence, mention: Mention) -> bool:
    """Whether the clause of an amount speaks of paying."""
    unit = sentence.unit
    paying = {hit.start for hit in unit.topics if hit.name in _PAYING}
    paying |= {index for index, word in enumerate(unit.stems) if word in _PAY}
    return any(not sentence.parted(min(i, mention.first), max(i, mention.first)) for i in paying)


def _is_of_thing(sentence: Sentence, item: Told) -> bool:
    """Whether an amount stands right after the one thing that the sentence names."""
    things = sentence.sources.things
    named = [thing for thing in things if thing & set(sentence.unit.stems)]
    if len(named) != 1:
        return False
    before = item.unit.stems[max(0, item.mention.first - _BEFORE) : item.mention.first]
    return len(named[0] & set(before)) >= min(len(named[0]), _BEFORE - _SPAN)


def _label(item: Told) -> frozenset[str]:
    """The words right before an amount, within its entry."""
    label: list[str] = []
    for index in range(item.mention.first - 1, max(-1, item.mention.first - 1 - _BEFORE), -1):
        if item.unit.words[index] in (",", ";", "."):
            break
        label.append(item.unit.stems[index])
    return frozenset(label)


def _of_other_place(own: Sequence[Told], said: frozenset[str]) -> Told | None:
    """The value in brackets after the sentence's own that is of what it names: "6 years (Scotland: 5 years)"."""
    inside = [_in_brackets(item.unit, item.mention) for item in own]
    if any(label is not None for label in inside):
        return None
    for item in own:
        for other in item.unit.mentions:
            label = _in_brackets(item.unit, other)
            follows = other.first - item.mention.last > 0 and item.unit.words[item.mention.last] == "("
            if label and follows and other.kind is item.mention.kind and label <= said:
                return Told(item.source, item.unit, other)
    return None


def _in_brackets(unit: Unit, mention: Mention) -> frozenset[str] | None:
    """The name before a value in brackets, if it stands in such: "(Scotland: 5 years)"."""
    colon = mention.first - 1
    if colon < 1 or unit.words[colon] != ":":
        return None
    opened = next((i for i in range(colon - 1, -1, -1) if unit.words[i] in ("(", ")")), None)
    if opened is None or unit.words[opened] != "(":
        return None
    return frozenset(unit.stems[opened + 1 : colon])
