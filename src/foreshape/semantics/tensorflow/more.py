"""What programs use of TensorFlow less often: further mathematics, candidates, boxes, decoders, strings.

https://www.tensorflow.org/api_docs/python/tf
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from foreshape.domain.dim import DimLike
from foreshape.domain.values import Array, Value, as_str
from foreshape.semantics.registry import constant, library_type, rule
from foreshape.semantics.shared.structure import as_tuple
from foreshape.semantics.tensorflow.convert import as_tensor
from foreshape.semantics.tensorflow.declare import op, op_table
from foreshape.semantics.tensorflow.elementwise import unary
from foreshape.semantics.tensorflow.selecting import fields
from foreshape.semantics.tensorflow.support import (
    broadcast,
    dtype_of,
    dtype_or,
    flag,
    given,
    ints,
    open_size,
    shape_argument,
    tensor,
    unknown_tensor,
)

if TYPE_CHECKING:
    from foreshape.domain.values import Instance
    from foreshape.semantics.protocol import Context


def _first(cx: Context, **g: Any) -> Value:
    """As the first argument."""
    return unary(cx, next(iter(g.values())))


def _broadcast(*names: str) -> Any:
    def run(cx: Context, **g: Any) -> Value:
        """Element by element."""
        parts = [as_tensor(cx, g[name]) for name in names]
        known = [part for part in parts if part is not None]
        if len(known) != len(parts):
            return unknown_tensor(cx, *(g[name] for name in names))
        dtypes = {part.dtype for part in known}
        return tensor(broadcast(cx, "Mul", *known), dtypes.pop() if len(dtypes) == 1 else None, *known)

    return run


# -- mathematics ------------------------------------------------------------------------------------------------------
op_table("math.erfcinv math.reciprocal_no_nan", "x, name=None", _first)
op_table("math.log_softmax", "logits, axis=None, name=None", lambda cx, **g: unary(cx, g["logits"]))
op_table("math.scalar_mul scalar_mul", "scalar, x, name=None", lambda cx, **g: unary(cx, g["x"]))
op_table(
    "math.is_non_decreasing math.is_strictly_increasing", "x, name=None", lambda cx, **g: tensor((), "bool", g["x"])
)
op_table("realdiv truncatediv truncatemod", "x, y, name=None", _broadcast("x", "y"))
op_table("math.xlog1py", "x, y, name=None", _broadcast("x", "y"))
op_table("math.polygamma", "a, x, name=None", _broadcast("a", "x"))
op_table("math.betainc", "a, b, x, name=None", _broadcast("a", "b", "x"))
op_table("guarantee_const", "input, name=None", _first)
op_table(
    "reverse_sequence",
    "input, seq_lengths, seq_axis=None, batch_axis=None, name=None",
    lambda cx, **g: unary(cx, g["input"]),
)
op_table(
    "histogram_fixed_width_bins",
    "values, value_range, nbins=None, dtype=None, name=None",
    lambda cx, **g: unary(cx, g["values"], dtype=dtype_of(g.get("dtype")) or "int32"),
)


def _shortened(cx: Context, value: Value, axes: int, dtype: str | None = None) -> Value:
    """Without its last axes."""
    x = as_tensor(cx, value)
    if x is None or x.shape is None or len(x.shape) < axes:
        return unknown_tensor(cx, value)
    return tensor(x.shape[: len(x.shape) - axes], dtype or x.dtype, x)


op_table("math.lbeta", "x, name=None", lambda cx, **g: _shortened(cx, g["x"], 1))
COMPLEX_OF = {"float32": "complex64", "float64": "complex128", "complex64": "complex64", "complex128": "complex128"}


def _complex(x: Array) -> str | None:
    return COMPLEX_OF.get(x.dtype or "")


@op("tensorflow.eigvals", "tensorflow.linalg.eigvals")
def eigvals(cx: Context, tensor: Value, name: Value | None = None) -> Value:
    """One complex number per row."""
    x = as_tensor(cx, tensor)
    if x is None or x.shape is None or len(x.shape) < 2:
        return unknown_tensor(cx, tensor)
    return Array("tensorflow", x.shape[:-1], _complex(x))


@op("tensorflow.eig")
def eig(cx: Context, tensor: Value, name: Value | None = None) -> Value:
    """Eigenvalues and eigenvectors, complex."""
    x = as_tensor(cx, tensor)
    if x is None or x.shape is None or len(x.shape) < 2:
        return unknown_tensor(cx, tensor)
    return as_tuple((Array("tensorflow", x.shape[:-1], _complex(x)), Array("tensorflow", x.shape, _complex(x))))


op_table("matrix_square_root", "input, name=None", _first)
op_table(
    "linalg.lu_matrix_inverse linalg.lu_reconstruct",
    "lower_upper, perm, validate_args=None, name=None",
    lambda cx, **g: unary(cx, g["lower_upper"]),
)
op_table(
    "linalg.lu_solve",
    "lower_upper, perm, rhs, validate_args=None, name=None",
    lambda cx, **g: unary(cx, g["rhs"]) if _rank(cx, g["lower_upper"]) == 2 else unknown_tensor(cx, g["rhs"]),
)
op_table(
    "linalg.tridiagonal_solve",
    "diagonals, rhs, diagonals_format=None, transpose_rhs=None, conjugate_rhs=None, name=None, partial_pivoting=None, "
    "perturb_singular=None",
    lambda cx, **g: unknown_tensor(cx) if given(g.get("transpose_rhs")) else unary(cx, g["rhs"]),
)
op_table(
    "linalg.tridiagonal_matmul",
    "diagonals, rhs, diagonals_format=None, name=None",
    lambda cx, **g: unary(cx, g["rhs"]),
)
op_table(
    "linalg.banded_triangular_solve",
    "bands, rhs, lower=None, adjoint=None, name=None",
    lambda cx, **g: unary(cx, g["rhs"]) if _rank(cx, g["bands"]) == 2 else unknown_tensor(cx, g["rhs"]),
)


def _rank(cx: Context, value: Value) -> int | None:
    x = as_tensor(cx, value)
    return None if x is None or x.shape is None else len(x.shape)


@op("tensorflow.math.polyval")
def polyval(cx: Context, coeffs: Value, x: Value, name: Value | None = None) -> Value:
    """As the coefficients and x together."""
    from foreshape.semantics.tensorflow.joining import parts_of

    found = parts_of(cx, coeffs)
    parts = [as_tensor(cx, part) for part in (*(found or ()), x)]
    known = [part for part in parts if part is not None]
    if found is None or not found or len(known) != len(parts):
        return unknown_tensor(cx, x)
    return tensor(broadcast(cx, "Mul", *known), known[-1].dtype, *known)


@op("tensorflow.math.unsorted_segment_sqrt_n", "tensorflow.strings.unsorted_segment_join")
def unsorted_segments(
    cx: Context, data: Value, segment_ids: Value, num_segments: Value, *args: Value, name: Value | None = None
) -> Value:
    """(segments, the rest of the data)."""
    x, ids, count = as_tensor(cx, data), as_tensor(cx, segment_ids), cx.dim(num_segments)
    if x is None or ids is None or x.shape is None or ids.shape is None or count is None:
        return unknown_tensor(cx, data)
    return tensor((count, *x.shape[len(ids.shape) :]), x.dtype, x)


@op("tensorflow.unravel_index")
def unravel_index(cx: Context, indices: Value, dims: Value, name: Value | None = None) -> Value:
    """A row for each axis."""
    x, sizes = as_tensor(cx, indices), as_tensor(cx, dims)
    if x is None or sizes is None or x.shape is None or not sizes.shape or len(sizes.shape) != 1:
        return unknown_tensor(cx, indices)
    return tensor((sizes.shape[0], *x.shape), x.dtype, x)


@op("tensorflow.tuple")
def tuple_(cx: Context, tensors: Value, control_inputs: Value | None = None, name: Value | None = None) -> Value:
    """The tensors, as they are."""
    return tensors


for _name, _what in (("math.approx_max_k", "k"), ("math.approx_min_k", "k"), ("nn.approx_max_k", "k"),
                     ("nn.approx_min_k", "k")):  # fmt: skip

    @op(f"tensorflow.{_name}")
    def approx_k(cx: Context, operand: Value, k: Value, *args: Value, **kwargs: Value) -> Value:
        """The k largest (smallest) along the last axis, and where."""
        x, count = as_tensor(cx, operand), cx.dim(k)
        if x is None or not x.shape or count is None or args or kwargs:
            return unknown_tensor(cx, operand)
        shape = (*x.shape[:-1], count)
        return as_tuple((tensor(shape, x.dtype, x), tensor(shape, "int32", x, lo=0)))


# -- space and batch --------------------------------------------------------------------------------------------------
def _pairs(cx: Context, value: Value, count: int) -> list[int] | None:
    from foreshape.semantics.tensorflow.joining import parts_of

    rows = parts_of(cx, value)
    found = None if rows is None else [ints(cx, row) for row in rows]
    if found is None or len(found) != count or any(row is None or len(row) != 2 for row in found):
        return None
    return [sum(row) for row in found if row is not None]


@op("tensorflow.space_to_batch", "tensorflow.space_to_batch_nd", "tensorflow.nn.space_to_batch")
def space_to_batch(cx: Context, input: Value, block_shape: Value, paddings: Value, name: Value | None = None) -> Value:
    """Blocks of space become samples."""
    x, block = as_tensor(cx, input), ints(cx, block_shape)
    sums = None if block is None else _pairs(cx, paddings, len(block))
    if x is None or x.shape is None or block is None or sums is None or len(x.shape) <= len(block):
        return unknown_tensor(cx, input)
    inner = [(size + more) // step for size, more, step in zip(x.shape[1:], sums, block)]
    batch: DimLike = x.shape[0]
    for step in block:
        batch = batch * step
    return tensor((batch, *inner, *x.shape[1 + len(block) :]), x.dtype, x)


@op("tensorflow.batch_to_space")
def batch_to_space(cx: Context, input: Value, block_shape: Value, crops: Value, name: Value | None = None) -> Value:
    """Samples become blocks of space."""
    x, block = as_tensor(cx, input), ints(cx, block_shape)
    sums = None if block is None else _pairs(cx, crops, len(block))
    if x is None or x.shape is None or block is None or sums is None or len(x.shape) <= len(block):
        return unknown_tensor(cx, input)
    batch: DimLike = x.shape[0]
    for step in block:
        batch = batch // step
    inner = [size * step - less for size, less, step in zip(x.shape[1:], sums, block)]
    return tensor((batch, *inner, *x.shape[1 + len(block) :]), x.dtype, x)


# -- strings ----------------------------------------------------------------------------------------------------------
def _same(dtype: str) -> Any:
    def run(cx: Context, **g: Any) -> Value:
        x = as_tensor(cx, next(iter(g.values())))
        return unknown_tensor(cx, *g.values()) if x is None else tensor(x.shape, dtype, x)

    return run


op_table(
    "as_string",
    "input, precision=None, scientific=None, shortest=None, width=None, fill=None, name=None",
    _same("string"),
)
op_table("strings.to_hash_bucket_strong", "input, num_buckets, key, name=None", _same("int64"))
op_table("strings.unicode_script", "input, name=None", _same("int32"))
op_table(
    "strings.unicode_transcode",
    "input, input_encoding, output_encoding, errors=None, replacement_char=None, replace_control_characters=None, "
    "name=None",
    _same("string"),
)


@op("tensorflow.strings.unicode_encode")
def unicode_encode(cx: Context, input: Value, output_encoding: Value, *args: Value, **kwargs: Value) -> Value:
    """The last axis becomes a text."""
    from foreshape.semantics.tensorflow.ragged import is_ragged

    if is_ragged(input):
        shape = input.fields.get("~shape")  # type: ignore[attr-defined]
        if shape is not None and len(shape) == 2:
            return tensor(shape[:1], "string")
        return cx.unknown("texts of a ragged tensor")
    return _shortened(cx, input, 1, "string")


@op("tensorflow.strings.ngrams")
def ngrams(
    cx: Context, data: Value, ngram_width: Value, separator: Value | None = None, pad_values: Value | None = None,
    padding_width: Value | None = None, preserve_short_sequences: Value | None = None, name: Value | None = None,
) -> Value:  # fmt: skip
    """As many as windows of that width fit into the last axis."""
    x, width = as_tensor(cx, data), cx.dim(ngram_width)
    if x is None or not x.shape or width is None or given(pad_values) or given(preserve_short_sequences):
        return unknown_tensor(cx, data)
    if not isinstance(x.shape[-1], int) or not isinstance(width, int):
        return tensor((*x.shape[:-1], open_size(cx)), "string", x)
    return tensor((*x.shape[:-1], max(x.shape[-1] - width + 1, 0)), "string", x)


# -- ragged -----------------------------------------------------------------------------------------------------------
@rule("tensorflow.RaggedTensor.row_starts", "tensorflow.RaggedTensor.row_limits")
def row_bounds(cx: Context, self: Instance, name: Value | None = None) -> Value:
    """One per row."""
    dims = self.fields.get("~shape")
    return cx.unknown("a ragged tensor") if not dims else tensor((dims[0],), "int64", lo=0)


@rule("tensorflow.RaggedTensor.value_rowids")
def value_rowids(cx: Context, self: Instance, name: Value | None = None) -> Value:
    """The row of each value."""
    lengths = self.fields.get("~lengths")
    return tensor((sum(lengths) if lengths else open_size(cx),), "int64", lo=0)


@op("tensorflow.ragged.row_splits_to_segment_ids")
def segment_ids(cx: Context, splits: Value, name: Value | None = None, out_type: Value | None = None) -> Value:
    """The row of each value."""
    return tensor((open_size(cx),), None if given(out_type) else "int64", lo=0)


@op("tensorflow.ragged.range")
def ragged_range(
    cx: Context, starts: Value, limits: Value | None = None, deltas: Value | None = None, dtype: Value | None = None,
    name: Value | None = None, row_splits_dtype: Value | None = None,
) -> Value:  # fmt: skip
    """A row of numbers for each pair of bounds."""
    from foreshape.semantics.tensorflow.ragged import ragged

    x = as_tensor(cx, starts)
    if x is None or x.shape is None or len(x.shape) != 1 or given(deltas):
        return cx.unknown("a ragged tensor")
    return ragged(
        (x.shape[0], cx.fresh(lo=0, keras_none=True)), dtype_of(dtype) or (x.dtype if not given(dtype) else None)
    )


@op("tensorflow.ragged.boolean_mask")
def ragged_boolean_mask(cx: Context, data: Value, mask: Value, name: Value | None = None) -> Value:
    """What is kept of each row."""
    from foreshape.semantics.tensorflow.ragged import ragged

    x, m = as_tensor(cx, data), as_tensor(cx, mask)
    if x is None or m is None or x.shape is None or m.shape is None or len(m.shape) != 2:
        return cx.unknown("a ragged tensor")
    return ragged((x.shape[0], cx.fresh(lo=0, keras_none=True), *x.shape[2:]), x.dtype)


# -- losses and samplers ----------------------------------------------------------------------------------------------
op_table("nn.scale_regularization_loss", "regularization_loss", lambda cx, **g: _total(cx, g["regularization_loss"]))


def _total(cx: Context, value: Value) -> Value:
    x = as_tensor(cx, value)
    return unknown_tensor(cx, value) if x is None else tensor((), x.dtype, x)


@op("tensorflow.nn.compute_average_loss")
def compute_average_loss(cx: Context, per_example_loss: Value, *args: Value, **kwargs: Value) -> Value:
    """One number."""
    return _total(cx, per_example_loss)


@op(
    "tensorflow.random.uniform_candidate_sampler", "tensorflow.random.log_uniform_candidate_sampler",
    "tensorflow.random.learned_unigram_candidate_sampler",
)  # fmt: skip
def candidate_sampler(
    cx: Context, true_classes: Value, num_true: Value, num_sampled: Value, unique: Value, range_max: Value,
    seed: Value | None = None, name: Value | None = None,
) -> Value:  # fmt: skip
    """Candidates, and how often the true and the sampled classes are expected."""
    return _candidates(cx, true_classes, num_sampled)


@op("tensorflow.random.all_candidate_sampler", "tensorflow.nn.all_candidate_sampler")
def all_candidate_sampler(
    cx: Context, true_classes: Value, num_true: Value, num_sampled: Value, unique: Value, seed: Value | None = None,
    name: Value | None = None,
) -> Value:  # fmt: skip
    return _candidates(cx, true_classes, num_sampled)


@op("tensorflow.random.fixed_unigram_candidate_sampler", "tensorflow.nn.fixed_unigram_candidate_sampler")
def fixed_candidate_sampler(
    cx: Context, true_classes: Value, num_true: Value, num_sampled: Value, unique: Value, range_max: Value,
    *args: Value, **kwargs: Value,
) -> Value:  # fmt: skip
    return _candidates(cx, true_classes, num_sampled)


def _candidates(cx: Context, true_classes: Value, num_sampled: Value) -> Value:
    x, count = as_tensor(cx, true_classes), cx.dim(num_sampled)
    if x is None or x.shape is None or count is None:
        return unknown_tensor(cx, true_classes)
    return fields(
        ("sampled_candidates", tensor((count,), "int64", lo=0)),
        ("true_expected_count", tensor(x.shape, "float32", x)),
        ("sampled_expected_count", tensor((count,), "float32")),
    )


@op("tensorflow.random.split")
def split(cx: Context, seed: Value, num: Value | None = None, alg: Value | None = None) -> Value:
    """(num, 2)."""
    count = 2 if not given(num) or num is None else cx.dim(num)
    x = as_tensor(cx, seed)
    if x is None or not x.shape:
        return unknown_tensor(cx, seed)
    return tensor((open_size(cx) if count is None else count, *x.shape), x.dtype, x)


op_table("random.fold_in", "seed, data, alg=None", lambda cx, **g: unary(cx, g["seed"]))


@op("tensorflow.random.stateless_binomial")
def stateless_binomial(
    cx: Context, shape: Value, seed: Value, counts: Value, probs: Value, output_dtype: Value | None = None,
    name: Value | None = None,
) -> Value:  # fmt: skip
    return _drawn(cx, shape, dtype_of(output_dtype) or "int32")


@op("tensorflow.random.stateless_gamma")
def stateless_gamma(
    cx: Context, shape: Value, seed: Value, alpha: Value, beta: Value | None = None, dtype: Value | None = None,
    name: Value | None = None,
) -> Value:  # fmt: skip
    return _drawn(cx, shape, dtype_of(dtype) or "float32")


@op("tensorflow.random.stateless_poisson")
def stateless_poisson(
    cx: Context, shape: Value, seed: Value, lam: Value, dtype: Value | None = None, name: Value | None = None
) -> Value:
    return _drawn(cx, shape, dtype_of(dtype) or "int32")


def _drawn(cx: Context, shape: Value, dtype: str) -> Value:
    found = shape_argument(cx, shape)
    return Array("tensorflow", None, dtype) if found is None else tensor(found, dtype)


# -- networks ---------------------------------------------------------------------------------------------------------
@op("tensorflow.nn.dilation2d", "tensorflow.nn.erosion2d")
def dilation2d(
    cx: Context, input: Value, filters: Value, strides: Value, padding: Value, data_format: Value, dilations: Value,
    name: Value | None = None,
) -> Value:  # fmt: skip
    """A convolution that takes maxima: every channel for itself."""
    from foreshape.semantics.shared.conv import conv_length

    x, kernel = as_tensor(cx, input), as_tensor(cx, filters)
    steps, rates = ints(cx, strides), ints(cx, dilations)
    how = as_str(padding)
    if (
        x is None or kernel is None or x.shape is None or kernel.shape is None or steps is None or rates is None
        or len(x.shape) != 4 or len(kernel.shape) != 3 or len(steps) != 4 or len(rates) != 4
        or how not in ("SAME", "VALID")
    ):  # fmt: skip
        return unknown_tensor(cx, input)
    sizes = [conv_length(x.shape[axis], kernel.shape[axis - 1], steps[axis], how, rates[axis])[0] for axis in (1, 2)]
    return tensor((x.shape[0], *sizes, x.shape[3]), x.dtype, x)


@op("tensorflow.nn.isotonic_regression")
def isotonic_regression(
    cx: Context, inputs: Value, decreasing: Value | None = None, axis: Value | None = None
) -> Value:
    """The values, and where the parts begin."""
    x = as_tensor(cx, inputs)
    if x is None:
        return unknown_tensor(cx, inputs)
    return as_tuple((tensor(x.shape, x.dtype, x), tensor(x.shape, "int32", x)))


@op("tensorflow.nn.atrous_conv2d_transpose")
def atrous_conv2d_transpose(
    cx: Context, value: Value, filters: Value, output_shape: Value, rate: Value, padding: Value,
    name: Value | None = None,
) -> Value:  # fmt: skip
    """The shape that is asked for."""
    x, found = as_tensor(cx, value), shape_argument(cx, output_shape)
    return unknown_tensor(cx, value) if x is None or found is None else tensor(found, x.dtype, x)


# -- images -----------------------------------------------------------------------------------------------------------
op_table("image.adjust_jpeg_quality", "image, jpeg_quality, dct_method=None, name=None", _first)
op_table("image.random_jpeg_quality", "image, min_jpeg_quality, max_jpeg_quality, seed=None", _first)
op_table("image.stateless_random_jpeg_quality", "image, min_jpeg_quality, max_jpeg_quality, seed", _first)
op_table("image.is_jpeg", "contents, name=None", lambda cx, **g: tensor((), "bool"))
op_table(
    "image.extract_jpeg_shape",
    "contents, output_type=None, name=None",
    lambda cx, **g: tensor((3,), dtype_or(g.get("output_type"), "int32"), lo=0),
)
op_table(
    "image.ssim_multiscale",
    "img1, img2, max_val, power_factors=None, filter_size=None, filter_sigma=None, k1=None, k2=None",
    lambda cx, **g: _shortened(cx, g["img1"], 3, "float32"),
)


@op("tensorflow.image.decode_gif", "tensorflow.io.decode_gif")
def decode_gif(cx: Context, contents: Value, name: Value | None = None) -> Value:
    """(frames, height, width, 3)."""
    return tensor((open_size(cx, 1), open_size(cx, 1), open_size(cx, 1), 3), "uint8", lo=0, hi=255)


@op("tensorflow.image.non_max_suppression_with_scores")
def suppression_with_scores(
    cx: Context, boxes: Value, scores: Value, max_output_size: Value, *args: Value, **kwargs: Value
) -> Value:
    """Positions of the boxes that are kept, and their scores."""
    size = open_size(cx)
    return as_tuple((tensor((size,), "int32", lo=0), tensor((size,), "float32")))


@op("tensorflow.image.non_max_suppression_overlaps")
def suppression_overlaps(
    cx: Context, overlaps: Value, scores: Value, max_output_size: Value, *args: Value, **kwargs: Value
) -> Value:
    return tensor((open_size(cx),), "int32", lo=0)


@op("tensorflow.image.combined_non_max_suppression")
def combined_suppression(
    cx: Context, boxes: Value, scores: Value, max_output_size_per_class: Value, max_total_size: Value,
    iou_threshold: Value | None = None, score_threshold: Value | None = None, pad_per_class: Value | None = None,
    clip_boxes: Value | None = None, name: Value | None = None,
) -> Value:  # fmt: skip
    """Boxes, scores and classes of so many per image, and how many are real."""
    x, total = as_tensor(cx, boxes), cx.dim(max_total_size)
    if x is None or not x.shape or total is None or flag(pad_per_class) is not False:
        return unknown_tensor(cx, boxes)
    rows = x.shape[0]
    return fields(
        ("nmsed_boxes", tensor((rows, total, 4), "float32")),
        ("nmsed_scores", tensor((rows, total), "float32")),
        ("nmsed_classes", tensor((rows, total), "float32")),
        ("valid_detections", tensor((rows,), "int32", lo=0)),
    )


@op("tensorflow.image.sample_distorted_bounding_box", "tensorflow.image.stateless_sample_distorted_bounding_box")
def distorted_box(cx: Context, image_size: Value, bounding_boxes: Value, *args: Value, **kwargs: Value) -> Value:
    """Where it begins, how large it is, and the box."""
    x = as_tensor(cx, image_size)
    dtype = None if x is None else x.dtype
    return fields(
        ("begin", tensor((3,), dtype, lo=0)),
        ("size", tensor((3,), dtype)),
        ("bboxes", tensor((1, 1, 4), "float32")),
    )


@op("tensorflow.image.extract_glimpse")
def extract_glimpse(cx: Context, input: Value, size: Value, offsets: Value, *args: Value, **kwargs: Value) -> Value:
    """(batch, height, width, channels) of the size that is asked for."""
    x, sizes = as_tensor(cx, input), ints(cx, size)
    if x is None or x.shape is None or len(x.shape) != 4 or sizes is None or len(sizes) != 2:
        return unknown_tensor(cx, input)
    return tensor((x.shape[0], *sizes, x.shape[3]), "float32", x)


# -- names ------------------------------------------------------------------------------------------------------------
for _name in ("AggregationMethod", "UnconnectedGradients", "VariableAggregation", "VariableSynchronization",
              "DeviceSpec", "CriticalSection", "SparseTensorSpec", "TensorArraySpec", "TypeSpec", "IndexedSlicesSpec",
              "OptionalSpec", "NoneTensorSpec", "image.ResizeMethod", "random.Algorithm", "data.ThreadingOptions",
              "data.DatasetSpec", "data.IteratorSpec"):  # fmt: skip
    library_type(f"tensorflow.{_name}")
for _name in ("qint8", "qint16", "qint32", "quint8", "quint16", "resource", "variant"):
    constant(f"tensorflow.{_name}")(lambda cx: cx.unknown("a dtype of quantised numbers or handles"))
