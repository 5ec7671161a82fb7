"""What Keras says when models are put together, compiled, saved and loaded, and about the data helpers beside them."""

from __future__ import annotations

from typing import Final

from foreshape.explain.pasted.catalogue import Family
from foreshape.explain.pasted.raisings import both_keras, keras_2, keras_3, keras_torch, tensorflow, text
from foreshape.explain.pasted.sizes import counted

VALUE: Final = ("ValueError",)
SHAPE: Final = r"(?:torch\.Size\()?[\[(][\w, ?]*[\])]\)?"
DENSE: Final = "model = keras.Sequential([keras.layers.Input((10,)), keras.layers.Dense(4)])\n"
SAVED: Final = DENSE + "model.save_weights('a.weights.h5')\n"

FAMILIES: Final = [
    Family(
        "keras-variable-shape",
        library="keras",
        exceptions=VALUE,
        patterns=[
            rf"Cannot assign value to variable '\s*(?P<variable>[^']+)': Shape mismatch\.\s*The variable shape (?P<shape>{SHAPE}), "
            rf"and the assigned "
            rf"value shape (?P<value>{SHAPE}) are incompatible",
            rf"the shape of the target value in `variable\.assign\(value\)` must match\. variable\.shape=(?P<shape>{SHAPE}), "
            rf"Received: value\.shape="
            rf"(?P<value>{SHAPE})\. Target variable: <Variable path=(?P<variable>[^,]+),",
            rf"Layer (?P<variable>\S+) weight shape (?P<shape>{SHAPE}) is not compatible with provided weight shape "
            rf"(?P<value>{SHAPE})",
        ],
        needles=("Shape mismatch.", "`variable.assign(value)` must match", "is not compatible with provided weight shape"),
        headline="{variable} has the shape {shape}, but {value} is to be put into it",
        means="Weights fit only a layer with the same sizes as the one they were saved from.",
        causes=("The number of classes, units or input features differs from the model that was saved.",),
        changes=(
            "Build the model with the same sizes, or load all but the layers that differ: load_weights(path, skip_mismatch=True), "
            "and give layers that are meant to be new another name.",
        ),
        raised=[
            keras_2(
                SAVED + "n = keras.Sequential([keras.layers.Input((10,)), keras.layers.Dense(5)])\nn.load_weights('a.weights.h5')\n",
                variable="dense_1/kernel:0", shape=(10, 5), value=(10, 4),
            ),
            keras_3(
                SAVED + "n = keras.Sequential([keras.layers.Input((10,)), keras.layers.Dense(5)])\nn.load_weights('a.weights.h5')\n",
                variable="sequential_1/dense_1/kernel", shape=(10, 5), value=(10, 4),
            ),
            keras_torch(
                SAVED + "n = keras.Sequential([keras.layers.Input((10,)), keras.layers.Dense(5)])\nn.load_weights('a.weights.h5')\n",
                variable="sequential_1/dense_1/kernel", shape=(10, 5), value=(10, 4),
            ),
            *both_keras(
                DENSE + "model.set_weights([np.ones((9, 4)), np.ones(4)])\n", variable="sequential", shape=(10, 4), value=(9, 4)
            ),
            tensorflow("tf.Variable(tf.ones(3)).assign(tf.ones(4))\n", variable="Variable:0", shape=(3,), value=(4,)),
        ],
    ),
    Family(
        "keras-weights-count",
        library="keras",
        exceptions=VALUE,
        patterns=[
            r"You called `set_weights\(weights\)` on layer ['\"](?P<layer>[^'\"]+)['\"] with a weight list of length "
            r"(?P<found>\d+), but the layer was "
            r"expecting (?P<expected>\d+) weights",
            r"Layer '(?P<layer>[^']+)' expected (?P<expected>\d+) variables, but received (?P<found>\d+) variables during loading",
            r"Layer count mismatch when loading weights from file\. Model expected (?P<expected>\d+) layers, found (?P<found>\d+) "
            r"saved layers",
            r"You are trying to load a weight file containing (?P<found>\d+) layers into a model with (?P<expected>\d+) layers",
        ],
        needles=("with a weight list of length", "variables during loading", "Layer count mismatch",
            "You are trying to load a weight file"),
        headline="{expected} weights or layers are needed, but there are {found}",
        means="Weights are put back in the order in which they were taken, so both models need the same layers.",
        causes=("A layer was added or removed since saving, the model is not built yet, or the file is of another model.",),
        changes=("Build the very model that was saved; or save and load the whole model with model.save('m.keras') and load_model.",),
        raised=[
            *both_keras(DENSE + "model.set_weights([np.ones((10, 4))])\n", layer="sequential", found=1, expected=2),
            *both_keras(
                SAVED + "n = keras.Sequential([keras.layers.Input((10,)), keras.layers.Dense(4), keras.layers.Dense(2)])\n"
                "n.load_weights('a.weights.h5')\n",
                layer="dense_2", expected=2, found=0,
            ),
            keras_2(
                DENSE + "model.save_weights('a.h5')\nn = keras.Sequential([keras.layers.Input((10,)), keras.layers.Dense(4), "
                    "keras.layers.Dense(2)])\n"
                "n.load_weights('a.h5')\n",
                expected=2, found=1,
            ),
            # Keras 2.0 to 2.6.
            text("ValueError: You are trying to load a weight file containing 1 layers into a model with 2 layers.", found=1,
                expected=2),
        ],
    ),
    Family(
        "keras-not-built",
        library="keras",
        exceptions=VALUE,
        patterns=[
            r"This model has not yet been built",
            r"Weights for model '?(?P<layer>\w+)'? have not yet been created",
            r"You tried to call `count_params` on layer '?(?P<layer>\w+)'?, but the layer isn't built",
        ],
        needles=("has not yet been built", "have not yet been created", "but the layer isn't built"),
        headline="The model has no weights yet: it does not know the shape of its input",
        means="Weights are made when the input shape is known, which is when data first comes through.",
        changes=("Begin the model with keras.Input(shape=x.shape[1:]), or call model.build((None, ...)) or model(x[:1]) first.",),
        raised=[
            keras_2("keras.Sequential([keras.layers.Dense(4)]).summary()\n"),
            keras_2("keras.Sequential([keras.layers.Dense(4)]).count_params()\n", layer="sequential"),
            keras_3("keras.Sequential([keras.layers.Dense(4)]).count_params()\n", layer="sequential"),
        ],
    ),
    Family(
        "keras-unknown-name",
        library="keras",
        exceptions=VALUE,
        patterns=[
            r"Could not interpret (?P<what>optimizer|loss|metric|initializer|regularizer|activation function|constraint)? "
            r"?identifier: (?P<name>.+)",
            r"Unknown (?P<what>optimizer|loss function|metric function|metric|initializer|regularizer|activation function|layer):? "
            r"'?(?P<name>\w+)'?",
        ],
        needles=("Could not interpret", "Unknown "),
        headline="Keras knows no {what} named {name}",
        means="Names are those of keras.optimizers, keras.losses, keras.metrics, keras.layers and so on; what one wrote oneself it "
            "has to be told.",
        causes=("A name is misspelt, belongs to another version, or a function or layer of one's own is loaded with a model.",),
        changes=("Correct the name or give the object itself; for a class of one's own load_model(path, custom_objects={{'{name}': "
            "{name}}}).",),
        raised=[
            keras_2(DENSE + "model.compile('adamm', 'mse')\n", what="optimizer", name="adamm"),
            keras_3(DENSE + "model.compile('adamm', 'mse')\n", what="optimizer", name="adamm"),
            keras_2(
                DENSE + "model.compile('sgd', 'msee')\nmodel.fit(np.ones((4, 10)), np.ones((4, 4)), verbose=0)\n",
                what="loss function", name="msee"
            ),
            keras_3(DENSE + "model.compile('sgd', 'msee')\nmodel.fit(np.ones((4, 10)), np.ones((4, 4)), verbose=0)\n", what="loss",
                name="msee"),
            *both_keras("keras.layers.Dense(3, activation='rulu')\n", what="activation function", name="rulu"),
            *both_keras(
                "class A(keras.layers.Layer):\n    def call(self, x):\n        return x\n"
                "keras.Sequential([keras.layers.Input((10,)), A()]).save('a.h5')\nkeras.models.load_model('a.h5')\n",
                what="layer", name="A",
            ),
        ],
    ),
    Family(
        "keras-graph-disconnected",
        library="keras",
        exceptions=VALUE,
        patterns=[
            r"Graph disconnected: cannot obtain value for tensor .*? at layer \"(?P<layer>[^\"]+)\"",
            r"Output with path `(?P<path>[^`]*)` is not connected to `inputs`",
            r"`inputs` not connected to `outputs`",
        ],
        needles=("Graph disconnected", "not connected to"),
        headline="The outputs of the model cannot be computed from its inputs",
        means="Every output has to be reached from the tensors that stand in inputs, and from no other Input.",
        causes=("The name of a tensor was used again for another Input, or one Input is missing in inputs=[...].",),
        changes=("Give every Input a variable of its own, and list all of them in keras.Model(inputs=[...], outputs=...).",),
        raised=[
            keras_2("i = keras.Input((3,))\nj = keras.Input((3,))\nkeras.Model(i, keras.layers.Dense(3)(j))\n", layer="dense"),
            keras_3("i = keras.Input((3,))\nj = keras.Input((3,))\nkeras.Model(i, keras.layers.Dense(3)(j))\n", path=""),
        ],
    ),
    Family(
        "keras-model-of-arrays",
        library="keras",
        exceptions=VALUE,
        patterns=[r"Found unexpected instance while processing input tensors for keras functional model",
            r"All `(?P<which>inputs|outputs)` values must be KerasTensors"],
        needles=("for keras functional model", "values must be KerasTensors"),
        headline="keras.Model takes the symbolic tensors of Input and layers, not arrays of data",
        means="inputs and outputs say what is computed; data comes in with fit and predict.",
        changes=("Write i = keras.Input(shape=x.shape[1:]), then keras.Model(inputs=i, outputs=layer(i)), and model.predict(x).",),
        raised=[
            keras_2("i = keras.Input((3,))\nkeras.Model(np.ones((2, 3)), keras.layers.Dense(3)(i))\n"),
            keras_3("i = keras.Input((3,))\nkeras.Model(np.ones((2, 3)), keras.layers.Dense(3)(i))\n", which="inputs"),
        ],
    ),
    Family(
        "keras-same-name",
        library="keras",
        exceptions=VALUE,
        patterns=[
            r"The name \"(?P<name>[^\"]+)\" is used (?P<times>\d+) times in the model",
            r"All layers added to a Sequential model should have unique names\. Name ['\"](?P<name>[^'\"]+)['\"]",
        ],
        needles=("times in the model", "should have unique names"),
        headline="Two layers of the model have the name {name}",
        means="Weights, losses and outputs are found by the names of layers, so each has one of its own.",
        changes=("Leave name= out, or give every layer another one.",),
        raised=[
            *both_keras(
                "i = keras.Input((3,))\nkeras.Model(i, [keras.layers.Dense(3, name='a')(i), keras.layers.Dense(3, name='a')(i)])\n",
                name="a", times=2
            ),
            *both_keras("keras.Sequential([keras.layers.Dense(3, name='a'), keras.layers.Dense(3, name='a')])\n", name="a"),
        ],
    ),
    Family(
        "keras-not-a-layer",
        library="keras",
        exceptions=("TypeError", "ValueError"),
        patterns=[
            r"The added layer must be an instance of class Layer\. (?:Received: layer=|Found: )(?P<what>.+?)(?: of type .*)?$",
            r"Only instances of `keras\.Layer` can be added to a Sequential model\. Received: (?P<what>.+?) \(of type",
        ],
        needles=("The added layer must be", "can be added to a Sequential model"),
        headline="Sequential takes layers, but it was given {what}",
        means="Every entry of the list, and everything that add takes, is a layer object.",
        causes=("The parentheses are missing (Dense and not Dense(4)), a layer was called already, or keras and tf.keras are mixed.",
            ),
        changes=("Make an object, keras.layers.Dense(4), and import layers from the same keras as the model.",),
        raised=[
            *both_keras("keras.Sequential([keras.layers.Input((3,)), keras.layers.Dense(3), 'abc'])\n", what="abc"),
            keras_3("keras.Sequential().add(keras.layers.Dense)\n", what="<class 'keras.src.layers.core.dense.Dense'>"),
        ],
    ),
    Family(
        "keras-symbolic-tensor",
        library="keras",
        exceptions=("ValueError", "TypeError", "NotImplementedError"),
        patterns=[
            r"A KerasTensor cannot be used as input to a TensorFlow function",
            r"A symbolic KerasTensor cannot be used as a boolean",
            r"A KerasTensor is symbolic: it's a placeholder for a shape an a dtype",
            r"Iterating over a symbolic KerasTensor is not supported",
            r"You are passing KerasTensor\(.*an intermediate (?:TF-)?Keras symbolic input/output",
            r"Keras symbolic inputs/outputs do not implement `(?P<method>\w+)`",
        ],
        needles=("KerasTensor", "Keras symbolic inputs/outputs"),
        headline="A symbolic tensor has a shape but no numbers, and numbers are asked of it",
        means="While a model is put together, tensors stand for data that comes later.",
        causes=("A tf or NumPy function, if, for, float() or np.array on the output of a layer.",),
        changes=("Use keras.ops in place of tf functions (Keras 3), put the code into the call of a Layer of your own, or compute "
            "it outside of the model on arrays.",),
        raised=[
            keras_3("tf.nn.relu(keras.Input((3,)))\n"),
            *both_keras("if keras.Input((3,)) > 3:\n    pass\n"),
            keras_3("float(keras.Input((3,)))\n"),
            keras_2("np.array(keras.Input((3,)))\n"),
            keras_torch("for row in keras.Input((3,)):\n    pass\n"),
        ],
    ),
    Family(
        "keras-file-name",
        library="keras",
        exceptions=VALUE,
        patterns=[
            r"The filename must end in `(?P<ending>[\w.]+)`\. Received: filepath=(?P<path>\S+)",
            r"Invalid filepath extension for saving\..*Received: filepath=(?P<path>\S+?)\.?$",
        ],
        needles=("The filename must end in", "Invalid filepath extension"),
        headline="Keras 3 tells the format by the end of the file name, and {path} does not have it",
        means="save writes .keras (or .h5), save_weights writes .weights.h5.",
        causes=("The code was written for Keras 2, which took other names and folders.",),
        changes=("Write model.save('model.keras') or model.save_weights('model.weights.h5'); model.export(folder) writes a "
            "SavedModel.",),
        raised=[
            keras_3(DENSE + "model.save_weights('a.h5')\n", ending=".weights.h5", path="a.h5"),
            keras_3(DENSE + "model.save('a')\n", path="a"),
        ],
    ),
    Family(
        "keras-no-file",
        library="keras",
        exceptions=("OSError", "ValueError", "FileNotFoundError", "NotFoundError"),
        patterns=[
            r"No file or directory found at (?P<path>\S+)",
            r"File not found: filepath=(?P<path>\S+?)\. ",
            r"Unable to (?:synchronously )?open file \(unable to open file: name = '(?P<path>[^']+)'",
            r"Could not find directory (?P<path>\S+)",
        ],
        needles=("No file or directory found at", "File not found: filepath=", "unable to open file: name =",
            "Could not find directory"),
        headline="There is no {path} where the program looks for it",
        means="A path without a leading / is looked for in the folder in which the program was started.",
        changes=("Print os.getcwd() and os.listdir(), and give the whole path.",),
        raised=[
            keras_2("keras.models.load_model('none.h5')\n", path="none.h5"),
            keras_3("keras.models.load_model('none.h5')\n", path="none.h5"),
            keras_3("keras.models.load_model('none.keras')\n", path="none.keras"),
            keras_2("keras.utils.image_dataset_from_directory('none')\n", path="none"),
        ],
    ),
    Family(
        "keras-no-images",
        library="keras",
        exceptions=VALUE,
        patterns=[r"No images found in directory (?P<path>.+?)\. Allowed formats"],
        needles=("No images found in directory",),
        headline="There are no images in {path}",
        means="Images are looked for in one folder for each class: folder/cats/1.jpg, folder/dogs/2.jpg.",
        causes=("The path is one level too high or too low, or the files have other endings.",),
        changes=("Give the folder that holds the folders of the classes, or labels=None for a folder of images.",),
        raised=[*both_keras("keras.utils.image_dataset_from_directory('.')\n", path=".")],
    ),
    Family(
        "keras-call-missing",
        library="keras",
        exceptions=("NotImplementedError",),
        patterns=[r"Unimplemented `tf\.keras\.Model\.call\(\)`",
            r"(?:Model|Layer) (?P<name>\w+) does not have a `call\(\)` method implemented"],
        needles=("Unimplemented `tf.keras.Model.call()`", "does not have a `call()` method"),
        headline="This class has no call method, which says what it computes",
        means="A Model or Layer of one's own defines call(self, x) and returns the result.",
        causes=("call is misspelt (forward, __call__) or indented into another method.",),
        changes=("Add def call(self, x): to the class, on the level of __init__, with a return.",),
        raised=[
            keras_2("class M(keras.Model):\n    pass\nM()(np.ones((2, 3)))\n"),
            keras_3("class M(keras.Model):\n    pass\nM()(np.ones((2, 3)))\n", name="M"),
        ],
    ),
    Family(
        "keras-super-init",
        library="keras",
        exceptions=("RuntimeError",),
        patterns=[r"you forgot to call `super\(\)\.__init__\(\)`"],
        needles=("you forgot to call `super()",),
        headline="super().__init__() is missing at the start of __init__ of this class",
        means="Keras has to set up the object before layers are put into it.",
        changes=("Write super().__init__() as the first line of __init__.",),
        raised=[
            *both_keras("class M(keras.Model):\n    def __init__(self):\n        self.d = keras.layers.Dense(3)\n"
                "    def call(self, x):\n        return self.d(x)\nM()(np.ones((2, 3)))\n"),
        ],
    ),
    Family(
        "keras-no-such-layer",
        library="keras",
        exceptions=VALUE,
        patterns=[r"No such layer: (?P<name>\S+)\. Existing layers are: (?P<layers>\[.*\])"],
        needles=("No such layer",),
        headline="The model has no layer named {name}",
        means="Names that Keras gives count up through the program: dense, dense_1, ...",
        changes=("Use one of {layers}, or give the layer a name of its own: Dense(4, name='head').",),
        raised=[*both_keras(DENSE + "model.get_layer('xx')\n", name="xx", layers="['dense']")],
    ),
    Family(
        "keras-old-method",
        library="keras",
        exceptions=("AttributeError",),
        patterns=[r"'(?:Sequential|Functional|Model)' object has no attribute "
            r"'(?P<name>fit_generator|predict_generator|evaluate_generator|predict_classes|predict_proba)'"],
        needles=("object has no attribute",),
        headline="{name} is not in this version of Keras",
        means="It was removed with TensorFlow 2.6 or Keras 3.",
        changes=("Write {instead}.",),
        derive=lambda groups: {
            "instead": {
                "predict_classes": "model.predict(x).argmax(axis=-1), or (model.predict(x) > 0.5).astype(int) for one output with a "
                    "sigmoid",
                "predict_proba": "model.predict(x)",
            }.get(groups["name"], f"model.{groups['name'].removesuffix('_generator')}(...), which takes generators itself")
        },
        raised=[
            *both_keras(DENSE + "model.predict_classes(np.ones((2, 10)))\n", name="predict_classes"),
            keras_3(DENSE + "model.fit_generator(1)\n", name="fit_generator"),
        ],
    ),
    Family(
        "keras-sequences-nested",
        library="keras",
        exceptions=VALUE,
        patterns=[r"`sequences` must be a list of iterables\. Found non-iterable: (?P<value>.+)"],
        needles=("must be a list of iterables",),
        headline="pad_sequences takes a list of sequences, but it found {value} where a sequence is expected",
        means="Even a single sequence stands in a list: [[1, 2, 3]].",
        changes=("Write pad_sequences([sequence]), or leave out what texts_to_sequences gave as None.",),
        raised=[*both_keras("keras.utils.pad_sequences([1, 2, 3])\n", value=1)],
    ),
    Family(
        "keras-generator-lengths",
        library="keras",
        exceptions=VALUE,
        patterns=[
            r"Data and targets have to be of same length\. Data length is (?P<x>\d+) while target length is (?P<y>\d+)",
            r"`start_index\+length=(?P<length>\d+) > end_index=(?P<end>\d+)` is disallowed",
        ],
        needles=("Data and targets have to be of same length", "is disallowed, as no part of the sequence"),
        headline="{told}",
        means="TimeseriesGenerator cuts windows from data and takes the target that follows each of them.",
        changes=("Give it as many targets as rows, and a length that is smaller than the number of rows.",),
        derive=lambda groups: {
            "told": f"There are {counted(groups['x'], 'row')} of data and {counted(groups['y'], 'target')}"
            if "x" in groups
            else f"The windows reach to row {groups['length']}, but the last row is {groups['end']}"
                f"the data"
        },
        raised=[
            keras_2("keras.preprocessing.sequence.TimeseriesGenerator(np.ones((4, 2)), np.ones(3), length=2)\n", x=4, y=3),
            keras_2("keras.preprocessing.sequence.TimeseriesGenerator(np.ones((4, 2)), np.ones(4), length=5)\n", length=5, end=3),
        ],
    ),
    Family(
        "keras-no-gradients",
        library="keras",
        exceptions=VALUE,
        patterns=[r"No gradients provided for any variable"],
        needles=("No gradients provided",),
        headline="The loss does not depend on any weight, so nothing can be learned",
        means="Gradients flow from the loss back through operations of the framework only.",
        causes=("The loss is computed with NumPy or argmax, from other tensors than the outputs, or all layers are frozen.",),
        changes=("Compute the loss from the outputs with keras.ops or tf functions, inside of the GradientTape.",),
        raised=[tensorflow("v = tf.Variable(1.0)\ntf.keras.optimizers.SGD().apply_gradients([(None, v)])\n")],
    ),
]  # fmt: skip
