"""``preflight``: a model and its data, before ``fit``."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from typing import Any, Final

from numpy.typing import NDArray

from foreshape.contracts import Contract, InputContract
from foreshape.runtime.arrays import is_text, not_finite
from foreshape.runtime.facts import Fact, Place, shape_text
from foreshape.runtime.feed import Chunk, Feed, Named, feed
from foreshape.runtime.inputs import check_values, exchanged, fits, missing, shape_fact
from foreshape.runtime.labels import broadcast_fact, check_labels
from foreshape.runtime.live import Live, Run, live_model
from foreshape.runtime.quiet import same_random_state
from foreshape.runtime.refusal import rule_of
from foreshape.runtime.trial import RANK, refused_value

DEFAULT_BATCH: Final = 32
FOLLOWING: Final = frozenset({"embedding-range", "lossy-cast"})
"""Facts that an array which the model cannot take may have only because it stands in a wrong place."""
COLOURS: Final = re.compile(r"\x1b\[[0-9;]*m")
MOST: Final = 6
"""Arrays whose lengths are told."""
FEW: Final = 4
"""Rows that a Keras model is called with."""
SIZES: Final = (1, 2, 3, 4, 5, 8, 10, 16, 20, 50, 64, 100, 128, 256)
COMPARED: Final = ("label-shape", "silent-loss-broadcast")
"""What is said of a label beside the output that it is compared with."""


class Preflight:
    """What ``preflight`` found. facts: in order. data: what to train on; it is what was given, except for a generator, of which
    elements were taken to look at: train on ``data`` then. unseen: what was not looked at, in a sentence, "" where all of
    the data was. True where nothing was found."""

    __slots__ = ("data", "facts", "unseen")

    def __init__(self, facts: list[Fact], data: Any, unseen: str = "") -> None:
        self.facts = facts
        self.data = data
        self.unseen = unseen

    def __bool__(self) -> bool:
        return not self.facts

    def __iter__(self) -> Iterator[Fact]:
        return iter(self.facts)

    def __len__(self) -> int:
        return len(self.facts)

    def __str__(self) -> str:
        return "\n\n".join(map(str, self.facts)) or self.unseen or "The data is as the model and the loss want it."

    def __repr__(self) -> str:
        return f"<preflight: {', '.join(fact.rule for fact in self.facts) or 'nothing found'}>"


def preflight(
    model: Any, x: Any, y: Any = None, *, loss: Any = None, batch_size: int | None = None, quiet: bool = False
) -> Preflight:
    """Hold data against a model before it is trained: what will raise, and what will train on something else.

    model: a Keras 2 or 3 model or a PyTorch module, built or not; it is not changed (a class of your own that Keras cannot
    copy is built for the data, as ``fit`` would build it). x, y: as for ``fit`` (arrays, lists, a
    dict of arrays), or x alone as a ``tf.data.Dataset``, ``DataLoader``, ``PyDataset`` or generator of batches. loss: the loss where
    the model is not compiled with it, which a PyTorch module never is. batch_size: of ``fit``; the last, shorter batch is
    looked at too. Prints what it finds to standard error unless ``quiet``.
    """
    live = live_model(model, loss)
    with same_random_state(x):
        given = feed(x, y, batch_size, live.arguments(), live.library == "torch", live.takes_labels)
    facts = list(_merged(_facts(live, given, batch_size)))
    if given.plain and not any(fact.rule == "ragged-array" for fact in facts):
        refused = live.refused_types(x, y)
        about = tuple(fact.message[0] for fact in refused if fact.rule == "unsupported-data")
        if any(fact.rule == "label-shape" for fact in refused):  # which output a label is for, nobody knows then
            facts = [fact for fact in facts if fact.rule not in COMPARED]
        facts = [
            *refused,
            *(fact for fact in facts if not (fact.rule == "dtype-mismatch" and fact.message.startswith(about))),
        ]
    found = Preflight(facts, given.data, _unseen(given))
    if facts and not quiet:
        sys.stderr.write(f"{found}\n")
    return found


def _unseen(given: Feed) -> str:
    """What nothing can be said of, so that silence is not taken for praise."""
    if given.unstacked is not None:
        said = _first_line(given.unstacked)
        return f"Nothing was looked at: the samples make no batch by themselves ({said}). Hand over the DataLoader that collates them."
    if not given.chunks or not given.chunks[0].inputs:
        kinds = f" ({', '.join(dict.fromkeys(given.odd))})" if given.odd else ""
        return f"Nothing was looked at: what comes{kinds} is no array, tensor, data frame or list of numbers."
    if given.plain or given.complete:
        return ""
    count = len(given.batches)
    return f"The first {count} batch{'' if count == 1 else 'es'}, which were looked at, are as the model and the loss want them."


def _merged(facts: Iterator[Fact]) -> Iterator[Fact]:
    """One of every kind about every array: what later chunks say again is added to it."""
    seen: dict[tuple[str, str, str], Fact] = {}
    for fact in facts:
        about = fact.first[0].array if fact.first else fact.message
        first = seen.setdefault((fact.rule, fact.severity, about), fact)
        if first is not fact:
            first.add(fact)
    yield from seen.values()


def _facts(live: Live, given: Feed, batch_size: int | None) -> Iterator[Fact]:
    contract = live.contract()
    if not given.chunks or not given.chunks[0].inputs:
        if given.error is not None:
            yield _loader_fact(*given.error)
        elif not given.odd and given.complete:
            raised = (
                None if live.library == "torch" else "ValueError"
            )  # a loop over nothing learns nothing, and says nothing
            yield Fact("no-data", "there is nothing to look at: the data has no batch", exception=raised)
        return
    if given.plain:
        if not any(map(len, given.chunks[0].inputs.values())):
            raised = "ValueError" if live.library == "keras 2" else None
            yield Fact("no-data", "there is nothing to look at: the data has no rows", exception=raised)
            return
        uneven = list(_cardinality(given.chunks[0], live.library))
        yield from uneven
        if uneven and contract.inputs and len(given.chunks[0].inputs) > len(contract.inputs):
            return  # a list of samples, read as one array for each input
    elif live.library != "torch":  # a loop may have time as the first axis of its inputs
        yield from _uneven(live, given)
    yield from _batch_sizes(given, contract, batch_size)
    for chunk in given.chunks:
        yield from _chunk(live, contract, chunk, given, batch_size)
    if given.error is not None:
        yield _loader_fact(*given.error)


def _loader_fact(number: int, error: Exception) -> Fact:
    """What the person's own loader raises when it is asked for a batch."""
    said = str(error).strip().splitlines() if "Original Traceback" in str(error) else []
    why = COLOURS.sub("", said[-1]) if said else _first_line(error)  # of a process that loads data
    ragged = re.search(r"equal size|inhomogeneous|different shapes|same shape|resize storage", why) is not None
    return Fact(
        "ragged-array" if ragged else rule_of(why),
        f"batch {number} cannot be made: the loader raises {type(error).__name__}",
        exception=type(error).__name__,
        why=why,
        change="Bring the samples of a batch to one shape: pad them in collate_fn, or padded_batch of tf.data."
        if ragged
        else "",
    )


