"""What fit, evaluate, predict, losses and metrics of Keras say."""

from __future__ import annotations

from typing import Any, Final

from foreshape.explain.pasted.catalogue import Family
from foreshape.explain.pasted.layers import shape_words
from foreshape.explain.pasted.raisings import both_keras, keras_2, keras_3, keras_torch, text
from foreshape.explain.pasted.sizes import counted

SHAPE: Final = r"[\[(][\w, ?]*[\])]"
MODEL: Final = "model = keras.Sequential([keras.layers.Input((10,)), keras.layers.Dense(4)])\n"
COMPILED: Final = MODEL + "model.compile('sgd', 'mse')\n"


def _compiled(loss: str) -> str:
    return MODEL + f"model.compile('sgd', '{loss}')\n"


def _loss(groups: dict[str, Any]) -> dict[str, Any]:
    target, output = groups["target"], groups["output"]
    words: dict[str, Any] = {"labels": shape_words(target), "outputs": shape_words(output)}
    if not (isinstance(target, tuple) and isinstance(output, tuple)):
        return words
    if len(output) == 2 and (len(target) == 1 or target[1:] == (1,)) and isinstance(output[1], int) and output[1] > 1:
        words["why"] = (
            f"The labels are class numbers, one per sample, while the model gives {output[1]} values per sample."
        )
        words["mend"] = (
            f"For classes, use loss='sparse_categorical_crossentropy', which takes class numbers, or one-hot labels "
            f"with keras.utils.to_categorical(y, {output[1]}); for one number or yes/no per sample, end with Dense(1)."
        )
    elif len(output) == len(target) + 1 and len(output) == 3:
        words["why"] = "The model gives a value at every timestep, while there is one label per sample."
        words["mend"] = (
            "Set return_sequences=False (leave it out) in the last recurrent layer, or give a label for every timestep."
        )
    elif not target or not output:
        words["why"] = "One of them is a single number without any axis: a list of numbers where an array is wanted."
        words["mend"] = "Give the labels as an array with one row per sample: np.ones((batch, 1)), or np.array(y)."
    elif isinstance(target[-1], int) and isinstance(output[-1], int) and target[-1] != output[-1]:
        words["why"] = f"The last layer gives {output[-1]} values per sample, and each label has {target[-1]}."
        words["mend"] = (
            f"Give the last layer {target[-1]} units, as Dense({target[-1]}), or make labels with {output[-1]} columns."
        )
    else:
        words["mend"] = (
            "Print y.shape and model.output_shape, and change the last layer, or the labels, until both agree."
        )
    return words


def _samples(groups: dict[str, Any]) -> dict[str, Any]:
    """Which of inputs, labels and weights have how many samples."""
    inputs = [groups["x"], *_numbers(groups.get("more"))]
    labels = [groups["y"], *_numbers(groups.get("others"))]
    many = next((name for name, sizes in (("x", inputs), ("y", labels)) if len(sizes) > 4), "")
    if many:
        sizes = inputs if many == "x" else labels
        each = f"{sizes[0]} rows each" if len(set(sizes)) == 1 and sizes[0] != 1 else "one number each"
        return {
            "told": f"{many} is a list of {len(sizes)} or more arrays of {each}"
            if len(set(sizes)) == 1
            else f"{many} is a list of {len(sizes)} or more arrays of different lengths",
            "listed": f"Keras takes a list as one array for each input or output of the model: {many} is a list where an array is meant.",
            "mend": f"{many} = np.array({many}), before fit.",
        }
    if len({*inputs, *labels}) == 1 and "weights" in groups:
        return {"told": f"There are {groups['x']} samples and {groups['weights']} sample weights"}
    if len(set(inputs)) > 1:
        return {
            "told": f"The inputs have {' and '.join(map(str, inputs))} samples, y has {' and '.join(map(str, labels))}"
        }
    words = {"told": f"x has {groups['x']} samples and y has {' and '.join(map(str, labels))}"}
    if 0 in (*inputs, *labels):
        words["listed"] = "One of them is empty: no file was found or read, or a filter, dropna or split left nothing."
    return words


