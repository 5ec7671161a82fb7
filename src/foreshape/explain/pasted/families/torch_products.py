"""What PyTorch says about products of matrices: Linear, matmul, bmm, einsum, and dtypes that do not meet."""

from __future__ import annotations

from typing import Any, Final

from foreshape.explain.pasted.catalogue import Family, Raising
from foreshape.explain.pasted.torch_words import RUNTIME, N, T

DTYPES: Final = {
    "half": "float16", "c10::half": "float16", "bfloat16": "bfloat16", "c10::bfloat16": "bfloat16", "float": "float32",
    "double": "float64", "char": "int8", "signed char": "int8", "byte": "uint8", "unsigned char": "uint8", "short": "int16",
    "int": "int32", "long": "int64", "long int": "int64", "long long": "int64", "int64_t": "int64", "bool": "bool",
    "complexfloat": "complex64", "complexdouble": "complex128", "c10::complex<float>": "complex64",
}  # fmt: skip
CASTS: Final = {
    "float16": "half",
    "float32": "float",
    "float64": "double",
    "int64": "long",
    "int32": "int",
    "bool": "bool",
}


def dtype_of(said: Any) -> str:
    """The dtype as people write it: "Long", "long int", "torch.LongTensor" and "torch.int64" are all "int64"."""
    word = str(said).removeprefix("torch.").removeprefix("cuda.").removesuffix("Tensor")
    return DTYPES.get(word.lower(), word)


def cast_to(dtype: str) -> str:
    """How a tensor is made one of a dtype: ".float()"."""
    return f".{CASTS[dtype]}()" if dtype in CASTS else f".to(torch.{dtype})"


def dtypes(groups: dict[str, Any]) -> dict[str, Any]:
    """Both dtypes by the names that people write, and the cast to the one that is wanted or that trains best."""
    words = {
        f"{name}_name": dtype_of(groups[name]) for name in ("first", "second", "expected", "found") if name in groups
    }
    wanted = words.get("expected_name") or min(
        (each for each in words.values() if "float" in each),
        key=lambda each: (each != "float32", each),
        default="float32",
    )
    words["cast"] = cast_to(wanted)
    if "float64" in words.values():
        words["often"] = "NumPy and pandas make float64, PyTorch's layers and torch.tensor(1.0) are float32."
    elif any("int" in each for each in words.values()):
        words["often"] = (
            "Images, token ids and torch.tensor([1, 2]) are whole numbers; the weights of layers are float32."
        )
    elif "float16" in words.values() or "bfloat16" in words.values():
        words["often"] = "The model was made half precision and the data was not, or the other way round."
    return words


def _product(groups: dict[str, Any]) -> dict[str, Any]:
    """Which size meets which, and whether the data was never flattened."""
    (rows, got), (wants, outputs) = groups["left"], groups["right"]
    words: dict[str, Any] = {"rows": rows, "got": got, "wants": wants, "outputs": outputs}
    total = rows * got
    if 1 < got < wants and wants % got == 0 and total % wants == 0 and total // wants < rows:
        words["unflattened"] = (
            f"The data may not be flattened: its {rows} x {got} numbers would be {total // wants} samples of {wants} numbers."
        )
        words["flatten"] = (
            "Put nn.Flatten() or x = x.flatten(1) before the Linear layer, which keeps the batch axis only."
        )
    elif got == outputs:
        words["turned"] = f"A matrix is the wrong way round: turned over, ({outputs}, {wants}) would fit."
        words["turn"] = "Between two tensors of your own, turn the second one: a @ b.T."
    elif rows == wants:
        words["turned"] = f"The data may be the wrong way round: turned over, ({got}, {rows}) would fit."
    words["meet"] = (
        f"The data brings {got} {'feature' if got == 1 else 'features'}, but the Linear layer or matrix that it meets takes {wants}"
    )
    return words


def _batched(groups: dict[str, Any]) -> dict[str, Any]:
    (batch, inner), (got_batch, got_inner) = groups["expected"], groups["found"]
    if batch != got_batch:
        said = f"The two stacks of matrices in this product are {batch} and {got_batch} long; they must be equally long"
    else:
        said = f"In this product of two stacks of matrices, {inner} columns meet {got_inner} rows; the numbers must be equal"
    return {"said": said, "inner": inner, "got_inner": got_inner}


