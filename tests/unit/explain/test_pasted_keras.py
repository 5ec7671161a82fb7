"""Messages of Keras, TensorFlow, NumPy and scikit-learn as they reach people, and the program that is joined to them."""

# ruff: noqa: E101, E501  (messages as they are pasted)

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from foreshape.cli.explain import command
from foreshape.explain.pasted.catalogue import Recognised, recognise
from foreshape.explain.pasted.joining import release_of
from foreshape.explain.pasted.reading import Pasted, read_pasted

NOTEBOOK = (
    "\x1b[0;31m---------------------------------------------------------------------------\x1b[0m\n"
    "\x1b[0;31mValueError\x1b[0m                                Traceback (most recent call last)\n"
    "\x1b[0;32m<ipython-input-7-8a5c1f>\x1b[0m in \x1b[0;36m<module>\x1b[0;34m()\x1b[0m\n"
    "\x1b[1;32m      1\x1b[0m model = Sequential()\n"
    "\x1b[0;32m----> 2\x1b[0;31m model.add(LSTM(32, input_shape=(20,)))\x1b[0m\n"
    "\n"
    "\x1b[0;32m/usr/local/lib/python3.7/dist-packages/tensorflow/python/keras/engine/input_spec.py\x1b[0m in \x1b[0;36massert_input\x1b[0m\n"
    "\x1b[1;32m    180\x1b[0m\n"
    "\x1b[0;32m--> 181\x1b[0;31m                        'expected ndim=' + str(spec.ndim))\x1b[0m\n"
    "\n"
    "\x1b[0;31mValueError\x1b[0m: Input 0 of layer lstm is incompatible with the layer: expected ndim=3, found ndim=2. "
    "Full shape received: [None, 20]\n"
)
LOST_ESCAPES = (
    "[0;31mValueError[0m                                Traceback (most recent call last)\n"
    "Cell [0;32mIn[5], line 3[0m\n[1;32m      1[0m model = ...\n[0;32m----> 3[0m model[38;5;241m.[39mfit(x, y)\n\n"
    "[0;31mValueError[0m: Data cardinality is ambiguous. Make sure all arrays contain the same number of samples.'x' sizes: 95\n'y' sizes: 100\n"
)
GRAPH = r"""2026-01-05 10:12:03.123456: W tensorflow/core/framework/op_kernel.cc:1830] OP_REQUIRES failed
Traceback (most recent call last):
  File "C:\Users\ada\work\train.py", line 31, in <module>
    model.fit(x, y, epochs=3)
  File "C:\Users\ada\anaconda3\Lib\site-packages\keras\utils\traceback_utils.py", line 70, in error_handler
    raise e.with_traceback(filtered_tb) from None
tensorflow.python.framework.errors_impl.InvalidArgumentError: Graph execution error:

Detected at node 'model/embedding/embedding_lookup' defined at (most recent call last):
    File "C:\Users\ada\work\train.py", line 31, in <module>
      model.fit(x, y, epochs=3)
    File "C:\Users\ada\work\nets.py", line 8, in call
      return self.embedding(x)
Node: 'model/embedding/embedding_lookup'
indices[7,3] = 5000 is not in [0, 5000)
	 [[{{node model/embedding/embedding_lookup}}]] [Op:__inference_train_function_1043]
"""
TWO_ROOTS = """InvalidArgumentError: Graph execution error:

2 root error(s) found.
  (0) INVALID_ARGUMENT:  Incompatible shapes: [64,10] vs. [32,10]
\t [[{{node gradient_tape/mean_squared_error/BroadcastGradientArgs}}]]
\t [[Adam/Adam/group_deps/_123]]
  (1) INVALID_ARGUMENT:  Incompatible shapes: [64,10] vs. [32,10]
\t [[{{node gradient_tape/mean_squared_error/BroadcastGradientArgs}}]]
0 successful operations.
0 derived errors ignored. [Op:__inference_train_function_2047]
"""
USER_CODE = """Traceback (most recent call last):
  File "/home/ada/run.py", line 22, in <module>
    model.fit(x, y)
  File "/home/ada/env/lib/python3.9/site-packages/keras/utils/traceback_utils.py", line 67, in error_handler
    raise e.with_traceback(filtered_tb) from None
ValueError: in user code:

    File "/home/ada/env/lib/python3.9/site-packages/keras/engine/training.py", line 1160, in train_function  *
        return step_function(self, iterator)
    File "/home/ada/run.py", line 11, in call  *
        return self.head(self.lstm(x))

    ValueError: Exception encountered when calling layer "head" (type Dense).

    Input 0 of layer "head" is incompatible with the layer: expected axis -1 of input shape to have value 32, but received input with shape (None, 64)

    Call arguments received by layer "head" (type Dense):
      • inputs=tf.Tensor(shape=(None, 64), dtype=float32)
"""
CHAINED = """Traceback (most recent call last):
  File "prepare.py", line 4, in load
    rows = cache["rows"]
KeyError: 'rows'

During handling of the above exception, another exception occurred:

Traceback (most recent call last):
  File "prepare.py", line 9, in <module>
    load()
  File "prepare.py", line 6, in load
    return np.array([[1, 2], [3]])
ValueError: setting an array element with a sequence. The requested array has an inhomogeneous shape after 1 dimensions. The detected shape was (2,) + inhomogeneous part.
"""
DOCKER = """trainer-1  | Traceback (most recent call last):
trainer-1  |   File "/app/scale.py", line 7, in <module>
trainer-1  |     scaler.fit(x)
trainer-1  |   File "/usr/local/lib/python3.11/site-packages/sklearn/utils/validation.py", line 1101, in check_array
trainer-1  |     raise ValueError(
trainer-1  | ValueError: Found array with dim 3. StandardScaler expected <= 2.
trainer-1 exited with code 1
"""
QUOTED = """> Traceback (most recent call last):
>   File "fit.py", line 12, in <module>
>     model.fit(x, y)
> ValueError: Error when checking input: expected lstm_1_input to have 3 dimensions, but got array with shape (100, 8)
"""
WRAPPED = """ValueError: Input 0 of layer "max_pooling2d" is
incompatible with the layer: expected ndim=4, found
ndim=5. Full shape received: (None, 3, 51, 39, 32)
"""
KERAS_3 = """Traceback (most recent call last):
  File "a.py", line 5, in <module>
    model.predict(x)
  File "/opt/python/lib/python3.12/site-packages/keras/src/utils/traceback_utils.py", line 122, in error_handler
    raise e.with_traceback(filtered_tb) from None
ValueError: Exception encountered when calling Sequential.call().

\x1b[1mInput 0 with name 'None' of layer 'dense' is incompatible with the layer: expected axis -1 of input shape to have value 10, but received input with shape (2, 7)\x1b[0m

Arguments received by Sequential.call():
  • inputs=tf.Tensor(shape=(2, 7), dtype=float32)
  • training=False
  • mask=None
"""

