"""What a turn does: who asked what is answered from the same evidence with a model and without one, and checked."""

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol

from assistant.answering import NoSuchCustomer
from assistant.case import Thread
from assistant.complaints import is_complaint
from assistant.material import Material
from assistant.outcome import HandOver, Part, Reply, TurnRecord
from assistant.rep_answering import answer_rep, summarise
from assistant.rep_checking import check_ready
from assistant.turn import NO_WISHES, Desk, Listener, Wishes, run_turn
from server.conversations.ending import End, Suggested, Told
from server.conversations.offering import Offering, what_may_be_offered
from server.conversations.opening import identity_of
from server.conversations.results import evidence_told, result_of, text_of
from server.conversations.states import FOR_CUSTOMERS, SAVED_REPLY, TurnKind, TurnMove
from server.conversations.threads import NothingSaid, thread_of_session
from server.db import reading
from server.models import ConversationRow, TurnRow
from server.policies.missing import look_for_missing
from server.questions.choosing import choose_question
from server.service import Service
from server.staff.repository import find_person
from server.staff.roles import Role
from tools.ports import Customers, Identity, PortUnavailable
from tools.records import Customer, Known

_logger = logging.getLogger(__name__)

_UNCONFIRMED = (
    "The caller is not confirmed yet, so nothing of their orders is used. Confirm how you know them, and ask again."
)
_NOT_PASSED_ON = "Nothing has been passed on by this: tell {team} yourself, and say so only once you have."
_OFFERS = "What may we offer this customer?"


class Sink(Protocol):
    """Where a turn tells what it has so far."""

    def put(self, kind: str, data: Mapping[str, Any]) -> None:
        """Tell something, behind all text so far."""
        ...

    def say(self, text: str) -> None:
        """The provisional text as it stands by now."""
        ...

    def stands(self, text: str) -> None:
        """The text that stands in the end."""
        ...


@dataclass(frozen=True, slots=True)
class Asked:
    """What a rep asked for. `texts` are what a rewrite begins with, `said` and `private` those of the turn it is of.

    Of a saved reply `texts` are what it says here, and `saved_reply` which one it is and what of it stays open.
    """

    conversation: ConversationRow
    turn: TurnRow
    kind: TurnKind
    said: str | None = None
    private: bool = False
    instruction: str = ""
    texts: Mapping[Part, str] | None = None
    saved_reply: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Speaking:
    """The customers, where it is known who speaks: the rep has them before them (`tools.ports.Customers`)."""

    customers: Customers
    who: Identity

    async def identify(self, *, brand: str | None, channel: str, handle: str) -> Identity:
        """Whoever the session is with, as sure as the rep has made it."""
        del brand, channel, handle
        return self.who

    async def get(self, customer: str) -> Customer | None:
        """The customer of this id."""
        return await self.customers.get(customer)


async def write_turn(service: Service, asked: Asked, sink: Sink) -> End:
    """Write a turn to its end. Whatever goes wrong on the way, what stands without a model is there if it can be."""
    try:
        return await _write(service, asked, sink, await service.desk_now())
    except Exception as fault:
        _logger.exception("a turn could not be written")
        again = isinstance(fault, PortUnavailable | NothingSaid | NoSuchCustomer)
        return _failed(asked, str(fault)) if again else await without_model(service, asked, sink)


async def without_model(service: Service, asked: Asked, sink: Sink, move: TurnMove = TurnMove.FINISH) -> End:
    """What stands without a model: where there is none, where it fails us, or where a turn has lost its process."""
    try:
        desk = replace(await service.desk_now(), model=None, panel=None)
        end = await _write(service, asked, sink, desk)
    except (PortUnavailable, NothingSaid, NoSuchCustomer) as refused:
        return _failed(asked, str(refused))
    except Exception:
        _logger.exception("a turn could not be written without a model, either")
        return _failed(asked, "this could not be answered because of a fault in Deskside; the log says more")
    return replace(end, move=move)


def _failed(asked: Asked, words: str) -> End:
    return End(TurnMove.FAIL, {"turn": asked.turn.id, "kind": asked.kind.value, "detail": words})


async def _write(service: Service, asked: Asked, sink: Sink, desk: Desk) -> End:
    if asked.kind is TurnKind.SAVED_REPLY:
        return await _saved(service, asked, sink, desk)
    if asked.kind in FOR_CUSTOMERS:
        end = await _reply(service, asked, sink, desk)
    elif asked.kind is TurnKind.OFFERS:
        return await _offer(service, asked, sink, desk)
    else:
        end = await _answer(service, asked, sink, desk)
    if end.record is None or asked.said is None or asked.kind is TurnKind.SUMMARY:
        return end
    if asked.kind in FOR_CUSTOMERS and not _is_confirmed(asked):
        return end  # it is the records that were missing
    return replace(end, missing=await look_for_missing(service, end.record, asked.said))


async def _reply(service: Service, asked: Asked, sink: Sink, desk: Desk) -> End:
    """A text for the customer: nothing of theirs is in it unless it is certain that they speak (rules 1, 3, 4)."""
    began = asked.turn.started_at
    thread = await thread_of_session(
        service, asked.conversation, asked.turn, just_now=asked.said, private=asked.private
    )
    who = Speaking(desk.ports.customers, identity_of(asked.conversation))
    desk = replace(
        desk,
        ports=replace(desk.ports, customers=who),
        model=desk.panel.draft if desk.panel else None,
        first_word=desk.panel.first_word if desk.panel else None,
    )
    wishes = Wishes(asked.instruction, texts=asked.texts) if asked.texts else NO_WISHES
    record = await run_turn(thread, desk, now=began, listener=_listener(asked, sink), wishes=wishes)
    record = replace(record, id=asked.turn.id, notes=(*record.notes, *_notes(record, _is_confirmed(asked))))
    reply = record.outcome.reply
    end = _finish(
        asked,
        sink,
        record,
        suggested=[Suggested("reply", text, part) for part in Part if (text := reply.text(part)) is not None],
    )
    return replace(end, also=await _question(service, asked, record))


