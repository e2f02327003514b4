import pytest

from retrieval.shared import IndexUnreachable, open_shared_index
from tests.fakes.vectors import HashEmbedding


async def test_a_server_that_does_not_answer_is_named():
    with pytest.raises(IndexUnreachable, match="chroma run"):
        await open_shared_index("http://127.0.0.1:9", HashEmbedding())
