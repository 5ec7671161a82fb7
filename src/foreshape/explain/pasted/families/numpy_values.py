"""What NumPy says about values: ragged lists, text among numbers, dtypes, indexes, truth, empty arrays, names that are gone."""

from __future__ import annotations

from typing import Any, Final

from foreshape.explain.pasted.catalogue import Family
from foreshape.explain.pasted.raisings import keras_2, numpy, tensorflow, text
from foreshape.explain.pasted.sizes import counted

VALUE: Final = ("ValueError",)
SHAPE: Final = r"\([\d, ]*\)"
INSTEAD: Final = {
    "bool": "bool", "int": "int", "float": "float", "complex": "complex", "object": "object", "str": "str", "long": "int",
    "unicode": "str",
    "product": "np.prod", "cumproduct": "np.cumprod", "in1d": "np.isin", "trapz": "np.trapezoid", "Inf": "np.inf", "NaN": "np.nan",
    "float_": "np.float64", "unicode_": "np.str_", "row_stack": "np.vstack", "alltrue": "np.all", "sometrue": "np.any",
    "asfarray": "np.asarray",
}  # fmt: skip


def _ragged(groups: dict[str, Any]) -> dict[str, Any]:
    shape, axes = groups["shape"], groups["axes"]
    if isinstance(shape, tuple) and len(shape) == 1:
        return {"told": f"The {shape[0]} entries of this list do not all have the same length or shape"}
    return {
        "told": f"After {counted(axes, 'axis', 'axes')}, {shape}, the entries of this list no longer have the same length or "
        f"shape"
    }


def _picture(groups: dict[str, Any]) -> dict[str, Any]:
    """What imshow was given."""
    shape = groups.get("shape")
    words = {
        "told": f"A picture of {shape} cannot be shown"
        if shape is not None
        else "What imshow was given has no shape of a picture",
        "why": "A whole batch was given, or an axis of size 1 is left.",
        "mend": "Take one picture out of the batch, x[0], and drop axes of size 1 with x.squeeze().",
    }
    if isinstance(shape, tuple) and len(shape) == 3 and shape[0] in (3, 4) and shape[2] not in (3, 4):
        words["why"] = "The channels stand first, as PyTorch has them."
        words["mend"] = "Move them to the end: x.permute(1, 2, 0) for a tensor, np.moveaxis(x, 0, -1) for an array."
    elif isinstance(shape, tuple) and len(shape) == 3 and shape[0] == 1:
        words["why"] = "A grey picture with its channel in front, or a batch of one."
        words["mend"] = "Take the axis off: x[0], or x.squeeze(0); cmap='gray' shows it in grey."
    elif isinstance(shape, tuple) and len(shape) == 3 and shape[2] == 1:
        words["why"] = "A grey picture with its channel at the end, which matplotlib before 3.x did not take."
        words["mend"] = "Take the axis off: x[..., 0], or x.squeeze(-1)."
    return words