FAMILIES: Final = [
    Family(
        "torch-matmul-shapes",
        library="torch",
        exceptions=RUNTIME,
        patterns=[
            r"mat1 and mat2 shapes cannot be multiplied \((?P<left>\d+x\d+) and (?P<right>\d+x\d+)\)",
            r"a and b must have same reduction dim, but got \[(?P<rows>\d+), (?P<got>\d+)\] X \[(?P<wants>\d+), (?P<outputs>\d+)\]",
            r"size mismatch, m1: \[(?P<rows>\d+) x (?P<got>\d+)\], m2: \[(?P<wants>\d+) x (?P<outputs>\d+)\]",
        ],
        needles=("shapes cannot be multiplied", "must have same reduction dim", "size mismatch, m1:"),
        headline="{meet}",
        means="({rows}, {got}) is multiplied by ({wants}, {outputs}), and {got} must be equal to {wants}. With Linear, {wants} is "
        "in_features, {outputs} is out_features, {got} is the last axis of the data, and {rows} is all axes before it multiplied.",
        causes=(
            "{unflattened}",
            "{turned}",
            "in_features was counted for another image size, sequence length, hidden size (a bidirectional one is twice as long) "
            "or set of columns.",
        ),
        changes=(
            "{flatten}",
            "{turn}",
            "Make it nn.Linear({got}, {outputs}), or nn.LazyLinear({outputs}), which takes in_features from the first data; print "
            "x.shape before this layer to see where {got} comes from.",
        ),
        derive=lambda groups: _product(
            groups
            if "left" in groups
            else {**groups, "left": (groups["rows"], groups["got"]), "right": (groups["wants"], groups["outputs"])}
        ),
        raised=[
            Raising("torch", N + "nn.Linear(128, 5)(torch.rand(240, 64))\n", left=(240, 64), right=(128, 5)),
            Raising("torch", N + "nn.Linear(1024, 10)(torch.rand(8, 64, 4, 4))\n", left=(2048, 4), right=(1024, 10)),
            Raising("torch", T + "torch.rand(3) @ torch.rand(4, 5)\n", left=(1, 3), right=(4, 5)),
            Raising(
                "torch",
                N + "torch.jit.script(nn.Linear(3, 4))(torch.rand(2, 5))\n",
                left=(2, 5), right=(3, 4),
            ),
            Raising(
                "torch",
                N + "torch.compile(nn.Linear(3, 4), backend='eager')(torch.rand(2, 5))\n",
                rows=2, got=5, wants=3, outputs=4,
            ),
            # PyTorch up to 1.7.
            Raising(
                "text",
                "RuntimeError: size mismatch, m1: [64 x 256], m2: [512 x 10] at /pytorch/aten/src/TH/generic/THTensorMath.cpp:136",
                rows=64, got=256, wants=512, outputs=10,
            ),
        ],
    ),
    Family(
        "torch-matmul-shapes-unsaid",
        library="torch",
        exceptions=RUNTIME,
        patterns=[r"mat1 dim 1 must match mat2 dim 0"],
        needles=("mat1 dim 1 must match mat2 dim 0",),
        headline="The number of features in the data is not the in_features of the Linear layer that it meets",
        means="In a product of matrices, the columns of the first must be as many as the rows of the second; this release does not "
        "say how many they are.",
        causes=("The data is not flattened before Linear, or in_features was counted for other data.",),
        changes=("Print x.shape before the layer and give its last number to nn.Linear as in_features.",),
        # PyTorch 1.7 and 1.8 on CPU.
        raised=[Raising("text", "RuntimeError: mat1 dim 1 must match mat2 dim 0")],
    ),
    Family(
        "torch-bmm-shapes",
        library="torch",
        exceptions=RUNTIME,
        patterns=[
            r"Expected size for first two dimensions of batch2 tensor to be: (?P<expected>\[\d+, \d+\]) but got: (?P<found>\[\d+, \d+\])",
            r"Expected tensor to have size (?P<expected>\d+) at dimension (?P<axis>1), but got size (?P<found>\d+) for argument #2 "
            r"'batch2'",
        ],
        needles=("batch2",),
        headline="{said}",
        means="torch.bmm, @ on tensors of 3 or more axes and attention multiply (batch, n, k) by (batch, k, m): the batch and k must "
        "be equal on both sides.",
        causes=("The second tensor still has to be transposed, or query and key have other sizes in their last axis.",),
        changes=("Turn the last two axes of the second tensor over: torch.bmm(a, b.transpose(1, 2)), or a @ b.transpose(-2, -1).",),
        derive=lambda groups: _batched(
            groups
            if isinstance(groups["expected"], tuple)
            else {"expected": ("batch", groups["expected"]), "found": ("batch", groups["found"])}
        ),
        raised=[
            Raising("torch", T + "torch.bmm(torch.rand(2, 3, 4), torch.rand(2, 3, 4))\n", expected=(2, 4), found=(2, 3)),
            Raising("torch", T + "torch.bmm(torch.rand(2, 3, 4), torch.rand(5, 4, 3))\n", expected=(2, 4), found=(5, 4)),
            # PyTorch 1.2 to 1.8.
            Raising(
                "text",
                "RuntimeError: Expected tensor to have size 4 at dimension 1, but got size 3 for argument #2 'batch2' (while checking "
                "arguments for bmm)",
                expected=4, found=3,
            ),
        ],
    ),
    Family(
        "torch-product-rank",
        library="torch",
        exceptions=RUNTIME,
        patterns=[
            r"(?P<which>self|mat1|mat2|batch1|batch2) must be a (?P<needs>matrix|3D tensor)",
            r"(?P<needs>1D) tensors expected, but got (?P<left>\d+)D and (?P<right>\d+)D tensors",
            r"both arguments to (?:matmul|linear) need to be at least (?P<needs>1D), but they are (?P<left>\d+)D and (?P<right>\d+)D",
        ],
        needles=("must be a matrix", "must be a 3D tensor", "1D tensors expected", "need to be at least 1D"),
        headline="This product takes {what}, and what it was given has another number of axes",
        means="torch.mm takes two tensors of 2 axes, torch.bmm two of 3, torch.dot two of 1, and @ takes at least 1 axis on each side.",
        causes=("The data has a batch axis that this function does not know, or a single sample has lost its own.",),
        changes=("Write a @ b (torch.matmul), which takes tensors of 1, 2 and more axes; for a number times a tensor write a * b.",),
        derive=lambda groups: {
            "what": {"matrix": "matrices of 2 axes", "3D tensor": "stacks of matrices, 3 axes"}.get(
                groups["needs"], "tensors of 1 axis" if "1D tensors" in str(groups) else "tensors of 1 axis or more"
            )
        },
        raised=[
            Raising("torch", T + "torch.mm(torch.rand(2, 3, 4), torch.rand(4, 5))\n", which="self", needs="matrix"),
            Raising("torch", T + "torch.bmm(torch.rand(3, 4), torch.rand(4, 5))\n", which="batch1", needs="3D tensor"),
            Raising("torch", T + "torch.dot(torch.rand(3, 2), torch.rand(3))\n", left=2, right=1),
            Raising("torch", T + "torch.matmul(torch.rand(3), torch.tensor(3.0))\n", left=1, right=0),
        ],
    ),
    Family(
        "torch-dot-sizes",
        library="torch",
        exceptions=RUNTIME,
        patterns=[
            r"inconsistent tensor size, expected tensor \[(?P<left>\d+)\] and src \[(?P<right>\d+)\] to have the same number",
            r"size mismatch, got input \(\d+\), mat \(\d+x(?P<left>\d+)\), vec \((?P<right>\d+)\)",
        ],
        needles=("inconsistent tensor size", "size mismatch, got input"),
        headline="A vector of {right} numbers meets {left}: this product needs equally many on both sides",
        means="torch.dot multiplies two vectors number by number; torch.mv multiplies every row of a matrix by the vector.",
        causes=("One of the two was cut, padded or made from other columns, or the matrix is the wrong way round.",),
        changes=("Print both shapes; where the matrix is the wrong way round write mat.T @ vec.",),
        raised=[
            Raising("torch", T + "torch.dot(torch.rand(3), torch.rand(4))\n", left=3, right=4),
            Raising("torch", T + "torch.mv(torch.rand(3, 2), torch.rand(5))\n", left=2, right=5),
        ],
    ),
    Family(
        "torch-einsum-unsaid",
        library="torch",
        exceptions=RUNTIME,
        patterns=[
            r"einsum\(\): operands do not broadcast with remapped shapes \[original->remapped\]: (?P<left>\[[\d, ]+\])->\[[\d, ]+\] "
            r"(?P<right>\[[\d, ]+\])->",
            r"^size of dimension does not match previous size, operand (?P<operand>\d+), dim (?P<axis>\d+)",
        ],
        needles=("operands do not broadcast with remapped", "does not match previous size"),
        headline="In this einsum one letter stands for axes of different sizes{sizes}",
        means="A letter that two tensors share must be equally long in both.",
        causes=("The data has another size (picture, number of nodes, sequence) than a matrix or a position table was made for.",),
        changes=("Print the shapes; bring the data to the size that the model was made for, or make the model for this size.",),
        derive=lambda groups: {
            "sizes": f": {groups['left']} and {groups['right']}" if "left" in groups
            else f": axis {groups['axis']} of tensor {groups['operand']}, counted from 0"
        },
        raised=[
            # PyTorch 1.8 to 1.11, and before.
            Raising("text", "RuntimeError: einsum(): operands do not broadcast with remapped shapes [original->remapped]: [277, 8, 1, "
                    "234]->[277, 8, 234, 1, 1] [1, 64, 64]->[1, 1, 64, 64, 1]", left=(277, 8, 1, 234), right=(1, 64, 64)),
            Raising("text", "RuntimeError: size of dimension does not match previous size, operand 1, dim 1", operand=1, axis=1),
        ],
    ),
    Family(
        "torch-einsum-size",
        library="torch",
        exceptions=RUNTIME,
        patterns=[
            r"einsum\(\): subscript (?P<letter>\w) has size (?P<found>\d+) for operand (?P<operand>\d+) which does not broadcast with "
            r"previously seen size (?P<seen>\d+)"
        ],
        needles=("einsum(): subscript",),
        headline="In this einsum, {letter} is {seen} in one tensor and {found} in another (number {operand}, counted from 0)",
        means="A letter stands for one size, so every axis that it names must be equally long.",
        causes=("An axis got the letter of another one, or the tensor is transposed.",),
        changes=("Compare the letters with the shapes axis by axis, and give axes that may differ letters of their own.",),
        raised=[
            Raising(
                "torch", T + "torch.einsum('ij,jk->ik', torch.rand(2, 3), torch.rand(4, 5))\n",
                letter="j", found=4, operand=1, seen=3,
            )
        ],
    ),
    Family(
        "torch-einsum-rank",
        library="torch",
        exceptions=RUNTIME,
        patterns=[
            r"einsum\(\): the number of subscripts in the equation \((?P<letters>\d+)\) (?:does not match|is more than) the number of "
            r"dimensions \((?P<axes>\d+)\) for operand (?P<operand>\d+)"
        ],
        needles=("einsum(): the number of subscripts",),
        headline="This einsum names {letters} axes for tensor number {operand} (from 0), which has {axes}",
        means="Every axis of a tensor needs one letter in the equation.",
        causes=("The tensor has a batch axis that the equation does not name, or has lost one.",),
        changes=("Add or remove a letter, as in 'bij,bjk->bik', or write ... for the axes that are not named.",),
        raised=[
            Raising(
                "torch", T + "torch.einsum('ijk,jk->ik', torch.rand(2, 3), torch.rand(3, 5))\n", letters=3, axes=2, operand=0,
            )
        ],
    ),
    Family(
        "torch-tensordot-sizes",
        library="torch",
        exceptions=RUNTIME,
        patterns=[
            r"contracted dimensions need to match, but first has size (?P<left>\d+) in dim (?P<left_axis>-?\d+) and second has size "
            r"(?P<right>\d+) in dim (?P<right_axis>-?\d+)"
        ],
        needles=("contracted dimensions need to match",),
        headline="tensordot sums axis {left_axis} of the first, {left} long, against axis {right_axis} of the second, {right} long",
        means="Axes that are summed against each other must be equally long.",
        causes=("dims counts or names axes other than the ones meant.",),
        changes=("Name the axes: torch.tensordot(a, b, dims=([1], [0])) sums axis 1 of a against axis 0 of b.",),
        raised=[
            Raising(
                "torch", T + "torch.tensordot(torch.rand(2, 3), torch.rand(4, 5), dims=1)\n",
                left=3, left_axis=-1, right=4, right_axis=0,
            )
        ],
    ),
    Family(
        "torch-bilinear-size",
        library="torch",
        exceptions=RUNTIME,
        patterns=[
            r"bilinear\(\): input(?P<number>[12]) size does not match weight size: got (?P<found>\d+) but expected (?P<expected>\d+)"
        ],
        needles=("bilinear(): input",),
        headline="Input {number} of Bilinear has {found} features, but the layer was made for {expected}",
        means="nn.Bilinear(in1, in2, out) takes in1 features in the last axis of its first input and in2 in that of its second.",
        causes=("The two inputs are swapped, or a size was counted for other data.",),
        changes=("Give {found} as in{number}_features, or swap the inputs.",),
        raised=[
            Raising("torch", N + "nn.Bilinear(3, 4, 5)(torch.rand(2, 3), torch.rand(2, 5))\n", number=2, found=5, expected=4)
        ],
    ),
    Family(
        "torch-square-matrix",
        library="torch",
        exceptions=RUNTIME,
        patterns=[
            r"(?P<function>[\w.]+): A must be batches of square matrices, but they are (?P<rows>\d+) by (?P<columns>\d+) matrices"
        ],
        needles=("must be batches of square matrices",),
        headline="{function} needs square matrices, but these have {rows} rows and {columns} columns",
        means="Inverses, determinants and eigenvalues exist for square matrices only; the last two axes are the matrix.",
        causes=("The data itself was given in place of its covariance or Gram matrix.",),
        changes=("Use x.T @ x, or torch.linalg.pinv and torch.linalg.lstsq, which take matrices of any shape.",),
        raised=[
            Raising("torch", T + "torch.linalg.inv(torch.rand(2, 3))\n", function="linalg.inv", rows=2, columns=3),
        ],
    ),
    Family(
        "torch-singular-matrix",
        library="torch",
        exceptions=("_LinAlgError", "LinAlgError", "RuntimeError"),
        patterns=[
            r"(?P<function>[\w.]+): (?:\(Batch element \d+\): )?The diagonal element (?P<place>\d+) is zero, the inversion could not be "
            r"completed because the input matrix is singular",
            r"(?P<function>[\w.]+): (?:\(Batch element \d+\): )?The factorization could not be completed because the input is not "
            r"positive-definite \(the leading minor of order (?P<place>\d+)",
        ],
        needles=("input matrix is singular", "input is not positive-definite"),
        headline="{function} cannot work with this matrix: its row and column {place} depend on the ones before",
        means="A singular matrix has no inverse, and cholesky needs a symmetric matrix whose eigenvalues are all above zero.",
        causes=("Columns repeat each other, there are fewer samples than features, or rounding in float32 did it.",),
        changes=("Add a little to the diagonal: a + 1e-6 * torch.eye(a.shape[-1]); or use float64, or torch.linalg.pinv.",),
        raised=[
            Raising("torch", T + "torch.linalg.inv(torch.zeros(2, 2))\n", function="linalg.inv", place=1),
            Raising("torch", T + "torch.linalg.cholesky(-torch.eye(2))\n", function="linalg.cholesky", place=1),
        ],
    ),
    Family(
        "torch-product-dtypes",
        library="torch",
        exceptions=RUNTIME,
        patterns=[
            r"(?:mat1|self|m1|b1|batch1) and (?:mat2|m2|batch2) must have the same dtype, but got (?P<first>[\w:]+) and "
            r"(?P<second>[\w:]+)",
            r"expected m1 and m2 to have the same dtype, but got: (?P<first>[\w: ]+?) != (?P<second>[\w:]+(?: (?:int|char|long))*)",
            r"expected both vectors to have same dtype, but found (?P<first>\w+) and (?P<second>\w+)",
        ],
        needles=("to have the same dtype, but got", "must have the same dtype, but got", "to have same dtype, but found"),
        headline="A product of {first_name} and {second_name}: both sides of a Linear layer or a @ b need one dtype",
        means="PyTorch does not convert the numbers of a product of matrices: data and weights must have the same dtype.",
        causes=("{often}",),
        changes=("Convert the data once, where it is made: x = x{cast}; or the whole model: model.double().",),
        derive=dtypes,
        raised=[
            Raising("torch", N + "nn.Linear(4, 3)(torch.rand(2, 4).double())\n", first="Double", second="Float"),
            Raising("torch", N + "nn.Linear(4, 3)(torch.randint(0, 5, (2, 4)))\n", first="Long", second="Float"),
            Raising("torch", T + "torch.rand(2, 3) @ torch.randint(0, 3, (3, 4))\n", first="float", second="long int"),
            Raising("torch", T + "torch.rand(3).half() @ torch.rand(3)\n", first="Half", second="Float"),
        ],
    ),
    Family(
        "torch-input-weight-device",
        library="torch",
        exceptions=RUNTIME,
        patterns=[
            r"Input type \((?P<input>torch\.FloatTensor|torch\.DoubleTensor|torch\.HalfTensor)\) and (?P<part>weight|bias) type "
            r"\((?P<weight>torch\.cuda\.\w+)\) should be the same",
            r"Input type \((?P<input>torch\.cuda\.\w+)\) and (?P<part>weight|bias) type \((?P<weight>torch\.\w+Tensor)\) should be the "
            r"same",
        ],
        needles=("Input type (torch.",),
        headline="{told}",
        means="torch.cuda.FloatTensor is on the GPU and torch.FloatTensor is on the CPU; data and weights must be on the same device.",
        causes=("Only one of the two was moved. model.to(device) moves the model itself, but x.to(device) gives a new tensor.",),
        changes=("Move both: model.to(device) once, and x = x.to(device), y = y.to(device) for every batch.",),
        derive=lambda groups: {
            "told": "The data is on the GPU, but the weights of this layer are on the CPU"
            if "cuda" in groups["input"]
            else "The data is on the CPU, but the weights of this layer are on the GPU"
        },
        # Every release, but only where there is a GPU.
        raised=[
            Raising(
                "text",
                "RuntimeError: Input type (torch.FloatTensor) and weight type (torch.cuda.FloatTensor) should be the same or input "
                "should "
                "be a MKLDNN tensor and weight is a dense tensor",
                input="torch.FloatTensor", part="weight", weight="torch.cuda.FloatTensor",
            ),
            Raising(
                "text",
                "RuntimeError: Input type (torch.cuda.FloatTensor) and weight type (torch.FloatTensor) should be the same",
                input="torch.cuda.FloatTensor", weight="torch.FloatTensor",
            ),
        ],
    ),
    Family(
        "torch-input-weight-dtype",
        library="torch",
        exceptions=RUNTIME,
        patterns=[r"Input type \((?P<first>[\w: .]+)\) and (?P<part>bias|weight) type \((?P<second>[\w: .]+)\) should be the same"],
        needles=("Input type (",),
        headline="The data is {first_name}, but the weights of this layer are {second_name}",
        means="A convolution does not convert its input: data and weights must have the same dtype.",
        causes=("{often}",),
        changes=("Convert the data before the layer: x = x{cast} (images of whole numbers also want / 255).",),
        derive=lambda groups: {**dtypes(groups), "cast": cast_to(dtype_of(groups["second"]))},
        raised=[
            Raising(
                "torch", N + "nn.Conv2d(3, 4, 3)(torch.rand(1, 3, 8, 8).double())\n", first="double", part="bias", second="float"
            ),
            Raising(
                "torch", N + "nn.Conv2d(3, 4, 3)(torch.zeros(1, 3, 8, 8, dtype=torch.uint8))\n", first="unsigned char", second="float"
            ),
        ],
    ),
    Family(
        "torch-rnn-dtype",
        library="torch",
        exceptions=RUNTIME,
        patterns=[r"RNN input dtype \((?P<first>[\w.]+)\) does not match weight dtype \((?P<second>[\w.]+)\)"],
        needles=("RNN input dtype",),
        headline="The sequences are {first_name}, but the weights of this recurrent layer are {second_name}",
        means="A recurrent layer does not convert its input: data and weights must have the same dtype.",
        causes=("{often}",),
        changes=("Convert the data before the layer: x = x{cast}.",),
        derive=lambda groups: {**dtypes(groups), "cast": cast_to(dtype_of(groups["second"]))},
        raised=[
            Raising("torch", N + "nn.LSTM(3, 4)(torch.rand(2, 5, 3).double())\n", first="torch.float64", second="torch.float32"),
        ],
    ),
    Family(
        "torch-mixed-dtype",
        library="torch",
        exceptions=RUNTIME,
        patterns=[r"mixed dtype \(CPU\): (?:all inputs must share same datatype|expect)"],
        needles=("mixed dtype (CPU)",),
        headline="The data and the weights of this normalisation layer have different dtypes",
        means="Layers do not convert their input: data and weights must have the same dtype, and the weights are float32.",
        causes=("NumPy and pandas make float64, and whole numbers stay whole numbers.",),
        changes=("Convert the data before the layer: x = x.float().",),
        raised=[Raising("torch", N + "nn.LayerNorm(3)(torch.rand(2, 3).double())\n")],
    ),
]  # fmt: skip
