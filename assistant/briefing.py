"""What the model is shown of the material: the facts that bear on the question, cut to size, each with its number.

The beginning of a prompt is the same for every draft and cached by providers; only what is made here is new, so it is
kept short. Facts that may not be told to this person are left out: what a model does not know it cannot leak.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.case import Thread
from assistant.claims import HEADINGS
from assistant.counting import limit
from assistant.dress import undress
from assistant.guidance import Guidance, Voice
from assistant.history import cut, fence_for, on_one_line, recall
from assistant.material import Material
from assistant.outcome import FROM_NOTHING, Claim, Finding, Part, Reply, Start
from assistant.returning import SUFFIX
from prompts.render import render
from tools.evidence import Evidence, EvidenceKind, Visibility
from tools.records import Known, Passage

_LANGUAGES = {"en": "English", "de": "German", "es": "Spanish", "fr": "French"}
_ADDRESS = {
    ("de", False): "informal (du)",
    ("de", True): "formal (Sie)",
    ("es", False): "informal (tú)",
    ("es", True): "formal (usted)",
    ("fr", False): "with “tu”",
    ("fr", True): "formal (vous)",
}
_LONGEST_WISH = 500
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_LONGEST_PUBLIC = 500  # where a channel allows more, a reply is still to be short
_CONTACT_DETAILS = ("/address", "/contact", "/handles", "/consent", "/payment_method")
_ABOUT_PRODUCTS = frozenset({"wrong_size", "exchange_policy", "stock_question", "backorder", "missing_part"})


@dataclass(frozen=True, slots=True)
class Size:
    """How much of the material is shown."""

    records: int
    passages: int
    passage_characters: int
    posts: int
    post_characters: int


FULL = Size(records=7, passages=3, passage_characters=420, posts=5, post_characters=500)
SHORT = Size(records=4, passages=1, passage_characters=240, posts=1, post_characters=280)


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of evidence in the prompt."""

    number: str
    label: str
    words: str


def brief(material: Material, guidance: Guidance, size: Size, start: Start = FROM_NOTHING) -> str:
    """The changing part of the prompt, not yet masked."""
    brand, channel = material.brand, material.thread.channel
    voice = guidance.voice(brand.id if brand else None, channel, material.language)
    now, alone = material.now, material.thread.target.private
    turn = render(
        "turn.md.j2",
        today=f"{_WEEKDAYS[now.weekday()]} {now.day} {now:%B %Y}",
        brand=brand.name if brand else material.thread.brand or "the company",
        channel=channel,
        limit=min(limit(channel, Part.PUBLIC), _LONGEST_PUBLIC),
        language=_LANGUAGES.get(material.language, material.language),
        address=_ADDRESS.get((material.language, voice.formal if voice else False), ""),
        avoid=_avoid(voice),
        verified=material.identity.known is Known.VERIFIED,
        alone=alone,
        wants=material.intent.title if material.intent else "",
        about_records=bool(material.intent and material.intent.records),
        unreachable=tuple(outage.port for outage in material.outages),
        tried=[on_one_line(step) for step in material.tried],
        refused=bool(material.refused),
        attached=bool(material.thread.target.attachments),
        fence=fence_for(material.thread),
        facts=list(_facts(material, size, _cited(start.prepared))),
        posts=recall(material.thread, posts=size.posts, characters=size.post_characters),
        prepared=_in_form(start.prepared, voice, alone=alone),
    )
    if material.wish:
        turn += "\n" + render("wish.md.j2", wish=on_one_line(cut(material.wish, _LONGEST_WISH)))
    if start.previous is None:
        return turn
    return turn + _brief_repair(_in_form(start.previous, voice, alone=alone), start.findings, material.thread)


def _brief_repair(previous: str, findings: tuple[Finding, ...], thread: Thread) -> str:
    """What is added when a draft is to be mended."""
    return "\n" + render(
        "repair.md.j2",
        fence=fence_for(thread),
        previous=previous,
        findings=[
            {"part": f.part.value, "sentence": on_one_line(f.sentence), "reason": on_one_line(f.reason)}
            for f in findings
        ],
    )


def _in_form(reply: Reply, voice: Voice | None, *, alone: bool) -> str:
    """A reply in the form that the model writes, markers put back; nothing for an empty one.

    Where the customer is `alone` with us there is one text, for them.
    """
    claims = undress(reply, voice)
    if not claims:
        return ""
    headings = {Part.PRIVATE: HEADINGS[Part.PUBLIC]} if alone else HEADINGS
    told = ((heading, _marked(claims, part)) for part, heading in headings.items())
    return "\n".join(f"{heading} {text}" for heading, text in told if text)


