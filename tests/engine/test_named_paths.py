"""What is named on the command line, and is a link."""

import pytest

from lint_rules.engine.discovery import PathError, checked_path
from lint_rules.workspace.workspace import Workspace


@pytest.fixture
def repository(tmp_path):
    """A git repository with a private folder beside it."""
    (tmp_path / "theirs" / ".git").mkdir(parents=True)
    (tmp_path / "private").mkdir()
    (tmp_path / "private" / "flow.py").write_text("import metaflow\n")
    return tmp_path / "theirs"


@pytest.mark.parametrize("target", ["../private", "../private/flow.py"])
def test_a_link_does_not_lead_out_of_its_git_repository(repository, target):
    """A pull request may bring the link, and a hook names what the pull request changes."""
    link = repository / "link.py"
    link.symlink_to(target)
    with pytest.raises(PathError, match="out of the repository"):
        checked_path(Workspace().snapshot(), link)


def test_nor_does_a_file_below_a_linked_folder(repository):
    (repository / "pkg").symlink_to("../private")
    with pytest.raises(PathError, match="out of the repository"):
        checked_path(Workspace().snapshot(), repository / "pkg" / "flow.py")


def test_what_is_named_without_a_link_is_checked_wherever_it_is(repository):
    outside = repository.parent / "private" / "flow.py"
    assert checked_path(Workspace().snapshot(), outside) == outside


def test_a_link_within_the_repository_is_followed(repository):
    (repository / "flow.py").write_text("import metaflow\n")
    (repository / "link.py").symlink_to("flow.py")
    link = repository / "link.py"
    assert checked_path(Workspace().snapshot(), link) == link


def test_a_link_to_a_repository_is_followed(repository):
    """Somebody's own link, which no repository holds."""
    link = repository.parent / "mine"
    link.symlink_to("theirs")
    assert checked_path(Workspace().snapshot(), link) == link
