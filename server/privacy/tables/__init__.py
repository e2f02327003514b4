"""Every table and what each of its columns holds: erasing, exporting and forgetting run from this.

A table or a column that is not written down in one of these modules fails tests/unit/privacy/test_tables.py, so that
none is forgotten.
"""

from collections.abc import Mapping

from server.privacy.holdings import Table
from server.privacy.tables.actions import ACTIONS
from server.privacy.tables.cases import CASES
from server.privacy.tables.channels import CHANNELS
from server.privacy.tables.company import COMPANY
from server.privacy.tables.insights import FIGURES
from server.privacy.tables.installation import INSTALLATION
from server.privacy.tables.panel import PANEL
from server.privacy.tables.shop import SHOP
from server.privacy.tables.traces import TRACES
from server.privacy.tables.transcripts import TRANSCRIPTS

TABLES: Mapping[str, Table] = (
    SHOP | CHANNELS | CASES | ACTIONS | PANEL | TRANSCRIPTS | FIGURES | COMPANY | INSTALLATION | TRACES
)
"""By name; server/privacy/finding.py walks through them until nothing more is found."""
