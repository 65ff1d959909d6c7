"""Where code takes a value for the path of a file."""

from __future__ import annotations

from collections.abc import Iterator

from lint_rules.model.code import Call, Expression, Function, Name

_OPENING = frozenset(
    "builtins.open bz2.open codecs.open gzip.open io.open lzma.open tarfile.open zipfile.ZipFile "
    "pathlib.Path pathlib.PurePath os.listdir os.open os.remove os.rename os.scandir os.stat "
    "os.unlink os.path.getsize os.path.getmtime shutil.copy shutil.copy2 shutil.copyfile "
    "shutil.copytree shutil.move shutil.rmtree shutil.unpack_archive joblib.load numpy.load "
    "numpy.loadtxt numpy.genfromtxt torch.load PIL.Image.open pyarrow.parquet.read_table "
    "pandas.read_csv pandas.read_excel pandas.read_feather pandas.read_fwf pandas.read_hdf "
    "pandas.read_parquet pandas.read_pickle pandas.read_table polars.read_csv polars.read_parquet "
    "polars.scan_csv polars.scan_parquet".split()
)
"""Functions that open what their first argument names."""

_ASKING = frozenset({"os.path.exists", "os.path.isfile", "os.path.isdir", "os.path.lexists"})


def opened(function: Function) -> Iterator[tuple[Call, Expression]]:
    """The calls in a function that open a path, with what they are given as the path."""
    for call in function.descendants.calls:
        if call.positional and call.function.qualified in _OPENING:
            yield call, call.positional[0]


def is_asked(function: Function, name: str) -> bool:
    """Whether a function asks whether there is a file under a name, as `self.path`."""
    for call in function.descendants.calls:
        given = call.positional[0] if call.positional else None
        if isinstance(given, Name) and given.name == name and call.function.qualified in _ASKING:
            return True
    mentions = (name.name for name in function.descendants.attributes)
    return any(mention in ("exists", "is_file", "is_dir") for mention in mentions)
