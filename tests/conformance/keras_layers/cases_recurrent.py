"""Recurrent layers: every argument that changes a shape, states, wrappers, cells."""

from __future__ import annotations

from collections.abc import Iterator

from tables import Case, case, each, grid, ids, layer, tensor, usual

SEQUENCE = (3, 5, 4)
BOTH = (False, True)


def cases() -> Iterator[Case]:
    """All of this file."""
    for name in ("LSTM", "GRU", "SimpleRNN"):
        yield from recurrent(name, 2 if name == "LSTM" else 1)
    yield from case_cells()
    yield from bidirectional()
    yield from time_distributed()
    yield from rnn()
    yield from conv_lstm()
    yield from masks()


def recurrent(name: str, states: int) -> Iterator[Case]:
    yield from usual(name, SEQUENCE, units=2)
    flags = {"return_sequences": BOTH, "return_state": BOTH, "go_backwards": BOTH, "stateful": BOTH, "unroll": BOTH}
    yield from grid(
        name, [SEQUENCE], {"units": 2}, return_sequences=BOTH, return_state=BOTH, go_backwards=BOTH, stateful=BOTH
    )
    yield from each(name, [SEQUENCE, (1, 1, 1), (3, 0, 4)], {"units": 2}, **flags)
    yield from each(name, [SEQUENCE], units=(1, 7, 0, -1, 2.0, 2.5, "2", None))
    yield from each(
        name,
        [SEQUENCE],
        {"units": 2},
        use_bias=BOTH,
        dropout=(0.2, 1.5),
        recurrent_dropout=(0.2,),
        activation=("relu", None, "nope"),
    )
    yield from each(
        name,
        [SEQUENCE],
        {"units": 2},
        time_major=BOTH,
        implementation=(1, 2),
        input_shape=((5, 4), (5, 3), (5,), (9, 4)),
    )
    yield from each(
        name, [SEQUENCE], {"units": 2}, input_dim=(4,), batch_input_shape=((3, 5, 4),), batch_size=(3,), name=("rnn",)
    )
    yield from each(
        name, [SEQUENCE], {"units": 2, "stateful": True}, batch_input_shape=((3, 5, 4),), batch_shape=((3, 5, 4),)
    )
    if name == "GRU":
        yield from each(name, [SEQUENCE], {"units": 2}, reset_after=BOTH)
        yield case(name, SEQUENCE, units=2, reset_after=False, return_sequences=True, return_state=True)
    for time in (None, 1, 0):
        yield case(name, (3, time, 4), units=2, return_sequences=True)
        yield case(name, (3, time, 4), units=2, unroll=True, return_sequences=True)
    yield case(name, tensor(*SEQUENCE), call={"training": True}, units=2, dropout=0.5, recurrent_dropout=0.5)
    # Initial states: right, wrong size, wrong batch, wrong number, not a list.
    good = [(3, 2)] * states
    for state in (
        good,
        [(3, 5)] * states,
        [(2, 2)] * states,
        [(3, 2)] * (states + 1),
        [(3, 2)],
        [(2,)] * states,
        [(3, 1, 2)] * states,
    ):
        yield case(name, SEQUENCE, call={"initial_state": state}, units=2)
        yield case(name, SEQUENCE, call={"initial_state": state}, units=2, return_state=True, return_sequences=True)
    yield case(name, SEQUENCE, call={"initial_state": (3, 2)}, units=2)
    yield case(name, [SEQUENCE, *good], units=2)
    yield case(name, [SEQUENCE], units=2)
    yield case(name, [SEQUENCE, SEQUENCE], units=2)
    for mask in ((3, 5), (3, 4), (5, 3), (3, 5, 1), (3,)):
        yield case(name, SEQUENCE, call={"mask": tensor(*mask, dtype="bool")}, units=2, return_sequences=True)
    # Stateful layers hold on to the batch size of the first call.
    for again in ((3, 7, 4), (2, 5, 4), (4, 5, 4)):
        yield case(name, SEQUENCE, then=again, units=2, stateful=True)
        yield case(name, SEQUENCE, then=again, units=2, stateful=True, return_sequences=True)
    yield case(name, SEQUENCE, then=(3, 7, 4), units=2, unroll=True)


