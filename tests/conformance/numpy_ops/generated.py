# ruff: noqa: E501, SIM905
"""Calls that are written by a loop rather than by hand: every elementwise function over pairs of dtypes and shapes,
reductions over axes, indices, reshapes, joins, and a hypothesis-like random choice of chains with a fixed seed."""

from __future__ import annotations

import itertools
import random

DTYPES = (
    "bool",
    "int8",
    "uint8",
    "int16",
    "int64",
    "uint64",
    "float16",
    "float32",
    "float64",
    "complex64",
    "complex128",
    "<U3",
)
UNARY = (
    "abs absolute acos arccos arccosh arcsin arcsinh arctan arctanh bitwise_count cbrt ceil conj cos cosh deg2rad degrees exp "
    "exp2 expm1 fabs floor invert isfinite isinf isnan log log10 log1p log2 logical_not negative positive rad2deg radians "
    "reciprocal rint sign signbit sin sinh spacing sqrt square tan tanh trunc modf frexp"
).split()
BINARY = (
    "add arctan2 bitwise_and bitwise_or bitwise_xor copysign divide equal float_power floor_divide fmax fmin fmod gcd greater "
    "greater_equal heaviside hypot lcm left_shift less less_equal logaddexp logaddexp2 logical_and logical_or logical_xor "
    "maximum minimum multiply nextafter not_equal power remainder right_shift subtract divmod ldexp"
).split()
OPERATORS = ("+", "-", "*", "/", "//", "%", "**", "&", "|", "^", "<<", ">>", "==", "!=", "<", "<=", ">", ">=", "@")
VALUES = (
    "np.arange(-3, 3)", "np.arange(6)", "np.arange(-50, 50)", "np.arange(1, 100)", "np.linspace(-1, 2, 6)",
    "np.linspace(-1, 2, 6).astype('float32')", "np.linspace(0, 1, 100).astype('float32')", "np.array([True, False, True])",
    "np.arange(6, dtype='uint8')", "np.arange(100, dtype='int8')", "np.array([0.5, np.nan, -2])", "np.full(70, 7)",
    "np.random.RandomState(0).randint(0, 20, 70)", "np.random.RandomState(0).rand(70)", "np.eye(9)", "np.array(3)", "np.float32(2.5)",
)  # fmt: skip
NUMBERS = ("2", "-3", "0", "2.5", "True", "300", "1j", "np.int8(3)", "np.float64(1.5)", "np.float32(1.5)")
SHAPES = ("()", "(3,)", "(2, 3)", "(2, 1, 4)", "(1,)", "(0, 3)", "(3, 1)")


def _elementwise() -> list[str]:
    found = [f"np.{name}(np.ones(2, {dtype!r}))" for name in UNARY for dtype in DTYPES]
    found += [f"np.{name}({value})" for name in UNARY for value in VALUES]
    for name in BINARY:
        found += [f"np.{name}(np.ones(2, {a!r}), np.ones(2, {b!r}))" for a, b in itertools.product(DTYPES, DTYPES)]
    for op in OPERATORS:
        found += [f"{value} {op} {number}" for value in VALUES for number in NUMBERS]
        found += [f"{number} {op} {value}" for value in VALUES for number in NUMBERS]
        found += [f"np.ones({a}) {op} np.ones({b})" for a, b in itertools.product(SHAPES, SHAPES)]
        found += [f"np.ones(2, {dtype!r}) {op} {number}" for dtype in DTYPES for number in NUMBERS]
    for op in ("+", "-", "*", "/", "//", "**", "%"):
        found += [f"x = np.ones(2, {dtype!r}); x {op}= {number}; x" for dtype in DTYPES for number in NUMBERS]
        found += [f"x = np.ones({a}); x {op}= np.ones({b}); x" for a, b in itertools.product(SHAPES[1:], SHAPES)]
    found += [f"-{value}" for value in VALUES] + [f"~{value}" for value in VALUES] + [f"+{value}" for value in VALUES]
    return found


REDUCTIONS = (
    "sum prod mean std var max min any all argmax argmin ptp median cumsum cumprod count_nonzero nansum nanmean nanmax amin amax "
    "average nanstd nanmedian argsort sort nanargmax diff unique flip"
).split()
METHODS = "sum prod mean std var max min any all argmax argmin cumsum cumprod argsort".split()


