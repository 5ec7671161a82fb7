"""``TextVectorization``: texts to ids or to vectors.

Follows ``keras/src/layers/preprocessing/text_vectorization.py`` and the ``tf_keras`` one. Texts that are known are
cut into words, so that the vocabulary and the longest text are known too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from foreshape.domain.dim import DimLike
from foreshape.domain.values import Array, Const, Instance, Sequence, Shape, Value, as_bool, as_dim, as_str, is_none
from foreshape.faults.rank_mismatch import RankMismatch
from foreshape.semantics.keras.base import anonymous, dims_text, error, init_layer, is_keras3, output, undefined
from foreshape.semantics.keras.config import invalid, repr_value
from foreshape.semantics.keras.layers.encoding import as_array, check_mode, mode_of
from foreshape.semantics.keras.layers.lookups import (
    MODES,
    bounded,
    check_common,
    check_convertible,
    check_ready,
    find_vocabulary,
    given,
    known_items,
    looked_up,
    spec_shape,
    take_vocabulary,
)
from foreshape.semantics.keras.methods import in_graph
from foreshape.semantics.registry import library_type, rule

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

NAME: Final = "TextVectorization"
STANDARDS: Final = ("lower_and_strip_punctuation", "lower", "strip_punctuation")
PUNCTUATION: Final = "!\"#$%&()*+,-./:;<=>?@[\\]^_`{|}~'"

library_type("keras.layers.TextVectorization", "keras.layers.IndexLookup")


@rule("keras.layers.TextVectorization.__init__")
def vectorization_init(
    cx: Context, self: Instance, max_tokens: Value | None = None, standardize: Value | None = None,
    split: Value | None = None, ngrams: Value | None = None, output_mode: Value | None = None,
    output_sequence_length: Value | None = None, pad_to_max_tokens: Value | None = None,
    vocabulary: Value | None = None, idf_weights: Value | None = None, sparse: Value | None = None,
    ragged: Value | None = None, encoding: Value | None = None, name: Value | None = None, **kwargs: Value,
) -> None:  # fmt: skip
    """``output_sequence_length``: shorter texts are filled up with 0, longer ones cut."""
    mode = output_mode if output_mode is not None else Const("int")
    _check_choice(cx, standardize, STANDARDS, "standardize")
    _check_choice(cx, split, ("whitespace", "character"), "split")
    check_mode(cx, mode, MODES if is_keras3(cx) else ("int", "count", "multi_hot", "tf_idf"), NAME)
    _check_numbers(cx, mode, ngrams, output_sequence_length, ragged)
    own = {
        "max_tokens": max_tokens, "vocabulary": vocabulary, "idf_weights": idf_weights, "output_mode": mode,
        "sparse": sparse, "pad_to_max_tokens": pad_to_max_tokens,
    }  # fmt: skip
    check_common(cx, self, NAME, own)
    if name is not None:
        kwargs["name"] = name
    for word in ("dtype", "vocabulary_size", "has_input_vocabulary"):  # read from saved models, not used
        kwargs.pop(word, None)
    init_layer(cx, self, kwargs)
    for key in ("autocast", "~any_argument"):
        cx.set(self, key, Const(False) if key == "autocast" else True)
    fields = {
        "max_tokens": max_tokens, "standardize": Const(STANDARDS[0]) if standardize is None else standardize,
        "split": Const("whitespace") if split is None else split, "ngrams": ngrams, "output_mode": mode,
        "output_sequence_length": output_sequence_length, "sparse": sparse if sparse is not None else Const(False),
        "pad_to_max_tokens": pad_to_max_tokens if pad_to_max_tokens is not None else Const(False),
        "ragged": ragged if ragged is not None else Const(False), "invert": Const(False),
        "num_oov_indices": Const(1), "mask_token": Const(""), "oov_token": Const("[UNK]"),
    }  # fmt: skip
    for key, value in fields.items():
        cx.set(self, key, value if value is not None else Const(None))
    words = given(vocabulary)
    if words is not None:
        take_vocabulary(cx, self, words)


def _check_choice(cx: Context, value: Value | None, allowed: tuple[str, ...], argument: str) -> None:
    if value is not None and isinstance(value, Const) and value.value is not None:
        check_mode(cx, value, allowed, NAME, argument)


def _check_numbers(cx: Context, mode: Value, ngrams: Value | None, length: Value | None, ragged: Value | None) -> None:
    if isinstance(ngrams, Const) and not (ngrams.value is None or isinstance(ngrams.value, int)):
        message = f"`ngrams` must be None, an integer, or a tuple of integers. Received: ngrams={ngrams.value}"
        raise invalid(cx, "ValueError", message, "ngrams", ngrams)
    word = as_str(mode)
    if word == "int" and isinstance(length, Const) and not (length.value is None or isinstance(length.value, int)):
        message = (
            "`output_sequence_length` must be either None or an integer when `output_mode` is 'int'. Received: "
            f"output_sequence_length={repr_value(length)}"
        )
        raise invalid(cx, "ValueError", message, "output_sequence_length", length)
    if word not in (None, "int") and given(length) is not None:
        message = (
            "`output_sequence_length` must not be set if `output_mode` is not 'int'. "
            f"Received output_sequence_length={repr_value(length)}."
        )
        raise invalid(cx, "ValueError", message, "output_sequence_length", length)
    if word not in (None, "int") and ragged is not None and as_bool(ragged) is True:
        message = "`ragged` must not be true if `output_mode` is `'int'`. Received: ragged=True"
        raise invalid(cx, "ValueError", message, "ragged", ragged)


# -- texts that are known ---------------------------------------------------------------------------------------------


def _cut(layer: Instance, texts: list[Any] | None) -> list[list[str]] | None:
    """The words of each text; None where that cannot be told."""
    standard, split = layer.fields["standardize"], layer.fields["split"]
    if texts is None or not isinstance(standard, Const) or not isinstance(split, Const):
        return None
    found: list[list[str]] = []
    for text in texts:
        if not isinstance(text, str) or not text.isascii():
            return None
        if standard.value in ("lower", STANDARDS[0]):
            text = text.lower()
        if standard.value in ("strip_punctuation", STANDARDS[0]):
            text = text.translate(str.maketrans("", "", PUNCTUATION))
        words = [text] if split.value is None else list(text) if split.value == "character" else text.split()
        widths = _widths(layer)
        if widths is None:
            return None
        found.append(words if widths == () else _grams(words, widths))
    return found


def _widths(layer: Instance) -> tuple[int, ...] | None:
    """How many words stand together: (1, 2) for ``ngrams=2``; () where nothing is joined, None where not known."""
    value = layer.fields["ngrams"]
    if is_none(value):
        return ()
    if isinstance(value, Const) and isinstance(value.value, int):
        return tuple(range(1, value.value + 1)) or (0,)
    items = value.contents.items() if isinstance(value, Sequence) else None
    sizes = [as_dim(item) for item in items] if items is not None else [None]
    return None if not all(isinstance(size, int) for size in sizes) else tuple(s for s in sizes if isinstance(s, int))


def _grams(words: list[str], widths: tuple[int, ...]) -> list[str]:
    return [
        " ".join(words[start : start + width])
        for width in widths
        if width > 0
        for start in range(len(words) - width + 1)
    ]


@rule("keras.layers.TextVectorization.adapt")
def vectorization_adapt(
    cx: Context, self: Instance, data: Value, batch_size: Value | None = None, steps: Value | None = None
) -> Value:
    """A vocabulary of the words in the texts."""
    cut = _cut(self, known_items(cx, data))
    find_vocabulary(cx, self, None if cut is None else [word for words in cut for word in words])
    return Const(None)


# -- calls ------------------------------------------------------------------------------------------------------------


def _length(cx: Context, layer: Instance, texts: Array | None) -> DimLike:
    """How many ids each text becomes."""
    given_length = layer.fields["output_sequence_length"]
    if not is_none(given_length):
        size = as_dim(given_length)
        return cx.fresh("output_sequence_length") if size is None else size
    if texts is None or in_graph(cx):
        return anonymous(cx)
    cut = _cut(layer, None if texts.data is None else list(texts.data))
    if cut is not None:
        return max((len(words) for words in cut), default=0)
    return cx.fresh(lo=0)


@rule("keras.layers.TextVectorization.compute_output_spec", since="3")
def vectorization_spec(cx: Context, self: Instance, inputs: Value) -> Value:
    """Keras 3, symbolically."""
    inputs = as_array(cx, inputs)
    mode = mode_of(self)
    if not isinstance(inputs, Array) or inputs.shape is None or mode is None:
        return output(cx, self, inputs, None, None)
    shape = inputs.shape
    if mode == "int":
        length = _length(cx, self, None)
        if isinstance(length, int) and length < 0:
            message = (
                f"Cannot convert '{dims_text((*shape[:1], length))}' to a shape. Negative dimensions are not allowed."
            )
            raise invalid(cx, "ValueError", message, "output_sequence_length", self.fields["output_sequence_length"])
        made = output(
            cx, self, inputs, (shape[0] if shape else anonymous(cx), length), "int64", roles=("batch", "time")
        )
        return bounded(cx, self, made)
    if not is_none(self.fields["split"]):
        shape = (*shape, anonymous(cx))
    elif len(shape) <= 1:
        shape = (*shape, 1)
    return output(cx, self, inputs, spec_shape(cx, self, shape), "float32")


@rule("keras.layers.TextVectorization.call")
def vectorization_call(cx: Context, self: Instance, inputs: Value) -> Value:
    """(batch,) or (batch, 1) texts become (batch, words) ids, or (batch, vocabulary) vectors."""
    inputs = as_array(cx, inputs)
    mode = mode_of(self)
    if not isinstance(inputs, Array) or inputs.shape is None or mode is None:
        return output(cx, self, inputs, None, None)
    check_convertible(cx, self, inputs, numbers=False)
    shape = inputs.shape
    split = self.fields["split"]
    plain = not isinstance(split, Const) or split.value is not None
    if plain and len(shape) > 1:
        if undefined(shape[-1]) or not cx.equal(shape[-1], 1):
            text = (
                "When using `TextVectorization` to tokenize strings, the input rank must be 1 or the last shape "
                "dimension "
                f"must be 1. Received: inputs.shape={dims_text(shape)} with rank={len(shape)}"
            )
            raise RankMismatch(
                error(cx, "ValueError", text), values=(inputs,), taker=NAME, needs=1, at_least=False, got=shape
            )
        shape = shape[:-1]
    check_ready(cx, self, mode)
    return _vectorized(cx, self, inputs, shape, mode, plain)


def _vectorized(cx: Context, layer: Instance, texts: Array, shape: Shape, mode: str, plain: bool) -> Value:
    if as_bool(layer.fields["ragged"]) is not False:
        return cx.unknown("a ragged tensor")
    words: Shape
    if plain:
        words = (*shape, _length(cx, layer, texts))
    elif is_none(layer.fields["output_sequence_length"]) or not shape:
        words = shape
    else:
        words = (*shape[:-1], _length(cx, layer, texts))
    last = words[-1] if words else None
    if isinstance(last, int) and last < 0:
        message = f"Dimension {last} must be >= 0"
        raise invalid(cx, "ValueError", message, "output_sequence_length", layer.fields["output_sequence_length"])
    if not plain and not is_none(layer.fields["ngrams"]):
        return output(cx, layer, texts, None, "int64" if mode == "int" else None)
    made = looked_up(cx, layer, texts.replace(shape=words, data=None, dtype="string"), mode)
    if mode == "int" and isinstance(made, Array) and len(words) == 2:
        return made.replace(roles=("batch", "time"))
    return made
