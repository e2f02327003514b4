"""Checks a draft sentence by sentence against its evidence, without a model (rules 3 to 5).

`check` looks at a whole reply, `check_sentence` at one claim. Both only read: what a finding costs is in its severity,
what becomes of the draft is the caller's business.
"""

from assistant.checks.facts import Facts, private_values
from assistant.checks.sentence import check_sentence
from assistant.checks.whole import check

__all__ = ["Facts", "check", "check_sentence", "private_values"]