def _numbers(found: Any) -> list[int]:
    return [int(each) for each in str(found).split(",")] if found is not None else []


def _sparse(groups: dict[str, Any]) -> dict[str, Any]:
    """What another number of labels than rows suggests."""
    rows, classes, labels = groups["rows"], groups["classes"], groups["labels"]
    if labels == rows * classes:
        return {
            "why": f"{labels} labels are {classes} for each row, as many as there are classes: the labels are one-hot.",
            "mend": "Use loss='categorical_crossentropy', or turn the labels into class numbers with y.argmax(axis=-1).",
        }
    if labels > rows:
        return {
            "why": "There is a label for every timestep or pixel, while the model gives one row per sample.",
            "mend": "Keep the steps: return_sequences=True in the last recurrent layer and no Flatten; or give one label per sample.",
        }
    return {
        "why": "The model gives a row for every timestep, or for every row of an image, and has one label per sample.",
        "mend": "Set return_sequences=False in the last recurrent layer, or add Flatten or pooling before the last Dense.",
    }


def _checked(groups: dict[str, Any]) -> dict[str, Any]:
    expected, shape = groups["expected"], groups["shape"]
    whole = len(expected) > 1 and expected[0] is None and len(shape) == len(expected)
    if whole:  # before Keras 2.1.3 the batch is in both
        expected, shape = expected[1:], shape[1:]
    words = {"wanted": shape_words(expected), "got": shape_words(shape)}
    if groups["what"] in ("input", ""):  # predict says neither
        return {
            **words,
            "what": "input",
            "why": "input_shape of the first layer differs from the data.",
            "mend": "Make input_shape equal to x.shape[1:], without the number of samples.",
        }
    words |= {
        "why": "The last layer has another number of units than each label has values.",
        "mend": f"Give the last layer {counted(shape[-1], 'unit')}, or make labels with {counted(expected[-1], 'column')}.",
    }
    if shape == (1,) and len(expected) == 1:
        words["why"] = "The labels are class numbers, and the loss wants a column for each class."
        words["mend"] = (
            f"Use loss='sparse_categorical_crossentropy', or one-hot labels: to_categorical(y, {expected[0]})."
        )
    elif expected == (1,):
        words["why"] = (
            f"Each label has {shape[-1]} columns, as one-hot labels do, and one number is wanted (a sparse loss, or Dense(1))."
        )
        words["mend"] = f"For one-hot labels use loss='categorical_crossentropy' and Dense({shape[-1]}) at the end."
    return words


def _checked_rank(groups: dict[str, Any]) -> dict[str, Any]:
    expected, shape = groups["expected"], groups["shape"]
    words = {"axes": counted(expected, "axis", "axes"), "what": groups["what"] or "input"}
    if groups["what"] == "target":
        if len(shape) == expected + 1 and expected == 2:
            words["why"] = (
                "The labels have an axis more than the output: to_categorical was called twice, or each timestep has a label."
            )
            words["mend"] = (
                "Call to_categorical once; or, for a label at every timestep, set return_sequences=True in the last recurrent layer."
            )
        else:
            words["why"] = "The last layers give another number of axes than the labels have."
            words["mend"] = (
                "Add Flatten or pooling before the last Dense, or give the labels the axes of model.output_shape."
            )
    elif len(shape) < expected:
        words["why"] = (
            "A recurrent layer reads (samples, timesteps, features), a 2D convolution (samples, height, width, channels); one axis, "
            "or the batch axis of a single sample, is missing. Lists of several lengths give an array with one axis."
        )
        words["mend"] = (
            "Add the axis that is missing: x[..., np.newaxis] at the end, x[np.newaxis] in front; pad lists with pad_sequences."
        )
    else:
        words["why"] = "The data has an axis more than the model was declared with."
        words["mend"] = "Remove it with x[0], np.squeeze or reshape, or declare input_shape=x.shape[1:]."
    return words


