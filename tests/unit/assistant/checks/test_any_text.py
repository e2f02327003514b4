from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.assistant.checks.sentences import findings, policy, record

_PIECES = st.sampled_from(
    [
        *("31 February", "99.99.9999", "2026-13-45", "within 400 days", "tomorrow", "Sunday the 99th", "25:61"),
        *("1.234.567,89 €", "+44 20", "up to", "١٢", "#", "@", "https://", "E1"),
        *("{", '{"a": [1, {"b": 2.5}]}', "(", "- ", ":", "\n", "l'", "🎉", "not", "no,"),
    ]
)
_TEXTS = st.one_of(st.text(max_size=80), st.lists(_PIECES, max_size=8).map(" ".join))


@settings(max_examples=150, deadline=None)
@given(_TEXTS, _TEXTS, _TEXTS)
def test_no_text_breaks_the_checks(sentence, told, ruled):
    for finding in findings(sentence, record(told), policy(ruled)):
        assert finding.reason
