"""Hold Foreshape against the records.

    python tests/conformance/keras_layers/hold.py [LAYER ...] [--keras 2|3] [--show KIND] [--limit N] [--check | --write]

Every record becomes a program (``programs.py``), which is analysed; what is said of it is one of

    same             the shapes (and dtypes) are those recorded
    unknown          it runs; some shape is not known
    wrong            it runs; a shape is another one                                   always a bug
    wrong-dtype      the shapes are right, a dtype is another one                       always a bug
    alarm            it runs; an error is reported                                       always a bug
    found            it raises; so it is said, with that exception, on that line
    found-otherwise  it raises; another exception or another line is reported
    missed           it raises; nothing is said

``--show wrong`` prints the programs of a kind with what was said. ``--check`` ends with status 1 where a figure is worse than the
one in ``figures.json``, which ``--write`` writes. No framework is imported.
"""

from __future__ import annotations

import argparse
import collections
import gzip
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from programs import NotAProgram, Program, program

HERE = Path(__file__).parent
FILES = {
    ("tests", "3"): "records.json.gz",
    ("tables", "3"): "records_k3.json.gz",
    ("tables", "2"): "records_k2.json.gz",
}
FIGURES = HERE / "figures.json"
BAD = ("wrong", "wrong-dtype", "alarm", "internal")
"""What Foreshape says and is not so."""
KINDS = ("same", "unknown", "wrong", "wrong-dtype", "alarm", "found", "found-otherwise", "missed", "internal")


def records(source: str, keras: str) -> list[dict[str, Any]]:
    """The records of one file; none for a pair that was not recorded."""
    name = FILES.get((source, keras))
    if name is None:
        return []
    loaded: list[dict[str, Any]] = json.loads(gzip.decompress((HERE / name).read_bytes()))["records"]
    return loaded