def case_cells() -> Iterator[Case]:
    for name, states in (("LSTMCell", 2), ("GRUCell", 1), ("SimpleRNNCell", 1)):
        for state in ([(3, 2)] * states, [(3, 3)] * states, [(2, 2)] * states, [(3, 2)] * (3 - states)):
            yield case(name, (3, 4), more=[state], units=2)
        yield case(name, (3, 4), more=[(3, 2)], units=2)
        yield case(name, (3, 4), units=2)
        yield case(name, (3, 5, 4), more=[[(3, 2)] * states], units=2)
    yield case("GRUCell", (3, 4), more=[[(3, 2)]], units=2, reset_after=False)
    cells = [layer("LSTMCell", units=2), layer("LSTMCell", units=3)]
    yield case("StackedRNNCells", (3, 4), more=[[[(3, 2), (3, 2)], [(3, 3), (3, 3)]]], cells=cells)
    mixed = [layer("GRUCell", units=2), layer("SimpleRNNCell", units=3)]
    yield case("StackedRNNCells", (3, 4), more=[[[(3, 2)], [(3, 3)]]], cells=mixed)
    yield case("StackedRNNCells", (3, 4), more=[[(3, 2), (3, 3)]], cells=mixed)


def bidirectional() -> Iterator[Case]:
    modes = ("concat", "sum", "mul", "ave", None, "average", "max")
    for name in ("LSTM", "GRU", "SimpleRNN"):
        inner = layer(name, units=2, return_sequences=True)
        yield from each("Bidirectional", [SEQUENCE], {"layer": inner}, merge_mode=modes)
        yield from each("Bidirectional", [SEQUENCE], {"layer": layer(name, units=2)}, merge_mode=modes)
        yield from each(
            "Bidirectional", [SEQUENCE], {"layer": layer(name, units=2, return_state=True)}, merge_mode=modes
        )
        yield from each(
            "Bidirectional",
            [SEQUENCE],
            {"layer": layer(name, units=2, return_state=True, return_sequences=True)},
            merge_mode=modes,
        )
        yield from usual("Bidirectional", SEQUENCE, layer=inner)
        states = 2 if name == "LSTM" else 1
        for state in (
            [(3, 2)] * (2 * states),
            [(3, 2)] * states,
            [(3, 4)] * (2 * states),
            [(3, 2)] * (2 * states + 1),
            [(2, 2)] * (2 * states),
        ):
            yield case("Bidirectional", SEQUENCE, call={"initial_state": state}, layer=inner)
        yield case("Bidirectional", [SEQUENCE, *[(3, 2)] * (2 * states)], layer=inner)
        yield case("Bidirectional", SEQUENCE, then=(2, 5, 4), layer=layer(name, units=2, stateful=True))
        yield case("Bidirectional", SEQUENCE, call={"mask": tensor(3, 5, dtype="bool")}, layer=inner)
        yield case("Bidirectional", SEQUENCE, layer=inner, input_shape=(5, 4))
    back = {"units": 2, "go_backwards": True, "return_sequences": True}
    forward = layer("LSTM", units=2, return_sequences=True)
    for backward in (
        layer("LSTM", **back),
        layer("GRU", **back),
        layer("LSTM", **{**back, "units": 3}),
        layer("LSTM", units=2, return_sequences=True),
        layer("LSTM", units=2, go_backwards=True),
        layer("LSTM", **back, return_state=True),
        layer("Dense", units=2),
    ):
        yield from each(
            "Bidirectional",
            [SEQUENCE],
            {"layer": forward, "backward_layer": backward},
            merge_mode=("concat", "sum", None),
        )
    yield case("Bidirectional", SEQUENCE, layer=layer("Dense", units=2))
    yield case("Bidirectional", SEQUENCE, layer=layer("RNN", cell=layer("LSTMCell", units=2), return_sequences=True))
    yield case(
        "Bidirectional", SEQUENCE, layer=layer("RNN", cell=[layer("LSTMCell", units=2), layer("LSTMCell", units=3)])
    )
    yield case(
        "Bidirectional", SEQUENCE, layer=layer("Bidirectional", layer=layer("LSTM", units=2, return_sequences=True))
    )
    yield case("Bidirectional", SEQUENCE, layer=layer("TimeDistributed", layer=layer("Dense", units=2)))
    yield case("Bidirectional", SEQUENCE, layer="LSTM")
    conv = layer("ConvLSTM2D", filters=2, kernel_size=3, return_sequences=True)
    yield case("Bidirectional", (2, 3, 6, 7, 4), layer=conv)
    yield case("Bidirectional", SEQUENCE, layer=conv)


