"""Which public names of the libraries have a rule: ``python -m foreshape.dev.coverage`` writes ``docs/coverage.md``.

The names are those that ``tests/conformance/coverage/record_names.py`` found in the installed libraries; no library
is imported here. A name is known where a rule or a class of that name (or, for a method, of a base class) applies to
the version that was looked at.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from foreshape.semantics.registry import REGISTRY, Rule
from foreshape.source.versions import Version

ROOT: Final = Path(__file__).resolve().parents[3]
NAMES: Final = ROOT / "tests" / "conformance" / "coverage"
PAGE: Final = ROOT / "docs" / "coverage.md"

LIBRARIES: Final = (
    ("keras-3", "Keras 3"),
    ("keras-2", "Keras 2"),
    ("numpy", "NumPy"),
    ("tensorflow", "TensorFlow"),
    ("torch", "PyTorch"),
    ("pandas", "pandas"),
    ("sklearn", "scikit-learn"),
)

INTRODUCTION: Final = """\
# What Foreshape knows

The public names of each library that have a rule, and those that do not. A call of a name without a rule gives
Unknown: nothing is said about it. `since 3` and `until 3` say where a rule does not hold in every version. Made by
`python -m foreshape.dev.coverage` from the registry of rules and from `tests/conformance/coverage/names-*.txt`; a
rule says what a name does to shapes, dtypes and bounds, how well is what the conformance suites measure.
"""


class Library:
    """The names of one library, as found in the version that was installed."""

    def __init__(self, key: str, title: str, directory: Path = NAMES) -> None:
        lines = (directory / f"names-{key}.txt").read_text(encoding="utf-8").splitlines()
        self.title = title
        self.name, self.version = lines[0].lstrip("# ").split()
        self.names = tuple(line for line in lines[1:] if line)

    def groups(self) -> dict[str, list[str]]:
        """The names by the module or class that they stand in."""
        found: dict[str, list[str]] = {}
        for name in self.names:
            found.setdefault(name.rpartition(".")[0], []).append(name)
        return found


def at_least(version: str, bound: str) -> bool:
    """Whether a version is this or a later one."""
    return not Version.parse(version) < Version.parse(bound)


def applies(rule: Rule, version: str) -> bool:
    """Whether a rule holds for a version."""
    return (not rule.since or at_least(version, rule.since)) and not (rule.until and at_least(version, rule.until))


def places(name: str) -> Iterator[str]:
    """The canonical names under which a rule for this name may stand: its own, and for a method those of the bases."""
    canonical = REGISTRY.canonical(name)
    yield canonical
    owner, _, last = canonical.rpartition(".")
    owner = REGISTRY.canonical(owner)
    if REGISTRY.type_of(owner) is not None:
        for base in REGISTRY.mro(owner):
            yield f"{base}.{last}"
    if owner == "tensorflow.Variable":
        yield f"tensorflow.Tensor.{last}"  # the rules see a variable as a tensor that can be assigned to


def is_known(name: str, version: str) -> bool:
    """Whether a program on this version that uses the name is understood."""
    for place in places(name):
        if any(applies(rule, version) for rule in REGISTRY.rules.get(place, ())):
            return True
        if place in REGISTRY.types:
            made = REGISTRY.rules.get(f"{place}.__init__", ())
            return not made or any(applies(rule, version) for rule in made)
    return False


def bounds(name: str) -> str:
    """Where the rules for a name do not hold in every version: "since 3"."""
    canonical = REGISTRY.canonical(name)
    rules = [*REGISTRY.rules.get(canonical, ()), *REGISTRY.rules.get(f"{canonical}.__init__", ())]
    if not rules or any(not rule.since and not rule.until for rule in rules):
        return ""
    first = None if any(not rule.since for rule in rules) else min(rule.since for rule in rules)
    last = None if any(not rule.until for rule in rules) else max(rule.until for rule in rules)
    words = [f"since {first}"] if first else []
    return ", ".join([*words, f"until {last}"] if last else words)


def listed(names: Iterable[str], with_bounds: bool) -> str:
    """Names without what stands before the last dot, on one line."""
    words = []
    for name in names:
        extent = bounds(name) if with_bounds else ""
        words.append(f"`{name.rpartition('.')[2]}`" + (f" ({extent})" if extent else ""))
    return ", ".join(words)


def render(directory: Path = NAMES) -> str:
    """The page."""
    libraries = [Library(key, title, directory) for key, title in LIBRARIES]
    table = ["| library | version | names | known | |", "|---|---|---|---|---|"]
    parts = []
    for library in libraries:
        REGISTRY.load(library.name)
        known = {name for name in library.names if is_known(name, library.version)}
        share = 100 * len(known) / len(library.names)
        table.append(f"| {library.title} | {library.version} | {len(library.names)} | {len(known)} | {share:.0f} % |")
        parts.append(section(library, known))
    return INTRODUCTION + "\n" + "\n".join(table) + "\n" + "".join(parts)


def section(library: Library, known: set[str]) -> str:
    """One library: a table of its modules, then their names."""
    lines = [f"\n## {library.title} {library.version}\n"]
    for group, names in library.groups().items():
        has = [name for name in names if name in known]
        lacks = [name for name in names if name not in known]
        lines.append(f"### `{group}`: {len(has)} of {len(names)}\n")
        if has:
            lines.append(f"known: {listed(has, True)}\n")
        if lacks:
            lines.append(f"not known: {listed(lacks, False)}\n")
    return "\n".join(lines) + "\n"


def main(arguments: list[str]) -> int:
    """Write the page; with ``--check`` only say whether it is up to date."""
    page = render()
    if "--check" in arguments:
        if PAGE.read_text(encoding="utf-8") == page:
            return 0
        print("docs/coverage.md is not what the registry says: run python -m foreshape.dev.coverage", file=sys.stderr)
        return 1
    PAGE.write_text(page, encoding="utf-8")
    for line in page.split("\n## ")[0].splitlines():
        if line.startswith("| "):
            print(line)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
