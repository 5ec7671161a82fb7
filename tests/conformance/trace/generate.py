"""Random programs: stacks of layers, graphs with merges, windowing pipelines and chains of array operations.

A program is text, made from a source of choices. :class:`Seeded` draws them from a seed, the same on every
machine; :class:`Drawn` from hypothesis, which can make a failing program smaller. Most programs are valid,
some are not: which, only a real run tells.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import Any, Protocol, TypeVar

T = TypeVar("T")


class Choices(Protocol):
    """Where a program's random choices come from."""

    def integer(self, low: int, high: int) -> int:
        """A number from low to high, both included."""

    def pick(self, options: Sequence[T]) -> T:
        """One of the options."""

    def chance(self, percent: int) -> bool:
        """True in about that many cases of a hundred."""


class Seeded:
    """Choices from a seed."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def integer(self, low: int, high: int) -> int:
        return self._random.randint(low, high)

    def pick(self, options: Sequence[T]) -> T:
        return options[self._random.randrange(len(options))]

    def chance(self, percent: int) -> bool:
        return self._random.randrange(100) < percent


class Drawn:
    """Choices from hypothesis' ``data`` strategy."""

    def __init__(self, draw: Callable[[Any], Any]) -> None:
        self._draw = draw

    def integer(self, low: int, high: int) -> int:
        from hypothesis import strategies

        return int(self._draw(strategies.integers(low, high)))

    def pick(self, options: Sequence[T]) -> T:
        return options[self.integer(0, len(options) - 1)]

    def chance(self, percent: int) -> bool:
        return self.integer(0, 99) >= 100 - percent


KERAS_HEAD = ["import numpy as np", "from tensorflow import keras", "from tensorflow.keras import layers", ""]

# Layers by the rank that they want (with the batch): the text, with {u} units, {k} a small size, {s} stride,
# {p} padding, and the rank that comes out (a number added to the rank that went in, or "=n").
LAYERS: dict[int, list[tuple[str, str]]] = {
    2: [
        ("Dense({u})", "+0"),
        ("Dropout(0.2)", "+0"),
        ("BatchNormalization()", "+0"),
        ("Activation('relu')", "+0"),
        ("RepeatVector({k})", "=3"),
        ("Reshape((-1, {k}))", "=3"),
        ("Reshape(({k}, {u}))", "=3"),
        ("LayerNormalization()", "+0"),
        ("Dense({u}, activation='softmax')", "+0"),
        ("Flatten()", "=2"),
    ],
    3: [
        ("LSTM({u})", "=2"),
        ("GRU({u}, return_sequences=True)", "+0"),
        ("LSTM({u}, return_sequences=True)", "+0"),
        ("SimpleRNN({u})", "=2"),
        ("Bidirectional(layers.LSTM({u}, return_sequences=True))", "+0"),
        ("Bidirectional(layers.GRU({u}), merge_mode='{merge}')", "=2"),
        ("Conv1D({u}, {k}, padding='{p}')", "+0"),
        ("Conv1D({u}, {k}, strides={s}, padding='{p}')", "+0"),
        ("Conv1D({u}, {k}, padding='causal', dilation_rate=2)", "+0"),
        ("SeparableConv1D({u}, {k})", "+0"),
        ("Conv1DTranspose({u}, {k}, strides={s}, padding='{p}')", "+0"),
        ("MaxPooling1D({k})", "+0"),
        ("AveragePooling1D(pool_size={k}, strides={s}, padding='{p}')", "+0"),
        ("GlobalMaxPooling1D()", "=2"),
        ("GlobalAveragePooling1D()", "=2"),
        ("Flatten()", "=2"),
        ("Dense({u})", "+0"),
        ("TimeDistributed(layers.Dense({u}))", "+0"),
        ("Permute((2, 1))", "+0"),
        ("Reshape((-1, {k}))", "=3"),
        ("UpSampling1D({s})", "+0"),
        ("ZeroPadding1D(({s}, {k}))", "+0"),
        ("Cropping1D(({s}, 1))", "+0"),
        ("BatchNormalization()", "+0"),
        ("LayerNormalization()", "+0"),
        ("SpatialDropout1D(0.1)", "+0"),
        ("Reshape(({k}, -1, {s}))", "=4"),
        ("Masking()", "+0"),
    ],
    4: [
        ("Conv2D({u}, {k}, padding='{p}')", "+0"),
        ("Conv2D({u}, ({k}, 1), strides=({s}, 1))", "+0"),
        ("DepthwiseConv2D({k}, padding='{p}')", "+0"),
        ("SeparableConv2D({u}, {k}, padding='{p}')", "+0"),
        ("Conv2DTranspose({u}, {k}, strides={s}, padding='{p}')", "+0"),
        ("MaxPooling2D()", "+0"),
        ("AveragePooling2D(({k}, {s}), padding='{p}')", "+0"),
        ("GlobalAveragePooling2D()", "=2"),
        ("GlobalMaxPooling2D(keepdims=True)", "+0"),
        ("Flatten()", "=2"),
        ("Reshape((-1, {k}))", "=3"),
        ("Permute((2, 1, 3))", "+0"),
        ("UpSampling2D(({s}, 1))", "+0"),
        ("ZeroPadding2D((({s}, 0), (1, {k})))", "+0"),
        ("Cropping2D((1, {s}))", "+0"),
        ("Dense({u})", "+0"),
        ("TimeDistributed(layers.LSTM({u}))", "=3"),
        ("TimeDistributed(layers.Flatten())", "=3"),
        ("TimeDistributed(layers.Conv1D({u}, {k}))", "+0"),
        ("BatchNormalization()", "+0"),
        ("Activation('tanh')", "+0"),
    ],
    5: [
        ("ConvLSTM2D({u}, {k}, padding='{p}')", "=4"),
        ("ConvLSTM2D({u}, {k}, return_sequences=True)", "+0"),
        ("TimeDistributed(layers.Conv2D({u}, {k}))", "+0"),
        ("TimeDistributed(layers.Flatten())", "=3"),
        ("TimeDistributed(layers.GlobalAveragePooling2D())", "=3"),
        ("Conv3D({u}, ({s}, {k}, {k}))", "+0"),
        ("MaxPooling3D((1, 2, 2))", "+0"),
        ("GlobalMaxPooling3D()", "=2"),
        ("Flatten()", "=2"),
    ],
}


