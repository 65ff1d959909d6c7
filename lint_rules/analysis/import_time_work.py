"""The calls that reach out of the program: to the network, a database, a file, another program."""

from __future__ import annotations

from collections.abc import Mapping

from lint_rules.analysis.namespaces import CLIENT
from lint_rules.model.code import Attribute, Call, Name
from lint_rules.model.scope import metaflow_name

_NETWORK, _DATABASE, _CLIENT = "asks the network", "connects to a database", "makes a client"
_FILE, _PROGRAM, _MODEL = "reads a file", "starts another program", "loads a model"


def _of(what: str, module: str, names: str) -> Mapping[str, str]:
    return {f"{module}.{name}": what for name in names.split()}


_CALLS: Mapping[str, str] = {
    **_of(_NETWORK, "requests", "get post put delete head patch request Session"),
    **_of(_NETWORK, "httpx", "get post put delete head patch request Client AsyncClient"),
    **_of(_NETWORK, "urllib.request", "urlopen urlretrieve"),
    **_of(_NETWORK, "nltk", "download"),
    **_of(_CLIENT, "boto3", "client resource Session"),
    **_of(_CLIENT, "boto3.session", "Session"),
    **_of(_CLIENT, "s3fs", "S3FileSystem"),
    **_of(_CLIENT, "openai", "OpenAI AsyncOpenAI AzureOpenAI"),
    **_of(_CLIENT, "anthropic", "Anthropic AsyncAnthropic"),
    **_of(_CLIENT, "pinecone", "Pinecone"),
    **_of(_CLIENT, "elasticsearch", "Elasticsearch"),
    **_of(_CLIENT, "mlflow.tracking", "MlflowClient"),
    **_of(_CLIENT, "wandb", "init login"),
    **_of(_DATABASE, "psycopg2", "connect"),
    **_of(_DATABASE, "psycopg", "connect"),
    **_of(_DATABASE, "pymysql", "connect"),
    **_of(_DATABASE, "sqlite3", "connect"),
    **_of(_DATABASE, "duckdb", "connect"),
    **_of(_DATABASE, "snowflake.connector", "connect"),
    **_of(_DATABASE, "sqlalchemy", "create_engine"),
    **_of(_DATABASE, "pymongo", "MongoClient"),
    **_of(_DATABASE, "redis", "Redis StrictRedis from_url"),
    **_of(_FILE, "builtins", "open"),
    **_of(_FILE, "json", "load"),
    **_of(_FILE, "pickle", "load"),
    **_of(_FILE, "joblib", "load"),
    **_of(_FILE, "numpy", "load loadtxt genfromtxt"),
    **_of(_FILE, "torch", "load"),
    **_of(_FILE, "dotenv", "load_dotenv"),
    **_of(_MODEL, "spacy", "load"),
    **_of(_MODEL, "transformers", "pipeline"),
    **_of(_MODEL, "sentence_transformers", "SentenceTransformer"),
    **_of(_PROGRAM, "subprocess", "run call check_call check_output Popen"),
    **_of(_PROGRAM, "os", "system popen"),
}
_METHODS = {"read_text": _FILE, "read_bytes": _FILE, "from_pretrained": _MODEL}


def reaches_out(call: Call) -> str | None:
    """What a call does outside of the program, in words; `None` if it is not known to."""
    function = call.function
    qualified = function.qualified or ""
    if qualified in _CALLS:
        return _CALLS[qualified]
    if metaflow_name(qualified) in CLIENT | {"S3"}:
        return "reads results of runs" if metaflow_name(qualified) in CLIENT else _CLIENT
    head, _, name = qualified.partition(".")
    if head in ("pandas", "polars") and name.startswith(("read_", "scan_")):
        return _FILE
    if qualified.startswith("google.cloud.") and qualified.endswith("Client"):
        return _CLIENT
    if isinstance(function, Name | Attribute):
        return _METHODS.get(function.name.rpartition(".")[2])
    return None
