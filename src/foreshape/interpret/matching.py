"""Patterns of ``match``: whether one matches a value, and what its names are bound to."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from foreshape.domain.contents import Contents
from foreshape.domain.values import Choice, ClassValue, Const, DictValue, Instance, LibraryRef, Sequence, Unknown, Value

if TYPE_CHECKING:
    from foreshape.interpret.statements import Statements


def match_pattern(run: Statements, pattern: ast.pattern, subject: Value) -> bool | None:
    """Whether a pattern matches, binding its names; None where it cannot be told."""
    if isinstance(pattern, ast.MatchAs):
        inner = True if pattern.pattern is None else match_pattern(run, pattern.pattern, subject)
        if pattern.name and inner is not False:
            run.bind_name(pattern.name, subject)
        return inner
    if isinstance(pattern, (ast.MatchValue, ast.MatchSingleton)):
        wanted = run.eval(pattern.value) if isinstance(pattern, ast.MatchValue) else Const(pattern.value)
        truth = run.truth(run.compare("==", subject, wanted))
        return True if truth.is_yes else False if truth.is_no else None
    if isinstance(pattern, ast.MatchOr):
        answer: bool | None = False
        for option in pattern.patterns:
            found = match_pattern(run, option, subject)
            if found is True:
                return True if answer is False else None
            answer = None if found is None else answer
        return answer
    if isinstance(subject, (Unknown, Choice)):
        return _open(run, pattern)
    if isinstance(pattern, ast.MatchSequence):
        return _match_sequence(run, pattern, subject)
    if isinstance(pattern, ast.MatchMapping):
        return _match_mapping(run, pattern, subject)
    if isinstance(pattern, ast.MatchClass):
        return _match_class(run, pattern, subject)
    return _open(run, pattern)


def _open(run: Statements, pattern: ast.pattern) -> bool | None:
    """Not known whether it matches: its names are bound to something."""
    for part in ast.walk(pattern):
        name = getattr(part, "name", None) or getattr(part, "rest", None)
        if isinstance(name, str):
            run.bind_name(name, Unknown("it is bound by a pattern"))
    return None


def _together(answers: list[bool | None]) -> bool | None:
    return False if False in answers else None if None in answers else True


def _match_sequence(run: Statements, pattern: ast.MatchSequence, subject: Value) -> bool | None:
    if not isinstance(subject, Sequence) or subject.kind not in ("list", "tuple", "range", "deque"):
        other = isinstance(subject, (Const, DictValue)) or (isinstance(subject, Sequence) and "set" in subject.kind)
        return False if other or run.is_plain(subject) else _open(run, pattern)
    items = subject.contents.items(64)
    if items is None:
        return _open(run, pattern)
    parts = pattern.patterns
    star = next((number for number, part in enumerate(parts) if isinstance(part, ast.MatchStar)), None)
    if star is None:
        if len(items) != len(parts):
            return False
        return _together([match_pattern(run, part, item) for part, item in zip(parts, items)])
    after = len(parts) - star - 1
    if len(items) < star + after:
        return False
    answers = [match_pattern(run, part, item) for part, item in zip(parts[:star], items)]
    if after:
        answers += [match_pattern(run, part, item) for part, item in zip(parts[star + 1 :], items[-after:])]
    starred = parts[star]
    assert isinstance(starred, ast.MatchStar)
    if starred.name:
        run.bind_name(starred.name, Sequence("list", Contents(items[star : len(items) - after])))
    return _together(answers)


def _match_mapping(run: Statements, pattern: ast.MatchMapping, subject: Value) -> bool | None:
    if not isinstance(subject, DictValue):
        plain = isinstance(subject, (Const, Sequence)) or run.is_plain(subject)
        return False if plain else _open(run, pattern)
    keys = [run.dict_key(run.eval(key)) for key in pattern.keys]
    answers: list[bool | None] = []
    for key, part in zip(keys, pattern.patterns):
        if key is not None and key[0] in subject.entries:
            answers.append(match_pattern(run, part, subject.entries[key[0]]))
        elif key is not None and subject.rest is None:
            answers.append(False)
        else:
            answers.append(_open(run, part))
    if pattern.rest:
        taken = {key[0] for key in keys if key is not None}
        left = {key: value for key, value in subject.entries.items() if key not in taken}
        run.bind_name(pattern.rest, DictValue(left, subject.rest))
    return _together(answers)


def _match_class(run: Statements, pattern: ast.MatchClass, subject: Value) -> bool | None:
    cls = run.eval(pattern.cls)
    found = run.truth(run.rule("builtins.isinstance", subject, cls))
    if found.is_no:
        return False
    names: list[str | None] = []
    if pattern.patterns:
        builtin = isinstance(cls, LibraryRef) and cls.name.startswith("builtins.")
        if builtin and len(pattern.patterns) == 1:
            inner = match_pattern(run, pattern.patterns[0], subject)
            return inner if found.is_yes or inner is False else None
        names = _match_args(cls)
        if len(names) < len(pattern.patterns):
            return _open(run, pattern)
    answers: list[bool | None] = [True if found.is_yes else None]
    for name, part in [*zip(names, pattern.patterns), *zip(pattern.kwd_attrs, pattern.kwd_patterns)]:
        if name is None or not isinstance(subject, Instance):
            answers.append(_open(run, part))
            continue
        value = run.get_attribute(subject, name, Unknown("it may not have this attribute"))
        answers.append(match_pattern(run, part, value))
    return _together(answers)


def _match_args(cls: Value) -> list[str | None]:
    """The attributes that positional patterns of a class stand for."""
    from foreshape.semantics.python.class_fields import field_names

    if not isinstance(cls, ClassValue):
        return []
    given = cls.fields.get("__match_args__")
    if isinstance(given, Sequence):
        items = given.contents.items() or ()
        return [item.value if isinstance(item, Const) and isinstance(item.value, str) else None for item in items]
    return list(field_names(cls))
