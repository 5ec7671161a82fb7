"""What PyTorch says about dtypes, where they must be one certain dtype."""

from __future__ import annotations

from typing import Any, Final

from foreshape.explain.pasted.catalogue import Family, Raising
from foreshape.explain.pasted.families.torch_products import cast_to, dtype_of, dtypes
from foreshape.explain.pasted.torch_words import RUNTIME, F, N, T


def _kernel(groups: dict[str, Any]) -> dict[str, Any]:
    """What the function is called, without the name of its kernel, and a dtype that it takes."""
    kernel = str(groups["kernel"])
    name = kernel
    for tail in (
        "_lastdim_kernel_impl",
        "_kernel_impl",
        "_cpu_kernel",
        "_cuda_kernel",
        "_kernel",
        "_cpu",
        "_cuda",
        "_impl",
        "_out_frame",
    ):
        name = name.removesuffix(tail)
    dtype = dtype_of(groups["found"])
    bits = name.startswith("bitwise") or name in ("bincount", "lshift", "rshift")
    if bits:
        change = "Compare first, so that it is bool: (x > 0.5) & (y > 0.5); or convert whole numbers: x.long()."
    elif dtype in ("float16", "bfloat16"):
        change = "Convert it: x.float(); many functions know half precision on the GPU only."
    else:
        change = "Convert it first: x.float()."
    return {"name": name, "dtype": dtype, "change": change}


def _target(groups: dict[str, Any]) -> dict[str, Any]:
    words = dtypes(groups)
    words["label"] = "y.long()" if words["expected_name"] == "int64" else f"y{cast_to(words['expected_name'])}"
    return words


def _old_argument(groups: dict[str, Any]) -> dict[str, Any]:
    """Before PyTorch 1.8 the dtype of the first argument was taken for the right one, so that weights were blamed for the data."""
    words = dtypes(groups)
    argument = str(groups["argument"])
    if (
        argument in ("mat2", "weight", "bias", "tensor2", "batch2", "vec2", "m2", "other")
        and words["expected_name"] != "float32"
    ):
        words["mend"] = (
            f"{argument} is mostly the weight of a layer, and right as it is: the data is {words['expected_name']}, so convert the data: "
            f"x{cast_to(words['found_name'])}."
        )
    elif argument == "tensors":
        words["mend"] = f"Tensors that are joined need one dtype: convert the one that differs, x{words['cast']}."
    else:
        words["mend"] = f"Convert that tensor: x{words['cast']}."
    return words