async def _saved(service: Service, asked: Asked, sink: Sink, desk: Desk) -> End:
    """A saved reply as it was filled in, checked as a reply is; nobody writes anything."""
    about = asked.saved_reply or {}
    thread = await _said_so_far(service, asked, asked.said, private=asked.private)
    who = Speaking(desk.ports.customers, identity_of(asked.conversation))
    record = await check_ready(
        asked.texts or {},
        thread.posts if thread else (),
        replace(desk, ports=replace(desk.ports, customers=who)),
        id_=asked.turn.id,
        channel=asked.conversation.channel,
        brand=asked.conversation.brand,
        language=about["language"],
        now=asked.turn.started_at,
        listener=_listener(asked, sink),
    )
    texts = [(part, text) for part in Part if (text := record.outcome.reply.text(part)) is not None]
    suggested = [Suggested(SAVED_REPLY, text, part, saved_reply=about["id"]) for part, text in texts]
    end = _finish(asked, sink, record, suggested=suggested)
    return replace(end, result={**end.result, "saved_reply": about, "label": None})


def _is_confirmed(asked: Asked) -> bool:
    return Known(asked.conversation.known) is Known.VERIFIED


def _notes(record: TurnRecord, confirmed: bool) -> Iterator[str]:
    """What the rep has to know of a text for the customer."""
    if not confirmed:
        yield _UNCONFIRMED
    if isinstance(record.outcome, HandOver):
        yield _NOT_PASSED_ON.format(team=record.outcome.team.replace("_", " "))


async def _question(service: Service, asked: Asked, record: TurnRecord) -> list[Told]:
    """The question worth asking beside a reply to who complains of nothing, if there is one; it has its own record."""
    if is_complaint(record.intent):
        return []
    try:
        chosen = await choose_question(service, asked.conversation, now=service.clock(), read=asked.turn.id)
    except Exception:
        # the customer waits for the reply, not for a question
        _logger.exception("whether there is a question worth asking could not be found out")
        return []
    if chosen is None:
        return []
    told = {"id": chosen.suggestion, "kind": "question", "ref": chosen.question, "text": chosen.text}
    return [("suggestion", {**told, "why": chosen.why, "because": list(chosen.because)})]


async def _answer(service: Service, asked: Asked, sink: Sink, desk: Desk) -> End:
    """An answer for the rep, who may read all of it."""
    began, customer, listener = asked.turn.started_at, asked.conversation.customer, _listener(asked, sink)
    if asked.kind is TurnKind.SUMMARY:
        record = await summarise(await _said_so_far(service, asked, None), customer, desk, now=began, listener=listener)
    else:
        record = await answer_rep(asked.said or "", customer, desk, now=began, listener=listener)
    return _finish(asked, sink, replace(record, id=asked.turn.id))


async def _said_so_far(service: Service, asked: Asked, just_now: str | None, *, private: bool = False) -> Thread | None:
    try:
        return await thread_of_session(service, asked.conversation, asked.turn, just_now=just_now, private=private)
    except NothingSaid:
        return None


async def _offer(service: Service, asked: Asked, sink: Sink, desk: Desk) -> End:
    """What the rules allow, with amounts, and what the documents say of it. No model has a say in that."""
    began, listener = asked.turn.started_at, _listener(asked, sink)
    desk = replace(desk, panel=None)
    record = await answer_rep(asked.said or _OFFERS, asked.conversation.customer, desk, now=began, listener=listener)
    async with reading(service.engine) as session:
        found = await find_person(session, asked.turn.staff)
    role = Role(found[0].role) if found is not None else None
    offering = await what_may_be_offered(service, asked.conversation.customer, asked.conversation.brand, role)
    reply = record.outcome.reply
    words = "\n".join(filter(None, (_say(offering), reply.private_text)))
    record = replace(
        record,
        id=asked.turn.id,
        outcome=replace(record.outcome, reply=Reply(private_text=words, claims=reply.claims)),
    )
    suggested = [Suggested("offer", offer.words, offer.action.value) for offer in offering.offers]
    return _finish(asked, sink, record, suggested=suggested, offering=offering)


def _say(offering: Offering) -> str:
    if offering.unread is not None:
        return offering.unread
    if not offering.offers:
        return "The rules allow nothing to be offered at this moment."
    return "\n".join(["You may offer:", *(offer.words for offer in offering.offers)])


def _listener(asked: Asked, sink: Sink) -> Listener:
    def on_evidence(material: Material) -> None:
        sink.put("evidence", evidence_told(asked.turn.id, material))

    return Listener(on_evidence, sink.say)


def _finish(
    asked: Asked,
    sink: Sink,
    record: TurnRecord,
    *,
    suggested: list[Suggested] | None = None,
    offering: Offering | None = None,
) -> End:
    result = result_of(asked.kind, record, Known(asked.conversation.known), offering)
    text = text_of(record.outcome.reply)
    if text is not None:
        sink.stands(text)
    sink.put("checks", {"findings": result["findings"], "written_by": result["written_by"], "notes": result["notes"]})
    return End(TurnMove.FINISH, result, text, record, suggested or [])
