"""Of two web and two worker processes on one database and one index one of each dies; the others finish its work."""

import pytest

from tests.crash import AT_LENGTH, ON_DEMAND, TIMEOUT_S
from tests.crash.takeover import PATIENCE_S

pytestmark = [ON_DEMAND, pytest.mark.slow, pytest.mark.timeout(TIMEOUT_S)]

# on a machine that does other things meanwhile it matters that they do, not how soon
_WITHIN_S = 10.0 if AT_LENGTH else PATIENCE_S


def test_the_others_finish_what_one_web_and_one_worker_process_leave(lived):
    told = lived.takeover()
    assert told.remembered.accepted.keys() <= {row.network_id for row in told.books.posts}
    ours = [post for post in told.network if post["from_brand"]]
    assert len({(post["in_reply_to"], post["private_to"]) for post in ours}) == len(ours)
    assert {row.network_id for row in told.books.publications if row.state == "sent"} == {post["id"] for post in ours}
    assert told.seconds < _WITHIN_S
