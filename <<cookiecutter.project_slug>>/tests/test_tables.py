"""Tables are written to the folder of their branch, or in test mode to a temporary one, and name their task."""

from pathlib import Path

import pytest

from << cookiecutter.project_slug >>.tables import tables_root, write_table

ROWS = [{"species": "Adelie", "mass": 3706.2}, {"species": "Gentoo", "mass": 5092.4}]
TABLE = "species,mass,made_by\nAdelie,3706.2,Averages/1/end/3\nGentoo,5092.4,Averages/1/end/3\n"


def write(root: str, branch: str = "prod", test_mode: bool = False) -> str:
    """Write the rows as a task of a run would."""
    return write_table("means", ROWS, root=root, branch=branch, made_by="Averages/1/end/3", test_mode=test_mode)


def test_each_branch_has_its_place(tmp_path):
    for branch in ("prod", "prod.challenger", "test.new_data", "user.alice"):
        assert write(str(tmp_path), branch) == str(tmp_path / branch / "means.csv")
        assert (tmp_path / branch / "means.csv").read_text() == TABLE
    assert len(list(tmp_path.rglob("*.csv"))) == 4


def test_writing_again_changes_nothing(tmp_path):
    write(str(tmp_path))
    write(str(tmp_path))
    assert [path.name for path in tmp_path.rglob("*")] == ["prod", "means.csv"]
    assert (tmp_path / "prod" / "means.csv").read_text() == TABLE


def test_in_test_mode_the_place_is_a_temporary_one(tmp_path):
    written = Path(write(str(tmp_path), test_mode=True))
    assert written.read_text() == TABLE
    assert not list(tmp_path.iterdir())


def test_nothing_is_written_where_nobody_says_where(capsys):
    assert write("") == ""
    assert "means is not written" in capsys.readouterr().out


def test_another_kind_of_address_is_refused():
    with pytest.raises(ValueError, match="a folder or an s3:// address"):
        write("gs://bucket/tables")


def test_the_environment_says_where(monkeypatch):
    monkeypatch.setenv("TABLES_ROOT", "s3://bucket/tables")
    assert tables_root() == "s3://bucket/tables"
    monkeypatch.delenv("TABLES_ROOT")
    assert tables_root() == ""