def _fill(c: Choices, text: str) -> str:
    return text.format(
        u=c.pick((1, 2, 3, 4, 6, 8)),
        k=c.pick((1, 2, 2, 3, 3, 4, 5)),
        s=c.pick((1, 2, 2, 3)),
        p=c.pick(("valid", "same")),
        merge=c.pick(("concat", "sum", "mul", "ave")),
    )


def _layer(c: Choices, rank: int) -> tuple[str, int]:
    """A layer for this rank (or, now and then, for another one) and the rank that comes out."""
    wanted = rank if c.chance(95) else c.integer(2, 5)
    text, change = c.pick(LAYERS[wanted])
    return f"layers.{_fill(c, text)}", (int(change[1:]) if change[0] == "=" else rank)


def _input_shape(c: Choices) -> tuple[int, ...]:
    rank = c.pick((2, 3, 3, 3, 4, 4, 5))
    if rank == 5:
        return (c.integer(2, 4), c.integer(4, 8), c.integer(4, 8), c.integer(1, 3))
    return tuple(c.integer(3, 12) if i < rank - 2 else c.integer(1, 6) for i in range(rank - 1))


def stack(c: Choices) -> str:
    """A Sequential model, its layers' outputs, a prediction and a fit."""
    shape, n = _input_shape(c), c.integer(5, 20)
    rank = len(shape) + 1
    made = []
    for _ in range(c.integer(1, 6)):
        text, rank = _layer(c, rank)
        made.append(text)
    if rank > 2 and c.chance(70):
        made.append("layers.Flatten()")
        rank = 2
    classes = c.integer(1, 5)
    kind = c.pick(("regression", "sparse", "onehot", "binary"))
    if rank == 2:
        activation = {"regression": "", "binary": ", activation='sigmoid'"}.get(kind, ", activation='softmax'")
        made.append(f"layers.Dense({1 if kind == 'binary' else classes}{activation})")
    lines = [*KERAS_HEAD, f"x = np.random.rand({n}, {', '.join(map(str, shape))})"]
    declared = tuple(None if i == 0 and len(shape) > 1 and c.chance(8) else d for i, d in enumerate(shape))
    if c.chance(50):
        body = [f"    {text}," for text in made]
        lines += ["model = keras.Sequential([", f"    layers.Input({declared!r}),", *body, "])"]
    elif c.chance(50):
        first = made[0][:-1]
        joined = "" if first.endswith("(") else ", "
        if "Bidirectional(" in first or "TimeDistributed(" in first:
            joined = ", "
        lines += ["model = keras.Sequential()", f"model.add({first}{joined}input_shape={declared!r}))"]
        lines += [f"model.add({text})" for text in made[1:]]
    else:
        lines += ["model = keras.Sequential()", f"model.add(keras.Input(shape={declared!r}))"]
        lines += [f"model.add({text})" for text in made]
    for i in c.pick(([0], [-1], [0, -1], list(range(len(made))))):
        lines.append(f"out_{i if i >= 0 else 'last'} = model.layers[{i}].output")
    fed = n if c.chance(95) else n - 1
    if rank == 2:
        target = {
            "regression": f"np.random.rand({fed}, {classes})",
            "binary": f"np.random.randint(0, 2, {fed})",
            "sparse": f"np.random.randint(0, {classes}, size={fed})",
            "onehot": f"keras.utils.to_categorical(np.random.randint(0, {classes}, {fed}), {classes})",
        }[kind]
        if c.chance(10):
            target = f"np.random.rand({fed}, {classes + 1})"
        loss = {
            "regression": "mse",
            "binary": "binary_crossentropy",
            "sparse": "sparse_categorical_crossentropy",
            "onehot": "categorical_crossentropy",
        }[kind]
        lines += [f"y = {target}", f"model.compile(optimizer='sgd', loss='{loss}')"]
        lines += [f"model.fit(x, y, batch_size={c.integer(2, 8)}, epochs=1, verbose=0)"]
    lines.append("pred = model.predict(x, verbose=0)" if c.chance(60) else "pred = model(x)")
    lines.append("best = np.argmax(pred, axis=-1)")
    return "\n".join(lines) + "\n"