FAMILIES: Final = [
    Family(
        "numpy-ragged",
        library="numpy",
        exceptions=VALUE,
        patterns=[
            rf"The requested array (?:has an inhomogeneous shape|would exceed the maximum number of dimension of \d+) after "
            rf"(?P<axes>\d+) dimensions?\. "
            rf"The detected shape was (?P<shape>{SHAPE}) \+ inhomog",
        ],
        needles=("inhomogeneous",),
        headline="{told}",
        means="An array is a box of numbers: every row of one axis has the same length. Before NumPy 1.24 this gave an array of "
            "lists and a warning.",
        causes=(
            "Sequences or sentences of several lengths, images of several sizes, or windows that run past the end and come out "
            "shorter.",
        ),
        changes=(
            "Find them with {{np.shape(row) for row in rows}}. Pad sequences with keras.utils.pad_sequences(rows, padding='post'), "
            "resize images, "
            "and let the loop over windows end at len(data) - window.",
        ),
        derive=_ragged,
        raised=[
            numpy("np.array([[1, 2], [3]])\n", axes=1, shape=(2,)),
            numpy("np.array([[[1, 2], [3, 4]], [[1, 2], [3]]])\n", axes=2, shape=(2, 2)),
            numpy("np.array([[1, 2], [3]], dtype=float)\n", axes=1, shape=(2,)),
            numpy("np.array([np.ones((2, 3)), np.ones((3, 3))])\n", axes=1, shape=(2,)),
        ],
    ),
    Family(
        "numpy-element-sequence",
        library="numpy",
        exceptions=("ValueError", "TypeError"),
        patterns=[r"setting an array element with a sequence\.?$"],
        needles=("setting an array element with a sequence",),
        headline="A list or array stands where a single number has to be",
        means="Each place of an array of numbers holds one number.",
        causes=("a[i] = [1, 2] into an array with one axis; before NumPy 1.24 also rows of several lengths with dtype=float, and "
            "object arrays given to fit.",),
        changes=("Make the array with room for it, np.zeros((n, 2)), or pad rows of several lengths; print {{np.shape(row) for row "
            "in rows}} to find them.",),
        raised=[
            numpy("a = np.zeros(3)\na[0] = [1, 2]\n"),
            # NumPy up to 1.23, for np.array([[1, 2], [3]], dtype=float).
            text("TypeError: float() argument must be a string or a number, not 'list'\n\nValueError: setting an array element with "
                "a sequence."),
        ],
    ),
    Family(
        "numpy-too-deep",
        library="numpy",
        exceptions=VALUE,
        patterns=[r"object too deep for desired array"],
        needles=("object too deep for desired array",),
        headline="This function takes an array with one axis, and was given more",
        means="np.convolve, np.correlate, np.interp, np.bincount and np.random.choice work on plain rows of numbers.",
        causes=("A column out of a table, (n, 1), or a whole table was given, or a list of lists.",),
        changes=("Give one row: x.ravel(), x[:, 0] or np.squeeze(x); over an axis scipy.ndimage.convolve1d and "
            "np.apply_along_axis do it.",),
        raised=[
            numpy("np.convolve(np.ones((3, 1)), np.ones(2))\n"),
        ],
    ),
    Family(
        "matplotlib-image-shape",
        library="matplotlib",
        exceptions=("TypeError",),
        patterns=[r"Invalid shape (?P<shape>\([\d, ]*\)) for image data", r"Invalid dimensions for image data"],
        needles=("for image data",),
        headline="{told}",
        means="imshow takes (height, width) for grey pictures, (height, width, 3) for colour, (height, width, 4) with transparency.",
        causes=("{why}",),
        changes=("{mend}",),
        derive=_picture,
        raised=[
            # matplotlib 3.1 and later, then before.
            text("TypeError: Invalid shape (1, 64, 64) for image data", shape=(1, 64, 64)),
            text("TypeError: Invalid shape (3, 32, 32) for image data", shape=(3, 32, 32)),
            text("TypeError: Invalid shape (28, 28, 1) for image data", shape=(28, 28, 1)),
            text("TypeError: Invalid dimensions for image data"),
        ],
    ),
    Family(
        "tf-object-array",
        library="tensorflow",
        exceptions=VALUE,
        patterns=[r"Failed to convert a NumPy array to a Tensor \(Unsupported object type (?P<type>[\w.]+)\)"],
        needles=("Failed to convert a NumPy array to a Tensor",),
        headline="The array holds Python objects ({type}), not numbers of one kind, so it cannot become a tensor",
        means="Its dtype is object: an array of lists, arrays, text or mixed columns that only looks like numbers.",
        causes=("Rows of several lengths, a DataFrame with bool or text columns, or a column whose cells are arrays.",),
        changes=(
            "Print x.dtype and x.shape. For numbers: x.astype('float32'); for cells that are arrays: np.stack(x); for rows of "
            "several lengths: pad_sequences.",
        ),
        raised=[
            tensorflow("tf.convert_to_tensor(np.array([[1, 2], [3]], dtype=object))\n", type="list"),
            keras_2(
                "model = keras.Sequential([keras.layers.Input((2,)), keras.layers.Dense(4)])\nmodel.compile('sgd', 'mse')\n"
                "model.fit(np.array([[1.5, None]], dtype=object), np.ones((1, 4)), verbose=0)\n",
                type="float",
            ),
        ],
    ),
    Family(
        "tf-ragged-list",
        library="tensorflow",
        exceptions=VALUE,
        patterns=[r"Can't convert non-rectangular Python sequence to Tensor"],
        needles=("non-rectangular",),
        headline="The rows of this list have different lengths, so it cannot become a tensor",
        means="A tensor is a box of numbers: every row has the same length.",
        changes=("Pad the rows with keras.utils.pad_sequences, or keep the lengths with tf.ragged.constant(rows).",),
        raised=[
            tensorflow("tf.constant([[1, 2], [3]])\n"),
            tensorflow("tf.data.Dataset.from_tensor_slices([[1, 2], [3]])\n"),
        ],
    ),
    Family(
        "tf-mixed-list",
        library="tensorflow",
        exceptions=VALUE,
        patterns=[
            r"Can't convert Python sequence with mixed types to Tensor",
            r"Attempt to convert a value \((?P<value>.*)\) with an unsupported type \((?:<class ')?(?P<type>[\w.]+)(?:'>)?\) to a "
            r"Tensor",
        ],
        needles=("with mixed types to Tensor", "with an unsupported type"),
        headline="{told}",
        means="A tensor holds numbers, or text, of one kind.",
        causes=("A None from missing data or from a function without return; text beside numbers; a dict or DataFrame where an "
            "array is meant.",),
        changes=("Print the value before this line; replace None, convert text to numbers, and give .to_numpy() of a DataFrame.",),
        derive=lambda groups: {
            "told": f"A value of type {groups['type']} cannot become a tensor" if "type" in groups else "A list of several types "
                "cannot become a tensor"
        },
        raised=[
            tensorflow("tf.convert_to_tensor(['a', 1])\n"),
            tensorflow("tf.convert_to_tensor([None, 1])\n", value="None", type="NoneType"),
            tensorflow("tf.convert_to_tensor({'a': 1})\n", value="{'a': 1}", type="dict"),
        ],
    ),
    Family(
        "numpy-too-many-indexes",
        library="numpy",
        exceptions=("IndexError",),
        patterns=[r"too many indices for array(?:: array is (?P<axes>\d+)-dimensional, but (?P<given>\d+) were indexed)?"],
        needles=("too many indices for array",),
        headline="{told}",
        means="Each number between the brackets takes one axis away.",
        causes=("A column, one sample or a one-hot array without its second axis; or rows of several lengths that became an array "
            "of lists.",),
        changes=("Print x.shape: index only the axes that are there, or add one with x[:, np.newaxis] or x.reshape(-1, 1).",),
        derive=lambda groups: {
            "told": f"{groups['given']} indexes for an array with {counted(groups['axes'], 'axis', 'axes')}"
            if "axes" in groups
            else "There are more indexes than the array has axes"
        },
        raised=[
            numpy("np.ones((3, 4))[1, 2, 3]\n", axes=2, given=3),
            numpy("np.ones(3)[:, 0]\n", axes=1, given=2),
            # NumPy up to 1.18.
            text("IndexError: too many indices for array"),
        ],
    ),
    Family(
        "numpy-index-type",
        library="numpy",
        exceptions=("IndexError",),
        patterns=[r"only integers, slices \(`:`\), ellipsis \(`\.\.\.`\), numpy\.newaxis \(`None`\) and integer or boolean arrays "
            r"are valid indices"],
        needles=("only integers, slices",),
        headline="An array is indexed with something that is no whole number",
        means="Positions are whole numbers; names of columns belong to a DataFrame.",
        causes=("A number from a division with / or from np.floor, which stays a float; or a column name on an array that was a "
            "DataFrame before.",),
        changes=("Use // or int() where the number is computed; take columns before .values or to_numpy().",),
        raised=[numpy("np.ones(3)[1.5]\n"), numpy("np.ones(3)['a']\n")],
    ),
    Family(
        "numpy-mask-size",
        library="numpy",
        exceptions=("IndexError",),
        patterns=[
            r"boolean index did not match indexed array along (?:axis|dimension) (?P<axis>\d+); (?:size of axis|dimension) is "
            r"(?P<size>\d+) but "
            r"(?:size of corresponding boolean axis|corresponding boolean dimension) is (?P<mask>\d+)",
        ],
        needles=("boolean index did not match",),
        headline="A mask of {mask} answers is laid over axis {axis} with {size} entries",
        means="A mask says True or False for every entry of an axis, so it has the same length.",
        causes=("The mask was made from other data: labels before rows were dropped, or another part of a split.",),
        changes=("Make the mask from the array that it is used on, or cut both the same way.",),
        raised=[
            numpy("np.ones(3)[np.array([True, False])]\n", axis=0, size=3, mask=2),
            # NumPy 1.
            text(
                "IndexError: boolean index did not match indexed array along dimension 0; dimension is 3 but corresponding boolean "
                "dimension is 2",
                axis=0, size=3, mask=2,
            ),
        ],
    ),
    Family(
        "numpy-index-arrays",
        library="numpy",
        exceptions=("IndexError",),
        patterns=[rf"indexing arrays could not be broadcast together with shapes (?P<left>{SHAPE}) (?P<right>{SHAPE})"],
        needles=("indexing arrays could not be broadcast",),
        headline="Lists of rows and columns of different lengths, {left} and {right}, do not pair up",
        means="a[rows, columns] takes one element for each pair of a row and a column.",
        causes=("All combinations of rows and columns are meant.",),
        changes=("For all combinations write a[np.ix_(rows, columns)].",),
        raised=[numpy("np.ones((3, 4))[np.array([0, 1]), np.array([0, 1, 2])]\n", left=(2,), right=(3,))],
    ),
    Family(
        "numpy-truth",
        library="numpy",
        exceptions=VALUE,
        patterns=[r"The truth value of an (?P<what>array with more than one element|empty array) is ambiguous"],
        needles=("The truth value of an ",),
        headline="An array stands where one True or False is needed",
        means="if, and, or, not, in and == of tuples ask for one answer, while a comparison of arrays gives one for every element.",
        causes=("Two conditions are joined with and or or; or an array was given where a tuple, a list or None is expected "
            "(validation_data=(x, y)).",),
        changes=("Join conditions with & and | in parentheses; for one answer write (a == b).all() or .any(); compare with None by "
            "`is`.",),
        raised=[
            numpy("if np.ones(3) > 0:\n    pass\n", what="array with more than one element"),
            numpy("if np.ones(0):\n    pass\n", what="empty array"),
        ],
    ),
    Family(
        "numpy-one-number",
        library="numpy",
        exceptions=("TypeError",),
        patterns=[r"only (?:0-dimensional|size-1|length-1) arrays can be converted to Python scalars"],
        needles=("arrays can be converted to Python scalars",),
        headline="One number is needed here, but this is an array of several",
        means="float(), int(), math functions and formats take one number at a time.",
        causes=("math.exp or int() is used on a whole array, or a prediction has the shape (1, 1) or (n, 1).",),
        changes=("Use NumPy's own function (np.exp, x.astype(int)); take one number with x[0, 0] or x.item().",),
        raised=[numpy("float(np.ones(3))\n"), numpy("import math\nmath.exp(np.ones(3))\n")],
    ),
    Family(
        "text-to-number",
        library="python",
        exceptions=VALUE,
        patterns=[
            r"could not convert string to (?:float|complex): (?:np\.str_\()?(?P<value>'.*?'|\".*?\"|[^'\"]{0,40}?)\)?(?:$| "
            r"(?=\D{60}|pls))",
            r"could not convert string to (?:float|complex): (?:np\.str_\()?(?P<value>'.*?'|\".*?\"|\S+)",
            r"invalid literal for int\(\) with base 10: (?:np\.str_\()?(?P<value>'.*?'|\".*?\")\)?$",
            r"could not convert string (?P<value>'.*?') to \w+ at row (?P<row>\d+), column (?P<column>\d+)",
        ],
        needles=("could not convert string", "invalid literal for int()"),
        headline="{value} is not a number",
        means="Text becomes a number only where nothing but a number stands in it; int() takes no decimal point.",
        causes=("A header or a column of names or dates is among the numbers, a field is empty, or decimals are written with a comma.",),
        changes=("Leave the header out (skiprows=1), drop or encode text columns (get_dummies, LabelEncoder), and use "
            "pd.to_numeric(column, errors='coerce').",),
        raised=[
            numpy("np.array(['a', 'b']).astype(float)\n", value="'a'"),
            numpy("a = np.zeros(3)\na[0] = 'a'\n", value="'a'"),
            numpy("int('1.5')\n", value="'1.5'"),
            numpy("np.loadtxt(['a b'])\n", value="'a'", row=0, column=1),
            # NumPy 1 and Python 2 to 3.6.
            text("ValueError: could not convert string to float: Iris-setosa", value="Iris-setosa"),
        ],
    ),
    Family(
        "numpy-text-arithmetic",
        library="numpy",
        exceptions=("_UFuncNoLoopError", "UFuncTypeError", "TypeError"),
        patterns=[
            r"ufunc '(?P<operation>\w+)' did not contain a loop with signature matching types \(?dtype\('(?P<left>[^']+)'\), "
            r"dtype\('(?P<right>[^']+)'\)\)?",
        ],
        needles=("did not contain a loop with signature",),
        headline="{operation} cannot work with these types: {left} and {right} (U is text, O objects)",
        means="Arithmetic needs numbers on both sides.",
        causes=("Numbers that were read as text, as np.array with one word among them makes all of them.",),
        changes=("Convert once: x = x.astype(float), after leaving text columns out.",),
        raised=[
            numpy("np.array([1.0, 2.0]) + 'a'\n", operation="add", left="float64", right="<U1"),
            numpy("np.array(['a']) - 1\n", operation="subtract", left="<U1", right="int64"),
        ],
    ),
    Family(
        "numpy-in-place-cast",
        library="numpy",
        exceptions=("_UFuncOutputCastingError", "UFuncTypeError", "TypeError"),
        patterns=[
            r"Cannot cast ufunc '?(?P<operation>\w+)'? output from dtype\('(?P<was>\w+)'\) to dtype\('(?P<to>\w+)'\) with casting "
            r"rule 'same_kind'",
        ],
        needles=("Cannot cast ufunc",),
        headline="The result is {was}, but it is written back into an array of {to}",
        means="+=, -=, *= and /= keep the type of the array on the left, and whole numbers have no place for decimals.",
        changes=("Make it floats first, x = x.astype('float32'), or write x = x / 255.",),
        raised=[
            numpy("a = np.ones(3, int)\na /= 2\n", operation="divide", was="float64", to="int64"),
            numpy("a = np.ones(3, int)\na += 1.5\n", operation="add", was="float64", to="int64"),
        ],
    ),
    Family(
        "numpy-empty",
        library="numpy",
        exceptions=VALUE,
        patterns=[
            r"zero-size array to reduction operation (?P<operation>\w+) which has no identity",
            r"attempt to get (?P<operation>\w+) of an empty sequence",
            r"(?P<operation>max|min)\(\) (?:arg|iterable argument) is (?:an empty sequence|empty)",
        ],
        needles=("zero-size array", "of an empty sequence", "is an empty sequence", "iterable argument is empty"),
        headline="The {operation} of nothing: the array or list is empty",
        means="There is no largest or smallest of no values.",
        causes=("A filter, slice or mask left nothing; or a loop that fills the list never ran.",),
        changes=("Print the shape before this line and go back to where the values are lost.",),
        raised=[
            numpy("np.array([]).max()\n", operation="maximum"),
            numpy("np.argmax([])\n", operation="argmax"),
            numpy("max([])\n", operation="max"),
        ],
    ),
    Family(
        "numpy-squeeze",
        library="numpy",
        exceptions=VALUE,
        patterns=[r"cannot select an axis to squeeze out which has size not equal to one"],
        needles=("to squeeze out",),
        headline="squeeze was asked to remove an axis that has more than one entry",
        means="squeeze drops axes of size 1 only, since no number may be lost.",
        changes=("Choose the axis of size 1, or take one entry with x[..., 0].",),
        raised=[numpy("np.ones((3, 4)).squeeze(0)\n")],
    ),
    Family(
        "numpy-transpose-axes",
        library="numpy",
        exceptions=VALUE,
        patterns=[r"axes don't match array"],
        needles=("axes don't match array",),
        headline="transpose was given another number of axes than the array has",
        means="The new order names every axis once.",
        causes=("The array has no batch or channel axis, or one too many.",),
        changes=("Print x.shape and name every axis, 0 first; or move a single one with np.moveaxis(x, 0, -1).",),
        raised=[numpy("np.ones((3, 4)).transpose(0, 1, 2)\n")],
    ),
    Family(
        "numpy-equal-split",
        library="numpy",
        exceptions=VALUE,
        patterns=[r"array split does not result in an equal division"],
        needles=("equal division",),
        headline="np.split makes equal parts, and this axis cannot be divided so",
        means="A number of parts has to divide the size of the axis.",
        changes=("Use np.array_split, whose last parts may be shorter, or cut the rest off first.",),
        raised=[numpy("np.split(np.ones(5), 2)\n")],
    ),
    Family(
        "numpy-square-matrix",
        library="numpy",
        exceptions=("LinAlgError",),
        patterns=[r"Last 2 dimensions of the array must be square"],
        needles=("must be square",),
        headline="This needs a square matrix: as many rows as columns",
        means="Inverses, determinants and eigenvalues exist for square matrices only.",
        changes=("Use x.T @ x, or np.linalg.pinv and np.linalg.lstsq, which take matrices of any shape.",),
        raised=[numpy("np.linalg.inv(np.ones((2, 3)))\n")],
    ),
    Family(
        "numpy-singular-matrix",
        library="numpy",
        exceptions=("LinAlgError",),
        patterns=[r"(?P<what>Singular matrix|Matrix is not positive definite)"],
        needles=("Singular matrix", "not positive definite"),
        headline="{told}",
        means="Rows or columns repeat each other, so that there is no inverse; cholesky needs a symmetric matrix with eigenvalues "
            "above zero.",
        causes=("Fewer samples than features, a column that is the sum of others, or one-hot columns with a constant.",),
        changes=("Add a little to the diagonal: a + 1e-6 * np.eye(len(a)); or use np.linalg.pinv or lstsq.",),
        derive=lambda groups: {
            "told": "This matrix has no inverse" if groups["what"] == "Singular matrix" else "cholesky cannot take this matrix: it "
                "is not positive definite"
        },
        raised=[
            numpy("np.linalg.inv(np.ones((2, 2)))\n", what="Singular matrix"),
            numpy("np.linalg.cholesky(-np.eye(2))\n", what="Matrix is not positive definite"),
        ],
    ),
    Family(
        "numpy-name-gone",
        library="numpy",
        exceptions=("AttributeError",),
        patterns=[rf"[mM]odule '?numpy'? has no attribute '(?P<name>{'|'.join(INSTEAD)})'",
            rf"`np\.(?P<name>{'|'.join(INSTEAD)})` was removed in the NumPy 2\.0"],
        needles=("has no attribute", "was removed in the NumPy 2.0"),
        headline="np.{name} is not in this version of NumPy",
        means="NumPy 1.24 and 2.0 took old names away.",
        causes=("The code, or a library that is older than the installed NumPy, still uses it.",),
        changes=("Write {instead}; where a library does it, install a newer one of that library.",),
        derive=lambda groups: {"instead": INSTEAD[groups["name"]]},
        raised=[
            numpy("np.float(1)\n", name="float"),
            numpy("np.int\n", name="int"),
            numpy("np.product([1])\n", name="product"),
            # NumPy 2.0.
            text("AttributeError: `np.float_` was removed in the NumPy 2.0 release. Use `np.float64` instead.", name="float_"),
        ],
    ),
    Family(
        "numpy-memory",
        library="numpy",
        exceptions=("_ArrayMemoryError", "MemoryError"),
        patterns=[rf"Unable to allocate (?P<much>[\d.]+ \w+) for an array with shape (?P<shape>{SHAPE}) and data type (?P<dtype>\w+)"],
        needles=("Unable to allocate",),
        headline="An array of {shape} {dtype} would need {much}",
        means="That is more memory than there is.",
        causes=("One-hot labels of a large vocabulary, a product of (n, 1) and (n,) that became (n, n), or all images at once.",),
        changes=("Print both shapes where two arrays meet; use sparse labels, float32, or batches from a generator or Dataset.",),
        raised=[
            numpy("np.zeros((10**7, 10**7))\n", shape=(10000000, 10000000), dtype="float64", much="728. TiB"),
        ],
    ),
    Family(
        "numpy-pickled-objects",
        library="numpy",
        exceptions=VALUE,
        patterns=[r"Object arrays cannot be loaded when allow_pickle=False"],
        needles=("Object arrays cannot be loaded",),
        headline="The file holds Python objects, which np.load reads only when it is told to",
        means="Reading objects can run code, so it is off by default.",
        causes=("A list of arrays of several lengths was saved.",),
        changes=("If you trust the file: np.load(path, allow_pickle=True); better save padded arrays, or np.savez with one name for "
            "each.",),
        raised=[numpy("np.save('a.npy', np.array([1, 'a'], dtype=object))\nnp.load('a.npy')\n")],
    ),
    Family(
        "numpy-window-too-long",
        library="numpy",
        exceptions=VALUE,
        patterns=[r"window shape cannot be larger than input array shape"],
        needles=("window shape cannot be larger",),
        headline="The window is longer than the series",
        means="A window of n values needs a series of at least n.",
        changes=("Take a shorter window, or more data: print x.shape before this line.",),
        raised=[numpy("np.lib.stride_tricks.sliding_window_view(np.ones(3), 5)\n")],
    ),
]  # fmt: skip
