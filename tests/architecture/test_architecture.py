"""The agreements that keep the code apart: who imports whom, how long a file grows, what state there is."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "foreshape"
MAX_LINES = 600

# Who may import what, beside itself. `faults` is the vocabulary that rules raise and explain reads.
ALLOWED = {
    "source": set(),
    "domain": set(),
    "faults": {"domain"},
    "semantics": {"domain", "faults"},
    "interpret": {"source", "domain", "faults", "semantics"},
    "explain": {"source", "domain", "faults", "semantics", "interpret"},
    "fixes": {"source", "domain", "faults", "semantics", "interpret", "explain"},
    "render": {"source", "domain", "faults", "explain", "fixes"},
    "contracts": set(),
    "sequences": {"domain", "faults", "semantics"},
    "runtime": {"contracts", "domain", "faults", "semantics", "explain", "render"},
    "data": {"contracts", "runtime", "sequences"},
    "lsp": {"source", "domain", "faults", "semantics", "interpret", "explain", "fixes", "render"},
    "cli": {"source", "domain", "faults", "semantics", "interpret", "explain", "fixes", "render", "lsp", "dev"}
    | {"contracts", "runtime", "sequences", "data"},
    "dev": {"source", "domain", "faults", "semantics", "interpret", "explain", "fixes", "render", "runtime", "cli"},
}
# Names that annotations may use although nothing may be imported at run time: the seams between the layers.
ANNOTATED = {
    "render": {"interpret", "semantics"},
    "faults": {"semantics"},
}
FRAMEWORKS = {"numpy", "keras", "tf_keras", "tensorflow", "torch", "pandas", "sklearn", "scipy", "matplotlib", "jax"}
MAY_IMPORT_FRAMEWORKS = {"runtime", "sequences", "data", "dev"}
# Split names, so that this file does not hold what it looks for.
FORBIDDEN = (
    "/wo" + "rk/",
    "/tmp/f" + "w",
    "/opt/py" + "pi",
    "pypi." + "org",
    "files.python" + "hosted",
    "registry." + "npmjs",
)
MUTATORS = {"append", "add", "update", "setdefault", "extend", "insert", "pop", "popitem", "remove", "discard", "clear"}


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def room(path: Path) -> str:
    """The subpackage that a module stands in; "" at the top."""
    parts = path.relative_to(PACKAGE).parts
    return parts[0] if len(parts) > 1 else ""


def shown(path: Path) -> str:
    return str(path.relative_to(ROOT))


def imports(tree: ast.Module) -> Iterator[tuple[str, int, bool]]:
    """(module, line, only for annotations) of every import, also within functions."""
    guarded = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test) in {"TYPE_CHECKING", "typing.TYPE_CHECKING"}
        for statement in node.body
        for inner in ast.walk(statement)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, node.lineno, id(node) in guarded
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            yield node.module, node.lineno, id(node) in guarded
            for alias in node.names:
                yield f"{node.module}.{alias.name}", node.lineno, id(node) in guarded


@pytest.fixture(scope="module")
def trees() -> dict[Path, ast.Module]:
    return {path: ast.parse(path.read_text(encoding="utf-8")) for path in modules()}


def test_every_room_is_known() -> None:
    assert {room(path) for path in modules()} - {""} <= set(ALLOWED)


def test_imports_point_one_way(trees: dict[Path, ast.Module]) -> None:
    wrong = []
    for path, tree in trees.items():
        here = room(path)
        if not here:
            continue
        allowed = ALLOWED[here] | {here}
        for name, line, annotation in imports(tree):
            parts = name.split(".")
            if parts[0] != "foreshape" or len(parts) < 2 or not (PACKAGE / parts[1]).is_dir():
                continue
            if parts[1] not in allowed | (ANNOTATED.get(here, set()) if annotation else set()):
                wrong.append(f"{shown(path)}:{line} imports {parts[1]}")
    assert not sorted(set(wrong))


def test_the_static_path_imports_no_framework(trees: dict[Path, ast.Module]) -> None:
    wrong = [
        f"{shown(path)}:{line} imports {name}"
        for path, tree in trees.items()
        if room(path) not in MAY_IMPORT_FRAMEWORKS
        for name, line, _ in imports(tree)
        if name.split(".")[0] in FRAMEWORKS
    ]
    assert not wrong


def test_click_and_rich_stay_at_the_edge(trees: dict[Path, ast.Module]) -> None:
    wrong = [
        f"{shown(path)}:{line} imports {name}"
        for path, tree in trees.items()
        for name, line, _ in imports(tree)
        if (name.split(".")[0] == "click" and room(path) not in {"cli", "dev"})
        or (name.split(".")[0] == "rich" and room(path) not in {"cli", "render", "dev"})
    ]
    assert not wrong


def test_no_file_is_too_long() -> None:
    long = {}
    for path in modules():
        lines = len(path.read_text(encoding="utf-8").splitlines())
        if lines > MAX_LINES:
            long[shown(path)] = lines
    assert not long


def test_no_global_mutable_state(trees: dict[Path, ast.Module]) -> None:
    """A module-level list, dict or set is a constant: in capitals, and never written to by a function."""
    wrong = []
    for path, tree in trees.items():
        state = dict(_module_level_containers(tree))
        wrong += [
            f"{shown(path)}:{line} {name} is not in capitals" for name, line in state.items() if not _constant(name)
        ]
        for function in ast.walk(tree):
            if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
                own = _local_names(function)
                wrong += [
                    f"{shown(path)}:{line} writes to {name}"
                    for name, line in _writes(function)
                    if name in state and name not in own
                ]
        wrong += [f"{shown(path)}:{node.lineno} global" for node in ast.walk(tree) if isinstance(node, ast.Global)]
    assert not sorted(set(wrong))


def _constant(name: str) -> bool:
    return name.strip("_") == name.strip("_").upper() or (name.startswith("__") and name.endswith("__"))


def _module_level_containers(tree: ast.Module) -> Iterator[tuple[str, int]]:
    for node in tree.body:
        value = node.value if isinstance(node, ast.Assign | ast.AnnAssign) else None
        literal = isinstance(value, ast.List | ast.Dict | ast.Set | ast.ListComp | ast.DictComp | ast.SetComp)
        made = (
            isinstance(value, ast.Call)
            and isinstance(value.func, ast.Name)
            and value.func.id in {"list", "dict", "set"}
        )
        if value is None or not (literal or made):
            continue
        for target in node.targets if isinstance(node, ast.Assign) else [node.target]:  # type: ignore[union-attr]
            if isinstance(target, ast.Name):
                yield target.id, node.lineno


def _local_names(function: ast.AST) -> set[str]:
    found = {node.id for node in ast.walk(function) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    return found | {node.arg for node in ast.walk(function) if isinstance(node, ast.arg)}


def _writes(function: ast.AST) -> Iterator[tuple[str, int]]:
    for node in ast.walk(function):
        target: ast.expr | None = None
        if isinstance(node, ast.Subscript) and not isinstance(node.ctx, ast.Load):
            target = node.value
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in MUTATORS:
            target = node.func.value
        if isinstance(target, ast.Name):
            yield target.id, node.lineno  # type: ignore[attr-defined]


def test_tracked_files_name_no_machine() -> None:
    """No path of the machine that something was written on, and no host of a package registry."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listed.returncode:
        pytest.skip("not a checkout")
    wrong = []
    pattern = re.compile("|".join(re.escape(word) for word in FORBIDDEN))
    for name in listed.stdout.decode().split("\0"):
        path = ROOT / name
        if not name or not path.is_file():
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
            found = pattern.search(line)
            if found:
                wrong.append(f"{name}:{number} {found.group()}")
    assert not wrong


def test_the_frameworks_own_words_stay_out_of_the_top_level() -> None:
    """`import foreshape` itself costs nothing."""
    assert len((PACKAGE / "__init__.py").read_text().splitlines()) < 30