FAMILIES: Final = [
    Family(
        "torch-class-dtype",
        library="torch",
        exceptions=RUNTIME,
        patterns=[
            r"expected target dtype to be (?P<expected>Long) or Byte, but got (?P<found>\w+)",
            r"Expected object of scalar type (?P<expected>Long) but got scalar type (?P<found>\w+) for argument #2 'target'",
            r"Expected object of type torch\.(?:cuda\.)?(?P<expected>Long)Tensor but found type torch\.(?:cuda\.)?(?P<found>\w+)Tensor "
            r"for "
            r"argument #2 'target'",
            r"expected scalar type (?P<expected>Long) but found (?P<found>Float|Double|Int|Short|Half|Bool|Byte)",
            r"\"(?:nll_loss\w*|host_softmax)\" not implemented for '(?P<found>Int|Float|Double|Short|Char)'",
        ],
        needles=(
            "expected target dtype to be", "Expected object of scalar type Long", "LongTensor but found type", "scalar type Long but",
            '"nll_loss', '"host_softmax"',
        ),
        headline="The labels are {found_name}, but class numbers must be int64",
        means="Cross entropy and NLLLoss take one whole number per sample, the number of its class, as int64 (Long).",
        causes=(
            "Labels out of NumPy, pandas or torch.tensor([0., 1.]) are float or int32; torch.Tensor(y) always makes float32.",
            "A loss for classes was used where the target is a measured number: that is regression, with MSELoss.",
        ),
        changes=("Convert the labels once, where they are made: y = y.long(), or torch.tensor(y, dtype=torch.long).",),
        derive=dtypes,
        raised=[
            Raising("torch", F + "F.cross_entropy(torch.rand(2, 3), torch.tensor([0, 1], dtype=torch.int32))\n", found="Int"),
            Raising("torch", F + "F.cross_entropy(torch.rand(2, 3), torch.tensor([0.0, 1.0]))\n", expected="Long", found="Float"),
            # PyTorch 1.2 to 1.7, then 1.0, then 0.4, then 1.8 to 1.12.
            Raising(
                "text",
                "RuntimeError: Expected object of scalar type Long but got scalar type Int for argument #2 'target' in call to "
                "_thnn_nll_loss_forward",
                expected="Long", found="Int",
            ),
            Raising("text", "RuntimeError: Expected object of scalar type Long but got scalar type Float for argument #2 "
                            "'target'", found="Float"),
            Raising(
                "text",
                "RuntimeError: Expected object of type torch.LongTensor but found type torch.DoubleTensor for argument #2 'target'",
                found="Double",
            ),
            Raising("text", "RuntimeError: expected scalar type Long but found Float", expected="Long", found="Float"),
            # PyTorch 1.13 to 2.x on a GPU.
            Raising("text", "RuntimeError: \"nll_loss_forward_reduce_cuda_kernel_2d_index\" not implemented for 'Int'", found="Int"),
        ],
    ),
    Family(
        "torch-index-dtype",
        library="torch",
        exceptions=RUNTIME,
        patterns=[
            r"Expected tensor for argument #1 'indices' to have (?:one of the following scalar types: Long, Int|scalar type Long); but "
            r"got "
            r"(?P<found>torch\.(?:cuda\.)?\w+Tensor) instead",
            r"Expected object of scalar type Long but got scalar type (?P<found>\w+) for argument #\d '(?:indices|index)'",
        ],
        needles=("'indices'", "'index'"),
        headline="Embedding was given {found_name} numbers, but indices must be whole numbers (int64 or int32)",
        means="An Embedding looks up one row of its table per index, so its input must be whole numbers, as x.long() makes them.",
        causes=("The ids came through a float array, torch.Tensor(ids), a Linear layer, or were cast with the rest of the data.",),
        changes=("Give ids as x.long(); make them with torch.tensor(ids, dtype=torch.long).",),
        derive=dtypes,
        raised=[
            Raising("torch", N + "nn.Embedding(10, 3)(torch.tensor([1.0]))\n", found="torch.FloatTensor"),
            # PyTorch 1.2 to 1.7.
            Raising(
                "text",
                "RuntimeError: Expected tensor for argument #1 'indices' to have scalar type Long; but got torch.IntTensor instead "
                "(while "
                "checking arguments for embedding)",
                found="torch.IntTensor",
            ),
        ],
    ),
    Family(
        "torch-index-argument-dtype",
        library="torch",
        exceptions=(*RUNTIME, "IndexError"),
        patterns=[
            r"(?P<function>gather|scatter|index_select)\(\): Expected dtype (?P<expected>int32/int64|int32 or int64|int64) for index",
            r"(?P<function>[\w.]+)\(\): dtype of indices should be (?P<expected>Long) but got (?P<found>\w+)",
            r"tensors used as indices must be (?P<expected>long, (?:int, )?byte or bool) tensors",
        ],
        needles=("for index", "dtype of indices should be", "tensors used as indices"),
        headline="Indices must be whole numbers (int64), and these are of another dtype",
        means="Every entry of an index tensor is a position; a float has no position, even where it is 2.0.",
        causes=("The positions came out of a division, a mean or torch.Tensor([...]), which all make floats.",),
        changes=("Convert them: index.long(); divide with //. A mask of zeros and ones becomes mask.bool().",),
        raised=[
            Raising("torch", T + "torch.gather(torch.rand(2, 3), 1, torch.zeros(2, 1))\n", function="gather"),
            Raising("torch", T + "torch.index_select(torch.rand(2, 3), 0, torch.tensor([0.0]))\n", function="index_select"),
            Raising("torch", T + "torch.take_along_dim(torch.rand(3, 3), torch.tensor([[1.0]]), 1)\n", found="Float"),
            Raising("torch", T + "torch.rand(2, 3)[torch.tensor([0.5])]\n", expected="long, int, byte or bool"),
        ],
    ),
    Family(
        "torch-mask-dtype",
        library="torch",
        exceptions=RUNTIME,
        patterns=[
            r"(?P<function>where) expected condition to be a boolean tensor, but got a tensor with dtype (?P<found>\w+)",
            r"(?P<function>masked_\w+): expected BoolTensor for mask",
            r"(?P<function>masked_fill_?)(?:\(\))? only supports boolean masks, but got mask with dtype (?P<found>[\w ]+)",
        ],
        needles=("expected condition to be a boolean", "expected BoolTensor for mask", "only supports boolean masks"),
        headline="{function} needs a mask of True and False, and this one holds numbers",
        means="A mask has the dtype bool.",
        causes=("The mask was made with torch.zeros, torch.ones or torch.tril, which make floats, or read from a file.",),
        changes=("Compare: mask = x > 0; or convert: mask.bool().",),
        raised=[
            Raising("torch", T + "torch.where(torch.rand(2, 3), 1.0, 0.0)\n", function="where", found="Float"),
            Raising("torch", T + "torch.masked_select(torch.rand(2, 3), torch.zeros(2, 3))\n", function="masked_select"),
            Raising("torch", T + "torch.rand(2, 3).masked_fill(torch.zeros(2, 3), 0.0)\n", function="masked_fill_"),
        ],
    ),
    Family(
        "torch-old-scalar-type",
        library="torch",
        exceptions=RUNTIME,
        patterns=[
            r"Expected object of scalar type (?P<expected>\w+) but got scalar type (?P<found>\w+) for (?:sequence element \d+ in "
            r"sequence )?"
            r"argument (?:at position )?(?:#\d+ )?'(?P<argument>\w+)'",
            r"Expected object of type torch\.(?P<expected>\w+)Tensor but found type torch\.(?P<found>(?!cuda)\w+)Tensor for argument "
            r"#\d+ "
            r"'(?P<argument>\w+)'",
        ],
        needles=("Expected object of",),
        headline="A tensor is {found_name} where this function needs {expected_name} (its argument is called {argument})",
        means="The tensors of this call must have one dtype; PyTorch converts none of them.",
        causes=("{often}",),
        changes=("{mend}",),
        derive=_old_argument,
        # PyTorch 1.0 to 1.7, then 0.4.
        raised=[
            Raising(
                "text",
                "RuntimeError: Expected object of scalar type Float but got scalar type Double for argument #4 'mat1'",
                expected="Float", found="Double", argument="mat1",
            ),
            Raising(
                "text",
                "RuntimeError: Expected object of scalar type Float but got scalar type Long for sequence element 1 in sequence "
                "argument at "
                "position #1 'tensors'",
                expected="Float", found="Long", argument="tensors",
            ),
            Raising(
                "text",
                "RuntimeError: Expected object of scalar type Float but got scalar type Double for argument #2 'mat1' in call to "
                "_th_addmm",
                expected="Float", found="Double", argument="mat1",
            ),
            Raising(
                "text",
                "RuntimeError: Expected object of type torch.FloatTensor but found type torch.DoubleTensor for argument #4 'mat1'",
                expected="Float", found="Double", argument="mat1",
            ),
        ],
    ),
    Family(
        "torch-target-dtype",
        library="torch",
        exceptions=RUNTIME,
        patterns=[r"Found dtype (?P<found>\w+) but expected (?P<expected>\w+)"],
        needles=("Found dtype",),
        headline="A tensor is {found_name} where {expected_name} is needed, often the target of a loss",
        means="This loss compares numbers of one dtype: the target must have the dtype of what the model gives.",
        causes=("{often}", "The message may come from loss.backward(), although the dtype came in where the loss was computed."),
        changes=("Convert the target where the loss is computed: loss_fn(output, {label}).",),
        derive=_target,
        raised=[
            Raising(
                "torch", F + "F.binary_cross_entropy(torch.rand(2, 1), torch.ones(2, 1, dtype=torch.long))\n",
                found="Long", expected="Float",
            ),
            Raising("torch", F + "F.binary_cross_entropy(torch.rand(2, 1), torch.ones(2, "
                                 "1).double())\n", found="Double", expected="Float"),
        ],
    ),
    Family(
        "torch-result-dtype",
        library="torch",
        exceptions=RUNTIME,
        patterns=[r"result type (?P<found>\w+) can't be cast to the desired output type (?P<expected>\w+)"],
        needles=("can't be cast to the desired output type",),
        headline="The result is {found_name}, which cannot be stored in a tensor of {expected_name}",
        means="An operation in place (+=, add_, div_, out=) keeps the dtype of its tensor, and whole numbers cannot keep fractions. In a "
        "loss it is the target that is {expected_name}.",
        causes=("{often}",),
        changes=("Make the tensor that is written into, or the target of the loss, floating: x = x.float(); or write x = x / 2.",),
        derive=dtypes,
        raised=[
            Raising("torch", T + "x = torch.arange(3)\nx /= 2\n", found="Float", expected="Long"),
            Raising(
                "torch",
                F + "x = torch.rand(2, 1, requires_grad=True)\n"
                "F.binary_cross_entropy_with_logits(x, torch.ones(2, 1, dtype=torch.long)).backward()\n",
                found="Float", expected="Long",
            ),
        ],
    ),
    Family(
        "torch-write-dtypes",
        library="torch",
        exceptions=RUNTIME,
        patterns=[
            r"Index put requires the source and destination dtypes match, got (?P<expected>\w+) for the destination and (?P<found>\w+) "
            r"for "
            r"the source",
            r"\w+\(\): self \((?P<expected>\w+)\) and source \((?P<found>\w+)\) must have the same scalar type",
        ],
        needles=("Index put requires", "must have the same scalar type"),
        headline="Values of {found_name} are written into a tensor of {expected_name}; both must have one dtype",
        means="Writing through an index tensor does not convert the values.",
        causes=("{often}",),
        changes=("Convert the values: x[index] = values.to(x.dtype).",),
        derive=dtypes,
        raised=[
            Raising("torch", T + "torch.zeros(3, 4)[torch.tensor([0, 2])] = torch.ones(2, 4).long()\n", expected="Float", found="Long"),
            Raising(
                "torch", T + "torch.zeros(3, dtype=torch.long).index_add_(0, torch.tensor([0]), torch.rand(1))\n",
                expected="Long", found="Float",
            ),
        ],
    ),
    Family(
        "torch-scatter-dtypes",
        library="torch",
        exceptions=RUNTIME,
        patterns=[r"(?P<function>scatter|gather)\(\): Expected self\.dtype to be equal to src\.dtype"],
        needles=("Expected self.dtype to be equal to src.dtype",),
        headline="scatter writes values of one dtype into a tensor of another",
        means="scatter does not convert the values that it writes.",
        causes=("torch.zeros makes float32, while the values are whole numbers, or float16 under autocast.",),
        changes=("Convert the values: x.scatter_(1, index, values.to(x.dtype)); for one-hot rows give the number: x.scatter_(1, index, "
                 "1.0).",),
        raised=[
            Raising(
                "torch",
                T + "torch.zeros(2, 3).scatter_(1, torch.zeros(2, 1, dtype=torch.long), torch.ones(2, 1, dtype=torch.long))\n",
                function="scatter",
            )
        ],
    ),
    Family(
        "torch-mean-of-integers",
        library="torch",
        exceptions=RUNTIME,
        patterns=[
            r"mean\(\): (?:could not infer output dtype\. )?Input dtype must be either a floating point or complex dtype\. Got: "
            r"(?P<found>\w+)",
            r"(?P<function>std and var) only support(?:s)? (?:floating point and complex dtypes|tensors of floating point)",
            r"(?P<function>[\w.]+): Expected a floating point or complex tensor as input\. Got (?P<found>\w+)",
            r"Can only calculate the (?P<function>mean|std) of floating types\. Got (?P<found>\w+) instead",
        ],
        needles=("floating point", "of floating types"),
        headline="A mean, a deviation or a norm of whole numbers: PyTorch computes these of floats only",
        means="The result would be a fraction, and PyTorch does not convert the tensor on its own.",
        causes=("torch.tensor([1, 2]), comparisons and labels are whole numbers or bool.",),
        changes=("Convert first: x.float().mean(); an accuracy is (prediction == y).float().mean().",),
        raised=[
            Raising("torch", T + "torch.arange(5).mean()\n", found="Long"),
            Raising("torch", T + "torch.std(torch.tensor([1, 2]))\n", function="std and var"),
            Raising("torch", T + "torch.norm(torch.tensor([1, 2]))\n", function="linalg.vector_norm", found="Long"),
            # PyTorch 1.2 to 1.9.
            Raising("text", "RuntimeError: Can only calculate the mean of floating types. Got Long instead.", found="Long"),
        ],
    ),
    Family(
        "torch-not-implemented-dtype",
        library="torch",
        exceptions=(*RUNTIME, "NotImplementedError"),
        patterns=[r"\"(?P<kernel>\w+)\" not implemented for '(?P<found>\w+)'"],
        needles=("\" not implemented for '",),
        headline="{name} does not exist for tensors of {dtype}",
        means="PyTorch has this function for some dtypes only, and does not convert the tensor on its own.",
        causes=("Labels, images and comparisons are whole numbers or bool, and half precision is mostly for the GPU.",),
        changes=("{change}",),
        derive=_kernel,
        raised=[
            Raising("torch", T + "torch.softmax(torch.arange(3), 0)\n", kernel="softmax_lastdim_kernel_impl", found="Long"),
            Raising("torch", T + "torch.rand(3) & torch.rand(3)\n", kernel="bitwise_and_cpu", found="Float"),
            # PyTorch up to 2.1 on the CPU.
            Raising("text", "RuntimeError: \"addmm_impl_cpu_\" not implemented for 'Half'", kernel="addmm_impl_cpu_", found="Half"),
        ],
    ),
    Family(
        "torch-bool-minus",
        library="torch",
        exceptions=RUNTIME,
        patterns=[r"(?P<operation>Subtraction|Negation), the `-` operator, (?:with a|on a|with two) bool tensors? is not supported"],
        needles=("the `-` operator",),
        headline="{operation} of bool tensors: PyTorch has no minus for True and False",
        means="1 - mask and -mask work on numbers; for masks there are ~ and the comparisons.",
        causes=("A mask that used to be 0 and 1 (uint8) is bool since PyTorch 1.2.",),
        changes=("Turn a mask over with ~mask; to count, convert first: 1 - mask.float().",),
        raised=[
            Raising("torch", T + "torch.rand(3) - torch.tensor([True, False, True])\n", operation="Subtraction"),
            Raising("torch", T + "-torch.tensor([True])\n", operation="Negation"),
        ],
    ),
    Family(
        "torch-expected-scalar",
        library="torch",
        exceptions=RUNTIME,
        patterns=[
            r"expected scalar type (?P<expected>\w+) but found (?P<found>\w+)",
            r"expected dtype (?P<expected>\w+) for `\w+` but got dtype (?P<found>\w+)",
        ],
        needles=("expected scalar type", "expected dtype"),
        headline="A tensor is {found_name} where {expected_name} is needed",
        means="The tensors of this call must have one dtype; PyTorch converts none of them.",
        causes=("{often}",),
        changes=("Convert the tensor that differs: x{cast}; print x.dtype and next(model.parameters()).dtype to see which one it is.",),
        derive=dtypes,
        raised=[
            Raising(
                "torch",
                F + "F.cross_entropy(torch.rand(4, 3).double(), torch.zeros(4, dtype=torch.long), weight=torch.rand(3))\n",
                expected="Double", found="Float",
            ),
            Raising("torch", T + "torch.lerp(torch.rand(3), torch.rand(3).double(), 0.5)\n", expected="float", found="double"),
            # PyTorch 1.8 to 1.13.
            Raising("text", "RuntimeError: expected scalar type Float but found Double", expected="Float", found="Double"),
        ],
    ),
]  # fmt: skip