def _reductions() -> list[str]:
    found: list[str] = []
    for name in REDUCTIONS:
        for shape in SHAPES:
            for axis in ("", ", axis=0", ", axis=1", ", axis=-1", ", axis=2", ", axis=None", ", axis=(0, 1)"):
                found.append(f"np.{name}(np.ones({shape}){axis})")
        found += [f"np.{name}(np.ones((2, 3), {dtype!r}))" for dtype in DTYPES]
        found += [f"np.{name}({value})" for value in VALUES]
        found += [f"np.{name}(np.ones((2, 3)), axis=1, keepdims=True)"]
    for name in METHODS:
        for shape in SHAPES:
            for axis in ("", "0", "1", "-1", "2", "axis=(0, 1)"):
                found.append(f"np.ones({shape}).{name}({axis})")
        found += [f"{value}.{name}()" for value in VALUES]
    return found


def _indexing() -> list[str]:
    parts = ("0", "-1", "1", "2", "5", ":", "1:", ":-1", "::2", "::-1", "5:2", "None", "...", "[0, 1]", "[0]", "[1, 5]",
             "np.array([[0, 1], [1, 0]])", "[True, False]", "[True, False, True]", "np.array([True, True])", "slice(0, 1)", "1.0", "'a'",
             "np.int64(1)", "-7:", "np.arange(2)", "2:1:-1")  # fmt: skip
    found: list[str] = []
    for shape, data in (("(2,)", "np.arange(2)"), ("(2, 3)", "np.arange(6).reshape(2, 3)"),
                        ("(2, 3, 4)", "np.arange(24).reshape(2, 3, 4)"), ("(2, 70)", "np.arange(140).reshape(2, 70)")):  # fmt: skip
        found += [f"{data}[{a}]" for a in parts]
        found += [f"{data}[{a}, {b}]" for a, b in itertools.product(parts, parts)]
        found += [f"x = np.zeros({shape}); x[{a}] = 5; x" for a in parts]
        found += [f"x = np.zeros({shape}); x[{a}] = [1, 2]; x" for a in parts]
        found += [f"x = np.zeros({shape}); x[{a}] = np.ones((2, 3)); x" for a in parts]
    chooser = random.Random(7)
    for _ in range(400):
        index = ", ".join(chooser.choice(parts) for _ in range(3))
        found.append(f"np.arange(24).reshape(2, 3, 4)[{index}]")
    for mask in (
        "x > 2",
        "x[:, 0] > 2",
        "(x > 2) & (x < 5)",
        "~(x > 2)",
        "x.sum(axis=0) > 3",
        "x > 100",
        "np.isin(x, [1, 2])",
    ):
        found += [f"x = np.arange(6).reshape(2, 3); x[{mask}]", f"x = np.arange(6).reshape(2, 3); x[{mask}] = 0; x"]
        found += [f"x = np.arange(6).reshape(2, 3); x[{mask}] = [7, 8, 9]; x"]
    return found


