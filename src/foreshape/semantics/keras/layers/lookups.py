"""``StringLookup`` and ``IntegerLookup``: words or numbers to ids, through a vocabulary.

Follows ``keras/src/layers/preprocessing/index_lookup.py`` and the ``tf_keras`` one. The size of the vocabulary is
known where it is given as a list, or found by ``adapt`` in data that is known; otherwise it is a symbol.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from foreshape.domain.contents import Contents, Run
from foreshape.domain.dim import DimLike
from foreshape.domain.values import (
    Array,
    Const,
    Instance,
    Sequence,
    Shape,
    Typed,
    Value,
    as_bool,
    as_dim,
    as_str,
    int_value,
    is_none,
)
from foreshape.faults.dtype_mismatch import DtypeMismatch
from foreshape.faults.invalid_argument import InvalidArgument
from foreshape.faults.unfitted_estimator import UnfittedEstimator
from foreshape.semantics.keras.base import anonymous, class_name, error, init_layer, is_keras3, output, undefined
from foreshape.semantics.keras.config import invalid, repr_value
from foreshape.semantics.keras.layers.encoding import as_array, check_mode, check_sparse, encoded, mode_of
from foreshape.semantics.keras.methods import in_graph
from foreshape.semantics.registry import library_type, rule

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

MODES: Final = ("int", "one_hot", "multi_hot", "count", "tf_idf")

library_type("keras.layers.IndexLookup", "keras.Layer")
library_type("keras.layers.StringLookup", "keras.layers.IndexLookup")
library_type("keras.layers.IntegerLookup", "keras.layers.IndexLookup")


def given(value: Value | None) -> Value | None:
    """The value of an argument, None where it was left out or is None."""
    return None if value is None or is_none(value) else value


# -- vocabularies -----------------------------------------------------------------------------------------------------


def known_items(cx: Context, value: Value) -> list[Any] | None:
    """What a list or an array holds, where all of it is known (nested lists flattened)."""
    if isinstance(value, Const) and isinstance(value.value, (str, int)):
        return [value.value]
    if isinstance(value, Array):
        return list(value.data) if value.data is not None else None
    if isinstance(value, Sequence):
        items = value.contents.items()
        found: list[Any] = []
        for item in items if items is not None else [None]:
            inner = None if item is None else known_items(cx, item)
            if inner is None:
                return None
            found.extend(inner)
        return found
    return None


def check_common(cx: Context, layer: Instance, name: str, own: dict[str, Value | None]) -> None:
    """What every lookup checks first of its arguments."""
    tokens = as_dim(own.get("max_tokens"))
    if isinstance(tokens, int) and tokens <= 1:
        message = f"If set, `max_tokens` must be greater than 1. Received: max_tokens={tokens}"
        raise invalid(cx, "ValueError", message, "max_tokens", own["max_tokens"])
    pad = own.get("pad_to_max_tokens")
    if pad is not None and as_bool(pad) is True and given(own.get("max_tokens")) is None:
        message = "If pad_to_max_tokens is True, must set `max_tokens`. Received: max_tokens=None"
        raise invalid(cx, "ValueError", message, "pad_to_max_tokens", pad)
    extra = as_dim(own.get("num_oov_indices"))
    if isinstance(extra, int) and extra < 0:
        message = f"`num_oov_indices` must be greater than or equal to 0. Received: num_oov_indices={extra}"
        raise invalid(cx, "ValueError", message, "num_oov_indices", own["num_oov_indices"])
    mode = own.get("output_mode") or Const("int")
    check_mode(cx, mode, MODES, name)
    word = as_str(mode)
    invert = own.get("invert")
    if invert is not None and as_bool(invert) is True and word not in (None, "int"):
        message = f"`output_mode` must be `'int'` when `invert` is true. Received: output_mode={word}"
        raise invalid(cx, "ValueError", message, "output_mode", mode)
    check_sparse(cx, own.get("sparse"), word)
    weights, vocabulary = given(own.get("idf_weights")), given(own.get("vocabulary"))
    tf_idf = word in ("tf_idf", "tf-idf")
    if weights is not None and word is not None and not tf_idf:
        message = f"`idf_weights` should only be set if `output_mode` is `'tf_idf'`. Received: output_mode={word}"
        raise invalid(cx, "ValueError", message, "idf_weights", weights)
    if tf_idf and vocabulary is not None and weights is None:
        message = (
            "When specifying the `vocabulary` argument, in TF-IDF output mode, the `idf_weights` argument must also "
            "be provided."
        )
        raise invalid(cx, "ValueError", message, "idf_weights", None)
    if weights is not None and vocabulary is not None:
        one, two = cx.length(weights), cx.length(vocabulary)
        if one is not None and two is not None and not isinstance(vocabulary, Const) and not cx.equal(one, two):
            message = (
                f"`idf_weights` must be the same length as vocabulary. len(idf_weights) is {one}; len(vocabulary) is "
                f"{two}"
            )
            raise invalid(cx, "ValueError", message, "idf_weights", weights)


def token_start(cx: Context, layer: Instance) -> DimLike | None:
    """How many ids come before the first word: one for the mask, and those of words that are not known."""
    mode = mode_of(layer)
    extra = as_dim(layer.fields.get("num_oov_indices"))
    if extra is None or mode is None:
        return None
    mask = layer.fields.get("mask_token")
    return extra + (1 if mode == "int" and isinstance(mask, Value) and not is_none(mask) else 0)


def take_vocabulary(cx: Context, layer: Instance, vocabulary: Value) -> None:
    """``set_vocabulary``: no word twice, not more than ``max_tokens``."""
    cx.set(layer, "~adapted", True)
    start = token_start(cx, layer)
    words = None if isinstance(vocabulary, Const) else known_items(cx, vocabulary)
    if words is None or not isinstance(start, int):
        cx.set(layer, "~size", cx.fresh("vocabulary"))
        cx.set(layer, "~words", None)
        return
    if not words:
        raise invalid(
            cx, "ValueError", "Cannot set an empty vocabulary. Received: vocabulary=[]", "vocabulary", vocabulary
        )
    mask, oov = _plain(layer.fields.get("mask_token")), _plain(layer.fields.get("oov_token"))
    extra = as_dim(layer.fields.get("num_oov_indices"))
    special = [mask] * (start - (extra if isinstance(extra, int) else 0)) + [oov] * (
        extra if isinstance(extra, int) else 0
    )
    tokens = words[start:] if special and words[:start] == special else words
    repeated = sorted({str(word) for word in tokens if tokens.count(word) > 1})
    if repeated:
        message = (
            "The passed vocabulary has at least one repeated term. Please uniquify your dataset. The repeated terms "
            "are: "
            f"{repeated}"
        )
        raise invalid(cx, "ValueError", message, "vocabulary", vocabulary)
    if mask is not None and mask in tokens:
        message = (
            "Found reserved mask token at unexpected location in `vocabulary`. Note that passed `vocabulary` does "
            "not need to "
            "include the OOV and mask tokens. Either remove all mask and OOV tokens, or include them only at the start."
        )
        raise invalid(cx, "ValueError", message, "vocabulary", vocabulary)
    size = start + len(tokens)
    most = as_dim(layer.fields.get("max_tokens"))
    if isinstance(most, int) and size > most:
        message = (
            f"Attempted to set a vocabulary larger than the maximum vocab size. Received vocabulary size is {size}; "
            f"`max_tokens` is {most}."
        )
        raise invalid(cx, "ValueError", message, "vocabulary", vocabulary)
    cx.set(layer, "~size", size)
    cx.set(layer, "~words", tuple(tokens))


def _plain(value: object) -> Any:
    return value.value if isinstance(value, Const) else None


def find_vocabulary(cx: Context, layer: Instance, words: list[Any] | None) -> None:
    """``adapt``: every word of the data once, the most frequent ones where ``max_tokens`` says so."""
    cx.set(layer, "~adapted", True)
    cx.set(layer, "~words", None)
    start = token_start(cx, layer)
    most = as_dim(layer.fields.get("max_tokens"))
    known_most = (most is None and is_none(layer.fields.get("max_tokens", Const(None)))) or isinstance(most, int)
    if words is None or not isinstance(start, int) or not known_most:
        cx.set(layer, "~size", cx.fresh("vocabulary"))
        return
    mask = _plain(layer.fields.get("mask_token"))
    tokens = {word for word in words if word != mask and word != ""}
    size = start + len(tokens)
    cx.set(layer, "~size", min(size, most) if isinstance(most, int) else size)


# -- constructors -----------------------------------------------------------------------------------------------------


def _init(cx: Context, layer: Instance, name: str, own: dict[str, Value | None], kwargs: dict[str, Value]) -> None:
    check_common(cx, layer, name, own)
    kwargs.pop("vocabulary_size", None)
    kwargs.pop("has_input_vocabulary", None)
    if is_keras3(cx):
        kwargs.pop("dtype", None)  # read from saved models, not used
    init_layer(cx, layer, kwargs)
    cx.set(layer, "autocast", Const(False))
    cx.set(layer, "~any_argument", True)
    defaults = {"num_oov_indices": Const(1), "output_mode": Const("int"), "invert": Const(False),
                "sparse": Const(False),
                "pad_to_max_tokens": Const(False)}  # fmt: skip
    for key, value in own.items():
        if key not in ("vocabulary", "idf_weights"):
            cx.set(layer, key, value if value is not None else defaults.get(key, Const(None)))
    _check_mask_token(cx, name, given(own.get("mask_token")))
    vocabulary = given(own.get("vocabulary"))
    if vocabulary is not None:
        take_vocabulary(cx, layer, vocabulary)


def _check_mask_token(cx: Context, name: str, token: Value | None) -> None:
    if not isinstance(token, Const):
        return
    if name == "IntegerLookup" and isinstance(token.value, str):
        if is_keras3(cx):
            text, kind = f"Cannot convert {token.value!r} to EagerTensor of dtype int64", "TypeError"
        else:
            text, kind = f"invalid literal for int() with base 10: {token.value!r}", "ValueError"
        raise invalid(cx, kind, text, "mask_token", token)
    if name == "StringLookup" and isinstance(token.value, int):
        text = f"Cannot convert {token.value} to EagerTensor of dtype string"
        raise invalid(cx, "TypeError", text, "mask_token", token)


@rule("keras.layers.StringLookup.__init__")
def string_init(
    cx: Context, self: Instance, max_tokens: Value | None = None, num_oov_indices: Value | None = None,
    mask_token: Value | None = None, oov_token: Value | None = None, vocabulary: Value | None = None,
    idf_weights: Value | None = None, *rest: Value, invert: Value | None = None, output_mode: Value | None = None,
    pad_to_max_tokens: Value | None = None, sparse: Value | None = None, encoding: Value | None = None,
    salt: Value | None = None, **kwargs: Value,
) -> None:  # fmt: skip
    """Words to ids, or back with ``invert``."""
    own = {
        "max_tokens": max_tokens, "num_oov_indices": num_oov_indices, "mask_token": mask_token,
        "oov_token": oov_token if oov_token is not None else Const("[UNK]"), "vocabulary": vocabulary,
        "idf_weights": idf_weights, "invert": invert, "output_mode": output_mode, "sparse": sparse,
        "pad_to_max_tokens": pad_to_max_tokens,
    }  # fmt: skip
    _init(cx, self, "StringLookup", own, kwargs)


@rule("keras.layers.IntegerLookup.__init__")
def integer_init(
    cx: Context, self: Instance, max_tokens: Value | None = None, num_oov_indices: Value | None = None,
    mask_token: Value | None = None, oov_token: Value | None = None, vocabulary: Value | None = None,
    vocabulary_dtype: Value | None = None, idf_weights: Value | None = None, invert: Value | None = None,
    output_mode: Value | None = None, sparse: Value | None = None, pad_to_max_tokens: Value | None = None,
    oov_method: Value | None = None, salt: Value | None = None, **kwargs: Value,
) -> None:  # fmt: skip
    """Numbers to ids without gaps, or back with ``invert``."""
    dtype = as_str(vocabulary_dtype)
    if dtype is not None and dtype != "int64" and (is_keras3(cx) or dtype != "int32"):
        message = f"Only `vocabulary_dtype='int64'` is supported at this time. Received: vocabulary_dtype={dtype}"
        raise invalid(cx, "ValueError", message, "vocabulary_dtype", vocabulary_dtype)
    if oov_method is not None:
        check_mode(cx, oov_method, ("floormod", "farmhash"), "IntegerLookup", "oov_method")
    own = {
        "max_tokens": max_tokens, "num_oov_indices": num_oov_indices, "mask_token": mask_token,
        "oov_token": oov_token if oov_token is not None else Const(-1), "vocabulary": vocabulary,
        "idf_weights": idf_weights, "invert": invert, "output_mode": output_mode, "sparse": sparse,
        "pad_to_max_tokens": pad_to_max_tokens,
    }  # fmt: skip
    _init(cx, self, "IntegerLookup", own, kwargs)


# -- methods ----------------------------------------------------------------------------------------------------------


@rule("keras.layers.IndexLookup.set_vocabulary")
def set_vocabulary(cx: Context, self: Instance, vocabulary: Value, idf_weights: Value | None = None) -> Value:
    """Another vocabulary."""
    take_vocabulary(cx, self, vocabulary)
    return Const(None)


@rule("keras.layers.IndexLookup.adapt")
def adapt(
    cx: Context, self: Instance, data: Value, batch_size: Value | None = None, steps: Value | None = None
) -> Value:
    """A vocabulary of what the data holds."""
    find_vocabulary(cx, self, known_items(cx, data))
    return Const(None)


@rule("keras.layers.IndexLookup.vocabulary_size", "keras.layers.IndexLookup.vocab_size")
def vocabulary_size(cx: Context, self: Instance) -> Value:
    """The number of words, with those for masks and for words that are not known."""
    return int_value(size_of(cx, self))


def size_of(cx: Context, layer: Instance) -> DimLike:
    """The size of the vocabulary; that of the special words where there is none yet."""
    size: DimLike | None = layer.fields.get("~size")
    if size is not None:
        return size
    start = token_start(cx, layer)
    return cx.fresh("vocabulary") if start is None or layer.fields.get("~adapted") else start


@rule("keras.layers.IndexLookup.get_vocabulary")
def get_vocabulary(cx: Context, self: Instance, include_special_tokens: Value | None = None) -> Value:
    """The words as a list, special ones first."""
    size = size_of(cx, self)
    if include_special_tokens is not None and as_bool(include_special_tokens) is not True:
        start = token_start(cx, self)
        if as_bool(include_special_tokens) is None or start is None:
            return cx.unknown("whether special words are included is not known")
        size = size - start
    integers = (self.library_type or "").endswith("IntegerLookup")
    return Sequence("list", Contents((Run(size, Typed("int" if integers else "str")),)))


# -- calls ------------------------------------------------------------------------------------------------------------


def depth_of(cx: Context, layer: Instance) -> DimLike:
    """The length of the vectors; a dim that Keras sees as None before there is a vocabulary."""
    if as_bool(layer.fields.get("pad_to_max_tokens")) is not False:
        size = as_dim(layer.fields.get("max_tokens"))
        return cx.fresh("max_tokens") if size is None else size
    size = layer.fields.get("~size")
    return anonymous(cx) if size is None else size


def spec_shape(cx: Context, layer: Instance, shape: Shape) -> Shape:
    """What Keras 3 works out from the shape alone."""
    mode = mode_of(layer)
    if mode == "int":
        return shape
    depth = depth_of(cx, layer)
    if mode == "one_hot":
        single = len(shape) > 1 and not undefined(shape[-1]) and shape[-1] == 1
        return (*(shape[:-1] if single else shape), depth)
    return (*shape[:-1], depth)


@rule("keras.layers.IndexLookup.compute_output_spec", since="3")
def lookup_spec(cx: Context, self: Instance, inputs: Value) -> Value:
    """Keras 3, symbolically."""
    inputs = as_array(cx, inputs)
    mode = mode_of(self)
    if not isinstance(inputs, Array) or inputs.shape is None or mode is None:
        return output(cx, self, inputs, None, None)
    return output(cx, self, inputs, spec_shape(cx, self, inputs.shape), "int64" if mode == "int" else "float32")


@rule("keras.layers.IndexLookup.call")
def lookup_call(cx: Context, self: Instance, inputs: Value) -> Value:
    """An id for each word, or a vector for each row."""
    inputs = as_array(cx, inputs)
    mode = mode_of(self)
    if not isinstance(inputs, Array) or mode is None:
        return output(cx, self, inputs, None)
    name = (self.library_type or "").rpartition(".")[2]
    invert = as_bool(self.fields.get("invert"))
    check_convertible(cx, self, inputs, name == "IntegerLookup" or invert is True, known_cast=invert is True)
    check_ready(cx, self, mode)
    _check_known(cx, self, inputs)
    return looked_up(cx, self, inputs, mode, invert)


def looked_up(cx: Context, layer: Instance, ids: Array, mode: str, invert: bool | None = False) -> Value:
    """What comes out for words of this shape."""
    new, name = is_keras3(cx), (layer.library_type or "").rpartition(".")[2]
    if mode == "int":
        if invert is None:
            return output(cx, layer, ids, ids.shape, None)
        dtype = "string" if invert and name == "StringLookup" else "int64"
        made = output(cx, layer, ids, ids.shape, dtype, roles=ids.roles)
        return made if invert else bounded(cx, layer, made)
    if as_bool(layer.fields.get("sparse")) is not False:
        return cx.unknown("a sparse tensor")
    depth = depth_of(cx, layer)
    shape = encoded(cx, layer, ids, "count" if mode == "tf_idf" else mode, depth)
    return output(cx, layer, ids, shape, "int64" if new and mode != "tf_idf" else "float32")


def bounded(cx: Context, layer: Instance, made: Array) -> Array:
    """Ids lie below the size of the vocabulary; whether the last occurs is not known."""
    size: DimLike | None = layer.fields.get("~size")
    if size is None or as_dim(layer.fields.get("num_oov_indices")) == 0:
        return made
    return made.replace(lo=0, hi=size - 1, meta={**made.meta, "loose": True})


def check_ready(cx: Context, layer: Instance, mode: str) -> None:
    """Without a vocabulary nothing can be looked up (at once; a graph is told when it runs)."""
    if layer.fields.get("~adapted") or layer.fields.get("~size") is not None or in_graph(cx):
        return
    if as_bool(layer.fields.get("built")) is True:
        return  # its state may have been loaded
    name = class_name(layer)
    if mode != "int" and as_bool(layer.fields.get("pad_to_max_tokens")) is False:
        message = (
            f"When using `output_mode={mode}` and `pad_to_max_tokens=False`, you must set the layer's vocabulary "
            "before calling "
            "it. Either pass a `vocabulary` argument to the layer, or call `adapt` with some sample data."
        )
        raise UnfittedEstimator(error(cx, "RuntimeError", message), values=(layer,), estimator=name)
    message = "Table not initialized. [Op:LookupTableFindV2] name: "
    raise UnfittedEstimator(error(cx, "FailedPreconditionError", message), values=(layer,), estimator=name)


def check_convertible(cx: Context, layer: Instance, inputs: Array, numbers: bool, known_cast: bool = False) -> None:
    """Words where numbers are wanted, and the other way round."""
    text = is_text(inputs.dtype)
    if in_graph(cx) or inputs.dtype is None or inputs.dtype == "object" or text != numbers:
        return
    if not is_keras3(cx) or known_cast:
        kind = "UnimplementedError"
        message = (
            f"Cast {'string' if text else inputs.dtype} to {'int64' if numbers else 'string'} is not supported "
            "[Op:Cast] name: "
        )
    else:
        kind = "ValueError"
        message = (
            "invalid literal for int() with base 10" if numbers
            else "Failed to convert a NumPy array to a Tensor (Unsupported object type int)."
        )  # fmt: skip
        if numbers and (inputs.data is None or all(str(item).lstrip("-").isdigit() for item in inputs.data)):
            return
    raise DtypeMismatch(
        error(cx, kind, message), values=(inputs,), taker=class_name(layer), got=(inputs.dtype,),
        wanted="int64" if numbers else "string",
    )  # fmt: skip


def is_text(dtype: str | None) -> bool:
    """Whether an array of this dtype holds words."""
    return dtype is not None and (dtype in ("string", "str", "bytes") or dtype.startswith(("<U", "|S", "U", "S")))


def _check_known(cx: Context, layer: Instance, inputs: Array) -> None:
    """With ``num_oov_indices=0`` every word must be in the vocabulary."""
    words: tuple[Any, ...] | None = layer.fields.get("~words")
    if as_dim(layer.fields.get("num_oov_indices")) != 0 or words is None or inputs.data is None or in_graph(cx):
        return
    if as_bool(layer.fields.get("invert")) is not False:
        return
    mask = _plain(layer.fields.get("mask_token"))
    missing = [item for item in inputs.data if item not in words and item != mask]
    if missing:
        shown = repr_value(Const(missing[0]))
        message = (
            "Expected 'tf.Tensor(False, shape=(), dtype=bool)' to be true. Summarized data: b'When "
            "`num_oov_indices=0` all inputs "
            f"should be in vocabulary, found OOV values [{shown}]"
        )
        raise InvalidArgument(
            error(cx, "InvalidArgumentError", message), values=(inputs,), argument="num_oov_indices", given="0"
        )
