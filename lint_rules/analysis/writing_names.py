"""Which calls write to something outside Metaflow, by the names of functions and methods, and by
the texts of addresses, statements and commands."""

from __future__ import annotations

import re

TABLE, BUCKET, SERVICE = "a table", "a bucket", "a service"
"""What code can write to, in the words of a message."""

URL = re.compile(r"\s*(s3[an]?|gs|gcs|abfss?|adl|az|wasbs?|hdfs|dbfs|oss|r2|hf)://")
"""Addresses of other machines."""

CHANGING_SQL = re.compile(
    r"(?:\s|--[^\n]*\n|/\*.*?\*/)*"
    r"(insert|update|delete\s+from|truncate|merge|replace\s+into|drop|alter"
    r"|create(?!\s+(or\s+replace\s+)?(local\s+|global\s+)?temp)|copy\s+into|unload)\b",
    re.IGNORECASE | re.DOTALL,
)
"""Statements that change a table, after comments."""

RUNS_SQL = re.compile(
    r"execute\w*|exec_\w*|(do_|start_)?query(_execution)?|sql|run_\w*(query|sql)\w*"
)
"""Functions and methods that are given a statement."""

STATEMENT_ARGUMENTS = ("sql", "query", "sql_query", "statement", "stmt", "operation")
"""The names of their arguments for it."""

_COPIES = re.compile(r"\b(gsutil|gcloud\s+storage|aws\s+s3|azcopy|s5cmd)\b")
_COPIED_TO = re.compile(r"(s3|gs|https)://")

WRITING_METHODS = {
    **dict.fromkeys(
        ["to_sql", "to_gbq", "write_pandas", "saveAsTable", "insertInto", "bulk_insert_mappings"],
        TABLE,
    ),
    **dict.fromkeys(
        ["load_table_from_dataframe", "load_table_from_json", "load_table_from_uri"], TABLE
    ),
    **dict.fromkeys(["load_table_from_file", "insert_rows_json", "batch_write_item"], TABLE),
    **dict.fromkeys(["put_item", "insert_one", "insert_many", "update_one", "update_many"], TABLE),
    **dict.fromkeys(["replace_one", "delete_one", "delete_many", "bulk_write"], TABLE),
    **dict.fromkeys(["put_object", "upload_fileobj", "delete_object", "delete_objects"], BUCKET),
    **dict.fromkeys(
        ["upload_from_filename", "upload_from_string", "upload_from_file", "upload_blob"], BUCKET
    ),
    **dict.fromkeys(["push_to_hub", "create_endpoint", "put_record", "put_records"], SERVICE),
    **dict.fromkeys(["update_endpoint", "chat_postMessage", "create_model_version"], SERVICE),
    **dict.fromkeys(["transition_model_version_stage", "set_registered_model_alias"], SERVICE),
    "register_model": SERVICE,
}
"""Methods of well-known libraries that only write, with what they write to."""

TRACKING_METHODS = frozenset({"log_artifact", "link_artifact", "link_model", "log_model"})
"""Methods that give an artifact of Weights & Biases a new version, which others then take as the
latest one. What MLflow's methods of these names write belongs to the run."""

CLIENT_METHODS = frozenset({"put", "save", "store", "upload", "write"})
"""Methods of a client for a bucket that write."""

_CHANGING_VERBS = ("put", "patch", "delete")
"""HTTP's verbs that always change something; `post` often only asks."""

WRITING_FUNCTIONS = {
    "elasticsearch.helpers.bulk": SERVICE,
    "elasticsearch.helpers.streaming_bulk": SERVICE,
    "elasticsearch.helpers.parallel_bulk": SERVICE,
    "opensearchpy.helpers.bulk": SERVICE,
    "psycopg2.extras.execute_values": TABLE,
    "psycopg2.extras.execute_batch": TABLE,
    "mlflow.register_model": SERVICE,
    **dict.fromkeys(
        [f"{package}.{verb}" for package in ("requests", "httpx") for verb in _CHANGING_VERBS],
        SERVICE,
    ),
}
"""Functions of well-known libraries that only write, by their full names."""

_NAMED_SO = re.compile(
    r"(upload(?!\w*_if_)(_\w+)?"
    r"|(?P<what>\w+)_to_(s3|gcs|bucket|bigquery|bq|snowflake|redshift|postgres|dynamodb"
    r"|elasticsearch|huggingface|(?P<unclear>db|database|sql|es|hub)))\Z"
)
"""How a project names its own functions that write."""

_DEPLOYING = re.compile(r"(re)?deploy_(to_\w+|\w*(endpoint|model|remote|service)s?)")

_MOVING = frozenset(
    "add append archive backup bulk commit copy data dataframe df dump export flush frame index "
    "ingest insert load log migrate offload persist post publish push put record records result "
    "results row rows save send store stream submit sync table transfer upload upsert "
    "write".split()
)
"""Words for moving data, or for what is moved. `power_to_db` makes decibels, `text_to_es` Spanish
and `question_to_sql` a query; `save_to_db` writes."""

_NOT_MOVING = frozenset(
    "access attach bind connect connected connection convert link login map path subscribe switch "
    "translate uri url".split()
)

SAVING_METHODS = frozenset(
    [
        "dump",
        "save",
        "save_model",
        "save_pretrained",
        "savefig",
        "savetxt",
        "sink_parquet",
        "to_csv",
        "to_delta",
        "to_excel",
        "to_feather",
        "to_hdf",
        "to_json",
        "to_orc",
        "to_parquet",
        "to_pickle",
        "to_zarr",
        "write",
        "write_csv",
        "write_deltalake",
        "write_dataset",
        "write_json",
        "write_parquet",
        "write_table",
        "parquet",
        "csv",
        "json",
    ]
)
"""Methods and functions that write to the path they are given."""


def named_target(name: str) -> str | None:
    """What a function of a project's own writes to, by its name, `None` if that shows no write."""
    if _DEPLOYING.fullmatch(name):
        return SERVICE
    named = _NAMED_SO.match(name)
    if named is None:
        return None
    if named["what"] is not None:
        words = named["what"].lower().split("_")
        if _MOVING.isdisjoint(words) and (named["unclear"] or _NOT_MOVING & {*words}):
            return None
    return BUCKET if "upload" in name or name.endswith("s3") else TABLE


def copies_to_bucket(command: str) -> bool:
    """Whether a command copies to the bucket that its last word names."""
    start = _COPIES.search(command)
    rest = command[start.end() :] if start else ""
    words = rest.split()
    is_apart = len(words) > 1 or rest[:1].isspace()
    return is_apart and bool(words) and bool(_COPIED_TO.match(words[-1]))