def _reshaping() -> list[str]:
    found: list[str] = []
    targets = ("(6,)", "(3, 2)", "(-1,)", "(2, -1)", "(4, -1)", "(5,)", "-1", "6", "(1, 2, 3)", "(-1, 1)", "(2, -1, 1)", "(3, 3)", "(0, -1)",
               "(-1, -1)", "[3, 2]", "()", "(6, 0)")  # fmt: skip
    for target in targets:
        found += [
            f"np.arange(6).reshape({target})",
            f"np.reshape(np.ones((2, 3)), {target})",
            f"np.zeros((0, 3)).reshape({target})",
        ]
    for function in ("np.transpose({})", "{}.T", "np.ravel({})", "{}.flatten()", "np.squeeze({})", "{}.squeeze()", "np.squeeze({}, axis=0)",
                     "np.expand_dims({}, 0)", "np.expand_dims({}, -1)", "np.expand_dims({}, 1)", "np.swapaxes({}, 0, 1)", "np.moveaxis({}, 0, -1)",
                     "np.transpose({}, (1, 0))", "{}.transpose(0, 2, 1)", "np.atleast_2d({})", "np.atleast_3d({})", "np.fliplr({})",
                     "np.rot90({})", "np.tile({}, 2)", "np.tile({}, (2, 1))", "np.repeat({}, 2, axis=0)", "np.pad({}, 1)", "np.roll({}, 1, axis=0)",
                     "np.broadcast_to({}, (2, 2, 3))", "np.diag({})", "np.tril({})", "np.trace({})", "np.linalg.norm({})", "np.linalg.norm({}, axis=-1)",
                     "np.linalg.inv({})", "np.linalg.svd({})", "np.linalg.pinv({})", "np.fft.fft({})", "np.fft.rfft({})", "np.argwhere({})",
                     "np.nonzero({})", "np.where({} > 0)", "np.cov({})", "np.corrcoef({})", "np.unique({})", "np.diff({})", "np.gradient({})",
                     "np.histogram({})", "np.split({}, 2)", "np.array_split({}, 2)", "np.hsplit({}, 1)", "np.vsplit({}, 2)", "np.delete({}, 0, axis=0)",
                     "np.insert({}, 0, 5, axis=0)", "np.append({}, {})", "np.append({}, {}, axis=0)", "np.concatenate([{}, {}])",
                     "np.concatenate([{}, {}], axis=1)", "np.stack([{}, {}])", "np.stack([{}, {}], axis=-1)", "np.vstack([{}, {}])",
                     "np.hstack([{}, {}])", "np.dstack([{}, {}])", "np.column_stack([{}, {}])", "np.dot({}, {})", "np.outer({}, {})",
                     "np.kron({}, {})", "np.inner({}, {})", "np.tolist({})", "{}.tolist()", "{}.item()", "len({})", "float({})", "int({})",
                     "bool({})", "list({})", "{}.shape", "{}.ndim", "{}.size", "{}.dtype", "{}.nbytes", "{}.copy()", "{}.astype(int)",
                     "{}.astype('float32')", "{}.astype(bool)", "{}.astype(str)", "{}.view('int64')", "{}.clip(0, 1)", "{}.round()", "{}.nonzero()",
                     "{}.repeat(2)", "{}.take([0])", "{}.diagonal()", "{}.dot({})", "sum({})", "max({})", "sorted({})", "np.array([{}, {}])",
                     "np.array(list({}))", "[row.shape for row in {}]", "tuple({}.shape)", "np.where({} > 0, {}, 0)", "np.take({}, [0, 0], axis=0)",
                     "np.searchsorted([0, 1, 2], {})", "np.digitize({}, [0, 1])", "np.apply_along_axis(np.sum, 0, {})", "np.meshgrid({}, {})",
                     "np.count_nonzero({})", "np.percentile({}, [25, 75], axis=0)", "np.sort({})", "np.sort({}, axis=0)", "np.argsort({})",
                     "np.cumsum({})", "np.clip({}, 0, 1)", "np.zeros_like({})", "np.full_like({}, 3)", "np.empty_like({}, dtype=int).shape",
                     "np.copy({})", "np.asarray({}, dtype='int32')", "np.isnan({}).any()", "np.allclose({}, {})", "np.array_equal({}, {})"):  # fmt: skip
        for shape in SHAPES:
            found.append(function.format(f"np.ones({shape})", f"np.ones({shape})"))
    pairs = itertools.product(("(2, 3)", "(2, 4)", "(3, 3)", "(3,)", "(2, 3, 1)", "()"), repeat=2)
    for a, b in pairs:
        for function in ("np.concatenate([{}, {}])", "np.concatenate([{}, {}], axis=1)", "np.concatenate([{}, {}], axis=-1)", "np.stack([{}, {}])",
                         "np.vstack([{}, {}])", "np.hstack([{}, {}])", "np.column_stack([{}, {}])", "np.dot({}, {})", "{} @ {}", "np.append({}, {}, axis=0)",
                         "np.array([{}, {}])", "np.tensordot({}, {}, 1)", "np.einsum('ij,jk->ik', {}, {})", "np.linalg.solve({}, {})", "np.inner({}, {})",
                         "np.linalg.lstsq({}, {})", "np.broadcast_arrays({}, {})", "np.where({}, {}, 1)", "np.vdot({}, {})", "np.dstack([{}, {}])",
                         "np.block([{}, {}])", "np.isclose({}, {})", "np.interp({}, np.arange(3), {})", "np.convolve({}, {})"):  # fmt: skip
            found.append(function.format(f"np.ones({a})", f"np.ones({b})"))
    return found


