"""Removes what the answers leave out, and pins the linter to where the project came from.

`__files_of_answers` in cookiecutter.json says which files belong to which answer, and `__left_out`
which are those of other answers than were given.
"""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

# As .pre-commit-config.yaml has them until here, and after `cookiecutter --accept-hooks no`. The
# revision is the tag of the template's version, which a test compares.
PUBLISHED = "https://github.com/org/template"
PUBLISHED_REVISION = "v0.1.0"


class Unpinnable(Exception):
    """The template has no address or no commit to pin a project to. Its text says why."""


def main() -> None:
    """Leave the files that belong to the answers, with the linter's address and revision."""
    # `tojson` escapes apostrophes, so no answer can end this string.
    remove_left_out(json.loads(r"""<< cookiecutter.__left_out.split() | tojson >>"""))
    # cruft says the commit, Cookiecutter the folder.
    # `tojson` escapes apostrophes, so nothing can end this string.
    source = json.loads(
        r"""<< {
            "template": cookiecutter._template | default("") | string,
            "repo_dir": cookiecutter._repo_dir | default("") | string,
            "output_dir": cookiecutter._output_dir | default("") | string,
            "commit": cookiecutter._commit | default(""),
        } | tojson >>"""
    )
    if source["commit"]:
        address, revision = without_credentials(source["template"]), source["commit"]
    else:
        folder = template_folder(source["repo_dir"], source["output_dir"])
        try:
            address, revision = origin(source["template"], source["repo_dir"], folder)
        except Unpinnable as reason:
            address, revision = PUBLISHED, PUBLISHED_REVISION
            print(
                f"The template {reason}, so .pre-commit-config.yaml takes metaflow-lint from "
                f"{address} at {revision}. For another one, change `repo` and `rev` there.",
                file=sys.stderr,
            )
    pin(Path(".pre-commit-config.yaml"), address, revision)
    # cruft generates projects to compare them, too.
    if not source["commit"]:
        folder_name = Path.cwd().name
        print(f"Created {folder_name}. Next, run `cd {folder_name}` and follow its README.")


def remove_left_out(names: list[str]) -> None:
    """Remove the files that no answer asks for, and the folders that leaves empty."""
    for name in names:
        path = Path(name)
        path.unlink(missing_ok=True)
        for folder in path.parents[:-1]:
            if folder.is_dir() and not any(folder.iterdir()):
                folder.rmdir()


def template_folder(repo_dir: str, output_dir: str) -> Path:
    """Find the template's folder, which Cookiecutter names as it was typed.

    A relative name starts where Cookiecutter was started, and no hook knows where that was: in
    the output folder if none was asked for, and in the shell's folder otherwise.
    """
    starts = [Path(output_dir), Path(os.environ.get("PWD", "."))]
    folders = [start / repo_dir for start in starts]
    return next(
        (folder.resolve() for folder in folders if (folder / "cookiecutter.json").is_file()),
        folders[0],
    )


def origin(template: str, repo_dir: str, folder: Path) -> tuple[str, str]:
    """Return the address and the commit of the template.

    A folder that was named is its own address. Anything else (`gh:org/template`, a URL, the bare
    name of a template used before) was cloned by Cookiecutter, and the clone's configuration has
    its address as it was given, before the user's own `insteadOf`.

    Raises:
        Unpinnable: If the folder is no git repository, has no commit, or has changes since.
    """
    top = Path(git(folder, "rev-parse", "--show-toplevel"))
    if not top.samefile(folder):
        raise Unpinnable("is no git repository")
    commit = git(folder, "rev-parse", "--verify", "HEAD^{commit}")
    if git(folder, "status", "--porcelain"):
        raise Unpinnable("has changes that are not committed")
    if Path(template).expanduser() == Path(repo_dir):
        return str(folder), commit
    return without_credentials(git(folder, "config", "--get", "remote.origin.url")), commit


def git(folder: Path, *arguments: str) -> str:
    """Return what a git command says about a folder.

    Raises:
        Unpinnable: If git is not installed or has nothing to say.
    """
    # Inside a git hook these say which repository git looks at, whatever the folder.
    about_another = {
        "GIT_DIR",
        "GIT_WORK_TREE",
        "GIT_INDEX_FILE",
        "GIT_COMMON_DIR",
        "GIT_OBJECT_DIRECTORY",
        "GIT_PREFIX",
    }
    environment = {name: value for name, value in os.environ.items() if name not in about_another}
    try:
        result = subprocess.run(
            ["git", "-C", str(folder), *arguments],
            env=environment,
            capture_output=True,
            encoding="utf-8",
            check=True,
        )
    except FileNotFoundError:
        raise Unpinnable("cannot be asked for its commit without git") from None
    except subprocess.CalledProcessError as error:
        output = error.stderr.strip().splitlines()
        raise Unpinnable(
            f"has no commit to pin (git: {output[0] if output else 'no reason given'})"
        ) from None
    return result.stdout.removesuffix("\n")


def without_credentials(address: str) -> str:
    """Leave a user name, password or token out of a web address: a project is shared."""
    return re.sub(r"^(https?://)[^/@]*@", r"\1", address)


def pin(configuration: Path, address: str, revision: str) -> None:
    """Replace the address and the revision in a .pre-commit-config.yaml."""
    # A JSON string is a YAML string too, if characters beyond U+FFFF are left as they are.
    for key, placeholder, value in (
        ("repo", PUBLISHED, address),
        ("rev", PUBLISHED_REVISION, revision),
    ):
        text = configuration.read_text(encoding="utf-8")
        quoted = json.dumps(value, ensure_ascii=False)
        text = text.replace(f"{key}: {placeholder}\n", f"{key}: {quoted}\n")
        configuration.write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