EXCLUDED: dict[tuple[str, str, str], str] = {
    # (version, mode, title or test): the reason for each
    ("3", "symbolic", "GRUTest::test_stateful_with_symbolic_batch_size"): (
        "a cell called by hand with an open batch and states of a known one: the open axis is given, Keras takes the other"
    ),
    ("3", "symbolic", "TextVectorizationTest::test_save_load_tf_idf_mode"): (
        "`vocabulary_size=`, which only a saved model passes"
    ),
    ("3", "eager", "Softmax()((2, 3, 5, 6, 7, 4))"): "a limit of oneDNN's kernel, not of TensorFlow or Keras",
    ("2", "eager", "Softmax()((2, 3, 5, 6, 7, 4))"): "a limit of oneDNN's kernel, not of TensorFlow or Keras",
    ("3", "eager", "Wrapper(layer=Dense(units=2))((3, 4))"): "the abstract class itself: what it raises depends on the layer inside",
    ("3", "free", "Wrapper(layer=Dense(units=2))((3, 4))"): "the abstract class itself: what it raises depends on the layer inside",
    ("3", "eager", "Lambda(function={'function': 'keras.activations.relu'})((3, 4):bool<=1)"): (
        "one kernel's list of dtypes behind a function passed as a value: every other dtype works"
    ),
    ("2", "eager", "Lambda(function={'function': 'keras.activations.relu'})((3, 4):bool<=1)"): (
        "one kernel's list of dtypes behind a function passed as a value: every other dtype works"
    ),
    ("2", "free", "Lambda(function={'function': 'keras.activations.relu'})((3, 4):bool<=1)"): (
        "one kernel's list of dtypes behind a function passed as a value: every other dtype works"
    ),
    ("3", "eager", "TimeDistributed(layer=Conv2D(filters=2, kernel_size=3))((2, 3, 6, 7, 4)) then ((2, 3, 6, 7, 4, 2))"): (
        "an inner convolution that skips its input check: one build of TensorFlow's kernels raises this, another that"
    ),
    ("3", "eager", "TimeDistributed(layer=Conv2D(filters=2, kernel_size=3))((2, 3, 6, 7, 4)) then ((3, 6, 7, 4))"): (
        "an inner convolution that skips its input check: one build of TensorFlow's kernels raises this, another that"
    ),
    ("3", "free", "TimeDistributed(layer=MaxPooling2D(pool_size=2))((3, 5, 6, 4))"): (
        "the formula for a shape applied to one axis too few gives a shape with an axis too many; with data it raises"
    ),
    ("3", "free", "TimeDistributed(layer=MaxPooling2D(pool_size=2))((3, None, 6, 4))"): (
        "the formula for a shape applied to one axis too few gives a shape with an axis too many; with data it raises"
    ),
    ("2", "eager", "ConvLSTM3D(filters=2, kernel_size=3, dilation_rate=2)((2, 3, 5, 6, 4, 2))"): (
        "a dilated window larger than the input along one axis: Keras 2 gives the size of the input back"
    ),
    ("2", "eager", "DepthwiseConv2D(kernel_size=3)((2, 9, 8, 4)) then ((1, 2, 9, 8, 4))"): (
        "a kernel that reads four of five axes without a check"
    ),
    ("2", "eager", "SeparableConv2D(filters=6, kernel_size=3)((3, 5, 6, 7, 4))"): (
        "a kernel that reads four of five axes without a check"
    ),
    ("2", "free", "GroupNormalization(groups=2)((3, 5, 4)) then ((3, 5, 4, 2))"): (
        "a second symbolic call, which Keras 2 does not check: the weights of the first are reshaped for the second"
    ),
    ("2", "free", "LSTMCell(units=2)((3, 4), (3, 2))"): (
        "one symbolic tensor in place of two states is unpacked along its batch axis"
    ),
    ("2", "eager", "LSTMCell(units=2)((3, 4), [(3, 2)])"): (
        "two faults at once: too few states, and they are not tensors; either may be told"
    ),
    ("2", "free", "LocallyConnected1D(filters=3, kernel_size=3)((2, 10, 4)) then ((1, 2, 10, 4))"): (
        "a second symbolic call, which Keras 2 does not check, reshaped to the shape of the first; with data it raises"
    ),
    ("2", "free", "LocallyConnected1D(filters=3, kernel_size=3)((2, 10, 4)) then ((2, 10, 4, 2))"): (
        "a second symbolic call, which Keras 2 does not check, reshaped to the shape of the first; with data it raises"
    ),
    ("2", "free", "LocallyConnected2D(filters=3, kernel_size=3)((2, 9, 8, 4)) then ((1, 2, 9, 8, 4))"): (
        "a second symbolic call, which Keras 2 does not check, reshaped to the shape of the first; with data it raises"
    ),
    ("2", "free", "LocallyConnected2D(filters=3, kernel_size=3)((2, 9, 8, 4)) then ((2, 9, 8, 4, 2))"): (
        "a second symbolic call, which Keras 2 does not check, reshaped to the shape of the first; with data it raises"
    ),
    ("2", "free", "UpSampling2D()((2, 9, 8, 4)) then ((2, 9, 8))"): (
        "a second symbolic call, which Keras 2 does not check: the batch is taken for the height; with data it raises"
    ),
    ("2", "free", "UpSampling2D()((2, 9, 8, 4)) then ((9, 8, 4))"): (
        "a second symbolic call, which Keras 2 does not check: the batch is taken for the height; with data it raises"
    ),
    ("2", "eager", "MultiHeadAttention(num_heads=2, key_dim=3, attention_axes=(-2,))((3, 2, 5, 4), (3, 2, 5, 4), "
     "return_attention_scores=True)"): "Keras 2 counts a negative axis after the heads are split off, and attends over the heads",
    ("2", "free", "MultiHeadAttention(num_heads=2, key_dim=3, attention_axes=(-2,))((3, 2, 5, 4), (3, 2, 5, 4), "
     "return_attention_scores=True)"): "Keras 2 counts a negative axis after the heads are split off, and attends over the heads",
    ("2", "free", "Softmax(axis=-4)((3, 5, 4))"): "TensorFlow's Python code raises an error of its kernels while a graph is made",
    ("2", "free", "Softmax(axis=3)((3, 5, 4))"): "TensorFlow's Python code raises an error of its kernels while a graph is made",
    ("2", "eager", "TimeDistributed(layer=GlobalAveragePooling2D())((3, 5, 4))"): (
        "Keras' own list index, before the check of the inner layer, says less than that check"
    ),
    ("2", "free", "TimeDistributed(layer=GlobalAveragePooling2D())((3, 5, 4))"): (
        "Keras' own list index, before the check of the inner layer, says less than that check"
    ),
}  # fmt: skip
"""The records that are left out one by one; everything else that differs is a bug."""


