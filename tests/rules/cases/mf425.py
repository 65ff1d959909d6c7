from tests.rules.cases import Case, flow

TOP = "import os, tempfile\nfrom pathlib import Path\nfrom metaflow import current"
FOLDER = "with tempfile.TemporaryDirectory() as folder:\n    "


def case(start, *at, end="open(self.path)", **around):
    return Case(f"{start}; {end}", flow(start, end, top=TOP, **around), at=at)


CASES = [
    case(f"{FOLDER}self.path = folder + '/a'", "open(self.path)"),
    case(f"{FOLDER}self.path = os.path.join(folder, 'a')", "open(self.path)"),
    case(f"{FOLDER}self.path = str(Path(folder) / 'a')", "open(self.path)"),
    case(f"{FOLDER}path = Path(folder) / 'a'\n    self.path = path.as_posix()", "open(self.path)"),
    case(f"{FOLDER}path = Path(folder) / 'a'\n    self.path = path", "open(self.path)"),
    case(f"{FOLDER}self.path = 'a/' + folder"),
    case(f"{FOLDER}self.path = os.listdir(folder)"),
    case(f"{FOLDER}self.path = folder", "Path(self.path)", end="Path(self.path)"),
    case(f"{FOLDER}self.path = folder", end="print(self.path)"),
    case(f"{FOLDER}self.path = folder", end="if os.path.exists(self.path):\n    open(self.path)"),
    case(f"{FOLDER}self.path = folder\n    open(self.path)", end="pass"),
    case(f"{FOLDER}self.path = folder\nself.path = 'kept'"),
    case(f"{FOLDER}self.path = folder", end="self.path = 'kept'\nopen(self.path)"),
    case("self.path = tempfile.mkdtemp()"),
    case("folder = tempfile.TemporaryDirectory()\nself.path = folder.name", "open(self.path)"),
    case("file = tempfile.NamedTemporaryFile()\nself.path = file.name", "open(self.path)"),
    case("file = tempfile.NamedTemporaryFile(delete=False)\nself.path = file.name"),
    case("with tempfile.NamedTemporaryFile() as f:\n    self.path = f.name", "open(self.path)"),
    case("self.path = current.tempdir", "open(self.path)"),
    case("self.path = f'{current.tempdir}/a'", "open(self.path)"),
    case("self.path = 'data/a'"),
]
