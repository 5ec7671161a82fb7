"""What single functions of NumPy say about lengths, axes, ranges and dtypes."""

from __future__ import annotations

from typing import Any, Final

from foreshape.explain.pasted.catalogue import Family
from foreshape.explain.pasted.raisings import numpy, text

VALUE: Final = ("ValueError",)
TYPE: Final = ("TypeError",)


def _along(groups: dict[str, Any]) -> dict[str, Any]:
    if "indices" not in groups:
        return {"told": "take_along_axis needs an index with as many axes as the array"}
    return {
        "told": f"take_along_axis needs an index with {groups['array']} axes, as the array has, and this one has {groups['indices']}"
    }


def _lengths(groups: dict[str, Any]) -> dict[str, Any]:
    what = groups.get("names", "x and y")
    return {
        "what": {"fp and xp": "the two lists of np.interp", "a' and 'p": "the values and their probabilities"}.get(
            what, what
        )
    }


def _subscripts(groups: dict[str, Any]) -> dict[str, Any]:
    if "letter" in groups:
        return {"told": f"einsum: the letter {groups['letter']} stands right of -> and in no input"}
    if "operand" in groups:
        return {"told": f"einsum: array {groups['operand']} (from 0) has fewer axes than its letters"}
    if "wrong" in groups:
        return {"told": f"einsum: {groups['wrong']!r} cannot stand for an axis: only letters can"}
    return {"told": "einsum was given more arrays than there are groups of letters"}