def graph(c: Choices) -> str:
    """A functional model with branches that meet in a merging layer."""
    shape = c.pick(((8, 3), (6, 4), (10, 2), (5,), (6, 6, 2)))
    n = c.integer(4, 12)
    lines = [*KERAS_HEAD, f"inputs = keras.Input(shape={shape!r})"]
    names: list[str] = []
    for branch in "abc"[: c.integer(2, 3)]:
        rank, current = len(shape) + 1, "inputs"
        for depth in range(c.integer(1, 3)):
            text, rank = _layer(c, rank)
            lines.append(f"{branch}{depth} = {text}({current})")
            current = f"{branch}{depth}"
        if c.chance(75):
            if rank > 2:
                lines.append(f"{branch}_flat = layers.Flatten()({current})")
                current = f"{branch}_flat"
            lines.append(f"{branch}_out = layers.Dense({4 if c.chance(85) else 3})({current})")
            current = f"{branch}_out"
        names.append(current)
    merge = c.pick(
        ("Add()", "Multiply()", "Average()", "Maximum()", "Concatenate()", "Concatenate(axis=1)", "Concatenate()")
    )
    lines.append(f"merged = layers.{merge}([{', '.join(names)}])")
    if c.chance(40):
        lines.append(
            f"again = layers.{c.pick(('Subtract()', 'Dot(axes=1)', 'Dot(axes=-1)'))}([{names[0]}, {names[-1]}])"
        )
        lines.append("merged = layers.Concatenate()([merged, again])")
    lines += [f"outputs = layers.Dense({c.integer(1, 4)})(merged)", "model = keras.Model(inputs, outputs)"]
    lines += [f"x = np.random.normal(size=({n}, {', '.join(map(str, shape))}))", "pred = model.predict(x, verbose=0)"]
    lines += ["y = np.zeros(pred.shape)" if c.chance(80) else f"y = np.zeros(({n}, 2))"]
    lines += [
        "model.compile('adam', 'mse')",
        "model.fit(x, y, epochs=1, verbose=0)",
        "error = np.abs(pred - y).mean(axis=0)",
    ]
    return "\n".join(lines) + "\n"


