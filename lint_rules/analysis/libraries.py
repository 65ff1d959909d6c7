"""What libraries make: which calls give their objects, which lead back to plain Python."""

from __future__ import annotations

import re

from lint_rules.analysis.stdlib import STDLIB
from lint_rules.model.scope import is_metaflow
from lint_rules.python.libraries import library_facts

FRAME, SERIES, ARRAY = "pandas.DataFrame", "pandas.Series", "numpy.ndarray"
TENSOR = "torch.Tensor"
TABLE = "dataframe or array"
"""What may be a dataframe, a series or an array."""
COLUMNS = "pandas"
"""What may be a dataframe or a series."""
MATRIX = "array or sparse matrix"
SPARSE = "scipy.sparse.spmatrix"
MODEL = "model"
"""A fitted model, or what transforms data for one, of any library."""
FIGURE = "figure"
TORCH = "torch"
"""What may be a tensor or a module of torch."""
GRAPH = "networkx.Graph"
BUNCH = "sklearn.utils.Bunch"
GROUPED = "pandas.DataFrameGroupBy"
TABULAR = frozenset({FRAME, SERIES, COLUMNS})

_MADE = {
    "pandas.concat": FRAME,
    "pandas.crosstab": FRAME,
    "pandas.date_range": "pandas.DatetimeIndex",
    "pandas.get_dummies": FRAME,
    "pandas.json_normalize": FRAME,
    "pandas.melt": FRAME,
    "pandas.merge": FRAME,
    "pandas.merge_asof": FRAME,
    "pandas.pivot": FRAME,
    "pandas.pivot_table": FRAME,
    "pandas.cut": SERIES,
    "pandas.qcut": SERIES,
    "pandas.unique": ARRAY,
    "geopandas.read_file": "geopandas.GeoDataFrame",
    "geopandas.read_parquet": "geopandas.GeoDataFrame",
    "dask.dataframe.read_csv": "dask.dataframe.DataFrame",
    "dask.dataframe.read_parquet": "dask.dataframe.DataFrame",
    "awswrangler.s3.read_csv": FRAME,
    "awswrangler.s3.read_parquet": FRAME,
    "awswrangler.athena.read_sql_query": FRAME,
    "pyarrow.parquet.read_table": "pyarrow.Table",
    "pyarrow.table": "pyarrow.Table",
    "pyarrow.array": "pyarrow.Array",
    "xgboost.train": "xgboost.Booster",
    "lightgbm.train": "lightgbm.Booster",
    "spacy.load": "spacy.Language",
    "spacy.blank": "spacy.Language",
    "cv2.imread": ARRAY,
    "duckdb.sql": "duckdb.DuckDBPyRelation",
    "duckdb.query": "duckdb.DuckDBPyRelation",
    "polars.concat": "polars.DataFrame",
    "polars.from_pandas": "polars.DataFrame",
    "keras.models.load_model": "keras.Model",
    "tensorflow.keras.models.load_model": "tensorflow.keras.Model",
    "tensorflow.constant": "tensorflow.Tensor",
    "tensorflow.convert_to_tensor": "tensorflow.Tensor",
    "keras.utils.to_categorical": ARRAY,
    "tensorflow.keras.utils.to_categorical": ARRAY,
    "datasets.load_dataset": "datasets.Dataset",
    "datasets.load_from_disk": "datasets.Dataset",
    "xarray.open_dataset": "xarray.Dataset",
    "optuna.create_study": "optuna.Study",
    "optuna.load_study": "optuna.Study",
    "matplotlib.pyplot.figure": "matplotlib.Figure",
    "networkx.from_pandas_edgelist": "networkx.Graph",
    "numpy.random.default_rng": "numpy.random.Generator",
    "sklearn.compose.make_column_transformer": "sklearn.compose.ColumnTransformer",
    "sklearn.metrics.confusion_matrix": ARRAY,
    "sklearn.model_selection.cross_val_predict": ARRAY,
    "sklearn.model_selection.cross_val_score": ARRAY,
    "sklearn.pipeline.make_pipeline": "sklearn.pipeline.Pipeline",
}
_FAMILIES = {
    "pandas": (
        FRAME,
        "csv excel feather fwf json orc parquet sas spss sql sql_query sql_table stata table "
        "xml gbq clipboard",
        "read_",
    ),
    "polars": (
        "polars.DataFrame",
        "csv excel json ndjson parquet database avro ipc delta",
        "read_",
    ),
    "numpy": (
        ARRAY,
        "array asarray ascontiguousarray zeros ones empty full eye identity arange linspace "
        "logspace zeros_like ones_like full_like empty_like concatenate vstack hstack dstack "
        "column_stack row_stack stack append reshape ravel transpose loadtxt genfromtxt "
        "frombuffer fromiter repeat tile argsort unique flatnonzero expand_dims "
        "squeeze moveaxis meshgrid triu tril outer diag digitize histogram pad where delete "
        "array_split",
        "",
    ),
    "numpy.random": (ARRAY, "permutation", ""),
    "scipy.sparse": (
        "scipy.sparse.spmatrix",
        "bsr_matrix coo_matrix csc_matrix csr_matrix dia_matrix dok_matrix lil_matrix "
        "csr_array csc_array coo_array hstack vstack load_npz",
        "",
    ),
    "torch": (
        TENSOR,
        "tensor as_tensor from_numpy zeros ones empty full rand randn randint arange linspace "
        "cat stack zeros_like ones_like randn_like rand_like eye randperm hstack vstack concat "
        "empty_like full_like bernoulli multinomial argsort softmax sigmoid tanh matmul bmm mm",
        "",
    ),
    "tensorflow": (
        "tensorflow.Tensor",
        "zeros ones fill concat stack reshape expand_dims cast one_hot eye range linspace "
        "transpose matmul ones_like zeros_like",
        "",
    ),
}
_MADE |= {
    f"{package}.{prefix}{name}": made
    for package, (made, names, prefix) in _FAMILIES.items()
    for name in names.split()
}

