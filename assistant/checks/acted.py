"""What a sentence says that we do or have done for this customer, and whether an action of theirs stands behind it.

"We will" needs an action that was approved, "we have" one that was carried out: of that kind, about that order.
"""

from collections.abc import Iterable

import regex

from assistant.checks.findings import Sentence
from assistant.commitments import ACTS, acts_in, order_in
from assistant.outcome import Finding, Severity
from tools.context import Proposal

_CARRIED_OUT = frozenset[str]().union(*ACTS.values())
# The future told by a verb's ending, of us or of what becomes of the thing.
_FUTURE = {
    "es": regex.compile(r"\p{L}{2,}(?:aremos|eremos|iremos|dremos|aré|eré|iré|rá|rán)"),
    "fr": regex.compile(r"\p{L}{2,}(?:rons|rai|ra|ront)"),
}
# The English past of what actions do, unless it is "will be refunded".
_PAST = regex.compile(
    r"(?<!\bbe )(?<!\bget )\b(?:upgrad|refund|reimburs|cancell?|exchang|replac|swapp|credit|chang|accept|expedit)ed\b",
    regex.IGNORECASE,
)
# A message that is for somebody, in French; without the accent, as word lists read it, it would be an address.
_ADDRESSED = regex.compile(r"\badressée?s?\b", regex.IGNORECASE)
# Where one of the first is named, the verb that says "change" in other languages is not one of the second.
_NARROWER = ((frozenset({"address", "payment"}), "items"), (frozenset({"address", "payment", "items"}), "exchange"))
# An act that a record cannot bear out by naming the thing: "address" stands in every order.
_SAID_OF_ANY = frozenset({"address", "payment", "items", "parcel"})


def told_as_done(sentence: Sentence) -> bool:
    """Whether it tells what we do as over and done; what is not clearly still to come counts as that."""
    if sentence.says("ours_done", words="claims") or not _told_as_coming(sentence):
        return True
    return sentence.unit.language == "en" and bool(_PAST.search(sentence.text))


def stands_behind(sentence: Sentence) -> bool:
    """Whether actions of this customer stand behind everything that the sentence says we do, as far as it says."""
    return bool(leaning_on(sentence)[0])


def leaning_on(sentence: Sentence) -> tuple[tuple[Proposal, ...], bool]:
    """The actions that bear out what the sentence says we do, and whether they must have been done; none if one lacks.

    Of several that would, those that are done count.
    """
    facts, done = sentence.facts, told_as_done(sentence)
    acts = _acts(sentence)
    able = [item for item in (*facts.done, *(() if done else facts.approved)) if _of_its_order(sentence, item)]
    found = [next((item for item in able if act in ACTS.get(item.type, ())), None) for act in sorted(acts)]
    actions = tuple(dict.fromkeys(item.type for item in found if item is not None))
    if not acts or None in found:
        return (), done
    return tuple(item for item in able if item.type in actions and item in found), done


def check_acted(sentence: Sentence) -> Iterable[Finding]:
    """A finding for what we are said to do for this customer, if neither an action nor a source stands behind it."""
    acts = _acts(sentence)
    if not acts or not _is_told_of_us(sentence) or stands_behind(sentence):
        return
    if any(_tells(sentence, source.is_record, unit.text, acts) for source, unit in sentence.sources.units):
        return
    what = "done" if told_as_done(sentence) else "approved"
    yield sentence.finding("promise", Severity.BLOCK, f"“{_shown(sentence)}”: nobody has {what} this")


def _acts(sentence: Sentence) -> frozenset[str]:
    acts = acts_in(sentence.text) & _CARRIED_OUT
    if _ADDRESSED.search(sentence.text):
        acts -= {"address"}
    return acts - {wider for narrow, wider in _NARROWER if narrow & acts}


def _is_told_of_us(sentence: Sentence) -> bool:
    """Whether it tells as certain what we did or shall do: not what can be, is not, or would be if."""
    unit = sentence.unit
    if "?" in sentence.text or any(unit.has(mark) for mark in ("possible", "negation", "condition", "subordinate")):
        return False
    certain = sentence.says("ours_done", words="claims") or _told_as_coming(sentence)
    return certain and bool(unit.has("doers", words="deeds") or _told_as_coming(sentence))


def _told_as_coming(sentence: Sentence) -> bool:
    unit = sentence.unit
    if any(sentence.says(name, words="claims") for name in ("ours_will", "we_will")):
        return True
    future = _FUTURE.get(unit.language)
    return future is not None and any(future.fullmatch(word) for word in unit.words)


def _of_its_order(sentence: Sentence, action: Proposal) -> bool:
    """Whether the action is about the order that the sentence names or rests on; if it names none, about any."""
    order = action.arguments.get("order")
    refs = [item.ref for item in sentence.facts.evidence if item.id in sentence.claim.evidence]
    cited = {ref.removeprefix("order:").partition("/")[0] for ref in refs if ref.startswith("order:")}
    named = order_in(sentence.text, cited)
    if named is None:
        return order is None or len(cited) < 2
    return isinstance(order, str) and order.casefold() == named.casefold()


def _tells(sentence: Sentence, is_record: bool, told: str, acts: frozenset[str]) -> bool:
    """Whether a source tells of the same acts; that it is done only a record can tell."""
    if told_as_done(sentence) and not is_record:
        return False
    return bool((acts - _SAID_OF_ANY) & acts_in(told))


def _shown(sentence: Sentence) -> str:
    words = sentence.text.split()
    return " ".join(words[:12]) + ("…" if len(words) > 12 else "")