FORMS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "notebook": (NOTEBOOK, "layer-rank", {"layer": "lstm", "expected": 3, "found": 2, "shape": (None, 20)}),
    "escapes lost": (LOST_ESCAPES, "keras-cardinality", {"x": 95, "y": 100}),
    "graph on Windows": (GRAPH, "tf-index-range", {"place": "7,3", "index": 5000, "size": 5000}),
    "two roots": (TWO_ROOTS, "tf-incompatible-shapes", {"left": (64, 10), "right": (32, 10)}),
    "in user code": (USER_CODE, "layer-axis-size", {"layer": "head", "axis": -1, "expected": 32, "shape": (None, 64)}),
    "chained": (CHAINED, "numpy-ragged", {"axes": 1, "shape": (2,)}),
    "docker": (DOCKER, "sklearn-rank", {"found": 3, "who": "StandardScaler"}),
    "quoted mail": (QUOTED, "keras-checking-rank", {"name": "lstm_1_input", "expected": 3, "shape": (100, 8)}),
    "wrapped": (WRAPPED, "layer-rank", {"layer": "max_pooling2d", "expected": 4, "found": 5}),
    "Keras 3": (KERAS_3, "layer-axis-size", {"layer": "dense", "expected": 10, "shape": (2, 7)}),
    "bare": (
        "Shapes (None, 1) and (None, 10) are incompatible",
        "keras-loss-shapes",
        {"target": (None, 1), "output": (None, 10)},
    ),
    "TensorFlow 2.3": (
        "InvalidArgumentError:  Matrix size-incompatible: In[0]: [32,20], In[1]: [10,1]\n\t [[node sequential/dense/MatMul (defined at "
        "<ipython-input-5-9f>:12) ]] [Op:__inference_train_function_635]\n\nFunction call stack:\ntrain_function\n",
        "tf-matmul-sizes",
        {"left": (32, 20), "right": (10, 1)},
    ),
    "TensorFlow 1": (
        "InvalidArgumentError (see above for traceback): logits and labels must be same size: logits_size=[32,10] labels_size=[32,2]\n"
        "\t [[Node: softmax_cross_entropy = SoftmaxCrossEntropyWithLogits[T=DT_FLOAT]]]\n",
        "tf-logits-labels",
        {"logits": (32, 10), "labels": (32, 2)},
    ),
}


