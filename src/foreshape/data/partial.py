"""Summaries of parts as files, which are merged into what one run would have given."""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
from collections.abc import Mapping, Sequence
from typing import Any

from foreshape.data.binding import Binding
from foreshape.data.sources import DataError
from foreshape.data.summary import ColumnSummary, Summary, add_part

SCHEMA = 1


def summary_as_dict(summary: Summary) -> dict[str, Any]:
    return {name: column.as_dict() for name, column in summary.items()}


def summary_from_dict(data: Mapping[str, Any]) -> Summary:
    return {name: ColumnSummary.from_dict(column) for name, column in data.items()}


def write_shard(
    path: str,
    source: str,
    binding: Binding,
    shard: tuple[int, int],
    total: int,
    parts: Sequence[tuple[int, str, Summary]],
) -> None:
    """source: the path of the data set. parts: (place among all pieces, split, summary). total: pieces of all of it."""
    data = {
        "schema": SCHEMA,
        "path": source,
        "shard": list(shard),
        "pieces": total,
        "binding": binding.as_dict(),
        "parts": [{"piece": place, "split": split, "columns": summary_as_dict(found)} for place, split, found in parts],
    }
    write_text(path, json.dumps(data) + "\n")


def merge_shards(paths: Sequence[str]) -> tuple[str, Binding, dict[str, Summary]]:
    """The path of the data, the binding, and the summary of every split. Raises DataError where shards are missing, are
    there twice, are of different runs, or cannot be understood."""
    try:
        return _merge(paths)
    except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
        raise DataError(f"a shard is damaged, or another release wrote it ({type(error).__name__}: {error})") from None


def _merge(paths: Sequence[str]) -> tuple[str, Binding, dict[str, Summary]]:
    parts: dict[int, tuple[str, Summary]] = {}
    first: dict[str, Any] | None = None
    for path in paths:
        data = _read(path)
        if first is None:
            first = data
        elif (data["binding"], data["pieces"], data["shard"][1]) != (
            first["binding"],
            first["pieces"],
            first["shard"][1],
        ):
            raise DataError(f"{path}: is of another run than {paths[0]}")
        for part in data["parts"]:
            if part["piece"] in parts:
                raise DataError(f"{path}: holds a part that another shard holds too")
            parts[part["piece"]] = part["split"], summary_from_dict(part["columns"])
    if first is None:
        raise DataError("there is no shard to merge")
    absent = first["pieces"] - len(parts)
    if absent:
        raise DataError(
            f"{absent} of {first['pieces']} parts are missing: every one of the {first['shard'][1]} shards is needed"
        )
    splits: dict[str, Summary] = {}
    for place in sorted(parts):
        add_part(splits, *parts[place])
    return first["path"], Binding.from_dict(first["binding"]), splits


def _read(path: str) -> dict[str, Any]:
    try:
        with open(path, encoding="utf-8") as handle:
            data = json.load(handle)
        if data["schema"] != SCHEMA:
            raise KeyError("schema")
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DataError(f"{path}: is not a shard that this release wrote ({error})") from None
    found: dict[str, Any] = data
    return found


def write_text(path: str, text: str) -> None:
    """Write a file as a whole or not at all. Raises DataError; nothing half-written stays. A link stays one, a file keeps its mode,
    and what is no file, such as a pipe, is written to."""
    real = os.path.realpath(path)
    folder = os.path.dirname(real)
    temporary = None
    try:
        if os.path.exists(path) and not os.path.isfile(path):
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
            return
        handle, temporary = tempfile.mkstemp(dir=folder, prefix=".foreshape-")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, os.stat(real).st_mode & 0o777 if os.path.exists(real) else 0o666 & ~_umask())
        os.replace(temporary, real)
    except OSError as error:
        if temporary is not None:
            with contextlib.suppress(OSError):
                os.unlink(temporary)
        raise DataError(f"{path}: cannot be written: {error.strerror or error}") from None


def _umask() -> int:
    """What new files are not allowed; it can only be asked by setting it."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