def _uneven(live: Live, given: Feed) -> Iterator[Fact]:
    """Batches with another number of labels than of samples."""
    pairs = list(zip(given.batches, given.labels))
    bad = [number for number, (rows, labels) in enumerate(pairs) if rows != labels and labels != 1]
    if bad:
        rows, labels = pairs[bad[0]]
        late = bad[0] > 0 and live.library == "keras 3" and isinstance(given.data, Iterator)
        yield Fact(
            "cardinality",
            f"batch {bad[0]} has {rows:,} samples and {labels:,} labels",
            exception="ValueError" if late else "InvalidArgumentError",
            count=len(bad),
            change="Cut both with the same indices; windows of a series have fewer labels than the series has rows.",
        )


def _cardinality(chunk: Chunk, library: str) -> Iterator[Fact]:
    rows = {name: len(array) for name, array in (*chunk.inputs.items(), *chunk.labels.items()) if array.ndim}
    if len(set(rows.values())) > 1:
        first = list(rows.items())[:MOST]
        said = ", ".join(f"{name} has {count:,}" for name, count in first) + (", ..." if len(rows) > MOST else "")
        change = "Cut both with the same indices; windows of a series have fewer labels than the series has rows."
        if library != "torch" and len(rows) > MOST:
            change = "A list of arrays is read as one array for each input or output. A list of samples has to be one array: np.stack."
        yield Fact(
            "cardinality",
            f"inputs and labels have different numbers of samples: {said}",
            exception="AssertionError" if library == "torch" else "ValueError",  # of TensorDataset
            change=change,
        )


