"""Whether "up to", "from" and "about" are said of a value as its source says them."""

from collections.abc import Mapping, Sequence

from assistant.checks.findings import Sentence
from assistant.checks.sources import Told
from assistant.outcome import Finding, Severity
from assistant.reading.mentions import Bound, Kind, Mention
from assistant.reading.passage import Unit

_NEAR = 0.5
_BEFORE = frozenset(("before", "prior", "ahead", "vor", "vorher", "antes", "avant"))
_BEYOND = frozenset(("over", "under", "above", "below", "über", "unter"))
# Said of what has come to pass these tell a case too: "it's been more than 14 days".
_MORE = frozenset(("more", "longer", "mehr", "länger", "más", "plus"))
_OTHERWISE = frozenset(("otherwise", "else", "sonst", "ansonsten", "contrario", "sinon", "autrement"))
_WORDS = {
    Bound.UPPER: "the most or the latest",
    Bound.LOWER: "the least or the earliest",
    Bound.ABOUT: "about that",
    Bound.EXACT: "exactly that",
}


def misbound(
    sentence: Sentence, mention: Mention, own: Sequence[Told], best: Told, weights: Mapping[str, float]
) -> Finding | None:
    """A finding if all places that name the value bound it otherwise; `weights` are what stands around it."""
    priced = max(weights.get(":costs", 0.0), weights.get(":fee", 0.0)) > _NEAR
    judged = not sentence.public and _compares(sentence.unit, mention)
    if any(
        _fits(mention, item.mention, priced=priced, judged=judged)
        or (_until(sentence.unit, mention) and _until(item.unit, item.mention))
        or _tells_the_rest(mention, item)
        for item in own
    ):
        return None
    words = f"{best.source.id} gives {best.mention.text} as {_WORDS[best.mention.bound]}"
    return sentence.finding("bound", Severity.BLOCK, words)


def _fits(mention: Mention, told: Mention, *, priced: bool, judged: bool) -> bool:
    """Whether "up to" and "from" agree; an amount "up to" something is not that amount, nor a price "from" it."""
    if {mention.bound, told.bound} == {Bound.UPPER, Bound.LOWER}:
        return judged
    if told.bound is Bound.LOWER and mention.bound is Bound.EXACT and mention.kind is Kind.MONEY and priced:
        return False
    return not is_capped_only(mention, told)


def is_capped_only(mention: Mention, told: Mention) -> bool:
    """Whether a source says "up to" an amount that the sentence tells as such."""
    capped = told.bound is Bound.UPPER and mention.bound is Bound.EXACT and not mention.span
    return capped and mention.kind in (Kind.MONEY, Kind.PERCENT)


def _tells_the_rest(mention: Mention, item: Told) -> bool:
    """Whether the source goes on to the cases beyond its bound: "at least 12 hours before, otherwise EUR 15"."""
    turned = {mention.bound, item.mention.bound} == {Bound.UPPER, Bound.LOWER}
    return turned and bool(_OTHERWISE & set(item.unit.words[item.mention.last :]))


def _compares(unit: Unit, mention: Mention) -> bool:
    """Whether a case is told to lie above or below what a rule sets ("well over the two hours")."""
    before = set(unit.words[max(0, mention.first - 3) : mention.first])
    return bool(_BEYOND & before) or bool(_MORE & before and unit.has("perfect", words="claims"))


def _until(unit: Unit, mention: Mention) -> bool:
    """Whether a span of time ends at an event: "at least 2 hours before" it is "up to 2 hours before" it."""
    return bool(_BEFORE & set(unit.words[mention.last : mention.last + 2]))
