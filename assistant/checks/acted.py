"""What a sentence says that we do or have done for this customer, and whether an action of theirs stands behind it.

"We will" needs an action that was approved, "we have" one that was carried out: of that kind, about that order.
"""

from collections.abc import Iterable

import regex

from assistant.checks.findings import Sentence
from assistant.checks.subjects import speaks_of
from assistant.checks.told import acts_told_as_done, is_expected
from assistant.commitments import ACTS, acts_in, order_in
from assistant.outcome import Finding, Severity
from tools.context import Proposal
from tools.evidence import EvidenceKind

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
    if sentence.says("ours_done", words="claims") or not _told_as_coming(sentence) or _standing(sentence):
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
    of_us = _is_told_of_us(sentence)
    acts = _acts(sentence) if of_us else _standing(sentence)
    if not acts or stands_behind(sentence) or _borne_out(sentence, acts, of_us=of_us):
        return
    what = "done" if told_as_done(sentence) else "approved"
    yield sentence.finding("promise", Severity.BLOCK, f"“{_shown(sentence)}”: nobody has {what} this")


def _acts(sentence: Sentence) -> frozenset[str]:
    return _carried_out(sentence, acts_in(sentence.text))


def _standing(sentence: Sentence) -> frozenset[str]:
    """The acts that it tells as done, whoever did them."""
    return _carried_out(sentence, acts_told_as_done(sentence.text))


def _carried_out(sentence: Sentence, acts: frozenset[str]) -> frozenset[str]:
    acts &= _CARRIED_OUT
    if _ADDRESSED.search(sentence.text):
        acts -= {"address"}
    return acts - {wider for narrow, wider in _NARROWER if narrow & acts}


def _is_told_of_us(sentence: Sentence) -> bool:
    """Whether it tells as certain what we did or shall do: not what can be, is not, or would be if."""
    unit = sentence.unit
    doubts = ("negation", "condition", "subordinate", *(() if is_expected(sentence.text) else ("possible",)))
    if "?" in sentence.text or any(unit.has(mark) for mark in doubts):
        return False
    certain = sentence.says("ours_done", words="claims") or _told_as_coming(sentence)
    return certain and bool(unit.has("doers", words="deeds") or _told_as_coming(sentence))


def _told_as_coming(sentence: Sentence) -> bool:
    unit = sentence.unit
    if any(sentence.says(name, words="claims") for name in ("ours_will", "we_will")) or is_expected(sentence.text):
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


def _borne_out(sentence: Sentence, acts: frozenset[str], *, of_us: bool) -> bool:
    """Whether sources tell of the same acts; that they are done a record of the same order tells, or a rule for all."""
    done = told_as_done(sentence)
    told: frozenset[str] = frozenset()
    for source, unit in sentence.sources.units:
        if (source.is_record or not done) and speaks_of(sentence, 0, source, unit):
            told |= acts_in(unit.text) - _SAID_OF_ANY
        rule = source.evidence.kind is EvidenceKind.POLICY and not of_us and not sentence.ids
        if source.is_record or rule:
            told |= acts_told_as_done(unit.text)
    return bool(acts & told) if of_us else acts <= told


def _shown(sentence: Sentence) -> str:
    words = sentence.text.split()
    return " ".join(words[:12]) + ("…" if len(words) > 12 else "")
