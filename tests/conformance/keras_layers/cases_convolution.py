"""Convolutions, pooling and the layers that change the extent of an image or a sequence."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tables import Case, case, each, grid, usual

SPATIAL: dict[int, tuple[int, ...]] = {1: (2, 10, 4), 2: (2, 9, 8, 4), 3: (2, 7, 6, 5, 4)}
FORMATS = ("channels_last", "channels_first")


def cases() -> Iterator[Case]:
    """All of this file."""
    for rank in (1, 2, 3):
        yield from convolution(rank)
        yield from transposed(rank)
        yield from pooling(rank)
        yield from adaptive(rank)
        yield from resizing(rank)
    for rank in (1, 2):
        yield from separable(rank)
        yield from locally_connected(rank)


def sizes(rank: int) -> tuple[Any, ...]:
    """Extents of a window, as numbers and tuples: possible ones, too large ones and faulty ones."""
    even = (1, 2, 3, 5, 20, 0, -1, 2.0, None, "3", (3,) * rank, (3,) * (rank + 1), [2] * rank)
    return (*even, tuple(range(2, 2 + rank)), (0,) * rank)


def first(shape: tuple[int, ...]) -> tuple[int, ...]:
    """The same shape with the channels first."""
    return (shape[0], shape[-1], *shape[1:-1])


def convolution(rank: int) -> Iterator[Case]:
    name, shape = f"Conv{rank}D", SPATIAL[rank]
    base = {"filters": 6, "kernel_size": 3}
    yield from usual(name, shape, **base)
    paddings = ("valid", "same", "causal") if rank == 1 else ("valid", "same")
    yield from grid(name, [shape], {"filters": 6}, kernel_size=(1, 2, 3), strides=(1, 2, 3), padding=paddings)
    yield from grid(name, [shape], {"filters": 6}, kernel_size=(2, 3), dilation_rate=(1, 2, 3), padding=paddings)
    yield from each(name, [shape], {"filters": 6}, kernel_size=sizes(rank))
    yield from each(name, [shape], {"filters": 6, "padding": "same"}, kernel_size=(20, 4))
    yield from each(name, [shape], {"kernel_size": 3}, filters=(1, 0, -1, 2.0, None, "4", 5))
    yield from each(
        name,
        [shape],
        base,
        strides=(4, 20, 0, -1, (2,) * rank, (2,) * (rank + 1)),
        padding=("causal", "SAME", "full", None),
    )
    yield from each(
        name, [shape], base, dilation_rate=(0, -1, 9, (2,) * rank), use_bias=(False,), activation=("relu", "softmax")
    )
    yield from each(name, [shape], base, groups=(1, 2, 3, 4, 6, 0, -1))
    yield case(name, shape, **{**base, "filters": 8}, groups=4)
    yield case(name, shape, **base, strides=2, dilation_rate=2)
    yield from grid(name, [shape, first(shape)], base, data_format=FORMATS, padding=("valid", "same"))
    yield case(name, shape, **base, data_format="nope")
    if rank == 1:
        yield from grid(
            name, [shape, first(shape)], {**base, "padding": "causal"}, data_format=FORMATS, dilation_rate=(1, 2)
        )
        yield from grid(name, [(2, 5, 10, 4), (2, 5, 6, 10, 4)], base, padding=("valid", "same", "causal"))
    small = (shape[0], *[2] * rank, shape[-1])
    yield from grid(
        name,
        [small, (shape[0], *[1] * rank, 4), (shape[0], *[0] * rank, 4)],
        {"filters": 6},
        kernel_size=(2, 3),
        padding=("valid", "same"),
    )
    yield case(name, (2, *shape[1:-1], 0), **base)
    for declared in (shape[1:], (*shape[1:-1], 3), (None,) * rank + (4,), shape[1:-1]):
        yield case(name, shape, **base, input_shape=declared)
    yield case(name, [shape], **base)
    yield case(name, [shape, shape], **base)


def transposed(rank: int) -> Iterator[Case]:
    name, shape = f"Conv{rank}DTranspose", SPATIAL[rank]
    base = {"filters": 6, "kernel_size": 3}
    yield from usual(name, shape, **base)
    yield from grid(
        name, [shape], {"filters": 6}, kernel_size=(1, 2, 3, 4), strides=(1, 2, 3), padding=("valid", "same")
    )
    yield from grid(
        name, [shape], base, output_padding=(0, 1, 2, (1,) * rank), strides=(1, 2, 3), padding=("valid", "same")
    )
    yield from grid(name, [shape], base, dilation_rate=(1, 2), padding=("valid", "same"), strides=(1, 2))
    yield from each(name, [shape], {"filters": 6}, kernel_size=sizes(rank))
    yield from each(
        name,
        [shape],
        base,
        padding=("causal", "SAME", "full"),
        strides=(0, (2,) * rank, (2,) * (rank + 1)),
        use_bias=(False,),
    )
    yield from each(name, [shape], {"kernel_size": 3}, filters=(1, 0, -1))
    yield from grid(name, [shape, first(shape)], base, data_format=FORMATS, strides=(1, 2))


def separable(rank: int) -> Iterator[Case]:
    shape = SPATIAL[rank]
    base = {"kernel_size": 3}
    name = f"SeparableConv{rank}D"
    yield from usual(name, shape, filters=6, **base)
    paddings = ("valid", "same", "causal") if rank == 1 else ("valid", "same")
    both = {"padding": paddings, "strides": (1, 2), "depth_multiplier": (1, 3)}
    yield from grid(name, [shape], {"filters": 6, **base}, **both)
    yield from each(name, [shape], {"filters": 6}, kernel_size=sizes(rank))
    yield from each(
        name,
        [shape],
        {"filters": 6, **base},
        dilation_rate=(1, 2, 3),
        depth_multiplier=(0, -1),
        strides=(0, (2,) * rank, (1, 2)[:rank]),
    )
    yield from each(
        name,
        [shape, first(shape)],
        {"filters": 6, **base},
        data_format=FORMATS,
        use_bias=(False,),
        padding=("SAME", "full"),
    )
    yield from each(name, [shape], base, filters=(1, 0, -1, None))
    name = f"DepthwiseConv{rank}D"
    yield from usual(name, shape, **base)
    yield from grid(name, [shape], base, **both)
    yield from each(name, [shape], {}, kernel_size=sizes(rank))
    yield from each(
        name,
        [shape],
        base,
        dilation_rate=(1, 2, 3),
        depth_multiplier=(0, -1),
        strides=(0, 3, (2,) * rank, (1, 2)[:rank]),
    )
    yield from each(name, [shape, first(shape)], base, data_format=FORMATS, use_bias=(False,), padding=("SAME", "full"))


def locally_connected(rank: int) -> Iterator[Case]:
    name, shape = f"LocallyConnected{rank}D", SPATIAL[rank]
    base = {"filters": 3, "kernel_size": 3}
    yield from usual(name, shape, **base)
    yield from grid(name, [shape], base, strides=(1, 2), padding=("valid", "same"), implementation=(1, 2, 3))
    yield from each(name, [shape, first(shape)], base, data_format=FORMATS)
    yield from each(name, [shape], {"filters": 3}, kernel_size=(1, 2, 20))


def pooling(rank: int) -> Iterator[Case]:
    shape = SPATIAL[rank]
    for kind in ("Max", "Average"):
        name = f"{kind}Pooling{rank}D"
        yield from usual(name, shape, pool_size=2)
        yield case(name, shape)
        yield from grid(name, [shape], pool_size=(1, 2, 3, 4), strides=(None, 1, 2, 3), padding=("valid", "same"))
        yield from each(name, [shape], pool_size=sizes(rank))
        yield from each(name, [shape], {"padding": "same"}, pool_size=(20, 0))
        yield from each(
            name,
            [shape],
            {"pool_size": 2},
            strides=(0, -1, 20, (2,) * rank, (2,) * (rank + 1)),
            padding=("causal", "SAME", "full"),
        )
        yield from grid(name, [shape, first(shape)], {"pool_size": 2}, data_format=FORMATS, padding=("valid", "same"))
        yield case(name, shape, pool_size=2, data_format="nope")
        small = (2, *[1] * rank, 4)
        yield from grid(name, [small, (2, *[0] * rank, 4)], {"pool_size": 2}, padding=("valid", "same"))
        yield case(name, shape, pool_size=2, input_shape=shape[1:])
        name = f"Global{kind}Pooling{rank}D"
        yield from usual(name, shape)
        yield from grid(name, [shape, first(shape)], data_format=FORMATS, keepdims=(False, True))
        yield case(name, shape, input_shape=shape[1:])
        yield case(name, (2, *[0] * rank, 4))


def adaptive(rank: int) -> Iterator[Case]:
    shape = SPATIAL[rank]
    for kind in ("Max", "Average"):
        name = f"Adaptive{kind}Pooling{rank}D"
        yield from usual(name, shape, output_size=2)
        yield from each(name, [shape], output_size=(1, 3, 20, 0, -1, (2,) * rank, (2,) * (rank + 1), None))
        yield from grid(name, [shape, first(shape)], {"output_size": 2}, data_format=FORMATS)


def resizing(rank: int) -> Iterator[Case]:
    """Padding, cropping and up-sampling."""
    shape = SPATIAL[rank]
    pairs = ((1, 2), (0, 3), (2, 0))[:rank]
    amounts: tuple[Any, ...] = (0, 1, 2, -1, 1.5, None, "1", (1,) * rank, (1,) * (rank + 1), (2, 1, 3)[:rank], pairs)
    amounts += (pairs[0], [1] * rank, ((1, 2, 3),) * rank, ((1, 1),) * (rank + 1))
    name = f"ZeroPadding{rank}D"
    yield from usual(name, shape)
    yield from each(name, [shape], padding=amounts)
    yield from grid(name, [shape, first(shape)], {"padding": 1}, data_format=FORMATS)
    name = f"Cropping{rank}D"
    yield from usual(name, shape, cropping=1)
    yield case(name, shape)
    yield from each(name, [shape], cropping=(*amounts, 3, 5, 20, ((2, 8),) * rank))
    yield from grid(name, [shape, first(shape)], {"cropping": 1}, data_format=FORMATS)
    name = f"UpSampling{rank}D"
    yield from usual(name, shape)
    yield from each(name, [shape], size=(1, 2, 3, 0, -1, 1.5, None, (2,) * rank, (2,) * (rank + 1), (2, 3, 1)[:rank]))
    if rank > 1:
        yield from grid(name, [shape, first(shape)], {"size": 2}, data_format=FORMATS)
    if rank == 2:
        yield from each(name, [shape], {"size": 2}, interpolation=("nearest", "bilinear", "bicubic", "area", "nope"))
        yield from grid(name, [shape, first(shape)], {"interpolation": "bilinear"}, data_format=FORMATS)
