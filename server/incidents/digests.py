"""What the approval of an incident's text binds to, as one value."""

import hashlib
import json

from server.models import IncidentRow, IncidentTextRow


def digest_of(incident: IncidentRow, text: IncidentTextRow) -> str:
    """The SHA-256 of what is said, for what, in which language, and what is promised with it until when."""
    due = incident.update_due if text.promises_update else None
    bound = {
        "incident": incident.id,
        "language": text.language,
        "promises_update_by": due.isoformat() if due else None,
        "purpose": text.purpose,
        "statement": text.statement,
        "text": text.text,
    }
    return hashlib.sha256(json.dumps(bound, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