_METHODS = {
    ("lightfm.data.Dataset", "build_interactions"): f"{SPARSE},{SPARSE}",
    ("lightfm.data.Dataset", "build_item_features"): SPARSE,
    ("lightfm.data.Dataset", "build_user_features"): SPARSE,
    ("lightfm.LightFM", "predict"): ARRAY,
    ("lightfm.LightFM", "predict_rank"): SPARSE,
}
"""Methods of libraries that publish no types."""

ANY_METHODS = {
    "to_numpy": ARRAY,
    "df": FRAME,
    "fetchdf": FRAME,
    "to_pandas": FRAME,
    "toPandas": FRAME,
    "to_geodataframe": "geopandas.GeoDataFrame",
    "trials_dataframe": FRAME,
    "drop_duplicates": FRAME,
    "dropna": FRAME,
    "fillna": FRAME,
    "reset_index": FRAME,
    "set_index": FRAME,
    "sort_values": FRAME,
    "to_frame": FRAME,
    "value_counts": SERIES,
    "pivot_table": FRAME,
    "predict_proba": ARRAY,
    "state_dict": TORCH,
}
"""Methods that say by their names alone what they give."""

_NAMED_FRAME = re.compile(
    r"(?:.*_)?(?:to|as|get|load|fetch|read|into)_(?:pandas_)?(?:dataframe|df)"
)

ANY_ATTRIBUTES = {
    "values": ARRAY,
    "best_estimator_": "sklearn.base.BaseEstimator",
    "best_trial": "optuna.trial.FrozenTrial",
    "best_trials": "optuna.trial.FrozenTrial",
}
"""Attributes that say by their names alone what they are."""