def _chains() -> list[str]:
    """Random chains of calls that keep their bounds."""
    chooser = random.Random(11)
    steps = ("x = x[1:]", "x = x[::-1]", "x = x.reshape(-1, 1)", "x = x.ravel()", "x = x + 1", "x = x * 2", "x = x - 3", "x = x / 4", "x = x // 2", "x = x % 5",
             "x = x.astype('float32')", "x = x.astype(int)", "x = np.clip(x, -2, 6)", "x = np.abs(x)", "x = np.concatenate([x, x])", "x = x.T", "x = x[None]",
             "x = np.where(x > 2, x, 0)", "x = np.sort(x, axis=0)", "x = np.argsort(x, axis=0)", "x = x.max(axis=0, keepdims=True)", "x = np.pad(x, 1)",
             "x = np.repeat(x, 2)", "x = np.maximum(x, 1)", "x = np.minimum(x, 4)", "x = -x", "x = x ** 2", "x = np.sqrt(np.abs(x))", "x = np.stack([x, x], axis=-1)",
             "x = x.cumsum()", "x = x.mean(axis=-1)", "x = x.sum(axis=0)", "x = np.floor(x)", "x = x[x > 0]", "x = np.squeeze(x)", "x = np.expand_dims(x, 0)", "x = x.flatten()",
             "x = np.exp(-np.abs(x))", "x = np.roll(x, 1)", "x = np.unique(x)", "x[0] = 7", "x = np.tanh(x)", "x = np.outer(x, x)", "x = x.astype('uint8')", "x = x > 1",
             "x = np.round(x)", "x = np.diff(x)", "x = x - x.mean()", "x = (x - x.min()) / 3", "x = np.append(x, 9)", "x = np.tile(x, 2)", "x = np.array(x.tolist())",
             "x = np.array([row for row in x])", "x = np.argmax(x, axis=-1)", "x = x[:, 0]", "x = x[..., -1]", "x = np.eye(12)[np.abs(x) % 12]", "x = np.array_split(x, 3)[0]")  # fmt: skip
    starts = ("x = np.arange(-4, 8)", "x = np.arange(100)", "x = np.arange(12).reshape(3, 4)", "x = np.linspace(-1, 1, 9)", "x = np.ones((2, 3, 4))",
              "x = np.random.RandomState(1).randint(0, 9, (4, 5))", "x = np.random.RandomState(1).rand(6, 2)", "x = np.array([[1, 2], [3, 4]])", "x = np.zeros(80)")  # fmt: skip
    found: list[str] = []
    for _ in range(3000):
        chain = [chooser.choice(starts), *(chooser.choice(steps) for _ in range(chooser.randint(1, 6)))]
        found.append("; ".join(chain) + "; x")
    return found


DISTRIBUTIONS = {
    "beta": "1, 2", "binomial": "5, 0.5", "chisquare": "2", "exponential": "", "f": "2, 3", "gamma": "2", "geometric": "0.5", "gumbel": "",
    "hypergeometric": "5, 5, 3", "laplace": "", "logistic": "", "lognormal": "", "logseries": "0.5", "negative_binomial": "3, 0.5",
    "noncentral_chisquare": "2, 1", "noncentral_f": "2, 3, 1", "normal": "", "pareto": "2", "poisson": "3", "power": "2", "rayleigh": "",
    "standard_cauchy": "", "standard_t": "2", "triangular": "0, 1, 2", "uniform": "2, 5", "vonmises": "0, 1", "wald": "1, 2", "weibull": "2",
    "zipf": "2", "standard_normal": "", "standard_exponential": "", "standard_gamma": "2",
}  # fmt: skip
TEXTS = "capitalize isalnum isalpha isdecimal isdigit islower isnumeric isspace istitle isupper lower lstrip rstrip str_len strip swapcase title upper".split()
NAMES_OF_DTYPES = (
    "byte cdouble complex64 csingle double float16 float32 float64 half int16 int32 int64 int8 int_ intc intp long longlong "
    "short single ubyte uint uint16 uint32 uint64 uint8 uintc ulong ulonglong ushort bool_ str_"
).split()