def windows(c: Choices) -> str:
    """A series cut into windows in one of many ways, split, and given to a recurrent model."""
    n, features = c.integer(30, 80), c.integer(1, 3)
    window, ahead, stride = c.integer(3, 9), c.integer(1, 3), c.pick((1, 1, 1, 2, 3))
    flat = features == 1 and c.chance(60)
    off = c.pick((0, 0, 0, 0, 1, -1, -2))
    lines = [*KERAS_HEAD, f"window, ahead = {window}, {ahead}"]
    lines.append(f"data = np.random.randn({n})" if flat else f"data = np.random.randn({n}, {features})")
    if c.chance(30):
        lines.append("data = (data - data.mean(axis=0)) / data.std(axis=0)")
    stop = f"len(data) - window - ahead + {1 + off}" if off >= 0 else f"len(data) - window - ahead - {-off - 1}"
    target = c.pick(("i + window + ahead - 1", "i + window:i + window + ahead", "i + window"))
    column = "" if flat or c.chance(50) else ", 0"
    step = "" if stride == 1 else f", {stride}"
    loop = f"range(0, {stop}{step})" if step or c.chance(30) else f"range({stop})"
    style = c.pick(("loop", "comprehension", "view", "index", "prefilled"))
    if style == "loop":
        lines += [
            "X, y = [], []",
            f"for i in {loop}:",
            "    X.append(data[i:i + window])",
            f"    y.append(data[{target}{column}])",
        ]
        lines += ["X = np.array(X)", "y = np.array(y)"]
    elif style == "comprehension":
        lines += [
            f"X = np.stack([data[i:i + window] for i in {loop}])",
            f"y = np.asarray([data[{target}{column}] for i in {loop}])",
        ]
    elif style == "view":
        lines += [f"X = np.lib.stride_tricks.sliding_window_view(data, window, axis=0)[:-ahead][::{stride}]"]
        lines += ["X = X.copy()" if flat else "X = np.moveaxis(X, -1, 1)", f"y = data[window + ahead - 1::{stride}]"]
    elif style == "index":
        lines += [f"starts = np.arange(0, {stop}, {stride})", "X = data[starts[:, None] + np.arange(window)]"]
        lines += ["y = data[starts + window]"]
    else:
        lines += [f"count = {stop}", f"X = np.zeros((count, window{'' if flat else f', {features}'}))"]
        lines += ["y = np.zeros(count)" if flat or column else f"y = np.zeros((count, {features}))"]
        lines += ["for i in range(count):", "    X[i] = data[i:i + window]", f"    y[i] = data[i + window{column}]"]
    if flat:
        lines.append(
            c.pick(
                (
                    "X = X[..., np.newaxis]",
                    "X = np.expand_dims(X, -1)",
                    "X = X.reshape(-1, window, 1)",
                    "X = np.reshape(X, (X.shape[0], 1, X.shape[1]))",
                    "X = X.reshape((len(X), window, 1))",
                )
            )
        )
    split = c.pick(
        ("cut = int(len(X) * 0.8)", "cut = len(X) - 5", f"cut = {c.integer(8, 15)}", "cut = round(0.7 * X.shape[0])")
    )
    lines += [split, "X_train, X_test = X[:cut], X[cut:]", "y_train, y_test = y[:cut], y[cut:]"]
    lines += ["model = keras.Sequential()"]
    declared = c.pick(("(window, X.shape[2])", "X_train.shape[1:]", f"(window, {features})", "(None, X.shape[-1])"))
    cell = c.pick(("LSTM", "GRU", "SimpleRNN"))
    sequences = c.chance(30)
    lines.append(f"model.add(layers.{cell}(4{', return_sequences=True' if sequences else ''}, input_shape={declared}))")
    if sequences:
        after = c.pick(("LSTM(3)", "Flatten()", "GlobalAveragePooling1D()", "Conv1D(2, 2)", "Dropout(0.1)"))
        lines.append(f"model.add(layers.{after})")
    out = c.pick(("1", "ahead", str(features), "y.shape[-1]"))
    lines += [f"model.add(layers.Dense({out}))", "model.compile(optimizer='adam', loss='mse')"]
    lines += [f"model.fit(X_train, y_train, batch_size={c.integer(4, 16)}, epochs=1, verbose=0)"]
    lines += ["pred = model.predict(X_test, verbose=0)"]
    lines += [
        c.pick(
            (
                "error = pred - y_test",
                "error = pred.ravel()[:3]",
                "error = (pred[:, 0] - y_test) ** 2",
                "error = np.concatenate([pred, y_test.reshape(len(y_test), -1)], axis=1)",
                "error = np.sqrt(((pred.squeeze() - y_test) ** 2).mean(axis=0))",
            )
        )
    ]
    return "\n".join(lines) + "\n"


