"""Refuses an old Cookiecutter, a bad answer or a bad folder, before any file is created.

Cookiecutter before 2.6 does not know this template's delimiters and runs this file unrendered, so
it has to be valid Python before rendering as well as after, and to look at the version first.

A slug such as `a/b` would leave a folder behind, and others end in an error of Cookiecutter's:
`__safe_folder` in cookiecutter.json gives such a project another folder, which Cookiecutter removes
when this refuses, and `__asked_slug` keeps what was asked for.
"""

import json
import keyword
import re
import sys
import unicodedata
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

import cookiecutter

# What a generated project imports, directly or not, and the names of its own modules. Tests compare
# this with the template's files and with what the distributions in its pyproject.toml need.
TAKEN = re.findall(
    r"\w+",
    """
    _yaml aiohappyeyeballs aiohttp aiohttp_retry aiosignal annotated_doc annotated_types arrow
    ast_serialize attr attrs azure azure_core azure_identity azure_storage_blob binaryornot
    boto3 botocore certifi cffi cfgv charset_normalizer ci_deploy click conftest cookiecutter
    cruft cryptography dateutil distlib durationpy filelock flow frozenlist git gitdb gitpython
    google google_api_core google_auth google_cloud_core google_cloud_storage google_crc32c
    google_resumable_media googleapis_common_protos grpc grpc_status hatchling identify idna
    iniconfig isodate jinja2 jmespath jwt kubernetes libcst librt lint_rules markdown_it
    markdown_it_py markupsafe mdurl metaflow metaflow_extensions metaflow_lint metaflow_stubs
    msal msal_extensions multidict mypy mypy_extensions mypyc new_flow nodeenv oauthlib
    packaging pathspec pip platformdirs pluggy pre_commit project_flows propcache proto py
    pyasn1 pyasn1_modules pycparser pydantic pydantic_core pygments pytest python_dateutil
    python_discovery python_slugify pyyaml requests requests_oauthlib rich ruff run_flows
    s3transfer setuptools shellingham six slugify smmap template test_charts test_flows
    test_penguins test_project test_species test_tables text_unidecode trove_classifiers typer
    typing_extensions typing_inspection tzdata urllib3 uv virtualenv websocket websocket_client
    wheel yaml yarl
    """,
)

# What a project's flows are likely to import one day; Python would find the project instead.
IMPORTED_BY_MANY = re.findall(
    r"\w+",
    """
    altair bokeh catboost dask duckdb fsspec httpx ipykernel ipython ipywidgets jax joblib jupyter
    keras lightgbm matplotlib mlflow nltk notebook numba numpy openai optuna pandas pendulum pil
    plotly polars prophet pyarrow pyspark pytorch ray scipy seaborn shap skimage sklearn
    spacy sqlalchemy statsmodels sympy tensorflow torch torchvision tqdm transformers xarray xgboost
    """,
)

# No file or folder can have these names on Windows, where others may check the project out.
DEVICES = {"aux", "con", "nul", "prn", *(f"{d}{n}" for d in ("com", "lpt") for n in range(10))}

# With these, Jinja begins to read a text as code.
CODE = tuple("<" + sign for sign in "%#<")

# Keywords and modules of other Pythons than the one that runs this, and the one module that
# `sys.stdlib_module_names` leaves out, `test`.
OTHER_KEYWORDS = ["lazy", "type"]
OTHER_MODULES = re.findall(
    r"\w+",
    """
    aifc annotationlib asynchat asyncore audioop cgi cgitb chunk compression crypt distutils imghdr
    imp lib2to3 mailcap msilib nis nntplib ossaudiodev pipes smtpd sndhdr spwd sunau telnetlib test
    uu xdrlib
    """,
)

# The project's own folders.
FOLDERS = [
    ".devcontainer",
    ".github",
    ".vscode",
    "deploy",
    "docs",
    "flows",
    "notebooks",
    "src",
    "tests",
    "tools",
]

# More than a project takes, in pieces about as large as its largest files; in bytes.
ROOM, PIECE = 2**20, 2**16


def slug_fault(slug: str) -> str | None:
    """Say why a slug cannot name the package and Metaflow's `@project`, or `None` if it can.

    Source: Metaflow takes `[a-z0-9_]`, at most 128 of them, as a project's name, and Python an
    identifier as a package's.
    """
    if not re.fullmatch("[a-z][a-z0-9_]*", slug, re.ASCII):
        return "must start with a letter and contain only lowercase letters, digits and underscores"
    if len(slug) > 128:
        return "is longer than the 128 characters that Metaflow allows"
    if keyword.iskeyword(slug) or keyword.issoftkeyword(slug) or slug in OTHER_KEYWORDS:
        return "is a Python keyword"
    if slug in sys.stdlib_module_names or slug in OTHER_MODULES:
        return "is a module of Python's standard library"
    if slug in TAKEN:
        return "is the name of a package or module that the project uses"
    if slug in FOLDERS:
        return "is the name of a folder of the project"
    if slug in IMPORTED_BY_MANY:
        return "is the name of a package that flows import, and would hide it"
    if slug in DEVICES:
        return "is the name of a device on Windows, so no folder can have it"
    return None


