"""Drafts without a model: chooses how a turn ends and says it from prepared texts and evidence.

Pure: the same material gives the same draft. Used where no model is configured, and where the model fails (rule 7).
"""

from assistant.composing.answers import PolicyAnswer, find_answer, find_second
from assistant.composing.order_cases import order_case
from assistant.composing.owed import instead_of, most_likely
from assistant.composing.places import PRIVATE_PLACES, add_page, add_place, own_place, place_for
from assistant.composing.questions import questions_to_ask, without_caution
from assistant.composing.reading import Mood
from assistant.composing.settling import settle
from assistant.composing.situation import Situation
from assistant.composing.wording import Text
from assistant.guidance import Guidance
from assistant.material import Material
from assistant.outcome import ClaimKind, Clarify, Draft, HandOver, Outcome, Reason

_FALLBACK_TEAM = "community"
_FOR_PEOPLE = frozenset({"conduct"})
_FEW_WORDS = 8
_HAS_STEPS = "fault"
_NEVER_BEYOND = frozenset({"vague", "praise", "conduct", "outage"})
_ASKS_FIRST = frozenset({"vague"})
_TRIED_OUT = frozenset({"app_or_site_fault", "how_to", "missing_feature", "still_not_solved"})


def compose(material: Material, guidance: Guidance) -> Outcome:
    """The draft, question, hand-over or silence that the material supports; see docs/drafts.md for the reasons."""
    case = Situation.of(material, guidance)
    silent = settle(case)
    if silent is not None:
        return silent
    outcome = _choose(case)
    return instead_of(case, outcome) or outcome


def _choose(case: Situation) -> Outcome:
    if case.stuck and case.intent is not None and case.intent.id in _TRIED_OUT:
        return most_likely(case) or ask(case, core=True) or send_on(case) or ask(case) or hand_over(case)
    return (
        order_case(case)
        or pass_on(case)
        or answer(case)
        or most_likely(case)
        or send_on(case)
        or ask(case)
        or hand_over(case)
    )


def pass_on(case: Situation) -> Outcome | None:
    """To a person, if it is something that no document answers: a neighbouring rule would be worse than none."""
    if not case.material.beyond or case.intent is None or case.intent.group in _NEVER_BEYOND:
        return None
    return hand_over(case)


def answer(case: Situation) -> Outcome | None:
    """What a policy says to everybody, with the place or the page that helps further."""
    if case.material.brand is None or case.intent is None or case.intent.group in _ASKS_FIRST:
        return None
    found = find_answer(case)
    if found is None:
        return None
    text = Text()
    before = _before_answer(case)
    if before.split()[0] != found.text.split()[0]:  # who is thanked by the answer itself is not thanked twice
        text.add(before, spare=3)
    if case.reading.personal_data:
        text.add(case.say("posted"))
    text.add(found.text, ClaimKind.POLICY, evidence=[found.evidence.id])
    second = find_second(case, found)
    if second is not None:
        text.add(second.text, ClaimKind.POLICY, evidence=[second.evidence.id], spare=1)
    _add_way_on(text, case, found)
    return Draft(case.reply(text))


def _before_answer(case: Situation) -> str:
    """Short, as the answer follows; people who are upset are met where they are."""
    if case.reading.mood is Mood.UPSET or case.stuck:
        return case.opening()
    return case.say("answering.question" if "?" in case.reading.latest else "answering.message", "spoken")


def _add_way_on(text: Text, case: Situation, found: PolicyAnswer) -> None:
    """One link: the place of the intent, a private one where the record is needed, else the policy's own page."""
    place = own_place(case, found)
    if case.posted_order:
        text.add(case.say("order_number"), spare=2)
        place = place_for(case, PRIVATE_PLACES) or place
    if place is None and (case.about_records or case.exhausted):
        place = place_for(case, PRIVATE_PLACES)
    if place is not None:
        add_place(text, place, short=True)
    else:
        add_page(text, case, found)


def send_on(case: Situation) -> Outcome | None:
    """Where the customer is helped, in the words of the destination, if no policy answers."""
    if case.intent is None or case.intent.group in _ASKS_FIRST:
        return None
    if not (case.sure or case.names_order or case.about_records):
        return None
    kinds = [] if case.names_order else [case.intent.destination]
    if (
        case.names_order
        or case.intent.records
        or case.about_records
        or case.intent.group in _FOR_PEOPLE
        or case.stuck
        or case.exhausted
    ):
        kinds += PRIVATE_PLACES
    place = place_for(case, [kind for kind in kinds if kind != "help_centre"])
    if place is None:
        return None
    text = Text().add(case.opening(), spare=1)
    if case.reading.personal_data:
        text.add(case.say("posted"))
    if case.posted_order:
        text.add(case.say("order_number"), spare=2)
    add_place(text, place, short=False)
    return Draft(case.reply(text))


def ask(case: Situation, *, core: bool = False) -> Outcome | None:
    """The one question worth asking, in public, without personal data; `core`: only what nothing goes on without."""
    if case.material.thread.target.attachments and len(case.reading.words.split()) < _FEW_WORDS:
        text = Text().add(case.opening(), spare=1).add(case.say("picture"), ClaimKind.QUESTION)
        return Clarify(case.reply(text), Reason("missing_detail", "what the picture shows, nobody has looked at it"))
    questions = questions_to_ask(case.matter, case.reading, case.phrases, case.seed, core=core)
    if not questions and not core and case.matter is not None and case.matter.group not in _FOR_PEOPLE:
        questions = questions_to_ask(None, case.reading, case.phrases, case.seed)
    if not questions:
        return None
    text = Text().add(case.opening(), spare=1)
    for question in questions:
        text.add(without_caution(question.text) if case.between_two else question.text, ClaimKind.QUESTION)
    note = privacy_note(case, tempting=any(question.tempts for question in questions))
    if note:
        text.add(note, spare=2)
    return Clarify(case.reply(text), _why_asked(case))


def privacy_note(case: Situation, *, tempting: bool) -> str | None:
    """What to mind in public: where details were posted already, or where a question tempts people to."""
    if case.between_two:
        return None
    if case.reading.personal_data:
        return case.say("posted")
    key = f"privacy.{case.intent.group}" if case.intent else ""
    return case.say(key) if tempting and case.phrases.has(key) else None


def hand_over(case: Situation) -> Outcome:
    """To the team of the intent, because nothing here answers it."""
    team = (case.intent.team if case.intent else None) or _FALLBACK_TEAM
    return HandOver(team, Reason("abstained", "no policy found that answers this"))


def _why_asked(case: Situation) -> Reason:
    if case.matter is not None and case.matter.group == "vague":
        return Reason("vague", "the post does not say what happened")
    if case.material.tried and case.intent is not None and case.intent.group == _HAS_STEPS:
        return Reason("already_tried", "the usual steps have been tried; the answer depends on what happened then")
    return Reason("missing_detail", "the answer depends on what the customer says")