FAMILIES: Final = [
    Family(
        "numpy-along-axis",
        library="numpy",
        exceptions=("ValueError", "IndexError", "RuntimeError"),
        patterns=[
            r"`indices` and `arr` must have the same number of dimensions",
            r"take_along_dim\(\): input and indices should have the same number of dimensions, but got (?P<array>\d+) dimensions "
            r"for input, "
            r"and (?P<indices>\d+) dimensions",
            r"`x` and `indices` must have the same number of dimensions",
        ],
        needles=("the same number of dimensions",),
        headline="{told}",
        means="Each entry of the index picks one value along the axis, at its own place on all other axes.",
        causes=("argmax or argsort without keepdims gave an index with one axis less.",),
        changes=("Give the index the axis back: idx[:, None], np.argmax(x, axis=1, keepdims=True).",),
        derive=_along,
        raised=[
            numpy("np.take_along_axis(np.zeros((2, 3)), np.array([0, 1]), axis=1)\n"),
            numpy("np.put_along_axis(np.zeros((2, 3)), np.zeros(1, int), 1, axis=1)\n"),
        ],
    ),
    Family(
        "numpy-boolean-minus",
        library="numpy",
        exceptions=("TypeError", "RuntimeError"),
        patterns=[r"numpy boolean (?:subtract|negative), the `-` operator, is (?:not supported|deprecated)"],
        needles=("numpy boolean ",),
        headline="- does not work on an array of True and False",
        means="NumPy does not take bool as 0 and 1 in a subtraction.",
        causes=("Masks or predictions such as y > 0.5 were subtracted, or turned round with -mask.",),
        changes=("Turn a mask round with ~mask, tell where two differ with a != b; for numbers write a.astype(int) - b.astype(int).",),
        raised=[
            numpy("a = np.zeros(3, bool)\na - a\n"),
            numpy("a = np.zeros(3, bool)\n-a\n"),
        ],
    ),
    Family(
        "numpy-array-as-index",
        library="numpy",
        exceptions=TYPE,
        patterns=[r"only (?:integer scalar arrays|integer arrays with one element) can be converted to (?:a scalar index|an index)"],
        needles=("can be converted to a",),
        headline="An array of several numbers stands where one whole number is needed",
        means="A Python list takes one index at a time, and an axis or a size is one number.",
        causes=(
            "A list was indexed with an array (after a shuffle, or with the indices of a split).",
            "np.concatenate(a, b) without the brackets: b is then read as the axis.",
        ),
        changes=("Make the list an array first, np.array(x)[idx]; write np.concatenate([a, b]).",),
        raised=[numpy("np.concatenate(np.zeros(2), np.zeros(2))\n"), numpy("[1, 2, 3][np.array([0, 1])]\n")],
    ),
    Family(
        "random-sample-size",
        library="python",
        exceptions=VALUE,
        patterns=[r"^Sample larger than population or is negative"],
        needles=("Sample larger than population",),
        headline="random.sample is to draw more entries than there are",
        means="It draws without putting back.",
        causes=("A list is empty or shorter than believed: no pixel of a class, no file in a folder.",),
        changes=("Draw min(k, len(x)), and skip what is empty; random.choices draws with putting back.",),
        raised=[numpy("import random\nrandom.sample(range(2), 5)\n")],
    ),
    Family(
        "numpy-mask-values",
        library="numpy",
        exceptions=VALUE,
        patterns=[
            r"NumPy boolean array indexing assignment cannot assign (?P<values>\d+) input values to the (?P<places>\d+) output values "
            r"where the mask is true"
        ],
        needles=("boolean array indexing assignment cannot assign",),
        headline="{values} values are written to {places} places where the mask is True",
        means="a[mask] = values needs one value, or as many as the mask has Trues.",
        causes=("The values were made for all rows, or with another mask.",),
        changes=("Take them with the same mask, a[mask] = values[mask]; or write np.where(mask, values, a).",),
        raised=[numpy("a = np.zeros(3)\na[np.array([True, True, False])] = [1, 2, 3]\n", values=3, places=2)],
    ),
    Family(
        "numpy-scalar-indexed",
        library="numpy",
        exceptions=("IndexError",),
        patterns=[r"invalid index to scalar variable"],
        needles=("invalid index to scalar variable",),
        headline="A single number was indexed with [...]",
        means="One index was enough to reach a number, and a number has no entries.",
        causes=("The array has an axis less than believed, as predictions after [0] or labels of one column; or a loop runs over values "
                "where it should run over indexes.",),
        changes=("Take one [...] away, or print x.shape before this line.",),
        raised=[numpy("np.float64(3)[0]\n")],
    ),
    Family(
        "numpy-many-to-one",
        library="numpy",
        exceptions=VALUE,
        patterns=[r"can only convert an array of size 1 to a Python scalar"],
        needles=("can only convert an array of size 1",),
        headline="item() wants an array with one value, and this one has another number of them",
        means="A Python number can be made of one value only.",
        causes=("Predictions of a whole batch, or the output for several classes, were taken for one number.",),
        changes=("Take one value first, x[0].item(), or a summary: x.mean().item(), x.argmax().item().",),
        raised=[numpy("np.zeros(3).item()\n")],
    ),
    Family(
        "numpy-integer-range",
        library="numpy",
        exceptions=("OverflowError",),
        patterns=[r"Python integer (?P<number>-?\d+) out of bounds for (?P<dtype>\w+)"],
        needles=("out of bounds for",),
        headline="{number} does not fit into {dtype}",
        means="uint8 holds 0 to 255, int8 -128 to 127. NumPy 1 wrapped the number round; NumPy 2 refuses it.",
        causes=("Pixels are uint8 and a larger or negative number is calculated with them.",),
        changes=("Convert first: x = x.astype('int32') or x.astype('float32').",),
        raised=[numpy("np.zeros(3, 'uint8') + 300\n", number=300, dtype="uint8")],
    ),
    Family(
        "numpy-nan-to-integer",
        library="numpy",
        exceptions=VALUE,
        patterns=[r"cannot convert float NaN to integer"],
        needles=("cannot convert float NaN to integer",),
        headline="NaN, a missing number, cannot become a whole number",
        means="Integers have no value for missing.",
        causes=("A file has gaps, a mean of nothing was taken, or the loss became NaN.",),
        changes=("Fill or drop the gaps first: df['a'].fillna(0), x[~np.isnan(x)].",),
        raised=[numpy("a = np.zeros(3, int)\na[0] = np.nan\n"), numpy("int(float('nan'))\n")],
    ),
    Family(
        "numpy-ufunc-dtype",
        library="numpy",
        exceptions=("TypeError", "_UFuncNoLoopError"),
        patterns=[
            r"ufunc '(?P<name>\w+)' not supported for the input types",
            r"ufunc '(?P<name>\w+)' did not contain a loop with signature matching types",
        ],
        needles=("ufunc '",),
        headline="np.{name} cannot calculate with this kind of data",
        means="It was given text, None or Python objects, or decimal numbers where only whole numbers or True and False work (& | ~).",
        causes=(
            "A column of numbers was read as text, or an array of dtype object holds the values.",
            "& or | between comparisons without brackets.",
        ),
        changes=("Print x.dtype and convert: x.astype(float). Put each comparison in brackets: (a > 0) & (a < 5).",),
        raised=[
            numpy("np.zeros(3) & np.zeros(3)\n", name="bitwise_and"),
            numpy("np.isnan(np.array(['a']))\n", name="isnan"),
            numpy("np.isnan(np.array([None]))\n", name="isnan"),
            numpy("np.less('a', 1)\n", name="less"),
        ],
    ),
    Family(
        "numpy-object-function",
        library="numpy",
        exceptions=("TypeError", "AttributeError"),
        patterns=[
            r"loop of ufunc does not support argument \d+ of type (?P<kind>[\w.]+) which has no callable (?P<name>\w+) method",
            r"^'(?P<kind>float|int|str|NoneType|Tensor|list)' object has no attribute "
            r"'(?P<name>log|exp|sqrt|log10|log2|rint|sin|cos|tanh|conjugate)'$",
        ],
        needles=("which has no callable", "has no attribute"),
        headline="np.{name} was given an array of Python objects (dtype object)",
        means="Of objects NumPy asks each one for a method {name}, which a plain {kind} does not have.",
        causes=("Rows of different lengths, None or text among the numbers, or a table with mixed columns, made the array one of "
            "objects.",),
        changes=("Convert to numbers first: x.astype(float); print x.dtype to see whether it is object.",),
        raised=[
            numpy("np.exp(np.array([1, 'a'], dtype=object))\n", kind="int", name="exp"),
            # NumPy up to 1.16.
            text("AttributeError: 'float' object has no attribute 'exp'", kind="float", name="exp"),
        ],
    ),
    Family(
        "numpy-second-argument-dtype",
        library="numpy",
        exceptions=TYPE,
        patterns=[r"Cannot interpret '(?P<value>[^']+)' as a data type", r"data type (?:'(?P<value>[^']*)' )?not understood",
                  r"Field elements must be 2- or 3-tuples, got '(?P<value>\d+)'"],
        needles=("as a data type", "not understood", "Field elements must be"),
        headline="{value} stands where NumPy wants a dtype",
        means="The second argument of np.zeros, np.ones and np.array is the dtype, as float or 'int32'.",
        causes=("The sizes of a shape were written without brackets: np.zeros(2, 3).",),
        changes=("Put the shape in brackets: np.zeros((2, 3)).",),
        raised=[
            numpy("np.zeros(2, 3)\n", value=3),
            numpy("np.array([1, 2], dtype='foo')\n", value="foo"),
            # NumPy up to 1.19.
            text("TypeError: data type not understood"),
        ],
        derive=lambda groups: {"value": groups.get("value", "Something else")},
    ),
    Family(
        "numpy-lengths",
        library="numpy",
        exceptions=("ValueError", "TypeError"),
        patterns=[
            r"(?P<names>fp and xp) are not of the same length",
            r"expected (?P<names>x and y) to have same length",
            r"(?P<names>x and y) must have the same length",
            r"'(?P<names>a' and 'p)' must have same size",
            r"(?P<names>mean and cov) must have same length",
            r"(?P<names>weights) should have the same shape as (?:a|input)",
        ],
        needles=("same length", "must have same size", "same shape as"),
        headline="Two arrays that belong together have different lengths: {what}",
        means="Each entry of one belongs to an entry of the other.",
        causes=("One was filtered, shifted or cut and the other was not; a history is one entry longer or shorter than range(epochs).",),
        changes=("Print both shapes just before this line, and cut both alike.",),
        derive=_lengths,
        raised=[
            numpy("np.interp(1.5, [1, 2], [1, 2, 3])\n", names="fp and xp"),
            numpy("np.polyfit([1, 2, 3], [1, 2], 1)\n", names="x and y"),
            numpy("np.random.choice([1, 2], p=[.5, .2, .3])\n", names="a' and 'p"),
            numpy("np.random.multivariate_normal([0, 0], np.eye(3))\n", names="mean and cov"),
        ],
    ),
    Family(
        "librosa-audio",
        library="librosa",
        exceptions=("ParameterError",),
        patterns=[r"Audio buffer is not finite everywhere", r"Audio data must be (?:of type numpy\.ndarray|floating-point)",
                  r"Invalid shape for (?:mono|monophonic) audio: ndim=(?P<axes>\d+), shape=(?P<shape>\([\d, ]*\))"],
        needles=("Audio buffer is not finite", "Audio data must be", "audio: ndim="),
        headline="librosa takes sound as one row of finite decimal numbers, and was given something else",
        means="A mono signal has the shape (samples,), dtype float32, and no NaN.",
        causes=("The file is silent or broken (0 divided by 0 when it is scaled), holds int16, or has two channels.",),
        changes=("y = y.astype('float32'); librosa.to_mono(y); skip files with np.isnan(y).any() or max(abs(y)) == 0.",),
        raised=[
            # It may not be installed.
            text("librosa.util.exceptions.ParameterError: Audio buffer is not finite everywhere"),
            text("librosa.util.exceptions.ParameterError: Invalid shape for monophonic audio: ndim=2, shape=(2, 22050)",
                 axes=2, shape=(2, 22050)),
        ],
    ),
    Family(
        "matplotlib-lengths",
        library="matplotlib",
        exceptions=VALUE,
        patterns=[r"x and y must have same first dimension, but have shapes (?P<x>\([\d, ]*\)) and (?P<y>\([\d, ]*\))",
                  r"x and y must be the same size"],
        needles=("x and y must",),
        headline="A plot was given {x} values for x and {y} for y",
        means="Every point needs an x and a y.",
        causes=("Predictions or a history are shorter than the axis they are drawn against: a window, a split or another number of "
            "epochs.",),
        changes=("Draw plt.plot(y) alone, or make x from it: plt.plot(range(len(y)), y).",),
        derive=lambda groups: {"x": groups.get("x", "more or fewer"), "y": groups.get("y", "otherwise many")},
        raised=[
            text("ValueError: x and y must have same first dimension, but have shapes (10,) and (9,)", x=(10,), y=(9,)),
            text("ValueError: x and y must be the same size"),
        ],
    ),
    Family(
        "numpy-average-weights",
        library="numpy",
        exceptions=("TypeError", "ValueError", "ZeroDivisionError"),
        patterns=[r"Axis must be specified when shapes of a and weights differ", r"Shape of weights must be consistent with shape of a",
                  r"Length of weights not compatible with specified axis", r"Weights sum to zero, can't be normalized"],
        needles=("eights",),
        headline="The weights of this average do not fit the numbers, or add up to 0",
        means="np.average wants one weight per number, or axis= and one weight per entry of that axis.",
        causes=("The weights are for another axis, or for data before it was filtered.",),
        changes=("np.average(x, axis=0, weights=w) with len(w) == x.shape[0].",),
        raised=[
            numpy("np.average([1, 2, 3], weights=[1, 2])\n"),
            numpy("np.average([1, 2], weights=[0, 0])\n"),
        ],
    ),
    Family(
        "numpy-matrix-needed",
        library="numpy",
        exceptions=("LinAlgError", "RuntimeError", "ValueError"),
        patterns=[r"(?P<axes>\d+)-dimensional array given\. Array must be (?:at least )?two-dimensional",
                  r"The input tensor (?:A )?must have at least 2 dimensions", r"Input matrix must be square",
                  r"input tensor must have at least 2 dimensions"],
        needles=("must be at least two-dimensional", "must be two-dimensional", "at least 2 dimensions", "matrix must be square"),
        headline="This needs a matrix (square, for an inverse), and it was given something else",
        means="inv, eig, det and svd work on the last two axes.",
        causes=("A vector was given, or data (samples, features) in place of its square matrix x.T @ x.",),
        changes=("Make a vector a matrix with np.diag(v) or v.reshape(-1, 1); for rows and columns that differ use np.linalg.pinv.",),
        raised=[numpy("np.linalg.inv(np.zeros(3))\n", axes=1)],
    ),
    Family(
        "numpy-not-finite",
        library="numpy",
        exceptions=("LinAlgError", "ValueError"),
        patterns=[r"(?:SVD|Eigenvalues) did not converge", r"[Aa]rray must not contain infs or NaNs", r"autodetected range of "
            r"\[.*\] is not finite"],
        needles=("did not converge", "must not contain infs or NaNs", "is not finite"),
        headline="The array holds NaN or infinity",
        means="These functions cannot work with numbers that are missing or not finite.",
        causes=("A file has gaps, something was divided by 0, or training went wrong.",),
        changes=("Print np.isnan(x).sum() and np.isinf(x).sum(); fill or drop those rows first.",),
        raised=[
            numpy("np.linalg.svd(np.full((2, 2), np.nan))\n"),
            numpy("np.linalg.eig(np.full((2, 2), np.nan))\n"),
            numpy("np.histogram([np.nan, 1])\n"),
        ],
    ),
    Family(
        "numpy-equation-rows",
        library="numpy",
        exceptions=("LinAlgError", "ValueError", "RuntimeError"),
        patterns=[r"^Incompatible dimensions$", r"shape-mismatch for sum",
                  r"Incompatible shapes of A and B for the equation AX = B \((?P<a>\d+x\d+) and (?P<b>\d+x\d+)\)"],
        needles=("Incompatible dimensions", "shape-mismatch for sum", "Incompatible shapes of A and B"),
        headline="The axes that are summed over have different lengths{sizes}",
        means="lstsq and solve need as many rows in b as in a; tensordot sums over axes of one length.",
        causes=("One of the arrays is the wrong way round, or has other samples.",),
        changes=("Print both shapes; transpose one, or name the axes: np.tensordot(a, b, axes=([1], [0])).",),
        derive=lambda groups: {"sizes": f": {groups['a']} and {groups['b']}" if "a" in groups else ""},
        raised=[
            numpy("np.linalg.lstsq(np.zeros((3, 2)), np.zeros(4), rcond=None)\n"),
            numpy("np.tensordot(np.zeros((2, 3)), np.zeros((4, 5)), axes=1)\n"),
        ],
    ),
    Family(
        "numpy-einsum-letters",
        library="numpy",
        exceptions=VALUE,
        patterns=[
            r"einstein sum subscripts string included output subscript '(?P<letter>\w)' which never appeared",
            r"einstein sum subscripts string contains too many subscripts for operand (?P<operand>\d+)",
            r"invalid subscript '(?P<wrong>.)' in einstein sum",
            r"more operands provided to einstein sum function than specified",
        ],
        needles=("einstein sum",),
        headline="{told}",
        means="In 'ij,jk->ik' each group of letters is one array, one letter per axis.",
        causes=("A letter is mistyped, or an array has another number of axes than its letters.",),
        changes=("Print the shapes, and write one letter for each axis of each array; ... stands for the others.",),
        derive=_subscripts,
        raised=[
            numpy("np.einsum('ij->ik', np.zeros((2, 3)))\n", letter="k"),
            numpy("np.einsum('ijk,jk', np.zeros((2, 3)), np.zeros((4, 5)))\n", operand=0),
            numpy("np.einsum('i1', np.zeros((2, 3)))\n", wrong=1),
        ],
    ),
    Family(
        "numpy-dimension-count",
        library="numpy",
        exceptions=("ValueError", "TypeError", "RuntimeError"),
        patterns=[
            r"(?P<name>[hvd]split) only works on arrays of (?P<least>\d+) or more dimensions",
            r"expected (?P<least>1)D vector for [xyw]",
            r"^a must be (?P<least>1)-dimensional$",
            r"Expected (?P<least>1)D or 2D array, got \d+D array instead",
            r"^Input must be (?P<least>1)- or 2-d",
            r"^[my] has more than (?P<least>2) dimensions",
            r"Improper number of dimensions to norm",
            r"requires an array of at least two dimensions",
            r"requires input that is at least one dimensional",
        ],
        needles=("dimension", "D vector", "D array", "2-d"),
        headline="The array has the wrong number of axes for this function",
        means="This function wants {wants}.",
        causes=("A column is (n, 1) where (n,) is meant, a batch axis is left, or an axis was lost by an index.",),
        changes=("Print x.shape; flatten with x.ravel() or x.reshape(-1), add an axis with x[:, None], take one sample with x[0].",),
        derive=lambda groups: {
            "wants": {1: "one axis, or two at most", 2: "two axes"}.get(groups.get("least", 0), "another number of axes")
        },
        raised=[
            numpy("np.vsplit(np.zeros(5), 2)\n", name="vsplit", least=2),
            numpy("np.polyfit(np.zeros((2, 2)), [1, 2], 1)\n", least=1),
            numpy("np.random.choice(np.zeros((2, 2)))\n", least=1),
            numpy("np.savetxt('x.txt', np.zeros((2, 2, 2)))\n", least=1),
            numpy("np.cov(np.zeros((2, 2, 2)))\n", least=2),
        ],
    ),
    Family(
        "numpy-nothing-there",
        library="numpy",
        exceptions=("ValueError", "TypeError"),
        patterns=[r"^'a' cannot be empty unless no samples are taken", r"^[av] cannot be empty", r"expected non-empty vector for x",
                  r"Invalid number of FFT data points \((?P<points>\d+)\)", r"cannot call `vectorize` on size 0 inputs",
                  r"can't extend empty axis (?P<axis>\d+)"],
        needles=("empty", "FFT data points", "size 0 inputs"),
        headline="The array is empty: there is nothing to take, fit or transform",
        means="This function needs at least one value.",
        causes=("A filter took everything, a list was never filled, or a path pattern found no file.",),
        changes=("Print len(x) at each step before this line, and see where the values go.",),
        raised=[
            numpy("np.random.choice([])\n"),
            numpy("np.polyfit([], [], 1)\n"),
            numpy("np.fft.fft([])\n", points=0),
        ],
    ),
    Family(
        "numpy-random-range",
        library="numpy",
        exceptions=("ValueError", "RuntimeError", "InvalidArgumentError"),
        patterns=[r"^low >= high", r"high is out of bounds for (?P<dtype>\w+)", r"random_ expects 'from' to be less than 'to', but "
            r"got from=(?P<low>-?\d+) >= "
                  r"to=(?P<high>-?\d+)", r"Need minval < maxval, got (?P<low>-?\d+) >= (?P<high>-?\d+)"],
        needles=("low >= high", "high is out of bounds", "random_ expects", "Need minval < maxval"),
        headline="Random numbers cannot be drawn from an empty range{bounds}",
        means="The upper bound is left out of the range, so it must be larger than the lower one.",
        causes=("The range is len(x) - window, and the data is shorter than the window; or both bounds were swapped.",),
        changes=("Print both bounds; skip data that is too short.",),
        derive=lambda groups: {"bounds": f", {groups['low']} to {groups['high']}" if "low" in groups else ""},
        raised=[numpy("np.random.randint(5, 2)\n")],
    ),
    Family(
        "numpy-probabilities",
        library="numpy",
        exceptions=VALUE,
        patterns=[r"probabilities do not sum to 1", r"probabilities are not non-negative", r"probabilities contain "
            r"NaN", r"p < 0, p > 1 or p is NaN",
                  r"pvals < 0, pvals > 1 or pvals contains NaNs", r"sum\(pvals\[:-1\]"],
        needles=("probabilities ", "p < 0, p > 1", "pvals"),
        headline="The probabilities are not between 0 and 1 with the sum 1",
        means="Drawing with p= needs one probability per value, and all of them together 1.",
        causes=("Outputs are logits, or float32 probabilities whose sum is 1 only nearly.",),
        changes=("p = np.asarray(p, 'float64'); p = p / p.sum().",),
        raised=[numpy("np.random.choice([1, 2], p=[.5, .6])\n"), numpy("np.random.binomial(1, 1.5)\n")],
    ),
    Family(
        "numpy-order-of-axes",
        library="numpy",
        exceptions=VALUE,
        patterns=[r"repeated axis in transpose", r"`source` and `destination` arguments must have the same number of "
            r"elements", r"^Axes must be different",
                  r"^(?P<axis>\d+) is missing from \{"],
        needles=("repeated axis", "`source` and `destination`", "Axes must be different", "is missing from {"),
        headline="The new order of the axes names one twice, or leaves one out",
        means="Every axis must stand in the order exactly once.",
        causes=("A number is mistyped, or the order was written for another number of axes.",),
        changes=("For 3 axes write a permutation of (0, 1, 2), as x.transpose(0, 2, 1).",),
        raised=[numpy("np.transpose(np.zeros((2, 3)), (0, 0))\n"), numpy("np.moveaxis(np.zeros((2, 3)), [0, 1], [0])\n")],
    ),
    Family(
        "numpy-resize-reference",
        library="numpy",
        exceptions=VALUE,
        patterns=[r"cannot resize (?:an array|this array)"],
        needles=("cannot resize",),
        headline="resize changes an array in place, and something else still looks at it",
        means="A view or another name shows the same memory.",
        causes=("A slice of the array was kept.",),
        changes=("Make a new array: x = np.resize(x, shape), or x.reshape(shape) where the number of values stays.",),
        raised=[numpy("a = np.zeros(3)\nb = a[:]\na.resize(5)\n")],
    ),
    Family(
        "numpy-file-columns",
        library="numpy",
        exceptions=VALUE,
        patterns=[r"the number of columns changed from (?P<before>\d+) to (?P<after>\d+) at row (?P<row>\d+)",
                  r"Line #(?P<row>\d+) \(got (?P<after>\d+) columns instead of (?P<before>\d+)\)", r"Wrong number of columns at "
                  r"line (?P<row>\d+)"],
        needles=("number of columns", "columns instead of"),
        headline="Line {row} of the file has another number of columns than the lines before",
        means="A file that becomes an array needs equally many values in every line.",
        causes=("A header, a comment, a gap, or a separator that is not the one that was named.",),
        changes=("Name the separator, delimiter=','; leave lines out with skiprows=1; gaps are read with np.genfromtxt(..., "
            "filling_values=0).",),
        raised=[
            numpy("np.loadtxt(['1 2', '3'])\n", before=2, after=1, row=2),
            numpy("np.genfromtxt(['1 2', '3'])\n", before=2, after=1, row=2),
        ],
    ),
    Family(
        "numpy-byte-count",
        library="numpy",
        exceptions=("ValueError", "InvalidArgumentError"),
        patterns=[r"buffer size must be a multiple of element size", r"Input to DecodeRaw has length (?P<length>\d+) that is not a "
            r"multiple of (?P<size>\d+)",
                  r"string size must be a multiple of element size"],
        needles=("multiple of element size", "Input to DecodeRaw"),
        headline="The bytes do not divide into whole numbers of this dtype",
        means="float32 takes 4 bytes per number, float64 8, uint8 1.",
        causes=("The data was written with another dtype, or as a picture file that has to be decoded.",),
        changes=("Use the dtype that it was written with, often uint8; decode pictures with tf.io.decode_image or PIL.",),
        raised=[numpy("np.frombuffer(b'abc', dtype='int32')\n")],
    ),
    Family(
        "not-callable",
        library="python",
        exceptions=TYPE,
        patterns=[r"^'(?P<kind>[\w.]+)' object is not callable"],
        needles=("object is not callable",),
        headline="Something of type {kind} was called with (...)",
        means="Only functions, classes, layers and models can be called.",
        causes=("{often}",),
        changes=("{mend}",),
        derive=lambda groups: {
            "often": {
                "tuple": "x.shape is no function; or a comma is missing between two brackets of a list.",
                "int": "In NumPy x.size is a number; in PyTorch x.size() is a function.",
                "numpy.ndarray": "An array was called: ( ) in place of [ ]; or a name such as model or loss was given to an array.",
                "Tensor": "A tensor was called: ( ) in place of [ ]; or the name of a function was given to a tensor.",
                "Series": "A column was called: ( ) in place of [ ].",
                "DataFrame": "A table was called: ( ) in place of [ ].",
                "str": "A name such as str or print was given to a text further up.",
                "list": "A name such as list, or a function's name, was given to a list further up.",
                "module": "The module was imported, not the function in it: from tqdm import tqdm.",
                "NoneType": "A function that returns nothing stands where a function is wanted.",
                "TensorShape": "x.shape is no function.",
            }.get(str(groups["kind"]), "A name that was a function or class has been given to something else."),
            "mend": {
                "tuple": "Write x.shape without ().", "int": "Write x.shape[0] or x.size without ().",
                "TensorShape": "Write x.shape without ().",
                "numpy.ndarray": "Write x[...], and give arrays and functions different names.",
                "Tensor": "Write x[...], and give tensors and "
                "functions different names.",
            }.get(str(groups["kind"]), "Print type(f) before this line, and give different things different names."),
        },
        raised=[
            numpy("np.zeros((2, 3)).shape()\n", kind="tuple"),
            numpy("np.zeros(3)()\n", kind="numpy.ndarray"),
            numpy("np.zeros((2, 3)).size(0)\n", kind="int"),
        ],
    ),
]  # fmt: skip