def _read(text: str) -> tuple[list[Pasted], Recognised]:
    pasted = read_pasted(text)
    found = recognise(pasted[-1])
    assert found is not None, f"not recognised: {pasted[-1].exception}: {pasted[-1].flat[:300]}"
    return pasted, found


@pytest.mark.parametrize("form", FORMS)
def test_forms(form: str) -> None:
    text, family, numbers = FORMS[form]
    _, found = _read(text)
    assert found.family.name == family
    assert {name: found.numbers.get(name) for name in numbers} == numbers
    assert found.headline and found.changes


FORUM = {
    "ValueError: Input 0 is incompatible with layer lstm_1: expected ndim=3, found ndim=2": "layer-rank",
    "ValueError: Failed to convert a NumPy array to a Tensor (Unsupported object type float).": "tf-object-array",
    "ValueError: could not broadcast input array from shape (224,224,3) into shape (224,224)": "numpy-assign-shape",
    "ValueError: setting an array element with a sequence.": "numpy-element-sequence",
    "ValueError: X has 1 features, but MinMaxScaler is expecting 3 features as input.": "sklearn-features",
    "ValueError: Negative dimension size caused by subtracting 3 from 1 for 'conv2d_2/convolution' (op: 'Conv2D')": "keras-window-too-large",
    "ValueError: non-broadcastable output operand with shape (100,1) doesn't match the broadcast shape (100,5)": "numpy-output-shape",
    "ValueError: `logits` and `labels` must have the same shape, received ((None, 10) vs (None, 1)).": "keras-loss-logits",
    "IndexError: index 10 is out of bounds for axis 1 with size 10": "numpy-index",
    "ValueError: Cannot feed value of shape (64, 28, 28) for Tensor 'Placeholder:0', which has shape '(?, 784)'": "tf-feed-shape",
    "AttributeError: 'list' object has no attribute 'shape'": "list-without-shape",
    "AttributeError: 'NoneType' object has no attribute 'shape'": "none-attribute",
    "AttributeError: 'Sequential' object has no attribute 'predict_classes'": "keras-old-method",
    "ValueError: too many values to unpack (expected 2)": "unpack-count",
    "ValueError: Input contains NaN, infinity or a value too large for dtype('float64').": "sklearn-not-finite",
    "ValueError: Expected 2D array, got 1D array instead:\narray=[1. 2. 3.].\nReshape your data either using": "sklearn-one-axis",
    "ValueError: Classification metrics can't handle a mix of multiclass and continuous-multioutput targets": "sklearn-metric-mix",
    "ValueError: Length of values (3) does not match length of index (5)": "pandas-values-length",
}


@pytest.mark.parametrize("message", FORUM)
def test_forum(message: str) -> None:
    assert _read(message)[1].family.name == FORUM[message]


def test_frames_inside_of_the_message() -> None:
    """Those of a graph and of "in user code" are the person's own as well."""
    pasted, _ = _read(GRAPH)
    assert [(frame.path.rpartition("\\")[2], frame.line) for frame in pasted[-1].own_frames] == [
        ("train.py", 31),
        ("nets.py", 8),
    ]
    assert pasted[-1].inner.layer == "embedding"
    pasted, _ = _read(USER_CODE)
    assert [(frame.place, frame.code) for frame in pasted[-1].own_frames] == [
        ("/home/ada/run.py:22", "model.fit(x, y)"),
        ("/home/ada/run.py:11", "return self.head(self.lstm(x))"),
    ]
    assert (pasted[-1].inner.layer, pasted[-1].inner.kind) == ("head", "Dense")


def test_losses_are_no_layers() -> None:
    assert _read(TWO_ROOTS)[0][-1].inner.layer == ""


def test_notebook_frames() -> None:
    pasted, _ = _read(NOTEBOOK)
    assert [frame.place for frame in pasted[-1].own_frames] == ["cell 7, line 2"]


