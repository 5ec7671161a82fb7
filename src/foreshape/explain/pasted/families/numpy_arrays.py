"""What NumPy says: shapes that do not fit, axes and indexes beyond an array, values that cannot become one."""

from __future__ import annotations

from typing import Any, Final

from foreshape.explain.pasted.catalogue import Family, Raising
from foreshape.explain.pasted.sizes import aligned, clash, counted, product

SHAPE: Final = r"\([\d, ]*\)"
NP: Final = "import numpy as np\n"


def _broadcast(groups: dict[str, Any]) -> dict[str, Any]:
    shapes = [groups[name] for name in ("left", "right", "third") if isinstance(groups.get(name), tuple)]
    pairs = [(a, b) for at, a in enumerate(shapes) for b in shapes[at + 1 :]]
    left, right = next(((a, b) for a, b in pairs if clash(a, b)), pairs[0])
    return {
        "first": left,
        "second": right,
        "clash": clash(left, right) or "an axis differs",
        "hint": aligned(left, right),
    }


def _reshape(groups: dict[str, Any]) -> dict[str, Any]:
    size, shape = groups["size"], groups["shape"]
    if not isinstance(shape, tuple):  # an axis that is to be found, "newaxis", stands between others
        shape = tuple(int(each) for each in str(shape).strip("()").split(",") if each.strip().isdigit())
    known = product(shape)
    if not known:
        return {"why": "that shape has no room for them", "rest": ""}
    if "newaxis" in str(groups["shape"]) and size % known:
        # NumPy writes newaxis for the -1 of the program.
        asked = str(groups["shape"]).replace("newaxis", "-1").replace(",", ", ").replace("  ", " ")
        return {
            "shape": asked,
            "why": f"{size} is no multiple of {known}",
            "rest": f"{size} = {size // known} * {known} + {size % known}.",
        }
    over = f"{size} = {size // known} * {known} + {size % known}"
    if size % known == 0:
        return {
            "why": f"that shape holds {known} values",
            "rest": f"{size} is {size // known} times {known}: one more axis of {size // known}, or -1, makes room.",
        }
    return {"why": f"that shape holds {known} values", "rest": f"No size of one more axis helps either: {over}."}


def _index(groups: dict[str, Any]) -> dict[str, Any]:
    """An empty array is another matter than a loop that runs too far."""
    size, index = groups["size"], groups["index"]
    words: dict[str, Any] = {"entries": counted(size, "entry", "entries") if size else "none"}
    if not size:
        words["means"] = "The array is empty on this axis, so no index is right."
        words["why"] = "No file was found or read, or a filter, a mask or dropna left nothing."
        words["mend"] = "Print x.shape, and the list of files, where the array is made."
        return words
    words["means"] = f"Entries are counted from 0, so the last index of {size} is {size - 1}."
    if index == size:
        words["why"] = (
            "It is one too far: a loop that runs to len(x) + 1 or uses x[i + 1], or class or word numbers that start at 1."
        )
    else:
        words["why"] = (
            "The index comes from something longer: another array, numbers of classes or words that this axis was not made for, or a "
            "column of the wrong kind."
        )
    words["shorter"] = "The array is shorter than believed: a split, a filter or dropna took rows away."
    words["mend"] = (
        f"Let the loop end at the size of this axis (for windows: len(x) - window), or take the number from x.shape[{groups['axis']}]."
    )
    return words