def time_distributed() -> Iterator[Case]:
    dense, flatten = layer("Dense", units=2), layer("Flatten")
    yield from usual("TimeDistributed", SEQUENCE, layer=dense)
    yield from usual("TimeDistributed", (3, 5, 6, 4), layer=flatten)
    yield from usual("TimeDistributed", (2, 3, 6, 7, 4), layer=layer("Conv2D", filters=2, kernel_size=3))
    yield from usual("TimeDistributed", (2, 3, 6, 4), layer=layer("LSTM", units=2))
    inner = (
        layer("LSTM", units=2, return_sequences=True),
        layer("LSTM", units=2, return_state=True),
        layer("Conv1D", filters=2, kernel_size=3),
        layer("Conv1D", filters=2, kernel_size=9),
        layer("MaxPooling1D", pool_size=2),
        layer("MaxPooling2D", pool_size=2),
        layer("GlobalAveragePooling1D"),
        layer("GlobalAveragePooling2D"),
        layer("Dropout", rate=0.5),
        layer("BatchNormalization"),
        layer("LayerNormalization"),
        layer("Activation", activation="relu"),
        layer("Reshape", target_shape=(2, 2)),
        layer("Reshape", target_shape=(3, 3)),
        layer("RepeatVector", n=3),
        layer("Embedding", input_dim=10, output_dim=2),
        layer("TimeDistributed", layer=dense),
        layer("TimeDistributed", layer=layer("Conv2D", filters=2, kernel_size=3)),
        layer("Bidirectional", layer=layer("GRU", units=2)),
        layer("Permute", dims=(2, 1)),
        layer("Lambda", function="x"),
    )
    for one in inner:
        for shape in ((3, 5, 4), (3, 5, 6, 4), (2, 3, 5, 6, 4), (2, 3, 4, 5, 6, 4)):
            yield case("TimeDistributed", shape, layer=one)
        yield case("TimeDistributed", (3, None, 6, 4), layer=one)
    for mask in ((3, 5), (3, 4), (5, 3)):
        yield case("TimeDistributed", SEQUENCE, call={"mask": tensor(*mask, dtype="bool")}, layer=dense)
    yield case("TimeDistributed", SEQUENCE, layer=dense, input_shape=(5, 4))
    yield case("TimeDistributed", ids(3, 5, high=9), layer=layer("Embedding", input_dim=10, output_dim=2))
    yield case("TimeDistributed", ids(3, 5, 6, high=9), layer=layer("Embedding", input_dim=10, output_dim=2))
    yield case("TimeDistributed", SEQUENCE, layer="Dense")
    yield case("TimeDistributed", [SEQUENCE, SEQUENCE], layer=layer("Add"))
    yield case("TimeDistributed", [SEQUENCE, SEQUENCE], layer=layer("Concatenate"))