def _batch_sizes(given: Feed, contract: Contract, batch_size: int | None) -> Iterator[Fact]:
    """A model whose batch size is fixed needs every batch to have it."""
    fixed = contract.batch_size
    if fixed is None:
        return
    sizes = given.batches or _split_sizes(given.chunks[0], batch_size or fixed)
    wrong = [(number, size) for number, size in enumerate(sizes) if size != fixed]
    if wrong:
        number, size = wrong[0]
        yield Fact(
            "stateful-batch",
            f"the model is made for batches of {fixed}, but batch {number} of {len(sizes)} has {size} samples",
            exception="InvalidArgumentError" if number or _open_batch(given, batch_size or fixed) else "ValueError",
            count=len(wrong),
            change=f"Use batch_size={fixed} and cut the data to a multiple of it: x[: len(x) // {fixed} * {fixed}].",
        )


def _open_batch(given: Feed, batch_size: int | None) -> bool:
    """Whether ``fit`` of Keras does not know the size of a batch before it comes: then it is compared when the step runs."""
    if given.plain:
        return bool(_rows(given.chunks[0]) % (batch_size or DEFAULT_BATCH))
    return next((shape[0] for shape in given.shapes.values() if shape), None) is None


def _rows(chunk: Chunk) -> int:
    return len(next(iter(chunk.inputs.values())))


def _batch_rows(chunk: Chunk, contract: Contract, batch_size: int | None) -> int:
    """Of the first batch."""
    return chunk.batch[0] if chunk.batch else contract.batch_size or batch_size or DEFAULT_BATCH


