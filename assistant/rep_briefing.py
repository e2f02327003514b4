"""What the model is shown to answer a rep: the facts that bear on it, internal ones too, each with its number."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.history import cut, fence_for, on_one_line
from assistant.material import Material
from assistant.outcome import Claim, Finding, Reply
from prompts.render import render
from tools.evidence import Evidence, EvidenceKind, Visibility

_RECORDS = 12
_POSTS = 8
_PASSAGES = 4
_PASSAGE_CHARACTERS = 500
_POST_CHARACTERS = 400
_LONGEST_QUESTION = 1000
_LANGUAGES = {"en": "English", "de": "German", "es": "Spanish", "fr": "French"}
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
# How to reach a person is told where it is asked for, and leaves the building for nothing else.
_ONLY_IF_FOUND = ("/address", "/contact", "/handles", "/consent", "/payment_method")


@dataclass(frozen=True, slots=True)
class RepTask:
    """What a rep wants to know: their words, or None for a summary of the case; `found` are facts that answer it.

    `unasked` is the evidence that is no fact, because it is the rep's own question.
    """

    asked: str | None
    found: tuple[Claim, ...]
    unasked: str | None = None


@dataclass(frozen=True, slots=True)
class _Fact:
    number: str
    label: str
    words: str


def brief_for_rep(
    task: RepTask, material: Material, previous: Reply | None = None, findings: Sequence[Finding] = ()
) -> str:
    """The changing part of the prompt, not yet masked."""
    now, brand = material.now, material.brand
    fence = fence_for(material.thread)
    turn = render(
        "rep_turn.md.j2",
        today=f"{_WEEKDAYS[now.weekday()]} {now.day} {now:%B %Y}",
        brand=brand.name if brand else "the company",
        language=_LANGUAGES.get(material.language, material.language),
        unreachable=tuple(outage.port for outage in material.outages),
        refused=material.refused,
        fence=fence,
        facts=list(_facts(task, material)),
        found=_marked(task.found),
        summary=task.asked is None,
        unheard=task.asked is None and task.unasked is not None,
        asked=on_one_line(cut(task.asked or "", _LONGEST_QUESTION)),
    )
    if previous is None:
        return turn
    told = [{"sentence": on_one_line(f.sentence), "reason": on_one_line(f.reason)} for f in findings]
    repair = render("rep_repair.md.j2", fence=fence, previous=_marked(previous.claims), findings=told)
    return f"{turn}\n{repair}"


def _marked(claims: Sequence[Claim]) -> str:
    return "\n".join(
        f"{on_one_line(c.sentence)} [{', '.join(c.evidence)}]" if c.evidence else on_one_line(c.sentence)
        for c in claims
    )


def _facts(task: RepTask, material: Material) -> Iterator[_Fact]:
    """Those that were found for it first; then records, what was said, and rules."""
    cited = {number for claim in task.found for number in claim.evidence}
    known = [item for item in material.ledger if item.ref != task.unasked]
    for item in known:
        if item.id in cited:
            yield _fact(item)
    rest = [item for item in known if item.id not in cited]
    records = [item for item in rest if item.kind is EvidenceKind.RECORD and not _is_contact(item)]
    posts = [item for item in rest if item.kind is EvidenceKind.POST]
    rules = [item for item in rest if item.kind is EvidenceKind.POLICY]
    for item in (*records[:_RECORDS], *posts[-_POSTS:], *rules[:_PASSAGES]):
        yield _fact(item)


def _is_contact(item: Evidence) -> bool:
    return any(detail in item.ref for detail in _ONLY_IF_FOUND)


def _fact(item: Evidence) -> _Fact:
    if item.kind is EvidenceKind.POLICY:
        label = "internal rule" if item.visibility is Visibility.INTERNAL else "rule"
        return _Fact(item.id, label, cut(on_one_line(item.text), _PASSAGE_CHARACTERS))
    if item.kind is EvidenceKind.POST:
        return _Fact(item.id, f"said ({item.source})", cut(on_one_line(item.text), _POST_CHARACTERS))
    return _Fact(item.id, "record", on_one_line(item.text))