_TABULAR_METHODS = frozenset(
    "abs add apply applymap assign astype between bfill clip convert_dtypes copy corr cummax "
    "cummin cumprod cumsum describe diff div drop drop_duplicates dropna droplevel eval explode "
    "ffill fillna filter first head infer_objects interpolate isin isna isnull join last "
    "loc map mask melt merge mul nlargest notna notnull nsmallest pct_change pivot pivot_table "
    "query rank reindex rename rename_axis replace resample reset_index rolling round sample "
    "set_axis set_index shift sort_index sort_values stack sub tail to_frame transform transpose "
    "tz_convert tz_localize unstack where xs append combine_first get_group select_dtypes".split()
)
_ARRAY_METHODS = frozenset(
    "astype reshape copy flatten ravel transpose squeeze round clip argsort cumsum view "
    "repeat swapaxes to cpu cuda detach unsqueeze permute contiguous float long double "
    "requires_grad_ clone type expand".split()
)
_AGGREGATIONS = frozenset(
    "agg aggregate apply count cumsum first last max mean median min std sum transform".split()
)
_PREDICTIONS = frozenset(
    "predict transform fit_transform predict_proba decision_function fit_predict encode".split()
)
_TRANSFORMING = ("transform", "fit_transform")
_FIT = frozenset("sklearn imblearn xgboost lightgbm catboost umap hdbscan prophet".split())
"""The packages whose `fit` gives the object itself."""
_ON_DEVICES = frozenset("torch torchvision transformers sentence_transformers diffusers".split())
_PREDICT = frozenset(
    "sklearn xgboost lightgbm catboost keras tensorflow sentence_transformers umap hdbscan".split()
)

UNPICKLABLE = {
    "builtins.open": "open file",
    "builtins.memoryview": "memoryview",
    "io.open": "open file",
    "gzip.open": "open file",
    "bz2.open": "open file",
    "lzma.open": "open file",
    "csv.reader": "CSV reader",
    "csv.writer": "CSV writer",
    "csv.DictReader": "CSV reader",
    "csv.DictWriter": "CSV writer",
    "glob.iglob": "generator",
    **{
        f"hashlib.{name}": "hash object"
        for name in "md5 sha1 sha224 sha256 sha384 sha512 blake2b blake2s sha3_256 new".split()
    },
    "os.scandir": "directory iterator",
    "os.walk": "generator",
    "tempfile.NamedTemporaryFile": "open file",
    "tempfile.TemporaryFile": "open file",
    "threading.Lock": "lock",
    "threading.RLock": "lock",
    "threading.Condition": "lock",
    "threading.Semaphore": "lock",
    "threading.Event": "thread event",
    "threading.Thread": "thread",
    "multiprocessing.Lock": "lock",
    "multiprocessing.Pool": "process pool",
    "multiprocessing.Queue": "queue",
    "queue.Queue": "queue",
    "re.finditer": "iterator of matches",
    "concurrent.futures.ThreadPoolExecutor": "thread pool",
    "concurrent.futures.ProcessPoolExecutor": "process pool",
    "subprocess.Popen": "process",
    "socket.socket": "socket",
    "socket.create_connection": "socket",
    "argparse.ArgumentParser": "argument parser",
    "sqlite3.connect": "database connection",
    "psycopg2.connect": "database connection",
    "psycopg.connect": "database connection",
    "pymysql.connect": "database connection",
    "MySQLdb.connect": "database connection",
    "mysql.connector.connect": "database connection",
    "pyodbc.connect": "database connection",
    "snowflake.connector.connect": "database connection",
    "duckdb.connect": "database connection",
    "boto3.Session": "boto3 session",
    "boto3.session.Session": "boto3 session",
    "boto3.client": "boto3 client",
    "boto3.resource": "boto3 resource",
}
"""What cannot be pickled: calls and what they give."""


def any_method_gives(method: str) -> str | None:
    """The type that a method gives, where its name alone says so."""
    return ANY_METHODS.get(method) or named_frame(method)


def named_frame(function: str) -> str | None:
    """A dataframe, where the last words of a function's name say that it gives one."""
    return FRAME if _NAMED_FRAME.fullmatch(function) else None


def is_class_name(name: str) -> bool:
    """Whether a name is written like a class: `DataFrame`, `SVC`."""
    return name[:1].isupper()


def made_by(qualified: str) -> str | None:
    """The type that calling something of a library gives, where its name says so; of a tuple the
    types of its parts, separated by commas."""
    package = qualified.partition(".")[0]
    if package in STDLIB or package in ("builtins", "metaflow_extensions"):
        return None
    if is_metaflow(qualified):
        return None
    made = _MADE.get(qualified) or library_facts().functions.get(qualified)
    if made:
        return made
    owner, _, name = qualified.rpartition(".")
    if not owner:
        return None
    if is_class_name(name):
        return qualified
    if package == "networkx" and name.endswith("_graph") and not name.startswith(("is_", "draw")):
        return GRAPH
    if package == "mlflow" and name == "load_model":
        return MODEL
    owner_name = owner.rpartition(".")[2]
    alternative = name.startswith(("from_", "load")) or name in ("open", "remote", "create")
    if is_class_name(owner_name) and "." in owner and alternative:
        return owner
    return named_frame(name)


