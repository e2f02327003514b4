"""A translation for who must decide on a draft in a language that nobody on duty reads."""

from datetime import datetime

from assistant.failures import ModelFailure
from assistant.model_round import Translator
from server.db import reading, writing
from server.drafts import repository
from server.drafts.approvals import TRANSLATION
from server.drafts.deciding import OpenDraft, read_draft
from server.drafts.moving import already_decided
from server.errors import Unavailable, Unprocessable
from server.events.log import record
from server.models import DraftRow
from server.service import Service
from server.staff.roles import Caller
from tools.ports import PortUnavailable
from tools.records import Customer, Order

LABEL = "translated by a machine; nobody has checked it"
_ORDERS = 10


class NoTranslator(Unprocessable):
    """No model is configured that could translate."""


class NotTranslated(Unavailable):
    """The model did not answer."""


async def translate_draft(service: Service, caller: Caller, draft_id: str, to: str) -> DraftRow:
    """Put a labelled translation of the draft, and of the post it answers, beside it.

    Raises:
        DraftNotFound: None of the caller's brands.
        NoTranslator: No model is configured.
        NotTranslated: The model, or the records by which texts are masked, do not answer.
        AlreadyDecided: The draft has changed meanwhile.
    """
    translator = service.desk.translate
    if translator is None:
        raise NoTranslator("no model is configured: only approved holding text can be sent in this language")
    async with reading(service.engine) as session:
        opened = await read_draft(session, caller, draft_id)
    try:
        told = await _translate(service, translator, opened, to)
    except (ModelFailure, PortUnavailable) as error:
        raise NotTranslated(f"no translation: {error}") from error
    return await _keep(service, opened, {"to": to, "label": LABEL, **told}, service.clock())


async def _translate(service: Service, translator: Translator, opened: OpenDraft, to: str) -> dict[str, str]:
    customer: Customer | None = None
    orders: tuple[Order, ...] = ()
    who = ((opened.draft.record or {}).get("customer") or {}).get("id")
    if who is not None:
        customer = await service.desk.ports.customers.get(who)
        orders = tuple(await service.desk.ports.orders.latest(who, limit=_ORDERS))
    texts = {part.value: text for part, text in opened.texts.items()} | {"post": opened.target.text}
    said = {name: text for name, text in texts.items() if text.strip()}
    return dict(await translator(said, to=to, customer=customer, orders=orders))


async def _keep(service: Service, opened: OpenDraft, translation: dict[str, str], now: datetime) -> DraftRow:
    seen = opened.draft.version
    async with writing(service.engine) as session:
        draft = await repository.find_draft(session, opened.draft.id)
        if draft is None or draft.version != seen:
            raise await already_decided(session, opened.draft.id, seen)
        kept = {**(draft.record or {}), TRANSLATION: translation}
        if not await repository.change_draft(session, draft, now, record=kept):
            raise await already_decided(session, draft.id, seen)
        record(session, "draft.translated", draft.id, brand=draft.brand, at=now, case=draft.case, version=draft.version)
    return draft