FAMILIES: Final = [
    Family(
        "numpy-broadcast",
        library="numpy",
        exceptions=("ValueError",),
        patterns=[
            rf"operands could not be broadcast together with shapes? (?P<left>{SHAPE}) (?P<right>{SHAPE})(?: (?P<third>{SHAPE}))?",
        ],
        needles=("could not be broadcast together with shape",),
        headline="Arrays of the shapes {first} and {second} do not fit together: {clash}",
        means="Element by element, NumPy lines shapes up from the last axis; sizes on one axis must be equal, or one of them 1.",
        causes=("{hint}", "One array comes from a window, a split or a model that left rows or columns out."),
        changes=(
            "Print both shapes before this line. A missing axis is added with x[:, np.newaxis], an axis of 1 removed with "
            "x.squeeze(axis), "
            "and arrays of other lengths are cut to the same rows.",
        ),
        derive=_broadcast,
        raised=[
            Raising("numpy", NP + "np.ones((3, 4)) + np.ones((3, 5))\n", left=(3, 4), right=(3, 5)),
            Raising("numpy", NP + "np.ones((32, 10)) - np.ones(32)\n", left=(32, 10), right=(32,)),
            Raising("numpy", NP + "np.where(np.ones(3) > 0, np.ones(4), 0)\n", left=(3,), right=(4,), third=()),
            Raising("numpy", NP + "np.repeat(np.ones(3), [1, 2])\n", left=(3,), right=(2,)),
        ],
    ),
    Family(
        "numpy-output-shape",
        library="numpy",
        exceptions=("ValueError",),
        patterns=[
            rf"non-broadcastable output operand with shape (?P<out>{SHAPE}) doesn't match the broadcast shape (?P<full>{SHAPE})",
        ],
        needles=("non-broadcastable output operand",),
        headline="The result has the shape {full}, but it is written into an array of {out}",
        means="An in-place operation (+=, *=) keeps the shape of the array on its left; the result here needs a larger one.",
        causes=(
            "A scaler of scikit-learn that was fitted on more columns than it now transforms back: predictions of one column, "
            "say, with the scaler of all features.",
        ),
        changes=(
            "Fit a scaler of its own for the target (y_scaler.fit(y.reshape(-1, 1))) and use that for inverse_transform; outside "
            "scikit-learn "
            "write a = a + b.",
        ),
        raised=[
            Raising("numpy", NP + "a = np.ones((3, 1))\na += np.ones((3, 4))\n", out=(3, 1), full=(3, 4)),
            Raising(
                "sklearn",
                NP + "from sklearn.preprocessing import MinMaxScaler\n"
                "MinMaxScaler().fit(np.random.rand(20, 4)).inverse_transform(np.ones((20, 1)))\n",
                out=(20, 1), full=(20, 4),
            ),
        ],
    ),
    Family(
        "numpy-requested-shape",
        library="numpy",
        exceptions=("ValueError",),
        patterns=[rf"remapped shapes \[original->remapped\]: (?P<shape>{SHAPE}) and requested shape (?P<wanted>{SHAPE})"],
        needles=("and requested shape",),
        headline="An array of the shape {shape} cannot be repeated to {wanted}",
        means="Only axes of size 1, or axes that are missing in front, can be repeated; every other size must already be the same.",
        changes=("Make both shapes agree from the last axis on, or use np.tile or np.repeat to copy values.",),
        raised=[
            Raising("numpy", NP + "np.broadcast_to(np.ones(3), (2, 4))\n", shape=(3,), wanted=(2, 4)),
            Raising("numpy", NP + "np.pad(np.ones(3), ((1, 1), (2, 2)))\n", shape=(2, 2), wanted=(1, 2)),
        ],
    ),
    Family(
        "numpy-einsum-sizes",
        library="numpy",
        exceptions=("ValueError",),
        patterns=[
            rf"remapped shapes \[original->remapped\]: (?P<left>{SHAPE})->\([^)]*\) (?P<right>{SHAPE})->",
        ],
        needles=("[original->remapped]",),
        headline="einsum: arrays of {left} and {right} do not have the same size where they share a letter",
        means="A letter that stands in two operands is one size, and here it would be two.",
        changes=("Write the letters in the order of each array's axes, or transpose the array that has them otherwise.",),
        raised=[
            Raising("numpy", NP + "np.einsum('ij,jk->ik', np.ones((3, 4)), np.ones((5, 6)))\n", left=(3, 4), right=(5, 6)),
        ],
    ),
    Family(
        "numpy-assign-shape",
        library="numpy",
        exceptions=("ValueError",),
        patterns=[rf"could not broadcast input array from shape ?(?P<value>{SHAPE}) into shape ?(?P<place>{SHAPE})"],
        needles=("could not broadcast input array",),
        headline="Values of the shape {value} do not fit into a place of {place}",
        means="What stands right of the = must have the shape of the part of the array that is written, or be repeatable to it.",
        causes=(
            "The array was made with np.zeros or np.empty in another size than what the loop writes into it.",
            "Sequences or images of several sizes that are put into one array.",
        ),
        changes=("Make the array in the size of the values, or cut, pad or reshape the values to {place}.",),
        raised=[
            Raising("numpy", NP + "a = np.zeros((5, 2))\na[0] = [1, 2, 3]\n", value=(3,), place=(2,)),
            # NumPy up to 1.19 writes one size without the comma.
            Raising("text", "ValueError: could not broadcast input array from shape (3) into shape (2)", value=(3,), place=(2,)),
        ],
    ),
    Family(
        "numpy-output-axes",
        library="numpy",
        exceptions=("ValueError",),
        patterns=[
            r"output parameter for reduction operation (?P<operation>\w+) has the wrong number of dimensions: Found "
            r"(?P<found>\d+) but expected "
            r"(?P<expected>\d+)",
        ],
        needles=("output parameter for reduction operation",),
        headline="out= has {found} axes, and the result of this {operation} has {expected}",
        means="A sum, mean or maximum along an axis takes that axis away; without axis a single number is left.",
        causes=("out is an array of the shape of the data, not of the result.",),
        changes=("Leave out= away, or give an array of the shape of the result; keepdims=True keeps the axis with size 1.",),
        raised=[
            Raising("numpy", NP + "np.arange(9).reshape(3, 3).sum(axis=0, out=np.ones((3, 3)))\n", operation="add", found=2, expected=1)
        ],
    ),
    Family(
        "numpy-assign-by-index",
        library="numpy",
        exceptions=("ValueError",),
        patterns=[
            rf"shape mismatch: value array of shape (?P<value>{SHAPE}) could not be broadcast to indexing result of shape "
            rf"(?P<place>{SHAPE})"
        ],
        needles=("could not be broadcast to indexing result",),
        headline="Values of the shape {value} do not fit into the places that the index picks, {place}",
        means="a[index] = values writes one value to each place that index picks, and an index that is an array picks a whole row each.",
        causes=(
            "The values are those of another number of rows, or an axis of the array that is written to was forgotten.",
            "Since NumPy 1.23 a list of arrays as index is one array; before it was read as one index for each axis.",
        ),
        changes=("Print a[index].shape and values.shape; use tuple(index) where each array of a list indexes an axis of its own.",),
        raised=[Raising("numpy", NP + "a = np.zeros((3, 5, 6))\na[[0, 1]] = np.ones((4, 2))\n", value=(4, 2), place=(2, 5, 6))],
    ),
    Family(
        "numpy-negative-size",
        library="numpy",
        exceptions=("ValueError",),
        patterns=[r"negative dimensions are not allowed"],
        needles=("negative dimensions are not allowed",),
        headline="An array was asked for with a size below 0",
        means="Sizes of np.zeros, np.empty and random numbers count entries, so they are 0 or more; -1 for what is left is for reshape.",
        causes=("A length was computed as len(x) - window and the data is shorter than the window; or the size is a result of "
            "layers that "
                "are too many for the picture.",),
        changes=("Print the sizes before this line; check that the data is longer than the window.",),
        raised=[Raising("numpy", NP + "np.zeros((3, -1))\n")],
    ),
    Family(
        "numpy-reshape-size",
        library="numpy",
        exceptions=("ValueError",),
        patterns=[r"cannot reshape array of size (?P<size>\d+) into shape ?(?P<shape>\([\w, ]*\))"],
        needles=("cannot reshape array of size",),
        headline="{size} values cannot be reshaped into {shape}: {why}",
        means="reshape neither adds nor drops values: the sizes of the new shape must multiply to the number of values.",
        causes=("{rest}", "The number of rows is not a multiple of the window length, or the last, shorter batch came along."),
        changes=("Let NumPy find one size with -1, as x.reshape(-1, timesteps, features), and drop the rows that are left over "
            "before it.",),
        derive=_reshape,
        raised=[
            Raising("numpy", NP + "np.arange(10).reshape(3, 4)\n", size=10, shape=(3, 4)),
            Raising("numpy", NP + "np.arange(10).reshape(-1, 4)\n", size=10, shape=(4,)),
            Raising("numpy", NP + "np.ones((3, 4)).reshape(2, -1, 5)\n", size=12, shape="(2,newaxis,5)"),
            Raising("numpy", NP + "np.zeros((100, 8)).reshape(100, 10, 8)\n", size=800, shape=(100, 10, 8)),
        ],
    ),
    Family(
        "numpy-reshape-old",
        library="numpy",
        exceptions=("ValueError",),
        patterns=[r"total size of new array must be unchanged"],
        needles=("total size of new array",),
        headline="The new shape does not hold as many values as the array has",
        means="reshape neither adds nor drops values: the sizes of the new shape must multiply to the number of values.",
        changes=("Let NumPy find one size with -1, as x.reshape(-1, timesteps, features), and drop the rows that are left over "
            "before it.",),
        # NumPy up to 1.11.
        raised=[Raising("text", "ValueError: total size of new array must be unchanged")],
    ),
    Family(
        "numpy-reshape-unknown",
        library="numpy",
        exceptions=("ValueError",),
        patterns=[r"can only specify one unknown dimension"],
        needles=("one unknown dimension",),
        headline="Only one size of a reshape may be -1",
        means="One -1 is found by dividing; with two of them there is more than one answer.",
        changes=("Write numbers for all sizes but one.",),
        raised=[Raising("numpy", NP + "np.arange(12).reshape(-1, -1)\n")],
    ),
    Family(
        "numpy-matmul-sizes",
        library="numpy",
        exceptions=("ValueError",),
        patterns=[
            r"matmul: Input operand (?P<operand>\d) has a mismatch in its core dimension (?P<axis>\d),.*\(size (?P<right>\d+) is "
            r"different from (?P<left>\d+)\)",
        ],
        needles=("matmul: Input operand",),
        headline="The left array of this product has {left} columns, the right one {right} rows",
        means="A matrix product needs as many columns on the left (its last axis) as rows on the right (its last but one).",
        causes=("One of them is transposed, or the weights were made for {right} features where the data has {left}.",),
        changes=("Transpose the one that lies the wrong way (w.T), or make both with the same number of features.",),
        raised=[Raising("numpy", NP + "np.ones((3, 4)) @ np.ones((5, 6))\n", operand=1, axis=0, left=4, right=5)],
    ),
    Family(
        "numpy-linear-system",
        library="numpy",
        exceptions=("ValueError",),
        patterns=[r"(?P<function>[a-z_]+)\d*: Input operand (?P<operand>\d) has a mismatch in its core dimension "
            r"(?P<axis>\d),.*\(size "
            r"(?P<found>\d+) is different from (?P<wanted>\d+)\)"],
        needles=("has a mismatch in its core dimension",),
        headline="{function}: an axis has {found} values where the other array needs {wanted}",
        means="Both arrays share this axis, so its size must be the same in both.",
        changes=("Print both shapes; cut, pad or transpose one of them so that {found} becomes {wanted}.",),
        raised=[
            Raising("numpy", NP + "np.linalg.solve(np.eye(3), np.ones(4))\n", function="solve", operand=1, axis=0, found=4, wanted=3)
        ],
    ),
    Family(
        "numpy-matmul-scalar",
        library="numpy",
        exceptions=("ValueError",),
        patterns=[r"matmul: Input operand (?P<operand>\d) does not have enough dimensions \(has (?P<found>\d+),.*requires "
            r"(?P<wanted>\d+)\)"],
        needles=("does not have enough dimensions",),
        headline="@ is for arrays, and one side of it has {found} axes where {wanted} is needed",
        means="A matrix product needs at least one axis on both sides.",
        changes=("Multiply by a number with *, or keep the axis that an index took away: x[0:1] in place of x[0].",),
        raised=[Raising("numpy", NP + "np.ones(4) @ np.float64(3)\n", operand=1, found=0, wanted=1)],
    ),
    Family(
        "numpy-dot-sizes",
        library="numpy",
        exceptions=("ValueError",),
        patterns=[rf"shapes (?P<left>{SHAPE}) and (?P<right>{SHAPE}) not aligned: (?P<columns>\d+) \(dim (?P<left_axis>\d)\) != "
            rf"(?P<rows>\d+) \(dim (?P<right_axis>\d)\)"],
        needles=("not aligned:",),
        headline="The product of {left} and {right} does not exist: {columns} columns meet {rows} rows",
        means="A matrix product needs as many columns on the left (its last axis) as rows on the right.",
        causes=("One of them is transposed, or the weights were made for {rows} features where the data has {columns}.",),
        changes=("Transpose the one that lies the wrong way (w.T), or make both with the same number of features.",),
        raised=[
            Raising("numpy", NP + "np.dot(np.ones((3, 4)), np.ones((5, 6)))\n", left=(3, 4), right=(5, 6), columns=4, left_axis=1,
                rows=5, right_axis=0),
        ],
    ),
    Family(
        "numpy-concat-sizes",
        library="numpy",
        exceptions=("ValueError",),
        patterns=[
            r"all the input array dimensions (?:except for|for) the concatenation axis must match exactly, but along dimension "
            r"(?P<axis>\d+), "
            r"the array at index (?P<first>\d+) has size (?P<left>\d+) and the array at index (?P<other>\d+) has size (?P<right>\d+)",
        ],
        needles=("the concatenation axis must match exactly, but",),
        headline="These arrays cannot be joined: on axis {axis} one has {left} and another {right}",
        means="Arrays that are joined may differ on the axis along which they are joined and nowhere else.",
        causes=("The axis of the call is not the one meant, or one array has columns or steps more than the other.",),
        changes=("Join along axis={axis}, if that is the axis on which they may differ; or give all the same size there.",),
        raised=[
            Raising("numpy", NP + "np.concatenate([np.ones((3, 4)), np.ones((3, 5))])\n", axis=1, first=0, left=4, other=1, right=5),
            Raising("numpy", NP + "np.column_stack([np.ones(3), np.ones(4)])\n", axis=0, first=0, left=3, other=1, right=4),
        ],
    ),
    Family(
        "numpy-concat-old",
        library="numpy",
        exceptions=("ValueError",),
        patterns=[r"all the input array dimensions except for the concatenation axis must match exactly(?!, but)",
            r"all the input arrays must have same number of dimensions(?!, but)"],
        needles=("all the input array",),
        headline="These arrays cannot be joined: they differ on an axis along which they are not joined",
        means="Arrays that are joined have the same number of axes, and differ in size on the axis of the joining only.",
        changes=("Print the shapes of all of them, and choose the axis, or cut and pad, so that all other sizes agree.",),
        raised=[
            # NumPy up to 1.16 names no sizes.
            Raising("text", "ValueError: all the input array dimensions except for the concatenation axis must match exactly"),
            Raising("text", "ValueError: all the input arrays must have same number of dimensions"),
        ],
    ),
    Family(
        "numpy-concat-rank",
        library="numpy",
        exceptions=("ValueError",),
        patterns=[
            r"all the input arrays must have same number of dimensions, but the array at index (?P<first>\d+) has (?P<left>\d+) "
            r"dimension\(s\) "
            r"and the array at index (?P<other>\d+) has (?P<right>\d+) dimension\(s\)",
        ],
        needles=("must have same number of dimensions, but",),
        headline="These arrays cannot be joined: one has {left} axes, another {right}",
        means="All arrays that are joined need the same number of axes.",
        causes=("A single row or column, (n,), is joined with a table, (rows, columns).",),
        changes=("Give it the axis that is missing: row[np.newaxis, :] for a row, column[:, np.newaxis] for a column.",),
        raised=[
            Raising("numpy", NP + "np.concatenate([np.ones((3, 4)), np.ones(3)])\n", first=0, left=2, other=1, right=1),
            Raising("numpy", NP + "np.append(np.ones((2, 3)), np.ones(3), axis=0)\n", first=0, left=2, other=1, right=1),
        ],
    ),
    Family(
        "numpy-concat-scalars",
        library="numpy",
        exceptions=("ValueError",),
        patterns=[r"zero-dimensional arrays cannot be concatenated"],
        needles=("zero-dimensional arrays cannot be",),
        headline="Single numbers have no axis along which they could be joined",
        means="concatenate joins along an axis that is there; a single number has none.",
        changes=("Use np.array([a, b]) or np.stack, which make a new axis.",),
        raised=[Raising("numpy", NP + "np.concatenate([np.float64(1), np.float64(2)])\n")],
    ),
    Family(
        "numpy-concat-nothing",
        library="numpy",
        exceptions=("ValueError",),
        patterns=[r"need at least one array to (?P<verb>concatenate|stack)"],
        needles=("need at least one array to",),
        headline="There is nothing to {verb}: the list of arrays is empty",
        means="The list that should hold the arrays has no entries.",
        causes=("The loop that fills it never ran: no file was found, or the series is shorter than one window.",),
        changes=("Print the length of the list before this line, and check what the loop goes over.",),
        raised=[
            Raising("numpy", NP + "np.concatenate([])\n", verb="concatenate"),
            Raising("numpy", NP + "np.stack([])\n", verb="stack"),
        ],
    ),
    Family(
        "numpy-stack-shapes",
        library="numpy",
        exceptions=("ValueError",),
        patterns=[r"all input arrays must have the same shape"],
        needles=("all input arrays must have the same shape",),
        headline="Arrays of several shapes cannot be stacked",
        means="stack puts arrays on top of each other along a new axis, so all of them need exactly one shape.",
        causes=("Sequences or images of several lengths or sizes, often only one among many.",),
        changes=("Find it with {{a.shape for a in arrays}}; then cut, pad or resize, or join with np.concatenate along an axis that "
            "is there.",),
        raised=[Raising("numpy", NP + "np.stack([np.ones((3, 4)), np.ones((3, 5))])\n")],
    ),
    Family(
        "numpy-axis",
        library="numpy",
        exceptions=("AxisError", "ValueError", "IndexError"),
        patterns=[r"axis (?P<axis>-?\d+) is out of bounds for array of dimension (?P<rank>\d+)"],
        needles=("is out of bounds for array of dimension",),
        headline="There is no axis {axis}: the array has {rank}",
        means="Axes are counted from 0, so the last of {rank} axes is {last}, or -1.",
        causes=("The array lost an axis before (an index, a mean, squeeze), or never had it: a column is (n,) and not (n, 1).",),
        changes=("Use axis=-1 for the last one, or add the axis that is missing with x[:, np.newaxis].",),
        derive=lambda groups: {"last": groups["rank"] - 1},
        raised=[
            Raising("numpy", NP + "np.ones((3, 4)).sum(axis=2)\n", axis=2, rank=2),
            Raising("numpy", NP + "np.swapaxes(np.ones((3, 4)), 1, 2)\n", axis=2, rank=2),
        ],
    ),
    Family(
        "numpy-index",
        library="numpy",
        exceptions=("IndexError",),
        patterns=[r"[iI]ndex (?P<index>-?\d+) is out of bounds for axis (?P<axis>\d+) with size (?P<size>\d+)"],
        needles=("is out of bounds for axis",),
        headline="Index {index} is beyond axis {axis}, which has {entries}",
        means="{means}",
        causes=("{why}", "{shorter}"),
        changes=("{mend}",),
        derive=_index,
        raised=[
            Raising("numpy", NP + "np.ones((3, 4))[5]\n", index=5, axis=0, size=3),
            Raising("numpy", NP + "np.ones((3, 4))[0, 7]\n", index=7, axis=1, size=4),
            Raising("numpy", NP + "np.eye(3)[[0, 3]]\n", index=3, axis=0, size=3),
            Raising("numpy", NP + "np.take(np.ones((3, 4)), [7], axis=1)\n", index=7, axis=1, size=4),
        ],
    ),
]  # fmt: skip
