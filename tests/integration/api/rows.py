"""The rows of the records, as they lie in the database."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from sqlmodel import SQLModel

from server.models import (
    AccountRow,
    ApprovalRow,
    AttachmentRow,
    AuditRow,
    CaseRow,
    CustomerRow,
    DecisionRow,
    DraftRow,
    EventRow,
    ImportRow,
    JobRow,
    LinkRow,
    NoteRow,
    PauseRow,
    PostRow,
    PrivacyIncidentRow,
    PublicationRow,
    SessionRow,
    StaffBrandRow,
    StaffRow,
    ThreadRow,
    TokenRow,
)
from server.staff.roles import PERMISSIONS, Permission, Role
from server.staff.sessions import hash_of
from tests.integration.api.action_rows import actions, promise, storm
from tests.integration.api.insight_rows import insights, sampled
from tests.integration.api.panel_rows import panel
from tests.integration.api.policy_rows import policies
from tests.integration.api.question_rows import questions
from tests.integration.api.queue_rows import views
from tests.integration.api.records import (
    AUTHOR,
    BRANDS,
    MACHINE,
    NOW,
    PUBLICATIONS,
    STATES,
    cookie,
    csrf,
    secret,
    seen,
    storm_row,
    text,
)
from tests.integration.api.row import row
from tests.integration.api.table import EVENTS
from tests.integration.api.transcript_rows import transcripts

PERSONAL = ("colleague", "leaver")
_BLOCK = {"part": "public", "sentence": "", "rule": "no_promise", "severity": "block", "reason": "it promises"}


def everything() -> Iterator[list[SQLModel]]:
    """All rows, in groups that can be put in one after the other."""
    yield [ImportRow(id=1, source="tests", started_at=NOW, switched_at=NOW)]
    for brand in BRANDS:
        yield [_account(brand, "x"), _account(brand, "spare"), *_people(brand)]
        yield [_customer(brand), _customer(brand, "-leaver")]
        yield [*_staff_brands(brand), *_sessions(brand), *_tokens(brand)]
        yield [row(ThreadRow, "thread", brand, name, network_id=f"net-{brand}-{name}") for name in STATES]
        yield [_post(brand, name) for name in STATES]
        yield [_case(brand, name) for name in STATES]
        yield [_draft(brand, name, state) for name, state in STATES.items()]
        yield [_publication(brand, name, state) for name, state in PUBLICATIONS.items()]
        yield [_link(brand, "standing"), _link(brand, "taken-back", unlinked_at=NOW)]
        yield list(_around(brand))
        yield list(actions(brand))
        yield from policies(brand)
        yield [promise(brand)]
        yield [storm_row(brand)]
        yield list(storm(brand))
        yield from questions(brand)
        yield list(views(brand))
        yield from transcripts(brand)
        yield from panel(brand)
        yield list(insights(brand))
        yield [sampled(brand)]
        yield list(_jobs_and_events(brand))


def _account(brand: str, name: str) -> AccountRow:
    return row(
        AccountRow,
        "account",
        brand,
        name,
        id=f"{brand}-{name}",
        channel="x",
        adapter="webhook",
        handle=f"{brand}-help",
        settings={"url": f"https://{brand}.example/in"},
        hours={},
    )


def _customer(brand: str, name: str = "") -> CustomerRow:
    kept: dict[str, Any] = {"emails": [], "phones": [], "payment_methods": [], "consent": {}, "facts": {}}
    return CustomerRow(import_id=1, id=f"C-{brand}{name}", brand=brand, name=f"Ann of {brand}", **kept)


def _people(brand: str) -> Iterator[StaffRow]:
    for name in (*Role, *PERSONAL):
        yield StaffRow(
            id=f"staff_{brand}_{name}",
            email=f"{name}@{brand}.example",
            name=f"{name} of {brand}",
            initials="XX",
            role=name if name in set(Role) else Role.REP,
            languages=["en"],
            created_at=NOW,
            disabled_at=NOW if name == "leaver" else None,
        )


def _staff_brands(brand: str) -> Iterator[StaffBrandRow]:
    for name in (*Role, *PERSONAL):
        yield StaffBrandRow(staff=f"staff_{brand}_{name}", brand=brand)


def _sessions(brand: str) -> Iterator[SessionRow]:
    for role in Role:
        yield SessionRow(
            id_hash=hash_of(cookie(brand, role)),
            staff=f"staff_{brand}_{role}",
            csrf=csrf(brand, role),
            created_at=NOW,
            used_at=NOW,
            expires_at=NOW + timedelta(hours=8),
        )


def _tokens(brand: str) -> Iterator[TokenRow]:
    yield _token(brand, "machine", MACHINE, kind="machine", brands=[brand])
    yield _token(brand, "spare", MACHINE, kind="machine", brands=[brand])
    for permission in Permission:
        yield _token(brand, permission, PERMISSIONS[Role.ADMIN] - {permission}, staff=f"staff_{brand}_admin")


def _token(brand: str, name: str, scopes: frozenset[Permission], **values: Any) -> TokenRow:
    return TokenRow(
        id=f"token_{brand}_{name}".replace(":", "-"),
        name=f"{name} of {brand}",
        secret_hash=hash_of(secret(brand, name)),
        scopes=sorted(scopes),
        created_at=NOW,
        expires_at=NOW + timedelta(days=90),
        used_at=NOW,
        **{"kind": "personal", "brands": [], **values},
    )


def _post(brand: str, name: str) -> PostRow:
    return row(
        PostRow,
        "post",
        brand,
        name,
        thread=f"thread_{brand}_{name}",
        network_id=f"net-{brand}-{name}",
        author=AUTHOR.format(brand),
        folded_author=AUTHOR.format(brand),
        role="customer",
        text=f"@{brand} where is my {name} tent?",
        sent_at=NOW,
        received_at=NOW,
    )


def _case(brand: str, name: str) -> CaseRow:
    return row(
        CaseRow,
        "case",
        brand,
        name,
        thread=f"thread_{brand}_{name}",
        author=AUTHOR.format(brand),
        folded_author=AUTHOR.format(brand),
        opened_at=NOW,
    )


def _draft(brand: str, name: str, state: str) -> DraftRow:
    return row(
        DraftRow,
        "draft",
        brand,
        name,
        case=f"case_{brand}_{name}",
        state=state,
        danger="danger_product" if name == "danger" else None,
        target_post=f"post_{brand}_{name}",
        target_version=1,
        language="en",
        public_text=text(brand, name),
        claims=[],
        findings=[_BLOCK] if name == "blocked" else [],
        one_click=name != "blocked",
        record={
            "brand": brand,
            "channel": "x",
            "language": "en",
            "region": None,
            "evidence": [],
            "customer": {"id": None, "known": "unknown"},
        },
    )


def _publication(brand: str, name: str, state: str) -> PublicationRow:
    return row(
        PublicationRow,
        "publication",
        brand,
        name,
        case=f"case_{brand}_{name}",
        draft=f"draft_{brand}_{name}",
        part="public",
        text=text(brand, name),
        digest=seen(brand, name)["digests"]["public"],
        key=f"key-{brand}-{name}",
        reply_to=f"net-{brand}-{name}",
        recipient=AUTHOR.format(brand),
        state=state,
        send_after=NOW + timedelta(minutes=10) if state == "held" else NOW,
        attempted_at=None if state == "held" else NOW,
        network_id=f"sent-{brand}-{name}" if state == "sent" else None,
        sent_at=NOW if state == "sent" else None,
    )


def _link(brand: str, name: str, **values: Any) -> LinkRow:
    return row(
        LinkRow,
        "link",
        brand,
        name,
        channel="x",
        handle=f"{name}-{brand}",
        folded_handle=f"{name}-{brand}",
        customer=f"C-{brand}",
        linked_by=f"staff_{brand}_rep",
        linked_at=NOW,
        **values,
    )


def _around(brand: str) -> Iterator[SQLModel]:
    """What hangs on the rest."""
    rep = f"staff_{brand}_rep"
    yield row(
        AttachmentRow,
        "attachment",
        brand,
        "photo",
        post=f"post_{brand}_pending",
        type="image",
        alt=f"a tent of {brand}",
        state="kept",
        media_type="image/png",
        size=8,
        file=f"photo-{brand}",
    )
    yield row(NoteRow, "note", brand, "one", case=f"case_{brand}_pending", staff=rep, text=f"ring {brand}")
    yield row(
        DecisionRow, "decision", brand, "one", case=f"case_{brand}_sent", draft=f"draft_{brand}_sent", kind="edit"
    )
    for name in (*PUBLICATIONS, "second"):
        yield row(
            ApprovalRow,
            "approval",
            brand,
            name,
            draft=f"draft_{brand}_{name}",
            part="public",
            step=1,
            digest=seen(brand, name)["digests"]["public"],
            staff=rep,
        )
    yield row(PauseRow, "pause", brand, "one", scope=f"account:{brand}-spare", paused_by=rep, paused_at=NOW)
    yield row(
        PrivacyIncidentRow,
        "incident",
        brand,
        "open",
        link=f"link_{brand}_taken-back",
        opened_by=rep,
        opened_at=NOW,
        drafts=[f"draft_{brand}_sent"],
        publications=[f"publication_{brand}_sent"],
    )


def _jobs_and_events(brand: str) -> Iterator[SQLModel]:
    for name in ("one", "two"):
        yield row(
            JobRow,
            "job",
            brand,
            name,
            kind="send",
            lane=f"send:{brand}-x",
            payload={"publication": f"publication_{brand}_sent"},
            state="dead",
            run_after=NOW,
            error=f"{brand} is not reachable",
            finished_at=NOW,
        )
    yield AuditRow(
        number=1 + BRANDS.index(brand),
        event=1,
        at=NOW,
        brand=brand,
        kind="draft.approved",
        subject=f"draft_{brand}_sent",
        caller=f"staff_{brand}_rep",
        facts={"case": f"case_{brand}_sent"},
        before="0" * 64,
        seal="1" * 64,
    )
    for number, kind in enumerate(EVENTS):
        yield EventRow(
            position=1 + number * len(BRANDS) + BRANDS.index(brand),
            brand=brand,
            kind=kind,
            subject=f"{kind.partition('.')[0]}_{brand}_sent",
            at=NOW,
            data={"case": f"case_{brand}_sent"},
        )
