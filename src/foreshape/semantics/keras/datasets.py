"""``keras.datasets``: their real shapes, dtypes and ranges."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain.contents import Contents, Run
from foreshape.domain.dim import DimLike, of_atom
from foreshape.domain.polynomial import Var
from foreshape.domain.values import Array, Bound, DictValue, Sequence, Typed, Value, as_dim, is_none
from foreshape.semantics.registry import rule
from foreshape.semantics.shared.structure import as_tuple

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context


def _images(rows: int, shape: tuple[int, ...]) -> Array:
    roles = ("batch", "height", "width", *(("channel",) if len(shape) > 2 else ()))
    return Array("numpy", (rows, *shape), "uint8", lo=0, hi=255, roles=roles, meta={"loose": True})


def _labels(shape: tuple[int, ...], dtype: str, classes: int) -> Array:
    return Array("numpy", shape, dtype, lo=0, hi=classes - 1)


def _pair(x: Value, y: Value) -> Value:
    return as_tuple((x, y))


@rule("keras.datasets.mnist.load_data", "keras.datasets.fashion_mnist.load_data")
def mnist(cx: Context, path: Value | None = None) -> Value:
    """60,000 and 10,000 images of 28 x 28, labels 0 .. 9."""
    return as_tuple(
        (
            _pair(_images(60000, (28, 28)), _labels((60000,), "uint8", 10)),
            _pair(_images(10000, (28, 28)), _labels((10000,), "uint8", 10)),
        )
    )


def _cifar(classes: int, dtype: str) -> Value:
    return as_tuple(
        (
            _pair(_images(50000, (32, 32, 3)), _labels((50000, 1), dtype, classes)),
            _pair(_images(10000, (32, 32, 3)), _labels((10000, 1), dtype, classes)),
        )
    )


@rule("keras.datasets.cifar10.load_data")
def cifar10(cx: Context) -> Value:
    """50,000 and 10,000 images of 32 x 32 x 3, labels (n, 1) in 0 .. 9."""
    return _cifar(10, "uint8")


@rule("keras.datasets.cifar100.load_data")
def cifar100(cx: Context, label_mode: Value | None = None) -> Value:
    """As cifar10 with 100 classes, 20 coarse ones."""
    from foreshape.domain.values import as_str

    return _cifar(20 if as_str(label_mode) == "coarse" else 100, "int64")


@rule("keras.datasets.boston_housing.load_data")
def boston_housing(
    cx: Context, path: Value | None = None, test_split: Value | None = None, seed: Value | None = None
) -> Value:
    """404 and 102 rows of 13 features."""
    if test_split is not None:
        a: DimLike = cx.fresh("rows")
        b: DimLike = cx.fresh("rows")
    else:
        a, b = 404, 102
    return as_tuple(
        (
            _pair(Array("numpy", (a, 13), "float64", roles=("batch", "feature")), Array("numpy", (a,), "float64")),
            _pair(Array("numpy", (b, 13), "float64", roles=("batch", "feature")), Array("numpy", (b,), "float64")),
        )
    )


@rule("keras.datasets.california_housing.load_data")
def california_housing(
    cx: Context, version: Value | None = None, path: Value | None = None, test_split: Value | None = None,
    seed: Value | None = None,
) -> Value:  # fmt: skip
    """Rows of 8 features."""
    a, b = cx.fresh("rows"), cx.fresh("rows")
    return as_tuple(
        (
            _pair(Array("numpy", (a, 8), "float32"), Array("numpy", (a,), "float32")),
            _pair(Array("numpy", (b, 8), "float32"), Array("numpy", (b,), "float32")),
        )
    )


def _reviews(cx: Context, rows: DimLike, highest: Bound, classes: int) -> Value:
    """An object array of lists of word numbers."""
    length = Var("words", 1)
    element = Sequence("list", Contents((Run(of_atom(length), Typed("int", lo=0, hi=highest)),)))
    texts = Array(
        "numpy", (rows,), "object", lo=0, hi=highest,
        meta={"lists": Sequence("list", Contents((Run(rows, element, length),)))}, roles=("batch",),
    )  # fmt: skip
    return _pair(texts, _labels((rows,), "int64", classes) if isinstance(rows, int) else Array(
        "numpy", (rows,), "int64", lo=0, hi=classes - 1))  # fmt: skip


def _highest(num_words: Value | None, all_words: int) -> Bound:
    if num_words is None or is_none(num_words):
        return all_words
    size = as_dim(num_words)
    if isinstance(size, int):
        return min(size - 1, all_words)
    return None if size is None else size - 1


@rule("keras.datasets.imdb.load_data")
def imdb(
    cx: Context, path: Value | None = None, num_words: Value | None = None, skip_top: Value | None = None,
    maxlen: Value | None = None, seed: Value | None = None, start_char: Value | None = None,
    oov_char: Value | None = None,
    index_from: Value | None = None, **kwargs: Value,
) -> Value:  # fmt: skip
    """25,000 and 25,000 reviews as lists of numbers below ``num_words``, labels 0 and 1."""
    highest = _highest(num_words, 88586)
    plain = maxlen is None or is_none(maxlen)
    a: DimLike = 25000 if plain else cx.fresh("reviews")
    b: DimLike = 25000 if plain else cx.fresh("reviews")
    return as_tuple((_reviews(cx, a, highest, 2), _reviews(cx, b, highest, 2)))


@rule("keras.datasets.reuters.load_data")
def reuters(
    cx: Context, path: Value | None = None, num_words: Value | None = None, skip_top: Value | None = None,
    maxlen: Value | None = None, test_split: Value | None = None, seed: Value | None = None,
    start_char: Value | None = None, oov_char: Value | None = None, index_from: Value | None = None, **kwargs: Value,
) -> Value:  # fmt: skip
    """8,982 and 2,246 newswires as lists of numbers, labels 0 .. 45."""
    highest = _highest(num_words, 30981)
    plain = (maxlen is None or is_none(maxlen)) and test_split is None
    a: DimLike = 8982 if plain else cx.fresh("newswires")
    b: DimLike = 2246 if plain else cx.fresh("newswires")
    return as_tuple((_reviews(cx, a, highest, 46), _reviews(cx, b, highest, 46)))


@rule("keras.datasets.imdb.get_word_index", "keras.datasets.reuters.get_word_index")
def get_word_index(cx: Context, path: Value | None = None) -> Value:
    """Words with their numbers."""
    return DictValue({}, rest=Typed("int", lo=1), size=cx.fresh("vocabulary"))