def rnn() -> Iterator[Case]:
    for cell in ("LSTMCell", "GRUCell", "SimpleRNNCell"):
        yield from grid(
            "RNN",
            [SEQUENCE],
            {"cell": layer(cell, units=2)},
            return_sequences=BOTH,
            return_state=BOTH,
            stateful=BOTH,
            unroll=BOTH,
        )
        yield from usual("RNN", SEQUENCE, cell=layer(cell, units=2))
        states = 2 if cell == "LSTMCell" else 1
        for state in ([(3, 2)] * states, [(3, 3)] * states, [(3, 2)] * (states + 1), (3, 2)):
            yield case("RNN", SEQUENCE, call={"initial_state": state}, cell=layer(cell, units=2), return_state=True)
    stacks = (
        [layer("LSTMCell", units=2), layer("LSTMCell", units=3)],
        [layer("GRUCell", units=2), layer("SimpleRNNCell", units=3), layer("LSTMCell", units=5)],
        [layer("GRUCell", units=2)],
        [],
    )
    for stack in stacks:
        yield from grid("RNN", [SEQUENCE, (3, 4)], {"cell": stack}, return_sequences=BOTH, return_state=BOTH)
        yield case("RNN", SEQUENCE, cell=layer("StackedRNNCells", cells=stack), return_state=True)
    yield case("RNN", SEQUENCE, cell=layer("Dense", units=2))
    yield case("RNN", SEQUENCE, cell=layer("LSTM", units=2))
    yield case("RNN", SEQUENCE, cell=[layer("LSTM", units=2)])
    yield case("RNN", SEQUENCE, cell=layer("GRUCell", units=2), zero_output_for_mask=True)
    yield case("RNN", SEQUENCE, cell=layer("GRUCell", units=2), time_major=True)


def conv_lstm() -> Iterator[Case]:
    shapes = {1: (2, 3, 7, 4), 2: (2, 3, 7, 6, 4), 3: (2, 3, 5, 6, 4, 2)}
    for rank, shape in shapes.items():
        name = f"ConvLSTM{rank}D"
        base = {"filters": 2, "kernel_size": 3}
        yield from usual(name, shape, **base)
        yield from grid(name, [shape], base, return_sequences=BOTH, return_state=BOTH, padding=("valid", "same"))
        yield from each(
            name,
            [shape],
            base,
            stateful=BOTH,
            go_backwards=BOTH,
            unroll=BOTH,
            strides=(1, 2, (2,) * rank),
            dilation_rate=(1, 2),
        )
        yield from each(
            name,
            [shape],
            base,
            padding=("SAME", "full", "causal"),
            data_format=("channels_last", "channels_first", "nope"),
        )
        yield from each(name, [shape], {"filters": 2}, kernel_size=(1, (3,) * rank, (3,) * (rank + 1), 9, 0))
        yield from each(name, [shape], {"kernel_size": 3}, filters=(1, 5, 0, -1))
        yield case(name, shape, filters=2, kernel_size=3, strides=2, dilation_rate=2)
        yield case(name, shape, filters=2, kernel_size=3, strides=2, padding="same", return_sequences=True)
        yield case(name, shape, then=(3, *shape[1:]), filters=2, kernel_size=3, stateful=True)
        yield case(name, shape, filters=2, kernel_size=3, input_shape=shape[1:])
        state = (2, *[d - 2 for d in shape[2:-1]], 2)
        for states in ([state, state], [state], [(2, 2), (2, 2)], [(2, *[1] * rank, 2)] * 2):
            yield case(name, shape, call={"initial_state": states}, filters=2, kernel_size=3, return_state=True)


def masks() -> Iterator[Case]:
    yield from usual("Masking", SEQUENCE)
    yield from each("Masking", [SEQUENCE, (3, 4), (3, 5, 6, 4)], mask_value=(0.0, -1.0, 99))
    # RepeatVector makes the sequence of an encoder-decoder.
    yield from usual("RepeatVector", (3, 4), n=2)
    yield from each("RepeatVector", [(3, 4), SEQUENCE], n=(1, 7, 0, -1, 2.0, "2", None))
