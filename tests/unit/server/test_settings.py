import pytest

from server.settings import SecretFileUnreadable, Settings


@pytest.fixture
def file(tmp_path):
    return tmp_path / "handed over"


@pytest.mark.parametrize(
    ("variable", "name"),
    [
        ("DESKSIDE_SECRET", "secret"),
        ("DESKSIDE_DATABASE_URL", "database_url"),
        ("DESKSIDE_EMBEDDING_API_KEY", "embedding_api_key"),
        ("OPENAI_API_KEY", "openai_api_key"),
    ],
)
def test_a_secret_is_read_from_the_file_that_its_variable_names(monkeypatch, file, variable, name):
    file.write_text("a long one\n")
    monkeypatch.setenv(f"{variable}_FILE", str(file))
    assert getattr(Settings(), name).get_secret_value() == "a long one"
    monkeypatch.setenv(variable, "another")
    assert getattr(Settings(), name).get_secret_value() == "another"
    assert getattr(Settings(**{name: "a third"}), name).get_secret_value() == "a third"


def test_an_empty_file_says_nothing(monkeypatch, file):
    file.write_text("\n")
    monkeypatch.setenv("OPENAI_API_KEY_FILE", str(file))
    assert Settings().openai_api_key is None


def test_a_file_that_is_not_there_is_named_and_not_passed_over(monkeypatch, file):
    monkeypatch.setenv("DESKSIDE_DATABASE_URL_FILE", str(file))
    with pytest.raises(SecretFileUnreadable, match=r"DESKSIDE_DATABASE_URL_FILE.*handed over"):
        Settings()


def test_what_is_no_secret_is_not_looked_for_in_files(monkeypatch, file):
    file.write_text("elsewhere")
    monkeypatch.setenv("DESKSIDE_HOME_FILE", str(file))
    assert str(Settings().home) == ".deskside"