ARRAY_STEPS = (
    "{a}.reshape(-1, {k})",
    "{a}.reshape({k}, -1)",
    "{a}.T",
    "np.transpose({a})",
    "{a}[::{s}]",
    "{a}[{k}:]",
    "{a}[..., 0]",
    "{a}[:, None]",
    "np.expand_dims({a}, {ax})",
    "{a}.sum(axis={ax})",
    "{a}.mean(axis={ax}, keepdims=True)",
    "np.concatenate([{a}, {b}], axis={ax})",
    "np.stack([{a}, {b}], axis={ax})",
    "{a} + {b}",
    "{a} * {b}",
    "{a} @ {b}",
    "{a} @ {b}.T",
    "np.dot({a}, {b})",
    "np.swapaxes({a}, 0, -1)",
    "np.moveaxis({a}, 0, -1)",
    "{a}.argmax(axis={ax})",
    "np.argsort({a}, axis={ax})",
    "np.cumsum({a}, axis={ax})",
    "np.diff({a}, axis={ax})",
    "np.pad({a}, {s})",
    "np.pad({a}, ((0, {k}),) * {a}.ndim)",
    "np.tile({a}, {s})",
    "np.tile({a}, ({s}, {k}))",
    "np.repeat({a}, {s}, axis={ax})",
    "np.roll({a}, 1, axis={ax})",
    "np.split({a}, {s}, axis={ax})[0]",
    "np.array_split({a}, {k})[-1]",
    "{a}.flatten()",
    "np.squeeze({a})",
    "{a}[[0, -1]]",
    "{a}[np.arange(2), 0]",
    "np.where({a} > 0, {a}, 0)",
    "np.einsum('ij,kj->ik', {a}, {b})",
    "np.outer({a}, {b})",
    "np.take({a}, [0, 1, 1], axis={ax})",
    "np.flip({a}, axis={ax})",
    "{a}.astype('int32')",
    "({a} > 0).any(axis={ax})",
    "np.linalg.norm({a}, axis={ax})",
    "np.atleast_3d({a})",
    "np.broadcast_to({a}, ({s},) + {a}.shape)",
    "{a}.std()",
    "np.vstack([{a}, {b}])",
    "np.hstack([{a}, {b}])",
    "np.insert({a}, 0, 1, axis={ax})",
    "np.delete({a}, 0, axis={ax})",
    "np.maximum({a}, {b})",
    "np.tensordot({a}, {b}, axes=1)",
    "np.triu({a})",
    "np.quantile({a}, [0.1, 0.9], axis={ax})",
    "np.meshgrid({a}[0].ravel(), [1, 2])[0]",
    "np.fft.rfft({a}, axis={ax})",
    "{a}[-1]",
    "{a}[{k}]",
    "{a}[:{k}, {s}:]",
    "np.full_like({a}, {k})",
    "np.clip({a}, 0, 1)[None]",
    "np.column_stack([{a}, {b}])",
)


def arrays(c: Choices) -> str:
    """A chain of array operations on a few names, most of which fit."""
    lines = ["import numpy as np", ""]
    names: list[str] = []
    for name in "abc":
        shape = tuple(c.integer(2, 6) for _ in range(c.pick((1, 2, 2, 3))))
        if names and c.chance(60):
            lines.append(f"{name} = np.random.rand(*{names[0]}.shape)")
        else:
            lines.append(f"{name} = np.random.rand({', '.join(map(str, shape))})")
        names.append(name)
    scope: dict[str, Any] = {}
    exec("\n".join(lines), scope)
    wanted, may_fail = c.integer(4, 12), c.chance(45)
    for _ in range(60):
        if wanted == 0:
            break
        text = f"v{wanted} = " + c.pick(ARRAY_STEPS).format(
            a=c.pick(names[-4:]), b=c.pick(names), k=c.integer(1, 4), s=c.integer(1, 3), ax=c.pick((0, 0, 1, -1, 2))
        )
        try:
            exec(text, scope)
        except Exception:
            if may_fail and wanted < 3:
                lines.append(text)
                break
            continue
        if getattr(scope[f"v{wanted}"], "size", 9999) > 3000:
            continue
        lines.append(text)
        names.append(f"v{wanted}")
        wanted -= 1
    return "\n".join(lines) + "\n"


KINDS: dict[str, Callable[[Choices], str]] = {"stack": stack, "graph": graph, "windows": windows, "arrays": arrays}


def program(kind: str, seed: int) -> str:
    """The program of that kind and seed."""
    return KINDS[kind](Seeded(seed))


__all__ = ["KINDS", "Choices", "Drawn", "Seeded", "program"]
