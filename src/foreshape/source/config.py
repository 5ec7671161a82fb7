"""`[tool.foreshape]` of the nearest pyproject.toml that has it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from foreshape.source.versions import Version

KEYS: Final = ("target", "select", "ignore", "exclude", "per-file-ignores")
_FILE: Final = "pyproject.toml"
_SECTION: Final = "[tool.foreshape"


class ConfigError(Exception):
    """A configuration that cannot be meant; the message names the file and the key."""


class Config:
    """What a project asks for. `select` None means every rule; `ignore` is taken off it, per file and everywhere."""

    __slots__ = ("exclude", "folder", "ignore", "path", "per_file_ignores", "select", "target")

    def __init__(
        self,
        path: str | None = None,
        *,
        target: Mapping[str, Version] | None = None,
        select: Sequence[str] | None = None,
        ignore: Sequence[str] = (),
        exclude: Sequence[str] = (),
        per_file_ignores: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        self.path = path
        self.folder = os.path.dirname(path) if path else os.getcwd()
        self.target = dict(target or {})
        self.select = None if select is None else frozenset(select)
        self.ignore = frozenset(ignore)
        self.exclude = tuple(exclude)
        self.per_file_ignores = dict(per_file_ignores or {})

    def wants(self, rule: str, path: str) -> bool:
        """Whether reports of `rule` in the file `path` are asked for."""
        if rule in self.ignore or (self.select is not None and rule not in self.select):
            return False
        return not self.per_file_ignores or rule not in self._ignored_in(path)

    def with_options(self, select: Sequence[str], ignore: Sequence[str]) -> Config:
        """The same with what the command line says: its `--select` replaces, its `--ignore` adds."""
        if not select and not ignore:
            return self
        return Config(
            self.path,
            target=self.target,
            select=select or (None if self.select is None else sorted(self.select)),
            ignore=[*self.ignore, *ignore],
            exclude=self.exclude,
            per_file_ignores=self.per_file_ignores,
        )

    def _ignored_in(self, path: str) -> set[str]:
        from foreshape.source.discover import Excluded

        absolute = os.path.abspath(path)
        ignored: set[str] = set()
        for pattern, rules in self.per_file_ignores.items():
            if Excluded([pattern], self.folder)(absolute):
                ignored.update(rules)
        return ignored


class ConfigFinder:
    """Finds the configuration of a folder; reads each pyproject.toml once."""

    __slots__ = ("_by_folder", "_rules")

    def __init__(self, rules: Collection[str]) -> None:
        """`rules` are the names that `select` and `ignore` may hold."""
        self._rules = rules
        self._by_folder: dict[str, Config] = {}

    def of(self, folder: str) -> Config:
        """Raises ConfigError."""
        current = os.path.abspath(folder)
        found = self._by_folder.get(current)
        if found is None:
            path = os.path.join(current, _FILE)
            parent = os.path.dirname(current)
            found = read_config(path, self._rules)
            if found is None:
                found = Config() if parent == current else self.of(parent)
            self._by_folder[current] = found
        return found


def read_config(path: str, rules: Collection[str]) -> Config | None:
    """The configuration in one pyproject.toml, None where it has none. Raises ConfigError."""
    try:
        with open(path, encoding="utf-8") as handle:
            text = handle.read()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read: {error}") from None
    if _SECTION not in text and "foreshape" not in text:
        return None
    from foreshape.source.toml import TomlError, parse_toml, table

    try:
        section = table(parse_toml(text), "tool").get("foreshape")
    except TomlError as error:
        raise ConfigError(f"{path}: is not TOML: {error}") from None
    if section is None:
        return None
    where = f"{path}: [tool.foreshape]"
    if not isinstance(section, dict):
        raise ConfigError(f"{where} must be a table")
    for key in section:
        if key not in KEYS:
            raise ConfigError(f"{where} has no key {key!r}{nearest(key, KEYS)}; known: {', '.join(KEYS)}")
    return Config(
        path,
        target=_target(section.get("target", {}), where),
        select=_rules(section["select"], f"{where} select", rules) if "select" in section else None,
        ignore=_rules(section.get("ignore", []), f"{where} ignore", rules),
        exclude=_strings(section.get("exclude", []), f"{where} exclude"),
        per_file_ignores=_per_file(section.get("per-file-ignores", {}), f"{where} per-file-ignores", rules),
    )


def check_rules(names: Iterable[str], where: str, rules: Collection[str]) -> None:
    """Raises ConfigError for a name that is no rule."""
    for name in names:
        if name not in rules:
            raise ConfigError(f"{where}: unknown rule {name!r}{nearest(name, rules)}; see foreshape rules")


def nearest(word: str, known: Iterable[str]) -> str:
    """`, did you mean 'select'?` where a known word is near, else nothing."""
    from difflib import get_close_matches

    found = get_close_matches(word.lower(), list(known), n=1, cutoff=0.6)
    return f", did you mean {found[0]!r}?" if found else ""


def _strings(value: Any, where: str) -> list[str]:
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return list(value)
    raise ConfigError(f"{where} must be a list of strings")


def _rules(value: Any, where: str, rules: Collection[str]) -> list[str]:
    names = _strings(value, where)
    check_rules(names, where, rules)
    return names


def _per_file(value: Any, where: str, rules: Collection[str]) -> dict[str, list[str]]:
    if not isinstance(value, dict):
        raise ConfigError(f"{where} must be a table of file patterns, each with a list of rules")
    return {pattern: _rules(names, f"{where} {pattern!r}", rules) for pattern, names in value.items()}


def _target(value: Any, where: str) -> dict[str, Version]:
    from foreshape.source.targets import TargetError, parse_target, parse_targets

    try:
        if isinstance(value, dict):
            return dict(parse_target(name, str(version).lstrip("=")) for name, version in value.items())
        return parse_targets(_strings(value, f"{where} target"))
    except TargetError as error:
        raise ConfigError(f"{where} target: {error}") from None