def _run(text: str, *arguments: str) -> Any:
    return CliRunner().invoke(command, ["-", *arguments], input=text)


def test_nothing() -> None:
    for text in ("", "\n\n  \n"):
        done = _run(text)
        assert done.exit_code == 2
        assert "empty" in done.output


def test_garbage() -> None:
    done = _run("my model does not work, what can I do\n")
    assert done.exit_code == 1
    assert "Foreshape does not know this" in done.output


def test_unknown_message_shows_own_lines() -> None:
    done = _run(
        'Traceback (most recent call last):\n  File "mine.py", line 3, in go\n    deploy()\n  File "/usr/lib/python3.11/site-packages/x/y.py", line 9, in deploy\n'
        "    raise Odd(1)\nx.y.OddError: the moon is in the wrong phase\n"
    )
    assert done.exit_code == 1
    assert "Foreshape does not know this" in done.output
    assert "mine.py:3 in go  deploy()" in done.output
    assert "site-packages" not in done.output


PROGRAM = """import numpy as np
from keras import Input, Sequential, layers

x = np.random.rand(100, 8)
model = Sequential([Input((8,)), layers.LSTM(16), layers.Dense(1)])
model.compile("adam", "mse")
"""
RAISED = 'ValueError: Input 0 of layer "lstm" is incompatible with the layer: expected ndim=3, found ndim=2. Full shape received: (None, 8)\n'


def _joined(output: str) -> None:
    assert output.startswith("error[rank-mismatch]: LSTM needs (batch, timesteps, features)")
    assert " ".join(output.split()).count("expected ndim=3, found ndim=2") == 1, (
        "what the report says is not said again"
    )
    assert "ValueError[layer-rank]" not in output
    assert "train.py:5" in output
    assert "fix  line 5" in output


def test_traceback_that_names_a_file(tmp_path: Path) -> None:
    """The answer is then the one of the analysis, about the person's own line."""
    program = tmp_path / "train.py"
    program.write_text(PROGRAM)
    done = _run(
        f'Traceback (most recent call last):\n  File "{program}", line 5, in <module>\n    model = Sequential([...])\n{RAISED}'
    )
    assert done.exit_code == 0
    _joined(done.output)


def test_message_and_source(tmp_path: Path) -> None:
    program = tmp_path / "train.py"
    program.write_text(PROGRAM)
    done = _run(RAISED, "--source", str(program))
    assert done.exit_code == 0
    _joined(done.output)
    done = _run(RAISED, "--source", str(program), "--format", "json")
    answer = json.loads(done.output)
    assert answer["recognised"] is True
    assert answer["family"] == "layer-rank"
    assert answer["numbers"] == {"index": 0, "layer": "lstm", "expected": 3, "found": 2, "shape": [None, 8]}
    assert [(each["rule"], each["line"]) for each in answer["diagnostics"]] == [("rank-mismatch", 5)]


def test_message_that_is_not_of_that_program(tmp_path: Path) -> None:
    """Another exception than what the analysis finds: the message is explained alone."""
    program = tmp_path / "train.py"
    program.write_text(PROGRAM)
    done = _run(f'Traceback (most recent call last):\n  File "{program}", line 4, in <module>\n    x\nKeyError: 5\n')
    assert "rank-mismatch" not in done.output


def test_source_that_is_not_there() -> None:
    done = _run(RAISED, "--source", "nowhere.py")
    assert done.exit_code == 2
    assert "no such file" in done.output


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("/usr/lib/python3/site-packages/keras/src/layers/input_spec.py", ["keras=3"]),
        ("/usr/lib/python3/site-packages/keras/src/engine/input_spec.py", ["keras=2"]),
        ("C:\\Python\\Lib\\site-packages\\tensorflow\\python\\keras\\engine\\base_layer.py", ["keras=2"]),
        ("/usr/lib/python3/site-packages/tf_keras/src/engine/training.py", ["keras=2"]),
        ("/usr/lib/python3/site-packages/numpy/_core/numeric.py", []),
    ],
)
def test_the_release_that_a_traceback_shows(path: str, target: list[str]) -> None:
    text = (
        f'Traceback (most recent call last):\n  File "{path}", line 12, in call\n    f()\nValueError: it does not fit\n'
    )
    assert release_of(read_pasted(text)) == target
