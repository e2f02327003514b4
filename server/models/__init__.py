"""The tables."""

from server.models.base import metadata
from server.models.channels import AccountRow, AttachmentRow, LinkRow, PostRow, PrivacyIncidentRow, ThreadRow
from server.models.drafts import ApprovalRow, CaseRow, DecisionRow, DraftRow, NoteRow, RestRow
from server.models.events import AnsweredRow, EventRow, IndexRow
from server.models.history import PastPostRow, PromiseRow
from server.models.jobs import JobRow, LaneRow
from server.models.publications import PauseRow, PublicationRow
from server.models.shop import CustomerRow, HandleRow, ImportRow, OrderRow, ProductRow
from server.models.staff import FailedSignInRow, SessionRow, StaffBrandRow, StaffRow, TokenRow

__all__ = [
    "AccountRow",
    "AnsweredRow",
    "ApprovalRow",
    "AttachmentRow",
    "CaseRow",
    "CustomerRow",
    "DecisionRow",
    "DraftRow",
    "EventRow",
    "FailedSignInRow",
    "HandleRow",
    "ImportRow",
    "IndexRow",
    "JobRow",
    "LaneRow",
    "LinkRow",
    "NoteRow",
    "OrderRow",
    "PastPostRow",
    "PauseRow",
    "PostRow",
    "PrivacyIncidentRow",
    "ProductRow",
    "PromiseRow",
    "PublicationRow",
    "RestRow",
    "SessionRow",
    "StaffBrandRow",
    "StaffRow",
    "ThreadRow",
    "TokenRow",
    "metadata",
]
