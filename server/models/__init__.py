"""The tables."""

from server.models.actions import ActionApprovalRow, ActionDecisionRow, ActionRow, CarriedOutRow, PromiseRow
from server.models.audit import AuditCutRow, AuditRow, ErasedRow, ErasureRow
from server.models.base import metadata
from server.models.channels import AccountRow, AttachmentRow, LinkRow, PostRow, PrivacyIncidentRow, ThreadRow
from server.models.conversations import ConversationRow, SuggestionRow, TurnPartRow, TurnRow
from server.models.drafts import ApprovalRow, CaseRow, DecisionRow, DraftRow, NoteRow, RestRow
from server.models.events import AnsweredRow, EventRow, IndexRow
from server.models.history import PastPostRow
from server.models.incidents import IncidentCaseRow, IncidentRow, IncidentTextRow
from server.models.jobs import JobRow, LaneRow
from server.models.policies import (
    MissingPolicyRow,
    PolicyBrandRow,
    PolicyRow,
    PolicyStateRow,
    PolicyVersionRow,
)
from server.models.publications import PauseRow, PublicationRow
from server.models.questions import (
    CustomerFactRow,
    QuestionDayRow,
    QuestionOfferRow,
    QuestionRow,
    QuestionSpacingRow,
)
from server.models.shop import CustomerRow, HandleRow, ImportRow, OrderRow, ProductRow
from server.models.staff import FailedSignInRow, SessionRow, StaffBrandRow, StaffRow, TokenRow

__all__ = [
    "AccountRow",
    "ActionApprovalRow",
    "ActionDecisionRow",
    "ActionRow",
    "AnsweredRow",
    "ApprovalRow",
    "AttachmentRow",
    "AuditCutRow",
    "AuditRow",
    "CarriedOutRow",
    "CaseRow",
    "ConversationRow",
    "CustomerFactRow",
    "CustomerRow",
    "DecisionRow",
    "DraftRow",
    "ErasedRow",
    "ErasureRow",
    "EventRow",
    "FailedSignInRow",
    "HandleRow",
    "ImportRow",
    "IncidentCaseRow",
    "IncidentRow",
    "IncidentTextRow",
    "IndexRow",
    "JobRow",
    "LaneRow",
    "LinkRow",
    "MissingPolicyRow",
    "NoteRow",
    "OrderRow",
    "PastPostRow",
    "PauseRow",
    "PolicyBrandRow",
    "PolicyRow",
    "PolicyStateRow",
    "PolicyVersionRow",
    "PostRow",
    "PrivacyIncidentRow",
    "ProductRow",
    "PromiseRow",
    "PublicationRow",
    "QuestionDayRow",
    "QuestionOfferRow",
    "QuestionRow",
    "QuestionSpacingRow",
    "RestRow",
    "SessionRow",
    "StaffBrandRow",
    "StaffRow",
    "SuggestionRow",
    "ThreadRow",
    "TokenRow",
    "TurnPartRow",
    "TurnRow",
    "metadata",
]