def _rest() -> list[str]:
    found: list[str] = []
    for name, args in DISTRIBUTIONS.items():
        comma = ", " if args else ""
        for owner in ("np.random", "np.random.RandomState(0)", "np.random.default_rng(0)"):
            found += [
                f"{owner}.{name}({args})",
                f"{owner}.{name}({args}{comma}size=(2, 3))",
                f"{owner}.{name}({args}{comma}size=4)",
            ]
            found += [f"{owner}.{name}({args}{comma}size=(2, -3))", f"{owner}.{name}({args}{comma}size=100)"]
    for name in BINARY:
        if name in ("divmod", "ldexp"):
            continue
        for data in ("np.ones((2, 3))", "np.arange(6).reshape(2, 3)"):
            found += [
                f"np.{name}.reduce({data})",
                f"np.{name}.reduce({data}, axis=1)",
                f"np.{name}.accumulate({data}, axis=1)",
                f"np.{name}.outer({data}, [1, 2])",
                f"x = {data}; np.{name}.at(x, 0, 1); x.shape",
            ]
    for name in ("ranf", "sample", "random_sample"):
        found += [f"np.random.{name}()", f"np.random.{name}(3)", f"np.random.{name}((2, 2))"]
    found += [f"np.char.{name}(np.array(['ab', 'C d']))" for name in TEXTS] + [
        f"np.strings.{name}(np.array(['ab', 'C d']))" for name in TEXTS
    ]
    for call in (
        "center({}, 5)",
        "count({}, 'a')",
        "endswith({}, 'b')",
        "expandtabs({})",
        "find({}, 'b')",
        "ljust({}, 4)",
        "rfind({}, 'a')",
        "rjust({}, 4)",
        "startswith({}, 'a')",
        "zfill({}, 4)",
        "add({}, 'x')",
        "replace({}, 'a', 'b')",
        "encode({})",
    ):
        found += [
            f"np.{module}.{call.format('np.array([' + chr(39) + 'ab' + chr(39) + ', ' + chr(39) + 'C' + chr(39) + '])')}"
            for module in ("char", "strings")
        ]
    found += [f"np.{name}(3)" for name in NAMES_OF_DTYPES] + [
        f"np.zeros(2, np.{name}).dtype" for name in NAMES_OF_DTYPES if name != "str_"
    ]
    found += [f"np.arange(3).astype(np.{name})" for name in NAMES_OF_DTYPES]
    found += """np.asanyarray([1, 2])
np.array_equiv([1], [1])
np.bartlett(5)
np.blackman(4)
np.hamming(3)
np.concat([np.zeros(2), np.zeros(3)])
np.cumulative_sum(np.arange(4))
np.cumulative_sum(np.arange(4), include_initial=True)
np.cumulative_prod(np.ones((2, 3)), axis=1)
np.cumulative_sum(np.ones((2, 3)))
np.empty((2, 3)).shape
np.empty(3, dtype='int8').dtype
np.fft.ifft(np.zeros(8))
np.fft.ifft2(np.zeros((3, 4)))
np.fft.ifftn(np.zeros((3, 4)))
np.fft.ifftshift(np.zeros((3, 4)))
np.fft.irfftn(np.zeros((3, 4)))
np.fft.irfft(np.zeros(5), n=7)
np.fft.rfft(np.zeros((2, 9)), axis=0)
np.isneginf([1.0])
np.isposinf([1.0])
np.isdtype(np.dtype('f4'), np.dtype('f4'))
np.iterable([1])
np.linalg.matrix_transpose(np.zeros((2, 3)))
np.matrix_transpose(np.zeros((4, 2, 3)))
np.linalg.svdvals(np.zeros((2, 3)))
np.linalg.vecdot(np.zeros((2, 3)), np.zeros((2, 3)))
np.vecdot(np.zeros((2, 3)), np.zeros(3))
np.vecdot(np.zeros((2, 3)), np.zeros(4))
np.matvec(np.zeros((2, 3)), np.zeros(3))
np.vecmat(np.zeros(2), np.zeros((2, 3)))
np.mod(5, 3)
np.pow(2, 3)
np.true_divide(np.zeros(3, int), 2)
np.nanargmin([1.0, 0.5])
np.nancumprod([1.0, 2.0])
np.nancumsum([1.0, 2.0])
np.nanmin(np.zeros((2, 3)), axis=0)
np.nanprod(np.zeros((2, 3)), axis=0)
np.nanvar(np.zeros((2, 3)), axis=0)
np.permute_dims(np.zeros((2, 3)), (1, 0))
np.polysub([1, 2], [1])
np.real_if_close(np.zeros(3))
np.tril_indices_from(np.zeros((3, 3)))
np.triu_indices_from(np.zeros((3, 4)))
np.trim_zeros(np.array([0, 1, 0]))
np.unique_all([1, 1, 2])
np.unique_inverse([1, 1, 2])
np.unstack(np.zeros((2, 3)))
np.unstack(np.zeros((2, 3)), axis=1)
np.random.SeedSequence(1).generate_state(4)
np.random.default_rng(0).multivariate_hypergeometric([5, 5], 3)
np.random.default_rng(0).standard_normal(3, dtype='float32')
x = np.zeros(3); x.fill(2); x
x = np.arange(3); x.sort(); x
x = np.arange(6); x.resize((2, 3)); x
x = np.arange(3); np.put(x, 1, 9); x
x = np.arange(4); np.random.shuffle(x); x
x = np.zeros((3, 3)); np.fill_diagonal(x, 5); x
x = np.zeros(3); np.copyto(x, [1, 2, 3]); x
x = np.zeros(3); np.add(1, 2, out=x); x
x = np.zeros((2, 3)); v = x[0]; v[:] = 5; x
x = np.zeros((2, 3)); x[0][1] = 5; x
x = np.arange(6); y = x.reshape(2, 3); y[0, 0] = 50; x
x = np.arange(3); y = x.copy(); y[0] = 50; x
np.zeros(3).conjugate()
np.zeros(3).byteswap().shape
np.zeros(3).tobytes()
np.ones((2, 3), 'float32').tolist()
np.ones((2, 3)).trace()
np.array(['a', 'b']).tolist()
np.float64(3).is_integer()
np.round(2.5)
round(np.float64(2.567), 2)
abs(np.arange(-3, 3))
divmod(np.arange(6), 4)
3 in np.arange(6)
len(np.zeros((4, 2)))
[r.sum() for r in np.arange(6).reshape(2, 3)]
[float(v) for v in np.arange(3)]
list(np.arange(3))
dict(zip(*np.unique([1, 1, 2], return_counts=True)))
sum(np.arange(4))
max(np.arange(4))
sorted(np.array([3, 1, 2]))
list(enumerate(np.arange(2)))
list(zip(np.arange(2), np.zeros(2)))
np.array(list(zip([1, 2], [3, 4])))
np.array([[i * j for i in range(3)] for j in range(4)])
np.array(range(5))
np.array((1, 2, 3))
np.array([True, False]) & np.array([True, True])
np.array([np.arange(3), np.arange(3)])
np.array([[1, 2], [3, 4]]) @ np.array([1, 2])
np.eye(3)[[0, 2]]
np.arange(10)[::3]
np.arange(10)[-3:]
np.arange(12).reshape(3, 4)[:, [0, -1]]
np.arange(12).reshape(3, 4)[np.ix_([0, 2], [1, 3])]
np.arange(12).reshape(3, 4)[[0, 2], [1, 3]]
np.arange(12).reshape(3, 4)[..., None].shape
np.where(np.arange(6) > 2, np.arange(6), -1)
np.linspace(0, 1, 5)[1:-1]
np.full((2, 2), np.nan)
np.full((2, 2), 0.1, dtype='float32')
np.ones((3, 4)).std(axis=0, ddof=1)
np.ones((3, 4)).mean(axis=(0, 1))
np.ones((3, 4)).max(axis=-1, keepdims=True)
np.geterr()
np.testing.assert_allclose([1], [1])
np.array_repr(np.zeros(2))
np.base_repr(5)
np.binary_repr(5)""".splitlines()
    return found


def generated() -> dict[str, list[str]]:
    """All of them, by family."""
    return {
        "gen:elementwise": _elementwise(), "gen:reductions": _reductions(), "gen:indexing": _indexing(), "gen:reshaping": _reshaping(),
        "gen:chains": _chains(), "gen:rest": _rest(),
    }  # fmt: skip
