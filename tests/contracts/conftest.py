import pytest


@pytest.fixture(scope="session")
def template(tmp_path_factory):
    return tmp_path_factory.mktemp("database") / "empty.db"
