import pytest

from tests.fakes.database import open_copy


@pytest.fixture(scope="session")
def template(tmp_path_factory):
    return tmp_path_factory.mktemp("database") / "empty.db"


@pytest.fixture
async def engine(template, tmp_path):
    engine = await open_copy(template, tmp_path / "shop.db")
    yield engine
    await engine.dispose()