def _marked(claims: Sequence[Claim], part: Part) -> str:
    told = (claim for claim in claims if claim.part is part)
    return " ".join(f"{c.sentence} [{', '.join(c.evidence)}]" if c.evidence else c.sentence for c in told)


def _cited(reply: Reply) -> frozenset[str]:
    return frozenset(number for claim in reply.claims for number in claim.evidence)


def _avoid(voice: Voice | None) -> tuple[str, ...]:
    return voice.avoid[:8] if voice else ()


def _facts(material: Material, size: Size, cited: frozenset[str]) -> Iterator[Fact]:
    if material.identity.known is Known.VERIFIED:
        records, alone = _records(material), material.thread.target.private
        for item in sorted(records, key=lambda item: item.id not in cited)[: size.records]:
            yield Fact(item.id, "theirs" if alone else "private", on_one_line(item.text))
    yield from _policies(material, size, cited)
    for item in _links(material, cited):
        yield Fact(item.id, "link", on_one_line(item.text))


def _records(material: Material) -> list[Evidence]:
    """The order in question before promises before other orders; how to reach a person is not the model's business."""
    intent = material.intent.id if material.intent else ""
    order = f"order:{material.order.id}" if material.order else None

    money = material.intent is not None and material.intent.group == "money"
    first = (SUFFIX, "/payment:", "/refund:", "/return:") if money else (SUFFIX, "/shipment:", "/line:")

    def rank(item: Evidence) -> int | None:
        if any(detail in item.ref for detail in _CONTACT_DETAILS):
            return None
        if item.ref.startswith("product:"):
            return 5 if intent in _ABOUT_PRODUCTS else None
        if item.ref.startswith("customer:"):
            return 0 if intent == "loyalty_points" else None
        if item.ref.startswith("promise:"):
            return 2
        if order is None:
            return 4 if item.ref.startswith("order:") else None
        if item.ref == order:
            return 0
        if item.ref.startswith(f"{order}/"):
            return 1 if any(kind in item.ref for kind in first) else 3
        return None

    ranked = [(place, item) for item in material.record_evidence.values() if (place := rank(item)) is not None]
    return [item for _, item in sorted(ranked, key=lambda pair: pair[0])]


def _policies(material: Material, size: Size, cited: frozenset[str]) -> Iterator[Fact]:
    """The best passages, first those that are cited or hold an approved answer to this; one internal at most."""
    answers = {passage.id: _approved(passage, material) for passage, _ in material.passages}
    told: set[str] = set()
    internal = [item.id for _, item in material.passages if item.visibility is Visibility.INTERNAL][1:]
    shown = [found for found in material.passages if found[1].id not in internal]

    def rank(found: tuple[Passage, Evidence]) -> tuple[bool, bool]:
        return found[1].id not in cited, not answers[found[0].id]

    for passage, item in sorted(shown, key=rank)[: size.passages]:
        approved = "" if passage.document in told else answers[passage.id]
        told.add(passage.document)
        label = "internal" if item.visibility is Visibility.INTERNAL else "policy"
        path = " › ".join(dict.fromkeys((passage.title, *passage.heading)))
        room = size.passage_characters // 2 if approved else size.passage_characters
        words = f"{path}: {cut(on_one_line(passage.text), room)}"
        yield Fact(item.id, label, f"APPROVED WORDS: {approved} – {words}" if approved else words)


def _approved(passage: Passage, material: Material) -> str:
    if passage.audience != "public":
        return ""
    wanted = [guess.intent.id for guess in material.guesses[:2]]
    fitting = (a for name in wanted for a in passage.answers if a.intent == name and a.language == material.language)
    answer = next(fitting, None)
    return on_one_line(answer.text) if answer else ""


def _links(material: Material, cited: frozenset[str]) -> list[Evidence]:
    """The places that are cited, the one for this matter, and the way to show who they are for people who must."""
    wanted = [kind for kind, (_, item) in material.destinations.items() if item.id in cited]
    if material.intent and material.intent.destination:
        wanted.append(material.intent.destination)
    if material.identity.known is not Known.VERIFIED:
        wanted += ["secure_form", "direct_message"] if material.intent and material.intent.records else ["help_centre"]
    found = [material.destinations[kind][1] for kind in dict.fromkeys(wanted) if kind in material.destinations]
    return [item for item in found if item.kind is EvidenceKind.DESTINATION][:2]