LOSS: Final = "The loss compares every value of the output with a label, so both need the same shape."

FAMILIES: Final = [
    Family(
        "keras-loss-rank",
        library="keras",
        exceptions=("ValueError",),
        patterns=[rf"Arguments `target` and `output` must have the same (?P<what>rank \(ndim\)|shape)\. Received: "
            rf"target\.shape=(?P<target>{SHAPE}), output\.shape=(?P<output>{SHAPE})"],
        needles=("Arguments `target` and `output`",),
        headline="The labels are {labels}, and the model gives {outputs}",
        means=LOSS,
        causes=("{why}",),
        changes=("{mend}",),
        derive=_loss,
        raised=[
            keras_3(_compiled("categorical_crossentropy") + "model.fit(np.ones((2, 10)), np.ones(2), verbose=0)\n", target=(None,),
                output=(None, 4)),
            keras_3(_compiled("categorical_crossentropy") + "model.fit(np.ones((2, 10)), np.ones((2, 3)), verbose=0)\n",
                target=(None, 3), output=(None, 4)),
            keras_3(_compiled("binary_crossentropy") + "model.fit(np.ones((2, 10)), np.ones((2, 1)), verbose=0)\n", target=(None, 1),
                output=(None, 4)),
        ],
    ),
    Family(
        "keras-loss-sparse-rank",
        library="keras",
        exceptions=("ValueError",),
        patterns=[
            rf"Argument `output` must have rank \(ndim\) `target\.ndim - 1`\. Received: target\.shape=(?P<target>{SHAPE}), "
            rf"output\.shape=(?P<output>{SHAPE})",
        ],
        needles=("`target.ndim - 1`",),
        headline="The sparse loss takes class numbers, but the labels are {labels} for outputs of {outputs}",
        means="A sparse loss wants one class number where the model gives one row of values: the shape of the output without its "
            "last axis.",
        causes=("The labels are one-hot already (to_categorical, get_dummies).",
            "The labels have one axis too few or too many for an output per timestep."),
        changes=("With one-hot labels use loss='categorical_crossentropy'; or turn them back into class numbers with "
            "y.argmax(axis=-1).",),
        derive=_loss,
        raised=[
            keras_3(_compiled("sparse_categorical_crossentropy") + "model.fit(np.ones((2, 10)), np.ones((2, 4)), verbose=0)\n",
                target=(None, 4), output=(None, 4)),
        ],
    ),
    Family(
        "keras-loss-sparse-samples",
        library="keras",
        exceptions=("InvalidArgumentError",),
        patterns=[r"logits and labels must have the same first dimension, got logits shape \[(?P<rows>\d+),(?P<classes>\d+)\] and "
            r"labels shape \[(?P<labels>\d+)\]"],
        needles=("logits and labels must have the same first dimension",),
        headline="The sparse loss got {labels} labels for {rows} rows of {classes} values",
        means="A sparse loss wants one class number for each row that the model gives.",
        causes=("{why}",),
        changes=("{mend}",),
        derive=_sparse,
        raised=[
            keras_2(_compiled("sparse_categorical_crossentropy") + "model.fit(np.ones((2, 10)), np.ones((2, 4)), verbose=0)\n",
                rows=2, classes=4, labels=8),
        ],
    ),
    Family(
        "keras-loss-shapes",
        library="keras",
        exceptions=("ValueError",),
        patterns=[
            rf"compiled_loss.*ValueError: Shapes (?P<target>{SHAPE}) and (?P<output>{SHAPE}) are incompatible",
            r"^Shapes (?P<target>\((?:None|\d+),[\d, None]*\)) and (?P<output>\((?:None|\d+),[\d, None]+\)) are incompatible",
        ],
        needles=("are incompatible",),
        headline="The labels are {labels}, and the model gives {outputs}",
        means=LOSS,
        causes=("{why}",),
        changes=("{mend}",),
        derive=_loss,
        raised=[
            keras_2(_compiled("categorical_crossentropy") + "model.fit(np.ones((2, 10)), np.ones(2), verbose=0)\n", target=(None, 1),
                output=(None, 4)),
            keras_2(_compiled("categorical_crossentropy") + "model.fit(np.ones((2, 10)), np.ones((2, 3)), verbose=0)\n",
                target=(None, 3), output=(None, 4)),
            keras_2("keras.metrics.AUC()(np.ones((4, 3)), np.ones((4, 2)))\n", target=(4, 2), output=(4, 3)),
        ],
    ),
    Family(
        "keras-loss-sizes",
        library="keras",
        exceptions=("ValueError",),
        patterns=[
            r"Dimensions must be equal, but are (?P<left>\d+) and (?P<right>\d+) for '\{\{node "
            r"[^}]*(?:loss|mean_\w+_error|huber|crossentropy|log_cosh|kl_divergence|poisson|hinge)[^}]*/(?:sub|SquaredDifference|mul\w*|Mul\w*|Sub)\w*\}\}"
            rf".*with input shapes: (?P<one>{SHAPE}), (?P<other>{SHAPE})",
        ],
        needles=("Dimensions must be equal",),
        headline="Labels and outputs do not fit together in the loss: {labels} and {outputs}",
        means=LOSS,
        causes=("{left} on one side and {right} on the other come from the columns of y and the units of the last layer.",),
        changes=("Give the last layer as many units as y has columns, or y as many columns as the last layer has units.",),
        derive=lambda groups: {"labels": shape_words(groups["one"]), "outputs": shape_words(groups["other"])},
        raised=[
            keras_2(COMPILED + "model.fit(np.ones((2, 10)), np.ones((2, 3)), verbose=0)\n", left=4, right=3, one=(None, 4),
                other=(None, 3)),
            keras_3(COMPILED + "model.fit(np.ones((2, 10)), np.ones((2, 3)), verbose=0)\n", left=3, right=4, one=(None, 3),
                other=(None, 4)),
            # TensorFlow 2.4 and its Keras.
            text(
                "ValueError: Dimensions must be equal, but are 4 and 3 for '{{node mean_squared_error/SquaredDifference}} = "
                "SquaredDifference[T=DT_FLOAT](sequential/dense/BiasAdd, IteratorGetNext:1)' with input shapes: [?,4], [?,3].",
                left=4, right=3, one=(None, 4), other=(None, 3),
            ),
        ],
    ),
    Family(
        "keras-loss-logits",
        library="keras",
        exceptions=("ValueError",),
        patterns=[
            rf"logits[`']? and [`']?labels[`']? must have the same shape,? (?:received )?\((?P<output>{SHAPE}) vs\.? (?P<target>{SHAPE})",
        ],
        needles=("must have the same shape",),
        headline="The labels are {labels}, and the model gives {outputs}",
        means="Binary cross-entropy compares every output with a label of 0 or 1, so both need the same shape.",
        causes=("{why}",),
        changes=("{mend}",),
        derive=_loss,
        raised=[
            keras_2(
                "keras.losses.BinaryCrossentropy(from_logits=True)(np.ones((2, 3)), np.ones((2, 4)))\n", target=(2, 3), output=(2, 4)
            ),
            # TensorFlow up to 2.6.
            text("ValueError: logits and labels must have the same shape ((None, 4) vs (None, 1))", target=(None, 1),
                output=(None, 4)),
        ],
    ),
    Family(
        "keras-cardinality",
        library="keras",
        exceptions=("ValueError",),
        patterns=[
            r"Data cardinality is ambiguous.*?'?x'? sizes: (?P<x>\d+)(?:, (?P<more>\d[\d, ]*?))? '?y'? sizes: (?P<y>\d+)(?:, "
            r"(?P<others>\d[\d, ]*\d|\d))?"
            r"(?: '?sample_weight'? sizes: (?P<weights>\d+))?",
        ],
        needles=("Data cardinality is ambiguous",),
        headline="{told}",
        means="Every sample needs its label, so the first axis of all arrays must have one size.",
        causes=(
            "{listed}",
            "Windows were cut from x but y kept all its rows, train and test parts were mixed, or rows were dropped from one of "
            "them only.",
            "The array has its axes the other way round, so that the samples do not come first.",
        ),
        changes=("{mend}",
            "Print x.shape and y.shape where they are made; for windows of length n, y starts n rows later: y[n:].",),
        derive=_samples,
        raised=[
            keras_2(COMPILED + "model.fit(np.ones((4, 10)), np.ones((3, 4)), verbose=0)\n", x=4, y=3),
            keras_3(COMPILED + "model.fit(np.ones((4, 10)), np.ones((3, 4)), verbose=0)\n", x=4, y=3),
            *both_keras(
                COMPILED + "model.fit(np.ones((4, 10)), np.ones((4, 4)), sample_weight=np.ones(3), verbose=0)\n", x=4, y=4, weights=3
            ),
            keras_torch(COMPILED + "model.fit(np.ones((4, 10)), np.ones((3, 4)), verbose=0)\n", x=4, y=3),
            text(
                "ValueError: Data cardinality is ambiguous:\n  x sizes: 60000, 60000\n  y sizes: 10000\n"
                "Make sure all arrays contain the same number of samples.",
                x=60000, more=60000, y=10000,
            ),
        ],
    ),
    Family(
        "keras-samples-old",
        library="keras",
        exceptions=("ValueError",),
        patterns=[
            r"Input arrays should have the same number of samples as target arrays\. Found (?P<x>\d+) input samples and (?P<y>\d+) "
            r"target samples",
        ],
        needles=("the same number of samples as target arrays",),
        headline="x has {x} samples and y has {y}",
        means="Every sample needs its label, so the first axis of both arrays must have one size.",
        causes=("Windows were cut from x but y kept all its rows, or rows were dropped from one of them only.",),
        changes=("Print x.shape and y.shape where they are made, and cut both the same way.",),
        # Keras 1 and 2.0 to 2.3, TensorFlow 1.
        raised=[
            text("ValueError: Input arrays should have the same number of samples as target arrays. Found 4 input samples and 3 "
                "target samples.", x=4, y=3),
        ],
    ),
    Family(
        "keras-checking-rank",
        library="keras",
        exceptions=("ValueError", "Exception"),
        patterns=[
            rf"Error when checking (?:model )?(?P<what>input|target|) ?: expected (?P<name>\S+) to have (?P<expected>\d+) dimensions, "
            rf"but got array with shape (?P<shape>{SHAPE})",
        ],
        needles=("Error when checking",),
        headline="The {what} of {name} needs {axes}, but the array is {shape}",
        means="The batch axis is counted: the first axis of every array is its samples.",
        causes=("{why}",),
        changes=("{mend}",),
        derive=_checked_rank,
        raised=[
            # Keras 2.0 to 2.3 and TensorFlow 1.
            text("ValueError: Error when checking input: expected lstm_1_input to have 3 dimensions, but got array with shape (100, "
                "8)", name="lstm_1_input", expected=3, shape=(100, 8)),
            # Keras 1.
            text("Exception: Error when checking model target: expected dense_2 to have 2 dimensions, but got array with shape (10, "
                "5, 1)", what="target", expected=2, shape=(10, 5, 1)),
        ],
    ),
    Family(
        "keras-checking-shape",
        library="keras",
        exceptions=("ValueError", "Exception"),
        patterns=[
            rf"Error when checking (?:model )?(?P<what>input|target|) ?: expected (?P<name>\S+) to have shape (?P<expected>{SHAPE}) "
            rf"but got array with shape (?P<shape>{SHAPE})",
        ],
        needles=("Error when checking",),
        headline="The {what} of {name} should be {wanted} per sample, but the array has {got}",
        means="The sizes of the data differ from those that the model was built with.",
        causes=("{why}",),
        changes=("{mend}",),
        derive=_checked,
        raised=[
            # Keras 2.0 to 2.3 and TensorFlow 1.
            text("ValueError: Error when checking target: expected dense_2 to have shape (3,) but got array with shape (1,)",
                what="target", expected=(3,), shape=(1,)),
            text(
                "ValueError: Error when checking target: expected dense_3 to have shape (1,) but got array with shape (10,)",
                what="target", name="dense_3", expected=(1,), shape=(10,),
            ),
            # Keras 2.0 and 2.1.
            text(
                "ValueError: Error when checking target: expected dense_1 to have shape (None, 2) but got array with shape (400, 1)",
                what="target", name="dense_1", expected=(None, 2), shape=(400, 1),
            ),
        ],
    ),
    Family(
        "keras-not-compiled",
        library="keras",
        exceptions=("ValueError", "RuntimeError"),
        patterns=[r"You must call `compile\(\)` before using the model",
            r"You must compile (?:your|a) model before (?:training/testing|using it)"],
        needles=("You must c",),
        headline="The model is used before compile() was called",
        means="fit and evaluate need an optimizer and a loss, which compile() sets.",
        causes=("compile() was called on another model, or the model was made anew or loaded with compile=False.",),
        changes=("Call model.compile(optimizer='adam', loss=...) on this very model before fit or evaluate.",),
        raised=[*both_keras(MODEL + "model.fit(np.ones((4, 10)), np.ones((4, 4)), verbose=0)\n")],
    ),
    Family(
        "keras-no-loss",
        library="keras",
        exceptions=("ValueError",),
        patterns=[r"No loss to compute\. Provide a `loss` argument",
            r"No loss found\. You may have forgotten to provide a `loss` argument"],
        needles=("No loss",),
        headline="The model was compiled without a loss",
        means="Training makes a loss smaller, so there has to be one.",
        changes=("Give it to compile: loss='mse' for numbers, loss='sparse_categorical_crossentropy' for class numbers.",),
        raised=[*both_keras(MODEL + "model.compile('sgd')\nmodel.fit(np.ones((4, 10)), np.ones((4, 4)), verbose=0)\n")],
    ),
    Family(
        "keras-no-target",
        library="keras",
        exceptions=("ValueError",),
        patterns=[r"Target data is missing\. Your model was compiled with"],
        needles=("Target data is missing",),
        headline="fit got inputs but no labels, and the loss needs them",
        means="The loss compares the output with labels, which are the second argument of fit.",
        causes=("y was left out, or a generator or Dataset gives the inputs alone.",),
        changes=("Call model.fit(x, y), or let the Dataset give pairs (x, y); an autoencoder is fitted with model.fit(x, x).",),
        raised=[keras_2(COMPILED + "model.fit(np.ones((4, 10)), verbose=0)\n")],
    ),
    Family(
        "keras-none-values",
        library="keras",
        exceptions=("ValueError",),
        patterns=[r"None values not supported"],
        needles=("None values not supported",),
        headline="A None stands where numbers are needed",
        means="Something that should be an array or a tensor is None; in fit it is often the labels, or what a loss function "
            "returned.",
        causes=("fit was called without y.", "A loss or a layer of one's own has no return."),
        changes=("Call model.fit(x, y), and end every loss function and call() with return.",),
        raised=[
            keras_3(COMPILED + "model.fit(np.ones((4, 10)), verbose=0)\n"),
            keras_3(MODEL + "model.compile('sgd', lambda a, b: None)\nmodel.fit(np.ones((2, 10)), np.ones((2, 4)), verbose=0)\n"),
        ],
    ),
    Family(
        "keras-data-type",
        library="keras",
        exceptions=("ValueError",),
        patterns=[r"Unrecognized data type: x=.*\(of type <class '(?P<type>[^']+)'>\)",
            r"Failed to find data adapter that can handle input: (?P<type>.*)"],
        needles=("Unrecognized data type", "Failed to find data adapter"),
        headline="fit cannot read this data: it is not an array, a tensor or a Dataset",
        means="A list is read as one array for each input of the model, so lists of numbers are not data.",
        causes=("Plain Python lists were given as x or y.",),
        changes=("Turn them into arrays: x = np.array(x), y = np.array(y).",),
        raised=[
            keras_3(COMPILED + "model.fit([[1.0] * 10], [[1.0] * 4], verbose=0)\n", type="list"),
            keras_torch(COMPILED + "model.fit([[1.0] * 10], [[1.0] * 4], verbose=0)\n", type="list"),
            keras_2(COMPILED + "model.fit({1, 2}, {3, 4}, verbose=0)\n"),
        ],
    ),
    Family(
        "keras-data-dtype",
        library="keras",
        exceptions=("ValueError",),
        patterns=[r"Invalid dtype: (?P<dtype>\w+)"],
        needles=("Invalid dtype:",),
        headline="The data has the dtype {dtype}, which a model cannot compute with",
        means="Arrays for a model hold numbers of one size each; object and text arrays do not.",
        causes=("Rows of several lengths in one array, a None or text in a column, or bool and text columns of a DataFrame.",),
        changes=("Make the columns numbers (pd.to_numeric, get_dummies), pad rows with keras.utils.pad_sequences, then "
            "x.astype('float32').",),
        raised=[
            keras_3(COMPILED + "model.fit(np.array([[1] * 9 + [None]], dtype=object), np.ones((1, 4)), verbose=0)\n", dtype="object"),
            keras_3(COMPILED + "model.fit(np.array([['a'] * 10]), np.ones((1, 4)), verbose=0)\n"),
        ],
    ),
    Family(
        "keras-validation-split",
        library="keras",
        exceptions=("ValueError",),
        patterns=[r"Training data contains (?P<samples>\d+) samples, which is not sufficient to split it "
            r".*`validation_split=(?P<split>[\d.]+)`"],
        needles=("which is not sufficient to split it",),
        headline="{samples} samples cannot be split with validation_split={split}",
        means="Both parts need at least one sample.",
        causes=("The data has the samples on another axis than the first, or most of it was dropped.",),
        changes=("Print x.shape: the first number must be the number of samples.",),
        raised=[*both_keras(COMPILED + "model.fit(np.ones((1, 10)), np.ones((1, 4)), validation_split=0.5, verbose=0)\n",
            samples=1, split="0.5")],
    ),
    Family(
        "keras-validation-split-dataset",
        library="keras",
        exceptions=("ValueError",),
        patterns=[r"`validation_split` is only supported for (?:T|t)ensors or NumPy arrays"],
        needles=("`validation_split` is only supported",),
        headline="validation_split works with arrays, not with a Dataset or a generator",
        means="Keras takes the last part of an array; from a Dataset it cannot know where that is.",
        changes=("Split before: train = data.skip(n), val = data.take(n), then model.fit(train, validation_data=val).",),
        raised=[*both_keras(COMPILED + "d = tf.data.Dataset.from_tensor_slices((np.ones((4, 10)), np.ones((4, "
            "4)))).batch(2)\nmodel.fit(d, validation_split=0.5, verbose=0)\n")],
    ),
    Family(
        "keras-y-with-dataset",
        library="keras",
        exceptions=("ValueError",),
        patterns=[r"When providing `x` as a .*, `y` should not be passed", r"`y` argument is not supported when using .* as input"],
        needles=("`y` should not be passed", "`y` argument is not supported"),
        headline="The Dataset brings its own labels, and y was given as well",
        means="A Dataset or generator gives pairs (x, y), so y has no place beside it.",
        changes=("Leave y out, and put it into the Dataset: tf.data.Dataset.from_tensor_slices((x, y)).batch(32).",),
        raised=[*both_keras(COMPILED + "d = tf.data.Dataset.from_tensor_slices((np.ones((4, 10)), np.ones((4, "
            "4)))).batch(2)\nmodel.fit(d, np.ones((4, 4)), verbose=0)\n")],
    ),
    Family(
        "keras-structures",
        library="keras",
        exceptions=("ValueError",),
        patterns=[r"y_true and y_pred have different structures\. y_true: (?P<target>.*?) y_pred: (?P<output>.*)"],
        needles=("y_true and y_pred have different structures",),
        headline="The labels do not come in the form of the outputs: the model has several outputs",
        means="A model with several outputs needs one array of labels for each, in the same order or by the same names.",
        changes=("Give fit a list: model.fit(x, [y_a, y_b]), or a dict with the names of the output layers.",),
        raised=[
            keras_3(
                "i = keras.Input((3,))\nmodel = keras.Model(i, [keras.layers.Dense(3)(i), keras.layers.Dense(2)(i)])\n"
                "model.compile('sgd', ['mse', 'mse'])\nmodel.fit(np.ones((4, 3)), np.ones((4, 3)), verbose=0)\n",
                target="*",
            ),
        ],
    ),
    Family(
        "keras-loss-names",
        library="keras",
        exceptions=("ValueError",),
        patterns=[
            r"Expected keys (?P<outputs>\[[^\]]*\]) in loss dict, but found loss\.keys\(\)=(?P<given>\[[^\]]*\])",
            r"Found unexpected (?:losses or metrics|keys) that do not correspond to any Model output: "
            r"dict_keys\((?P<given>\[[^\]]*\])\)\. Valid mode output names: (?P<outputs>\[[^\]]*\])",
        ],
        needles=("in loss dict", "do not correspond to any Model output"),
        headline="The losses are named {given}, but the outputs of the model are {outputs}",
        means="A dict of losses goes by the names of the output layers.",
        changes=("Name the layers so, as Dense(1, name='price'), or use the names {outputs} in the dict.",),
        raised=[
            *both_keras(
                "i = keras.Input((3,))\nmodel = keras.Model(i, keras.layers.Dense(3, name='out')(i))\nmodel.compile('sgd', {'outt': "
                "'mse'})\n"
                "model.fit(np.ones((4, 3)), np.ones((4, 3)), verbose=0)\n",
                outputs="['out']", given="['outt']",
            ),
        ],
    ),
    Family(
        "keras-generator-tuple",
        library="keras",
        exceptions=("ValueError",),
        patterns=[r"the generator must return a tuple, either \(input,\)|Output of generator should be a tuple",
            r"Data is expected to be in format `x`, `\(x,\)`, `\(x, y\)`, or `\(x, y, sample_weight\)`"],
        needles=("the generator must return a tuple", "Data is expected to be in format", "Output of generator should be a tuple"),
        headline="The generator gives something else than (x, y) or (x, y, sample_weight)",
        means="Each batch has at most three parts; a list of several inputs is one part.",
        changes=("Yield (x, y); with several inputs ((a, b), y).",),
        raised=[
            *both_keras(
                COMPILED + "def g():\n    while True:\n        yield np.ones((2, 10)), np.ones((2, 4)), np.ones(2), "
                    "np.ones(2)\nmodel.fit(g(), "
                    "steps_per_epoch=2, verbose=0)\n"
            ),
        ],
    ),
    Family(
        "keras-no-data",
        library="keras",
        exceptions=("ValueError",),
        patterns=[r"Expected input data to be non-empty", r"Unexpected result of `\w+` \(Empty (?:batch_outputs|logs)\)"],
        needles=("to be non-empty", "Unexpected result of"),
        headline="There are no samples: the data is empty",
        means="The first axis of x, or the Dataset, has no entries.",
        causes=("A filter, dropna or a window longer than the series left nothing; or a generator was used up already.",),
        changes=("Print x.shape before this line, and go back to where the rows are lost.",),
        raised=[keras_2(COMPILED + "model.fit(np.ones((0, 10)), np.ones((0, 4)), verbose=0)\n")],
    ),
]  # fmt: skip