def _split_sizes(chunk: Chunk, batch: int) -> list[int]:
    rows = _rows(chunk)
    return [batch] * (rows // batch) + ([rows % batch] if rows % batch else [])


def _chunk(live: Live, contract: Contract, chunk: Chunk, given: Feed, batch_size: int | None) -> Iterator[Fact]:
    wanted = _matched(chunk.inputs, contract)
    facts = [
        fact
        for name, array in chunk.inputs.items()
        for fact in check_values(name, array, wanted.get(name), live.library)
    ]
    odd = {name for name, array in chunk.inputs.items() if array.dtype.kind in "OUSM"}
    if (facts and odd) or any(
        live.library == "torch" or name not in wanted or not is_text(chunk.inputs[name]) for name in odd
    ):
        yield from _moved(facts, chunk.start)
        return
    misfits = [name for name, array in chunk.inputs.items() if name in wanted and not fits(array.shape, wanted[name])]
    run = _run(live, chunk, given, contract, batch_size, bool(misfits))
    if live.own_step and (run.error is not None or misfits):
        return  # the program takes a batch apart in a way of its own
    for name, found in run.indexed.items():  # known only now: ids are those of an Embedding
        facts += check_values(name, chunk.inputs[name], found, live.library)
    raised = _raised(live, run, chunk, given)
    if raised is not None and any(live.run(other, given.keyed).error is None for other in given.others):
        return  # of several tensors another one is what the model gets
    if raised is not None:  # numbers that were meant for something else are no ids
        facts = [fact for fact in facts if fact.rule not in FOLLOWING or fact.first[0].array not in misfits]
    yield from _moved([fact for fact in facts if _true(fact, live, chunk, given)], chunk.start)
    for fact in _shapes(chunk, contract, wanted, misfits, given, raised, run):
        if live.library == "torch" and not given.plain:
            fact.change = f"{fact.change} Where your loop changes x first, hand over what it makes of it.".lstrip()
        yield fact
    if run.error is not None:
        return
    wrong = bool(facts)
    for fact in _after(live, chunk, given, batch_size, run):
        wrong = True
        yield fact
    if not wrong:
        yield from _moved(_tried(live, contract, chunk, given, batch_size), chunk.start)


def _after(live: Live, chunk: Chunk, given: Feed, batch_size: int | None, run: Run) -> Iterator[Fact]:
    """What is wrong with the labels, with the weights of samples, or with the last batch."""
    if live.own_step:
        return
    weights = (not_finite(name, array) for name, array in chunk.weights.items())
    yield from _moved([fact for fact in weights if fact is not None], chunk.start)
    opened = _open_batch(given, batch_size)
    labels = [
        fact
        for part, name, array, one in live.parts(chunk.labels, run)
        for fact in _labels(part, name, array, one, chunk, opened)
    ]
    if not labels:
        yield from _short_batch(live, chunk, given, batch_size)
    yield from labels


def _tried(live: Live, contract: Contract, chunk: Chunk, given: Feed, batch_size: int | None) -> list[Fact]:
    """What only shows when the model computes with these numbers."""
    whole = any(array.dtype.kind in "iu" and array.ndim <= RANK for array in chunk.inputs.values())
    if not whole and not live.doubtful():
        return []
    rows = _batch_rows(chunk, contract, batch_size)
    if live.library != "torch":
        rows = min(rows, FEW)
        few = {name: array[:rows] for name, array in chunk.inputs.items()}
        error = live.tried(few, given.keyed)
        if error is not None:
            return [_run_fact(Run(error=error), chunk.inputs)]
    fact = refused_value(live, chunk.inputs, given.keyed, rows, _first_line)
    return [] if fact is None else [fact]


def _raised(live: Live, run: Run, chunk: Chunk, given: Feed) -> str | None:
    """What ``fit`` raises where tracing the model for these rows has failed."""
    if run.error is None:
        return None
    if live.library in ("keras 3", "keras 2") and (chunk.start or _passes_openly(live, chunk, given)):
        return "InvalidArgumentError"  # the step was traced for the batches before, or for sizes that are open
    return type(run.error).__name__


def _passes_openly(live: Live, chunk: Chunk, given: Feed) -> bool:
    """Whether the sizes that a pipeline leaves open hide the misfit until a batch comes."""
    if set(given.shapes) != set(chunk.inputs):
        return False
    return live.run(chunk.inputs, given.keyed, shapes=given.shapes).error is None


def _shapes(
    chunk: Chunk,
    contract: Contract,
    wanted: dict[str, InputContract],
    misfits: list[str],
    given: Feed,
    raised: str | None,
    run: Run,
) -> Iterator[Fact]:
    """Inputs that are missing, exchanged, or of another shape than the model declares; or what it says itself."""
    said = _first_line(run.error)
    shapes = {name: chunk.inputs[name].shape for name in misfits}
    swapped = exchanged(shapes, wanted) if raised is not None else None
    if raised is not None and _lacks(chunk, given, contract):
        yield missing(list(chunk.inputs), contract.inputs, raised, said)
    elif swapped is not None:
        yield swapped
    elif misfits:
        for name, shape in shapes.items():
            if raised is not None or not fits(shape, wanted[name], loosely=True):
                yield shape_fact(name, shape, wanted[name], raised, said)
    elif run.error is not None:
        yield _run_fact(run, chunk.inputs)


def _true(fact: Fact, live: Live, chunk: Chunk, given: Feed) -> bool:
    """Whether what the values say really comes to that, tried with the first row: some models mend their data themselves."""
    if fact.rule not in ("not-finite", "embedding-range") or not fact.first:
        return True
    row = fact.first[0].row
    inputs = {name: array[row : row + 1] for name, array in chunk.inputs.items()}
    return live.spoilt(inputs, given.keyed) if fact.rule == "not-finite" else live.refuses(inputs, given.keyed)


def _lacks(chunk: Chunk, given: Feed, contract: Contract) -> bool:
    """Whether a dict has no array of the name of an input."""
    return given.keyed and not {each.name for each in contract.inputs} <= set(chunk.inputs)


def _matched(inputs: Named, contract: Contract) -> dict[str, InputContract]:
    """The contract of every array: by name, or in order where there are as many."""
    by_name = {each.name: each for each in contract.inputs}
    if set(inputs) <= set(by_name):
        return {name: by_name[name] for name in inputs}
    return dict(zip(inputs, contract.inputs)) if len(inputs) == len(contract.inputs) else {}


def _run(live: Live, chunk: Chunk, given: Feed, contract: Contract, batch_size: int | None, misfit: bool) -> Run:
    """The output shapes: as a built model declares them, or by running it on a batch."""
    rows = min(_batch_rows(chunk, contract, batch_size), _rows(chunk))
    declared = getattr(live, "outputs", None)
    free = any(each.shape is None or None in each.shape for each in contract.inputs)
    complete = len(chunk.inputs) == len(contract.inputs) and not _lacks(chunk, given, contract)
    if contract.inputs and not misfit and not free and complete and declared is not None:
        known = declared(rows)
        if known:
            return Run(outputs=known)
    sizes = {len(array) for array in chunk.inputs.values() if array.ndim}
    few = (
        {name: array[:rows] for name, array in chunk.inputs.items()} if given.plain or len(sizes) == 1 else chunk.inputs
    )
    run = live.run(few, given.keyed)
    if run.error is not None and given.plain and batch_size is None and live.library == "torch":
        for size in SIZES:  # nobody says how it is cut: perhaps the model has a batch size built in
            other = live.run({name: array[:size] for name, array in chunk.inputs.items()}, given.keyed)
            if other.error is None:
                return other
    return run


def _run_fact(run: Run, inputs: Named) -> Fact:
    """The model itself refuses the data; its own words are the best there are."""
    error = run.error
    assert error is not None
    told = run.refusal.fact(error, _first_line(error)) if run.refusal is not None else None
    if told is not None:
        return told
    from foreshape.explain.pasted.catalogue import recognise
    from foreshape.explain.pasted.reading import Pasted

    name = type(error).__name__
    known = recognise(Pasted(name, str(error)))
    given = ", ".join(f"{each} {shape_text(array.shape)} {array.dtype}" for each, array in inputs.items())
    headline = known.headline if known is not None else _first_line(error)
    change = " ".join(known.changes) if known is not None else ""
    return Fact(
        rule_of(str(error)),
        f"the model cannot take {given}: {headline}",
        exception=name,
        why=_first_line(error),
        change=change,
    )


def _first_line(error: BaseException | None) -> str:
    text = COLOURS.sub("", str(error)) if error is not None else ""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    first = next((line for line in lines if not line.startswith(("Exception encountered", "in user code"))), "")
    first = re.sub(r"^\{\{.*?\}\} ?| \[Op:\w+\].*$", "", first)
    return first.partition(" for '{{node")[0][:300]  # what follows are names inside of TensorFlow


def _short_batch(live: Live, chunk: Chunk, given: Feed, batch_size: int | None) -> Iterator[Fact]:
    """The last batch of a PyTorch loop is shorter, and some modules have a batch size built in."""
    if live.library != "torch":
        return
    rows = _rows(chunk)
    batch = given.batches[0] if given.batches else batch_size
    last = given.batches[-1] if given.batches else rows % batch if batch else 0
    if not batch or not last or last == batch:
        return
    if len({len(array) for array in chunk.inputs.values() if array.ndim}) > 1:
        return  # flat values and where they begin, say
    inputs = {name: array[:last] for name, array in chunk.inputs.items()}
    run = live.run(inputs, given.keyed, training=last == 1)
    samples = f"{last} sample{'' if last == 1 else 's'}"
    if run.error is not None:
        yield Fact(
            "short-batch",
            f"the last batch has {samples} instead of {batch}, and the model cannot take it: {_first_line(run.error)}",
            exception=type(run.error).__name__,
            change="Take the batch size from the data, x.size(0), or leave the short batch out: drop_last=True.",
        )
        return
    if chunk.batch is not None and (chunk.batch[0] != chunk.batch[1] or given.labels[-1] != last):
        return  # the first axis of the inputs is not that of the samples
    labels = {name: array[:last] for name, array in chunk.labels.items()}
    parts = live.parts(labels, run)
    if getattr(run.values, "ndim", None) == 0 and live.loss_name:  # all axes of one were squeezed
        parts = [(live, name, array, run) for name, array in labels.items()]
    for part, name, array, one in parts:
        error, _ = part.compare(array, one) if array.dtype.kind not in "OUS" else (None, None)
        if error is not None and _same_rows(one.outputs[0] if one.outputs else (), array.shape):
            output = shape_text(one.outputs[0]) if one.outputs else "a single number"
            yield Fact(
                "short-batch",
                f"the last batch has {samples} instead of {batch}: the output is then {output}, which {part.loss_name} cannot "
                f"compare with {name} {shape_text(array.shape)}",
                exception=type(error).__name__,
                why=_first_line(error),
                change="squeeze() takes every axis of one, the batch's too: squeeze(-1), or drop_last=True.",
            )


def _same_rows(output: tuple[int, ...], labels: tuple[int, ...]) -> bool:
    """Whether labels go with this output. Where it has a row for every label of every sample, a loop flattens them too."""
    size = 1
    for each in labels:
        size *= each
    return not output or output[0] == labels[0] or output[0] != size


def _labels(live: Live, name: str, array: NDArray[Any], run: Run, chunk: Chunk, open_batch: bool) -> Iterator[Fact]:
    if not run.outputs:
        return
    rows = run.outputs[0][0]
    few = array[: run.rows or rows]
    if chunk.batch is not None:
        few = array[: chunk.batch[1]]
    start = chunk.start
    contract = live.label_contract(name, run.outputs)
    found = list(check_labels(name, array, contract, live.library, live.ignored)) if contract is not None else []
    if not live.known_loss:  # a loss of the person's own may leave NaN out
        found = [fact for fact in found if fact.rule != "not-finite"]
    torch = live.library == "torch"
    if array.dtype.kind in "OUS" or (not _same_rows(run.outputs[0], few.shape) if torch else len(few) != rows):
        yield from _moved(found, start)
        return
    error, both = live.compare(few, run, open_batch)
    # where the shapes do not go together, nobody knows which axis the classes were to be on
    yield from _moved([fact for fact in found if error is None or fact.rule != "label-range"], start)
    if error is not None:
        yield _label_fact(live, name, few, run, error)
    elif both is not None:
        yield broadcast_fact(name, few.shape, run.outputs[0], live.loss_name, both)


def _label_fact(live: Live, name: str, array: NDArray[Any], run: Run, error: BaseException) -> Fact:
    output = run.outputs[0]
    contract = live.label_contract(name, run.outputs)
    kind = contract.kind if contract is not None else ""
    change = "Give the labels the shape of the output, or the output that of the labels."
    if kind == "class-index" and array.ndim > 1 and array.shape[-1] > 1:
        change = f"The labels look one-hot: use {name}.argmax(-1), or the categorical loss for them."
    elif kind == "class-index" and array.dtype.kind == "f":
        change = f"Class numbers have to be integers: {name}.long()."
    elif kind == "one-hot" and output[-1:] != array.shape[-1:]:
        change = (
            "The labels are class numbers: use the sparse loss, sparse_categorical_crossentropy, or make them one-hot."
        )
    elif output[0] != len(array):
        change = (
            f"The model gives {output[0]} rows for {len(array)} samples: it takes another axis for the batch. Recurrent modules "
            "do, without batch_first=True."
        )
    elif live.library == "torch" and len(output) == 3 and array.shape == output[:2] and kind == "class-index":
        change = (
            "The classes belong on axis 1: output.transpose(1, 2). Where your loop flattens both, give that as the loss: "
            f"lambda output, y: loss(output.reshape(-1, {output[-1]}), y.reshape(-1))."
        )
    elif len(output) == 3 and array.ndim < 3:
        change = "Leave return_sequences out of the last recurrent layer, or give a label for every timestep."
    elif array.shape[1:] == output[1:] and array.dtype.kind in "iu" and kind in ("binary", "real"):
        change = f"The loss wants floats: {name}.float()."
    said = _first_line(error)
    if "elements of input should be between 0 and 1" in said:
        return Fact(
            "logits-as-probabilities",
            f"{live.loss_name} wants probabilities, but the output {shape_text(output)} has numbers outside 0 to 1",
            exception=type(error).__name__,
            why=said,
            change="End the model with nn.Sigmoid(), or use nn.BCEWithLogitsLoss().",
        )
    if "weight tensor should be defined" in said:
        change = f"weight= of {live.loss_name} needs one number for each of the {output[1]} classes."
    message = (
        f"{live.loss_name} cannot compare the output {shape_text(output)} with {name} "
        f"{shape_text(array.shape)} of {array.dtype}"
    )
    one_hot = kind == "class-index" and array.ndim > 1 and array.shape[-1] > 1 and live.library != "torch"
    rule = "label-shape" if array.shape != output or one_hot else "dtype-mismatch"
    return Fact(rule, message, exception=type(error).__name__, why=said, change=change)


def _moved(facts: list[Fact], start: int) -> list[Fact]:
    """Rows counted from the start of all data, not of the chunk."""
    if start:
        for fact in facts:
            fact.first = [Place(p.array, p.row + start, p.step, p.value, p.limit) for p in fact.first]
    return facts
