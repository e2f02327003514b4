"""The tables."""

from server.models.actions import ActionApprovalRow, ActionDecisionRow, ActionRow, CarriedOutRow, PromiseRow
from server.models.audit import AuditCutRow, AuditRow, ErasedRow, ErasureRow
from server.models.base import metadata
from server.models.brand_settings import BrandSettingRow
from server.models.channels import AccountRow, AttachmentRow, LinkRow, PostRow, PrivacyIncidentRow, ThreadRow
from server.models.conversations import ConversationRow, SuggestionRow, TurnPartRow, TurnRow
from server.models.destinations import DestinationRow, DestinationStateRow
from server.models.drafts import ApprovalRow, CaseRow, DecisionRow, DraftRow, NoteRow, RestRow
from server.models.events import AnsweredRow, EventRow, IndexRow
from server.models.history import PastPostRow
from server.models.incidents import IncidentCaseRow, IncidentRow, IncidentTextRow
from server.models.insights import AnswerRow, DraftFactsRow, RatingRow, SampleItemRow, SampleRow
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
from server.models.queue import SavedViewRow
from server.models.saved_replies import SavedReplyRow, SavedReplyUseRow, SavedReplyVersionRow
from server.models.shop import CustomerRow, EmailRow, HandleRow, ImportRow, OrderRow, ProductRow
from server.models.staff import FailedSignInRow, SessionRow, StaffBrandRow, StaffRow, TokenRow
from server.models.transcripts import (
    CommentRow,
    KeptTurnRow,
    ModelRequestRow,
    PostVersionRow,
    ScorecardRow,
    TranscriptProgressRow,
    TranscriptRow,
    TranscriptTextRow,
)

__all__ = [
    "AccountRow",
    "ActionApprovalRow",
    "ActionDecisionRow",
    "ActionRow",
    "AnswerRow",
    "AnsweredRow",
    "ApprovalRow",
    "AttachmentRow",
    "AuditCutRow",
    "AuditRow",
    "BrandSettingRow",
    "CarriedOutRow",
    "CaseRow",
    "CommentRow",
    "ConversationRow",
    "CustomerFactRow",
    "CustomerRow",
    "DecisionRow",
    "DestinationRow",
    "DestinationStateRow",
    "DraftFactsRow",
    "DraftRow",
    "EmailRow",
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
    "KeptTurnRow",
    "LaneRow",
    "LinkRow",
    "MissingPolicyRow",
    "ModelRequestRow",
    "NoteRow",
    "OrderRow",
    "PastPostRow",
    "PauseRow",
    "PolicyBrandRow",
    "PolicyRow",
    "PolicyStateRow",
    "PolicyVersionRow",
    "PostRow",
    "PostVersionRow",
    "PrivacyIncidentRow",
    "ProductRow",
    "PromiseRow",
    "PublicationRow",
    "QuestionDayRow",
    "QuestionOfferRow",
    "QuestionRow",
    "QuestionSpacingRow",
    "RatingRow",
    "RestRow",
    "SampleItemRow",
    "SampleRow",
    "SavedReplyRow",
    "SavedReplyUseRow",
    "SavedReplyVersionRow",
    "SavedViewRow",
    "ScorecardRow",
    "SessionRow",
    "StaffBrandRow",
    "StaffRow",
    "SuggestionRow",
    "ThreadRow",
    "TokenRow",
    "TranscriptProgressRow",
    "TranscriptRow",
    "TranscriptTextRow",
    "TurnPartRow",
    "TurnRow",
    "metadata",
]