def one_by_one(record: dict[str, Any], mode: str, keras: str) -> str | None:
    """The reason why this very record is left out."""
    title = record.get("title") or str(record.get("test", "")).partition(".py::")[2]
    reason = EXCLUDED.get((keras, mode, title))
    return None if reason is None else f"{title}, Keras {keras}, {mode}: {reason}"


def excluded(record: dict[str, Any], mode: str) -> str | None:
    """Why a record is not held against, or None."""
    outcome = record.get(mode)
    if outcome is None:
        return "not run this way"
    if record.get("faithful") is False:
        return "depends on what the record does not hold (a vocabulary set later, a file)"
    if record["kwargs"].get("quantization_config") or "Quantized" in json.dumps(record["kwargs"]):
        return "quantised layers"
    if not outcome["ok"] and outcome["stage"] not in ("init", "call", "then"):
        return f"no outcome: {outcome['exception']}"
    if not outcome["ok"] and "Could not find device for node" in outcome["message"]:
        return "an operation that exists for this dtype, but not on a processor"
    if record["layer"].endswith((".RandomHeight", ".RandomWidth")) and mode == "eager":
        return "a random size"
    if outcome["ok"] and any(word in json.dumps(outcome["output"]) for word in ('"sparse"', '"ragged"')):
        return "sparse or ragged output"
    return None


def items(source: str, keras: str, layers: set[str]) -> Iterator[tuple[dict[str, Any], str, Program | str]]:
    """(record, mode, program or the reason for none)."""
    for record in records(source, keras):
        if layers and record["layer"].rsplit(".", 1)[1] not in layers:
            continue
        for mode in ("eager", "symbolic", "free"):
            reason = excluded(record, mode)
            if reason == "not run this way":
                continue
            reason = reason or one_by_one(record, mode, keras)
            if reason is not None:
                yield record, mode, reason
                continue
            try:
                yield record, mode, program(record, mode, keras)
            except NotAProgram as error:
                yield record, mode, str(error)


class Checker:
    """Foreshape, for one version of Keras."""

    def __init__(self, keras: str) -> None:
        from foreshape.cli.session import CheckSession
        from foreshape.source.targets import parse_targets

        self.session = CheckSession(parse_targets((f"keras={keras}",)))

    def says(self, source: str) -> tuple[list[Any], dict[str, Any]]:
        """(findings, entry by name) for a program."""
        from foreshape.cli import engine
        from foreshape.source.files import source_from_bytes
        from foreshape.source.imports import ImportResolver

        file = source_from_bytes("record.py", source.encode())
        resolver = ImportResolver("record.py", (), self.session.cache)
        analysis = engine.analyze(file, self.session.targets_of("."), resolver)
        return list(analysis.findings), {entry.name: entry for entry in engine.shapes(analysis, file)}


def judge(checker: Checker, record: dict[str, Any], mode: str, made: Program) -> tuple[str, str]:
    """The kind, and what was said in words."""
    try:
        findings, shapes = checker.says(made.source)
    except Exception as error:
        return "internal", f"{type(error).__name__}: {error}"
    errors = [f for f in findings if f.fault.raises is not None and not f.caught]
    said = "; ".join(f"line {f.stack[-1][1]} {f.severity} {f.fault.name} {f.fault.raises.exception}" for f in errors)
    outcome = record[mode]
    if not outcome["ok"]:
        line = made.lines.get(outcome["stage"])
        if not errors:
            return "missed", f"line {line} {outcome['exception']}: {outcome['message'][:300]}"
        if errors[0].stack[-1][1] == line and errors[0].fault.raises.exception == outcome["exception"]:
            return "found", said
        return "found-otherwise", f"{said}, not line {line} {outcome['exception']}: {outcome['message'][:200]}"
    if any(f.severity == "error" for f in errors):
        return "alarm", said
    return compare(made, shapes)


def compare(made: Program, shapes: dict[str, Any]) -> tuple[str, str]:
    """Shapes that were recorded against those that are said. An axis that Keras leaves open may be any symbol."""
    kind, words = "same", []
    for name, (shape, dtype) in made.outputs.items():
        entry = shapes.get(name)
        said = entry.shapes[0] if entry is not None and entry.shapes else None
        words.append(
            f"{name}: {shape} {dtype}, said {said} {entry.dtype if entry else None} {entry.reason if entry else ''}"
        )
        if said is None:
            kind = "unknown" if kind == "same" else kind
        elif len(said) != len(shape) or any(isinstance(b, int) and a != b for a, b in zip(shape, said, strict=True)):
            return "wrong", words[-1]
        elif any(isinstance(a, int) and not isinstance(b, int) for a, b in zip(shape, said, strict=True)):
            kind = "unknown" if kind == "same" else kind
        elif entry.dtype is not None and entry.dtype != dtype:
            kind = "wrong-dtype"
        elif entry.dtype is None and kind == "same":
            kind = "unknown"
    return kind, "; ".join(words)