def method_gives(receiver: str, method: str) -> str | None:
    """The type that a method of a library's object gives, `None` for plain or unknown ones."""
    package = receiver.partition(".")[0]
    stated = _METHODS.get((receiver, method)) or library_facts().methods.get(receiver, {}).get(
        method
    )
    if receiver.startswith("sklearn.feature_extraction.text.") and method in _TRANSFORMING:
        return SPARSE
    if receiver in TABULAR or package == "geopandas":
        if method == "to_frame":
            return FRAME
        if method == "groupby":
            return GROUPED
        if method in _TABULAR_METHODS:
            return receiver
    elif receiver == GROUPED and method in ("size", "ngroup", "cumcount"):
        return "pandas.Series"
    elif receiver == GROUPED:
        return FRAME if method in _AGGREGATIONS else None
    elif receiver in (ARRAY, TABLE, TENSOR, TORCH, MATRIX, "tensorflow.Tensor"):
        if method in _ARRAY_METHODS:
            return receiver
        if method == "numpy":
            return ARRAY
    elif receiver == SPARSE and (method.startswith(("to", "T")) or method in _ARRAY_METHODS):
        return ARRAY if method in ("toarray", "todense") else receiver
    elif stated is not None:
        return stated
    elif package == "ray" and method in ("fit", "get_best_result"):
        return "ray.tune.ResultGrid" if receiver.endswith("Tuner") else "ray.train.Result"
    elif package == "sagemaker" and method == "deploy":
        return "sagemaker.predictor.Predictor"
    elif package in ("polars", "dask") and method in _TABULAR_METHODS:
        return receiver
    elif method == "fit":
        is_keras = package in ("keras", "tensorflow")
        return "keras.callbacks.History" if is_keras else receiver if package in _FIT else None
    elif method in ("to", "cpu", "cuda", "eval", "train") and package in _ON_DEVICES:
        return receiver
    elif method == "state_dict" and package in ("torch", "transformers"):
        return TENSOR
    elif package == "imblearn" and method == "fit_resample":
        return f"{TABLE},{TABLE}"
    elif package in ("sklearn", "imblearn") and method in _TRANSFORMING:
        return TABLE if "Pipeline" in receiver else MATRIX if "compose" in receiver else ARRAY
    elif package in _PREDICT and method in _PREDICTIONS:
        return ARRAY
    return any_method_gives(method)


_FITTED_ARRAYS = frozenset(
    "coef_ feature_importances_ labels_ classes_ cluster_centers_ components_ explained_variance_ "
    "explained_variance_ratio_ embedding_ feature_names_in_".split()
)
_STATED_ATTRIBUTES = {
    ("metaflow.Flow", "latest_run"): "metaflow.Run",
    ("metaflow.Flow", "latest_successful_run"): "metaflow.Run",
    ("metaflow.Run", "end_task"): "metaflow.Task",
    ("metaflow.Run", "data"): "metaflow.MetaflowData",
    ("metaflow.Step", "task"): "metaflow.Task",
    ("metaflow.Task", "data"): "metaflow.MetaflowData",
}
_BUNCH_ARRAYS = ("data", "target", "images", "target_names")


def attribute_gives(receiver: str, attribute: str) -> str | None:
    """The type of an attribute, or key, of a library's object."""
    if receiver == BUNCH:
        return ARRAY if attribute in _BUNCH_ARRAYS else FRAME if attribute == "frame" else None
    if receiver in TABULAR:
        found = {"T": receiver, "values": ARRAY, "index": "pandas.Index", "columns": "pandas.Index"}
        return found.get(attribute)
    if receiver in (ARRAY, TABLE, TENSOR, MATRIX, SPARSE) and attribute == "T":
        return receiver
    if attribute in _FITTED_ARRAYS and receiver.startswith(("sklearn.", "xgboost.", "lightgbm.")):
        return ARRAY
    if receiver.startswith("gensim.models."):
        return "gensim.models.KeyedVectors" if attribute in ("wv", "dv", "docvecs") else None
    return _STATED_ATTRIBUTES.get((receiver, attribute))
