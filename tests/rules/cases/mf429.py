from tests.rules.cases import Case, flow

TOP = "import csv, io, json, os, pathlib\nfrom metaflow import IncludeFile\nimport pandas as pd"


def case(start, *at, options="", **around):
    body = f'data = IncludeFile("data"{options})\n'
    return Case(f"{options} {start}", flow(start, top=TOP, body=body, **around), at=at)


BYTES = ", is_text=False"
CASES = [
    case("open(self.data)", "open(self.data)"),
    case("pathlib.Path(self.data)", "pathlib.Path(self.data)"),
    case("pd.read_csv(self.data)", "pd.read_csv(self.data)"),
    case("path = self.data\nopen(path)", "open(path)"),
    case("path = self.data\npath = unknown\nopen(path)"),
    case("open(self.data.strip())"),
    case("open(unknown(self.data))"),
    case("pd.read_csv(io.StringIO(self.data))"),
    case("json.load(self.data)", "json.load(self.data)"),
    case("json.loads(self.data)"),
    case("csv.reader(self.data.splitlines())"),
    case("csv.DictReader(self.data)", "csv.DictReader(self.data)"),
    case("self.data.read()", "self.data.read()"),
    case("self.data.splitlines()"),
    case("self.data.split('a')"),
    case("self.data.decode()", "self.data.decode()"),
    case("self.data.split(b'a')", "self.data.split(b'a')"),
    case("self.data.decode()", options=BYTES),
    case("self.data.split('a')", "self.data.split('a')", options=BYTES),
    case("self.data.split(b'a')", options=BYTES),
    case("self.data.split()", options=BYTES),
    case("self.data.encode()", "self.data.encode()", options=BYTES),
    case("self.data.split('a')", options=", is_text=unknown"),
    case("open(self.data)", options=", parser=unknown"),
    case("open(self.other)"),
]
