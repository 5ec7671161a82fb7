"""Core, reshaping, merging, normalization, regularization, activation and attention layers."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

from tables import RANKS, Case, case, each, grid, ids, layer, tensor, usual

BOTH = (False, True)


def cases() -> Iterator[Case]:
    """All of this file."""
    yield from core()
    yield from embedding()
    yield from einsum_dense()
    yield from reshaping()
    yield from merging()
    yield from dot()
    yield from normalization()
    yield from elementwise()
    yield from attention()
    yield from multi_head()
    yield from wrappers()


def core() -> Iterator[Case]:
    yield from usual("Dense", (3, 4), units=2)
    yield from usual("Dense", (3, 5, 4), units=2)
    yield from each("Dense", [(3, 4), (3, 5, 4)], units=(1, 10, 0, -1, 2.0, 2.5, "2", None, (2,)))
    yield from each(
        "Dense", [(3, 4)], {"units": 2}, use_bias=BOTH, activation=("relu", "softmax", None, "nope"), name=("d",)
    )
    yield from each(
        "Dense",
        [(3, 4)],
        {"units": 2},
        input_shape=((4,), (5,), (), 4, (3, 4), [4]),
        input_dim=(4, 5),
        batch_input_shape=((3, 4),),
    )
    yield from each(
        "Dense",
        [(3, 4)],
        {"units": 2},
        lora_rank=(1,),
        kernel_initializer=("zeros", "nope"),
        wrong=(1,),
        input=(4,),
        output_dim=(4,),
    )
    yield from each("Dense", [(3, 0), (0, 4), (3, 1), (1, 4), ()], units=(2,))
    yield from [
        case("Dense", one, units=2)
        for one in ([(3, 4)], [(3, 4), (3, 4)], ids(3, 4, high=5), 1.5, [1.0, 2.0], [[1.0, 2.0]])
    ]
    for mask in (None, tensor(3, dtype="bool")):
        yield case("Dense", (3, 4), call={"mask": mask}, units=2)
    yield from usual("Identity", (3, 4))
    yield from usual("Activation", (3, 4), activation="relu")
    names = (
        "relu",
        "softmax",
        "sigmoid",
        "tanh",
        "linear",
        "softplus",
        "gelu",
        "swish",
        "elu",
        "selu",
        "exponential",
        None,
        "nope",
    )
    yield from each("Activation", [(3, 4), (3, 5, 4), (3,)], activation=names)
    yield from usual("Lambda", (3, 4), function={"function": "keras.activations.relu"})


def embedding() -> Iterator[Case]:
    base: dict[str, Any] = {"input_dim": 10, "output_dim": 4}
    yield from usual("Embedding", (3, 5), high=9, **base)
    for high, low in ((9, 0), (10, 10), (12, 11), (100, 100), (-1, -1), (-3, -5)):
        for shape in ((3, 5), (3,), (3, 5, 2)):
            yield case("Embedding", ids(*shape, low=low, high=high), **base)
    yield case("Embedding", ids(3, 5, high=10, dtype="int64"), **base)
    yield case("Embedding", tensor(2, 3, dtype="float32", value=[[0.0, 1.0, 9.0], [3.5, 8.2, 1.0]]), **base)
    yield case("Embedding", tensor(1, 2, dtype="float32", value=[[0.0, 11.0]]), **base)
    yield from each("Embedding", [ids(3, 5, high=0)], {"output_dim": 4}, input_dim=(1, 0, -1, 2.0, None))
    yield from each("Embedding", [ids(3, 5, high=9)], {"input_dim": 10}, output_dim=(1, 0, -1, 2.0, None))
    yield from each(
        "Embedding", [ids(3, 5, high=9), ids(3, 7, high=9), ids(3, 5, 1, high=9)], base, input_length=(5, 7, (5,), None)
    )
    yield from each("Embedding", [ids(3, 5, high=9)], base, mask_zero=BOTH, input_shape=((5,), (7,)), sparse=BOTH)
    for weights in ([(10, 4)], [(10, 5)], [(9, 4)], (10, 4), [(4, 10)], [(10, 4), (4,)]):
        written = [tensor(*w) for w in weights] if isinstance(weights, list) else tensor(*weights)
        yield case("Embedding", ids(3, 5, high=9), **base, weights=written)
        yield case("Embedding", ids(3, 5, high=9), **base, weights=written, trainable=False)
    yield from usual("ReversibleEmbedding", (3, 5), high=9, **base)
    yield from each("ReversibleEmbedding", [ids(3, 5, high=9)], base, tie_weights=BOTH, mask_zero=BOTH)
    for shape, tie in itertools.product(((3, 5, 4), (3, 4), (3, 5, 6)), BOTH):
        yield case("ReversibleEmbedding", shape, call={"reverse": True}, **base, tie_weights=tie)


def einsum_dense() -> Iterator[Case]:
    table = (
        ("ab,bc->ac", 6, "c", (3, 4)),
        ("ab,bc->ac", (6,), None, (3, 4)),
        ("ab,bc->ac", 6, None, (3, 5, 4)),
        ("abc,cd->abd", (None, 6), "d", (3, 5, 4)),
        ("abc,cd->abd", (5, 6), "bd", (3, 5, 4)),
        ("abc,cd->abd", 6, "d", (3, 5, 4)),
        ("abc,cd->abd", (7, 6), "d", (3, 5, 4)),
        ("abc,cde->abde", (None, 2, 3), "de", (3, 5, 4)),
        ("...x,xy->...y", 6, "y", (3, 4)),
        ("...x,xy->...y", 6, "y", (3, 5, 4)),
        ("...x,xy->...y", (5, 6), "y", (3, 5, 4)),
        ("ab...,bc->ac...", 6, None, (3, 4, 5)),
        ("abc,adc->abd", 6, None, (3, 5, 4)),
        ("ab,bc->ad", 6, None, (3, 4)),
        ("ab,bc", 6, None, (3, 4)),
        ("ab,cd->ac", 6, None, (3, 4)),
        ("abcd,cde->abe", (5, 6), "e", (3, 5, 4, 2)),
        ("abc,bde->abe", (5, 6), "e", (3, 5, 4)),
        ("ab,bc->ac", 6, "z", (3, 4)),
        ("ab,bc->ac", 6, "ac", (3, 4)),
    )
    for equation, output_shape, bias, shape in table:
        options: dict[str, Any] = {} if bias is None else {"bias_axes": bias}
        yield case("EinsumDense", shape, equation=equation, output_shape=output_shape, **options)
    yield from usual("EinsumDense", (3, 5, 4), equation="abc,cd->abd", output_shape=(None, 6))


def reshaping() -> Iterator[Case]:
    yield from usual("Flatten", (3, 5, 4))
    yield from grid(
        "Flatten",
        [*RANKS, (3, 0, 4), (3, None, 4), (3, None, None, 4), (0, 4), ()],
        data_format=("channels_last", "channels_first"),
    )
    yield case("Flatten", (3, 5, 4), data_format="nope")
    yield from each("Flatten", [(3, 5, 4)], input_shape=((5, 4), (20,), (5, 5)))
    yield from usual("Reshape", (3, 5, 4), target_shape=(10, 2))
    targets: tuple[Any, ...] = (
        (20,),
        (4, 5),
        (2, 2, 5),
        (-1,),
        (-1, 2),
        (2, -1),
        (-1, 3),
        (-1, -1),
        (3, 5, 4),
        (21,),
        (19,),
        (20, 1),
        (),
    )
    targets += (
        [4, 5],
        20,
        -1,
        "20",
        (4.0, 5),
        (0, 20),
        (None, 4),
        (5, None),
        (-2, 10),
        (1, 20, 1),
        (60,),
        (-1, 20),
        None,
    )
    yield from each("Reshape", [(3, 5, 4), (3, 20), (3, None, 4), (3, 5, 4, 1), (3,)], target_shape=targets)
    yield from each("Reshape", [(3, 1), (3,), (3, 0, 4)], target_shape=((1,), (1, 1), (), (-1,), (0,)))
    yield case("Reshape", (3, 5, 4), target_shape=(20,), input_shape=(5, 4))
    yield case("Reshape", (3, None, None), target_shape=(-1, 4))
    yield case("Reshape", (3, None, 4), target_shape=(10, -1))
    yield from usual("Permute", (3, 5, 4), dims=(2, 1))
    dims: tuple[Any, ...] = (
        (1, 2),
        (2, 1),
        (1, 2, 3),
        (3, 1, 2),
        (0, 1),
        (1,),
        (2,),
        (1, 1),
        (2, 3),
        (1, 3),
        (),
        [2, 1],
        1,
        (-1, 1),
        (4, 3, 2, 1),
    )
    yield from each("Permute", [(3, 5, 4), (3, 5, 6, 4), (3, 4), (3, None, 4)], dims=dims)


SHAPE_PAIRS: tuple[tuple[tuple[int | None, ...], ...], ...] = (
    ((3, 4), (3, 4)),
    ((3, 5, 4), (3, 5, 4)),
    ((3, 4), (3, 5)),
    ((3, 4), (3, 1)),
    ((3, 1), (3, 4)),
    ((3, 4), (1, 4)),
    ((3, 4), (2, 4)),
    ((3, 5, 4), (3, 4)),
    ((3, 4), (3, 5, 4)),
    ((3, 5, 4), (3, 1, 4)),
    ((3, 5, 4), (3, 5, 1)),
    ((3, 5, 4), (3, 6, 4)),
    ((3, 5, 4), (3, 5, 2)),
    ((3, 5, 4), (3, 4, 5)),
    ((3, 5, 6, 4), (3, 5, 6, 4)),
    ((3, 5, 6, 4), (3, 5, 6, 2)),
    ((3, 5, 6, 4), (3, 4)),
    ((3, 5, 6, 4), (3, 1, 1, 4)),
    ((3, 5, 6, 4), (3, 6, 4)),
    ((3,), (3,)),
    ((3,), (3, 4)),
    ((3, 1), (3,)),
    ((3, None, 4), (3, None, 4)),
    ((3, None, 4), (3, 5, 4)),
    ((3, None, 4), (3, None, 2)),
    ((3, None), (3, 4)),
    ((3, 0), (3, 4)),
)


def merging() -> Iterator[Case]:
    for name in ("Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum", "Concatenate"):
        for pair in SHAPE_PAIRS:
            yield case(name, list(pair))
        for many in (
            [(3, 4)] * 3,
            [(3, 4), (3, 4), (3, 5)],
            [(3, 4)],
            [],
            [(3, 4), (3, 1), (3, 4)],
            [(3, 4), (3, 5), (3, 6)],
            [(3, 4)] * 7,
        ):
            yield case(name, many)
        yield case(name, (3, 4))
        yield case(name, (3, 4), more=[(3, 4)])
        yield case(name, {"tuple": [tensor(3, 4), tensor(3, 4)]})
        yield case(name, [ids(3, 4, high=9), ids(3, 4, high=9)])
        yield case(name, [ids(3, 4, high=9), tensor(3, 4)])
        yield case(name, [tensor(3, 4, dtype="float64"), tensor(3, 4)])
        yield case(name, [(3, 4), (3, 4)], dtype="float64")
        yield case(name, [(3, 4), (3, 4)], then=[(3, 5), (3, 5)])
        yield case(name, [(3, 4), (3, 4)], then=[(3, 4), (3, 4), (3, 4)])
        yield case(name, [(3, 4), (3, 4)], then=[(3, 5, 4), (3, 5, 4)])
    axes = (-1, 0, 1, 2, 3, 4, -2, -3, -4, -5, None, "1", 1.0)
    pairs = (
        [(3, 5, 4), (3, 5, 2)],
        [(3, 5, 4), (3, 6, 4)],
        [(3, 4), (2, 4)],
        [(3, 5, 4), (3, 5, 4)],
        [(3, 5, 4), (3, 4)],
        [(3, 5, 6, 4), (3, 5, 2, 4)],
    )
    yield from each("Concatenate", pairs, axis=axes)
    yield case("Concatenate", [(3, None, 4), (3, 6, 4)], axis=1)
    yield case("Concatenate", [(3, None, 4), (3, 6, 4)], axis=-1)
    yield case("Concatenate", [(3, 5, 4), (3, 5, 4), (3, 5, 4)], axis=1)
    yield case("Concatenate", [(3, 5, 4), (3, 7, 4), (3, 5, 3)], axis=1)


def dot() -> Iterator[Case]:
    axes = (1, -1, 2, 0, (1, 1), (2, 2), (1, 2), (2, 1), [1, 2], -2, 3, (0, 1), (1,), (1, 2, 3), None, 1.0)
    pairs = (
        [(3, 4), (3, 4)],
        [(3, 4), (3, 5)],
        [(3, 5, 4), (3, 5, 4)],
        [(3, 5, 4), (3, 6, 4)],
        [(3, 5, 4), (3, 4, 6)],
        [(3, 5, 4), (3, 4)],
        [(3, 4), (3, 5, 4)],
        [(2, 4), (3, 4)],
        [(3, 5, 6, 4), (3, 5, 4)],
        [(3,), (3,)],
        [(3, None, 4), (3, 6, 4)],
    )
    yield from each("Dot", pairs, axes=axes)
    yield from grid("Dot", [[(3, 4), (3, 4)], [(3, 5, 4), (3, 6, 4)]], {"axes": -1}, normalize=BOTH)
    for odd in ([(3, 4)], [(3, 4)] * 3, (3, 4)):
        yield case("Dot", odd, axes=1)


def normalization() -> Iterator[Case]:
    axes = (-1, 0, 1, 2, 3, -2, -3, -4, 4, (1,), (1, 2), [1, 2], [-1, 1], (1, 1), None, "1")
    for name in ("BatchNormalization", "LayerNormalization", "UnitNormalization", "RMSNormalization"):
        yield from usual(name, (3, 4))
        yield from usual(name, (3, 5, 6, 4))
        yield from each(name, [(3, 5, 4), (3, 4), (3, 5, 6, 4)], axis=axes)
        yield case(name, (3, 5, 4), input_shape=(5, 4))
    yield from grid("BatchNormalization", [(3, 5, 4)], center=BOTH, scale=BOTH)
    yield from each(
        "BatchNormalization", [(3, 5, 4)], renorm=BOTH, synchronized=BOTH, fused=BOTH, momentum=(0.5,), trainable=BOTH
    )
    for mask in ((3, 5), (3, 4), (3,)):
        yield case("BatchNormalization", (3, 5, 4), call={"mask": tensor(*mask, dtype="bool"), "training": True})
    yield case("BatchNormalization", (3, 4), call={"training": True})
    yield from grid("LayerNormalization", [(3, 5, 4)], center=BOTH, scale=BOTH, rms_scaling=BOTH)
    yield from usual("GroupNormalization", (3, 5, 4), groups=2)
    yield from each("GroupNormalization", [(3, 5, 4), (3, 4), (3, 5, 6, 8)], groups=(1, 2, 3, 4, 8, 32, -1, 0))
    yield case("GroupNormalization", (3, 5, 64))
    yield case("GroupNormalization", (3, 5, 4))
    yield from each("GroupNormalization", [(3, 4, 6), (3, 4, 5, 6)], {"groups": 2}, axis=(-1, 1, 2, 0, 3, -4, (1, 2)))
    yield from usual("SpectralNormalization", (3, 4), layer=layer("Dense", units=2))
    inner = (
        layer("Conv2D", filters=2, kernel_size=3),
        layer("Embedding", input_dim=5, output_dim=3),
        layer("Dropout", rate=0.5),
        layer("Dense", units=3),
    )
    for one in inner:
        for shape in ((3, 4), (2, 9, 8, 4)):
            yield case("SpectralNormalization", shape, layer=one)
    yield from each(
        "SpectralNormalization", [(3, 4)], {"layer": layer("Dense", units=2)}, power_iterations=(1, 3, 0, -1)
    )


def elementwise() -> Iterator[Case]:
    """Layers whose output has the shape of the input."""
    rate = {"rate": 0.5}
    for name, base in (
        ("Dropout", rate),
        ("GaussianDropout", rate),
        ("AlphaDropout", rate),
        ("GaussianNoise", {"stddev": 0.1}),
    ):
        yield from usual(name, (3, 5, 4), **base)
        yield case(name, (3, 5, 4), call={"training": True}, **base)
        key = next(iter(base))
        yield from each(name, [(3, 4)], **{key: (0, 0.0, 1, 1.0, 1.5, -0.1, "0.5", None)})
    for name in ("Dropout", "AlphaDropout"):
        for noise in ((3, 1, 4), (None, 1, None), (None, 1, 4), (3, 2, 4), (3, 4), (1,), (1, 1), (3, 5, 4, 1)):
            yield case(name, (3, 5, 4), call={"training": True}, rate=0.5, noise_shape=noise)
            yield case(name, (3, 5, 4), rate=0.5, noise_shape=noise)
    for rank, shape in ((1, (3, 5, 4)), (2, (3, 5, 6, 4)), (3, (3, 5, 6, 7, 4))):
        name = f"SpatialDropout{rank}D"
        yield from usual(name, shape, rate=0.5)
        yield case(name, shape, call={"training": True}, rate=0.5)
        if rank > 1:
            yield from each(name, [shape], {"rate": 0.5}, data_format=("channels_last", "channels_first", "nope"))
    for name in ("ReLU", "LeakyReLU", "ELU", "Softmax", "ThresholdedReLU", "ActivityRegularization"):
        yield from usual(name, (3, 4))
    yield from each("Softmax", [(3, 5, 4)], axis=(-1, 0, 1, 2, 3, -3, -4, (1, 2), [1, 2], None))
    for mask in ((3, 5, 4), (3, 5), (5, 4), (3, 4)):
        yield case("Softmax", (3, 5, 4), call={"mask": tensor(*mask, dtype="bool")})
    yield from each(
        "ReLU", [(3, 4)], max_value=(6.0, -1.0, None), negative_slope=(0.1, -1.0, None), threshold=(1.0, -1.0, None)
    )
    yield from each("LeakyReLU", [(3, 4)], negative_slope=(0.1, None), alpha=(0.1, None))
    yield from each("ELU", [(3, 4)], alpha=(0.1, None))
    yield from usual("PReLU", (3, 4))
    yield from usual("PReLU", (3, 5, 6, 4))
    yield from each("PReLU", [(3, 5, 4), (3, 5, 6, 4)], shared_axes=([1], [1, 2], 1, 2, (2,), [0], [3], [4], [-1]))
    yield case("PReLU", (3, 5, 4), then=(3, 6, 4), shared_axes=[1])


def attention() -> Iterator[Case]:
    triples = (
        [(3, 5, 4), (3, 6, 4)],
        [(3, 5, 4), (3, 6, 4), (3, 6, 4)],
        [(3, 5, 4), (3, 6, 7), (3, 6, 4)],
        [(3, 5, 4), (3, 6, 4), (3, 7, 4)],
        [(3, 5, 4), (3, 6, 7)],
        [(3, 5, 4), (2, 6, 4)],
        [(3, 5, 4), (1, 6, 4)],
        [(3, 5, 4), (3, 6, 4), (3, 6, 7)],
        [(3, 4), (3, 4)],
        [(3, 4), (3, 6, 4)],
        [(3, 5, 4), (3, 4)],
        [(3, 2, 5, 4), (3, 2, 6, 4)],
        [(3, 5, 4)],
        [(3, 5, 4)] * 4,
        [(3, None, 4), (3, None, 4)],
    )
    for name in ("Attention", "AdditiveAttention"):
        for inputs in triples:
            yield case(name, inputs)
            yield case(name, inputs, call={"return_attention_scores": True})
        yield case(name, (3, 5, 4))
        yield case(name, (3, 5, 4), more=[(3, 6, 4)])
        yield case(name, triples[0], call={"use_causal_mask": True})
        yield case(name, triples[0], then=[(3, 5, 7), (3, 6, 7)])
        for masks in ([(3, 5), (3, 6)], [(3, 6), (3, 5)], [(3, 5)], (3, 5)):
            masked: Any = (
                [tensor(*m, dtype="bool") for m in masks] if isinstance(masks, list) else tensor(*masks, dtype="bool")
            )
            yield case(name, triples[0], call={"mask": masked})
        yield from each(name, [triples[0]], use_scale=BOTH, dropout=(0.2,), causal=BOTH)
    yield from each("Attention", [triples[0], triples[2], triples[4]], score_mode=("dot", "concat", "scaled", "nope"))


def multi_head() -> Iterator[Case]:
    base: dict[str, Any] = {"num_heads": 2, "key_dim": 3}
    query, value = (3, 5, 4), (3, 6, 7)
    for name, common in (
        ("MultiHeadAttention", base),
        ("GroupQueryAttention", {"head_dim": 3, "num_query_heads": 4, "num_key_value_heads": 2}),
    ):
        for inputs in (
            (query, value),
            (query, query),
            (query, value, (3, 6, 2)),
            (query, value, (3, 7, 2)),
            (query, (2, 6, 7)),
            (query, (3, 4)),
            ((3, 4), (3, 4)),
            ((3, 2, 5, 4), (3, 2, 6, 4)),
            ((3, 2, 5, 4), (3, 6, 4)),
            ((3, None, 4), (3, None, 4)),
            (query,),
        ):
            yield case(name, inputs[0], more=inputs[1:], **common)
            yield case(name, inputs[0], more=inputs[1:], call={"return_attention_scores": True}, **common)
        for mask in ((3, 5, 6), (5, 6), (3, 6, 5), (3, 2, 5, 6), (1, 5, 6), (3, 1, 6), (3, 6), (3, 5, 5)):
            yield case(name, query, more=[value], call={"attention_mask": tensor(*mask, dtype="bool")}, **common)
        yield case(name, query, more=[value], call={"use_causal_mask": True}, **common)
        yield case(
            name,
            query,
            more=[value],
            call={"query_mask": tensor(3, 5, dtype="bool"), "value_mask": tensor(3, 6, dtype="bool")},
            **common,
        )
        yield case(name, query, more=[value], call={"value_mask": tensor(3, 5, dtype="bool")}, **common)
        yield from [
            case(name, query, more=[value], **common, **{k: v})
            for k, v in (("use_bias", False), ("dropout", 0.2), ("flash_attention", False))
        ]
        yield case(name, [query, value], **common)
    name = "MultiHeadAttention"
    for more in (
        {"value_dim": 5},
        {"value_dim": 1},
        {"output_shape": 8},
        {"output_shape": (8,)},
        {"output_shape": (2, 4)},
        {"num_heads": 0},
        {"num_heads": 1},
        {"key_dim": 0},
        {"key_dim": None},
        {"attention_axes": 1},
        {"attention_axes": (1,)},
        {"attention_axes": (2,)},
        {"num_heads": -1},
    ):
        yield case(name, query, more=[value], **{**base, **more})
    for axes in ((1, 2), (1,), (2,), 2, (-2,)):
        for shapes in (((3, 2, 5, 4), (3, 2, 6, 4)), ((3, 2, 5, 4), (3, 2, 5, 4))):
            yield case(name, shapes[0], more=[shapes[1]], **base, attention_axes=axes)
            yield case(
                name, shapes[0], more=[shapes[1]], call={"return_attention_scores": True}, **base, attention_axes=axes
            )
    group = {"head_dim": 3, "num_query_heads": 4}
    for heads in (1, 2, 3, 4, 8, 0):
        yield case("GroupQueryAttention", query, more=[value], **group, num_key_value_heads=heads)


def wrappers() -> Iterator[Case]:
    yield case("Wrapper", (3, 4), layer=layer("Dense", units=2))
    yield case("Layer", (3, 4))
    yield from each(
        "InputLayer", [(3, 4)], input_shape=((4,),), batch_shape=((3, 4),), shape=((4,),), batch_input_shape=((3, 4),)
    )
