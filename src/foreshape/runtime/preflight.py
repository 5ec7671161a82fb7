"""``preflight``: a model and its data, before ``fit``."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any, Final

from numpy.typing import NDArray

from foreshape.contracts import Contract, InputContract
from foreshape.explain.pasted.cleaning import ANSI
from foreshape.runtime.facts import Fact, Place, shape_text
from foreshape.runtime.feed import Chunk, Feed, Named, feed
from foreshape.runtime.inputs import check_values, fits, shape_fact
from foreshape.runtime.labels import broadcast_fact, check_labels
from foreshape.runtime.live import Live, Run, live_model
from foreshape.runtime.quiet import same_random_state
from foreshape.runtime.refusal import rule_of

DEFAULT_BATCH: Final = 32
SIZES: Final = (1, 2, 3, 4, 5, 8, 10, 16, 20, 50, 64, 100, 128, 256)


class Preflight:
    """What ``preflight`` found. facts: in order. data: what to train on; it is what was given, except for a generator, of which
    elements were taken to look at: train on ``data`` then. True where nothing was found."""

    __slots__ = ("data", "facts")

    def __init__(self, facts: list[Fact], data: Any) -> None:
        self.facts = facts
        self.data = data

    def __bool__(self) -> bool:
        return not self.facts

    def __iter__(self) -> Iterator[Fact]:
        return iter(self.facts)

    def __len__(self) -> int:
        return len(self.facts)

    def __str__(self) -> str:
        return "\n\n".join(map(str, self.facts)) or "The data is as the model and the loss want it."

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
        given = feed(x, y, batch_size, live.arguments())
    facts = list(_merged(_facts(live, given, batch_size)))
    found = Preflight(facts, given.data)
    if facts and not quiet:
        sys.stderr.write(f"{found}\n")
    return found


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
        if not given.odd and given.complete:
            yield Fact("no-data", "there is nothing to look at: the data has no batch", exception="ValueError")
        return
    if given.plain:
        yield from _cardinality(given.chunks[0], live.library)
    yield from _batch_sizes(given, contract, batch_size)
    for chunk in given.chunks:
        yield from _chunk(live, contract, chunk, given, batch_size)


def _cardinality(chunk: Chunk, library: str) -> Iterator[Fact]:
    rows = {name: len(array) for name, array in (*chunk.inputs.items(), *chunk.labels.items()) if array.ndim}
    if len(set(rows.values())) > 1:
        said = ", ".join(f"{name} has {count:,}" for name, count in rows.items())
        yield Fact(
            "cardinality",
            f"inputs and labels have different numbers of samples: {said}",
            exception="AssertionError" if library == "torch" else "ValueError",  # of TensorDataset
            change="Cut both with the same indices; windows of a series have fewer labels than the series has rows.",
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
            exception="InvalidArgumentError",
            count=len(wrong),
            change=f"Use batch_size={fixed} and cut the data to a multiple of it: x[: len(x) // {fixed} * {fixed}].",
        )


def _split_sizes(chunk: Chunk, batch: int) -> list[int]:
    rows = len(next(iter(chunk.inputs.values())))
    return [batch] * (rows // batch) + ([rows % batch] if rows % batch else [])


def _chunk(live: Live, contract: Contract, chunk: Chunk, given: Feed, batch_size: int | None) -> Iterator[Fact]:
    wanted = _matched(chunk.inputs, contract)
    facts = [
        fact
        for name, array in chunk.inputs.items()
        for fact in check_values(name, array, wanted.get(name), live.library)
    ]
    if any(array.dtype.kind in "OUSM" for array in chunk.inputs.values()):
        yield from _moved(facts, chunk.start)
        return
    misfits = [name for name, array in chunk.inputs.items() if name in wanted and not fits(array.shape, wanted[name])]
    run = _run(live, chunk, given, contract, batch_size, bool(misfits))
    for name, found in run.indexed.items():  # known only now: ids are those of an Embedding
        facts += check_values(name, chunk.inputs[name], found, live.library)
    yield from _moved([fact for fact in facts if _true(fact, live, chunk, given)], chunk.start)
    raised = type(run.error).__name__ if run.error is not None else None
    if raised is not None and chunk.start and live.library in ("keras 3", "keras 2"):
        raised = "InvalidArgumentError"  # the step was traced for the batches before
    said = _first_line(run.error)
    for name in misfits:
        if raised is not None or not fits(chunk.inputs[name].shape, wanted[name], loosely=True):
            yield shape_fact(name, chunk.inputs[name].shape, wanted[name], raised, said)
    if run.error is not None:
        if not misfits:
            yield _run_fact(run, chunk.inputs)
        return
    yield from _short_batch(live, chunk, given, batch_size)
    for part, name, array, one in live.parts(chunk.labels, run):
        yield from _labels(part, name, array, one, chunk.start)


def _true(fact: Fact, live: Live, chunk: Chunk, given: Feed) -> bool:
    """Whether what the values say really comes to that, tried with the first row: some models mend their data themselves."""
    if fact.rule not in ("not-finite", "embedding-range") or not fact.first:
        return True
    row = fact.first[0].row
    inputs = {name: array[row : row + 1] for name, array in chunk.inputs.items()}
    return live.spoilt(inputs, given.keyed) if fact.rule == "not-finite" else live.refuses(inputs, given.keyed)


def _matched(inputs: Named, contract: Contract) -> dict[str, InputContract]:
    """The contract of every array: by name, or in order where there are as many."""
    by_name = {each.name: each for each in contract.inputs}
    if set(inputs) <= set(by_name):
        return {name: by_name[name] for name in inputs}
    return dict(zip(inputs, contract.inputs)) if len(inputs) == len(contract.inputs) else {}


def _run(live: Live, chunk: Chunk, given: Feed, contract: Contract, batch_size: int | None, misfit: bool) -> Run:
    """The output shapes: as a built model declares them, or by running it on a batch."""
    rows = given.batches[0] if given.batches else contract.batch_size or batch_size or DEFAULT_BATCH
    rows = min(rows, len(next(iter(chunk.inputs.values()))))
    declared = getattr(live, "outputs", None)
    if contract.inputs and not misfit and declared is not None:
        known = declared(rows)
        if known:
            return Run(outputs=known)
    run = live.run({name: array[:rows] for name, array in chunk.inputs.items()}, given.keyed)
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
    text = ANSI.sub("", str(error)) if error is not None else ""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    first = next((line for line in lines if not line.startswith(("Exception encountered", "in user code"))), "")
    return first.partition(" for '{{node")[0][:300]  # what follows are names inside of TensorFlow


def _short_batch(live: Live, chunk: Chunk, given: Feed, batch_size: int | None) -> Iterator[Fact]:
    """The last batch of a PyTorch loop is shorter, and some modules have a batch size built in."""
    if live.library != "torch":
        return
    rows = len(next(iter(chunk.inputs.values())))
    batch = given.batches[0] if given.batches else batch_size
    last = given.batches[-1] if given.batches else rows % batch if batch else 0
    if not batch or not last or last == batch:
        return
    inputs = {name: array[:last] for name, array in chunk.inputs.items()}
    run = live.run(inputs, given.keyed, training=last == 1)
    if run.error is not None:
        yield Fact(
            "short-batch",
            f"the last batch has {last} samples instead of {batch}, and the model cannot take it: {_first_line(run.error)}",
            exception=type(run.error).__name__,
            change="Take the batch size from the data, x.size(0), or leave the short batch out: drop_last=True.",
        )


def _labels(live: Live, name: str, array: NDArray[Any], run: Run, start: int) -> Iterator[Fact]:
    if not run.outputs:
        return
    rows = run.outputs[0][0]
    few = array[:rows]
    contract = live.label_contract(name, run.outputs)
    found = list(check_labels(name, array, contract, live.library, live.ignored)) if contract is not None else []
    if not live.known_loss:  # a loss of the person's own may leave NaN out
        found = [fact for fact in found if fact.rule != "not-finite"]
    if array.dtype.kind in "OUS" or len(few) != rows:
        yield from _moved(found, start)
        return
    error, both = live.compare(few, run)
    # where the shapes do not go together, nobody knows which axis the classes were to be on
    yield from _moved([fact for fact in found if error is None or fact.rule != "label-range"], start)
    if error is not None:
        yield _label_fact(live, name, array, run, error)
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
    elif len(output) == 3 and array.ndim < 3:
        change = "Leave return_sequences out of the last recurrent layer, or give a label for every timestep."
    elif array.shape[1:] == output[1:] and array.dtype.kind in "iu" and kind in ("binary", "real"):
        change = f"The loss wants floats: {name}.float()."
    message = (
        f"{live.loss_name} cannot compare the output {shape_text(output)} with {name} "
        f"{shape_text((output[0], *array.shape[1:]))} of {array.dtype}"
    )
    one_hot = kind == "class-index" and array.ndim > 1 and array.shape[-1] > 1 and live.library != "torch"
    rule = "label-shape" if array.shape[1:] != output[1:] or one_hot else "dtype-mismatch"
    return Fact(rule, message, exception=type(error).__name__, why=_first_line(error), change=change)


def _moved(facts: list[Fact], start: int) -> list[Fact]:
    """Rows counted from the start of all data, not of the chunk."""
    if start:
        for fact in facts:
            fact.first = [Place(p.array, p.row + start, p.step, p.value, p.limit) for p in fact.first]
    return facts