def main() -> int:
    """Exit status 1 where something is wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("layers", nargs="*", help="names as LSTM; none: all")
    parser.add_argument("--keras", choices=("2", "3"), action="append")
    parser.add_argument("--source", choices=("tests", "tables"), action="append")
    parser.add_argument("--show", choices=KINDS, action="append", default=[])
    parser.add_argument("--limit", type=int, default=10)
    parser.add_argument("--check", action="store_true", help="hold the figures against those that are kept")
    parser.add_argument("--write", action="store_true", help="keep these figures (all layers, both versions)")
    options = parser.parse_args()
    counts: dict[str, collections.Counter[str]] = collections.defaultdict(collections.Counter)
    figures: dict[str, dict[str, collections.Counter[str]]] = {}
    left_out: collections.Counter[str] = collections.Counter()
    shown = 0
    for keras in options.keras or ("3", "2"):
        checker = Checker(keras)
        of_version = figures[keras] = collections.defaultdict(collections.Counter)
        for source in options.source or ("tests", "tables"):
            for record, mode, made in items(source, keras, set(options.layers)):
                if isinstance(made, str):
                    left_out[made] += 1
                    continue
                kind, words = judge(checker, record, mode, made)
                name = record["layer"].rsplit(".", 1)[1]
                counts[name][kind] += 1
                of_version[name][kind] += 1
                if kind in options.show and shown < options.limit:
                    shown += 1
                    title = record.get("title") or record.get("test")
                    print(f"--- {kind}, keras {keras}, {mode}: {title}\n{made.source}{words}\n")
    table(counts, left_out)
    if options.write:
        FIGURES.write_text(as_text(figures), encoding="utf-8")
    if options.check:
        worse = worse_than_kept(figures)
        print("\n".join(worse))
        return 1 if worse else 0
    return 1 if any(count[kind] for count in counts.values() for kind in BAD) else 0


def as_text(figures: dict[str, dict[str, collections.Counter[str]]]) -> str:
    """The figures as JSON, a line for each layer; kinds of which there is none are left out."""
    parts = []
    for keras, layers in sorted(figures.items()):
        lines = [
            f"  {json.dumps(layer)}: {json.dumps({kind: count[kind] for kind in KINDS if count[kind]})}"
            for layer, count in sorted(layers.items())
        ]
        parts.append(f"{json.dumps(keras)}: {{\n" + ",\n".join(lines) + "\n}")
    return "{\n" + ",\n".join(parts) + "\n}\n"


def worse_than_kept(figures: dict[str, dict[str, collections.Counter[str]]]) -> list[str]:
    """What is worse than what ``figures.json`` keeps: anything false said, or less that is right."""
    kept: dict[str, dict[str, dict[str, int]]] = json.loads(FIGURES.read_text(encoding="utf-8"))
    found = []
    for keras, layers in figures.items():
        for layer, count in sorted(layers.items()):
            before = kept.get(keras, {}).get(layer, {})
            for kind in BAD:
                if count[kind] > before.get(kind, 0):
                    found.append(f"Keras {keras}, {layer}: {count[kind]} {kind}, {before.get(kind, 0)} before")
            right = sum(before.get(kind, 0) for kind in ("same", "found"))
            if count["same"] + count["found"] < right:
                found.append(f"Keras {keras}, {layer}: {count['same'] + count['found']} same or found, {right} before")
    return found


def table(counts: dict[str, collections.Counter[str]], left_out: collections.Counter[str]) -> None:
    """Print the figures, a line for each layer."""
    total: collections.Counter[str] = collections.Counter()
    print(f"{'':32}" + "".join(f"{kind:>16}" for kind in KINDS))
    for layer, count in sorted(counts.items()):
        total.update(count)
        print(f"{layer:32}" + "".join(f"{count[kind] or '':>16}" for kind in KINDS))
    print(f"{'all':32}" + "".join(f"{total[kind]:>16}" for kind in KINDS))
    for reason, number in left_out.most_common():
        print(f"left out {number}: {reason}")


if __name__ == "__main__":
    sys.exit(main())