def proposal(slug: str) -> str:
    """Return a valid slug that is as similar as possible to an invalid one."""
    plain = unicodedata.normalize("NFKD", slug.lower()).encode("ascii", "ignore").decode()
    words = "_".join(re.findall("[a-z0-9]+", plain))[:100].strip("_")
    for each in (words, f"{words}_project", f"project_{words}"):
        if words and slug_fault(each) is None:
            return each
    return "palmer_penguins"


def refusal(answers: dict) -> str | None:
    """Return the sentence that refuses these answers and says what to type, or `None`."""
    if not answers["project_name"]:
        return "project_name is empty: type the project's name, such as Palmer Penguins."
    if fault := slug_fault(answers["slug"]):
        # ascii() and a limit: an answer may contain anything, also what changes a terminal.
        shown = ascii(answers["slug"][:130])
        return (
            f"project_slug {shown} {fault}: type another one, such as {proposal(answers['slug'])}."
        )
    if not answers["author"]:
        return "author is empty: type a person, a team or a company."
    for question in ("project_name", "description", "author"):
        if found := [each for each in CODE if each in answers[question]]:
            return (
                f"{question} contains {found[0]}, which starts code in the template and would run "
                "when the project is updated: remove it."
            )
    if answers["scheduler"] == "step-functions" and answers["datastore"] != "s3":
        return (
            f"scheduler step-functions does not work with datastore {answers['datastore']}: AWS "
            "Step Functions needs results in S3. Choose datastore s3 or another scheduler."
        )
    return None


def place_fault(folder: Path, left_out: list[str]) -> str | None:
    """Say why the project cannot be put into a folder, or `None` if it can.

    Cookiecutter would stop at the first file that it cannot write, and leave those before it. After
    generation, nobody could tell a file of the template from one that was there before.

    Args:
        folder: The project's folder. It is empty, unless Cookiecutter was asked to use one that
            there is.
        left_out: The template's files that these answers leave out; they are removed in the end.
    """
    if in_the_way := [name for name in left_out if (folder / name).exists()]:
        return (
            f"{in_the_way[0]} already exists, but a project with these answers does not have it: "
            "move it away, or change the answers."
        )
    if in_the_way := [path.name for path in map(folder.joinpath, FOLDERS) if path.is_file()]:
        return f"{in_the_way[0]} is a file, but the project needs a folder there: move it away."
    drafts = [folder / f".space-for-the-project-{number}" for number in range(ROOM // PIECE)]
    try:
        for draft in drafts:
            draft.write_bytes(b" " * PIECE)
    except OSError as error:
        reason = error.strerror or error
        return (
            f"the project cannot be written to {folder} ({reason}): free some space, "
            "or choose another folder."
        )
    finally:
        for draft in drafts:
            with suppress(OSError):
                draft.unlink()
    return None


def refuse(sentence: str) -> NoReturn:
    """End the generation. Cookiecutter always shows a traceback if a hook fails."""
    sys.exit(
        f"{sentence}\nNothing was created. This is the only reason for Cookiecutter's traceback."
    )


def main() -> None:
    """End the generation with a sentence where something is wrong."""
    version = tuple(int(part) for part in re.findall(r"\d+", cookiecutter.__version__)[:2])
    if version < (2, 6):
        refuse(
            "This template needs Cookiecutter 2.6 or newer, but this is "
            f"{cookiecutter.__version__}: type `pip install --upgrade cookiecutter` "
            "and generate again."
        )
    # `tojson` escapes apostrophes, so no answer can end this string.
    answers = json.loads(
        r"""<< {
            "project_name": cookiecutter.project_name,
            "slug": cookiecutter.__asked_slug,
            "description": cookiecutter.description,
            "author": cookiecutter.author,
            "scheduler": cookiecutter.scheduler,
            "datastore": cookiecutter.datastore,
            "left_out": cookiecutter.__left_out.split(),
        } | tojson >>"""
    )
    if sentence := refusal(answers):
        refuse(sentence)
    if sentence := place_fault(Path.cwd(), answers["left_out"]):
        refuse(sentence)


if __name__ == "__main__":
    main()
