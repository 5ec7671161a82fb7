"""What Python itself says where shapes go wrong: unpacking, indexing, attributes of lists, tuples and None."""

from __future__ import annotations

import re
from typing import Any, Final

from foreshape.explain.pasted.catalogue import Family
from foreshape.explain.pasted.raisings import keras_3, python, text
from foreshape.explain.pasted.sizes import counted

ARRAY_NAMES: Final = (
    "shape|reshape|astype|ndim|dtype|size|mean|std|max|min|sum|argmax|flatten|transpose|T|squeeze|ravel|numpy|tolist|rank|to|dim|"
    "unsqueeze|view"
)


def _plain(groups: dict[str, Any]) -> dict[str, Any]:
    kind, name = groups["kind"], groups["name"]
    words = {
        "hint": "Something gave a list or tuple where an array was expected: unpack it first, or take the part that is meant."
    }
    if kind == "list":
        words["hint"] = "Rows that were appended in a loop are still a list."
        words["mend"] = (
            f"Make it an array once, after the loop: x = np.array(x); then x.{name} is there. Without NumPy: len(x)."
        )
    elif kind == "tuple":
        words["mend"] = (
            f"A layer or function gave several results: a, b = f(x), or f(x)[0].{name} for the first (an LSTM with states gives "
            f"output, h, c)."
        )
    else:
        words["hint"] = "A single number or text is left: a sum, an index or a loop took the axes away."
        words["mend"] = (
            "Print type(x) before this line, and keep the array; np.asarray(x) makes one of a number or list."
        )
    return words


def _key(groups: dict[str, Any]) -> dict[str, Any]:
    """Keys of History, of class numbers and of words are missing for reasons of their own."""
    key = str(groups["key"]).strip("'\"")
    if key.startswith("val_"):
        return {
            "why": "fit was called without validation data, so nothing of it was recorded.",
            "mend": "Call fit(..., validation_split=0.2) or validation_data=(x_val, y_val); print history.history.keys().",
        }
    if key in ("acc", "accuracy"):
        return {
            "why": "Older Keras records 'acc', newer 'accuracy', and neither without metrics=['accuracy'] in compile.",
            "mend": "Print history.history.keys(), and take the name that is there.",
        }
    if re.fullmatch(r"-?\d+", key):
        return {
            "why": "A class or id that the dict was not made for, or numbers that start at 0 in one place and at 1 in another.",
            "mend": "Print sorted(d)[:10] and the key; d.get(key) gives None where there is none.",
        }
    return {
        "why": "The name is spelt otherwise, a word is not in the vocabulary, or the file that was read holds other fields.",
        "mend": "Print list(d)[:10] (df.columns of a table); d.get(key, default) for words that may be missing.",
    }


def _article(kind: str) -> str:
    return "An" if kind[:1].lower() in "aeiou" else "A"


OLDER: Final = {
    "_keras_shape": (
        "Layers of keras and of tf.keras are mixed, or the code was written for Keras 2.2 or older.",
        "Import everything from one of the two, and read the shape with x.shape or keras.backend.int_shape(x).",
    ),
    "_keras_history": (
        "A tensor was computed with plain TensorFlow functions, or layers of keras and of tf.keras are mixed.",
        "Import everything from one of the two, and wrap other computations in a Lambda layer.",
    ),
    "get_shape": (
        "get_shape belongs to tensors of TensorFlow: here stands another library's tensor, an array, or a layer in place of its output.",
        "Call the layer, x = Layer(...)(x); of arrays and PyTorch's tensors read x.shape.",
    ),
    "value": (
        "In TensorFlow 1 the entries of a shape were Dimension objects with .value; since 2.0 they are plain numbers.",
        "Write x.shape[1] without .value; for both releases x.shape.as_list()[1].",
    ),
    "ndim": (
        "Here stands something that is no array: a list, a number, a text, or None.",
        "Make it one first: x = np.asarray(x).",
    ),
}
"""Attributes that code of other releases asks for, with why they are not there and what to write."""


def _attribute(groups: dict[str, Any]) -> dict[str, Any]:
    """Of a module or class a release has changed; of an object, it is often another one."""
    kind, name = groups["kind"], groups["name"]
    if "what" in groups:
        return {
            "told": f"{kind} has no {name}",
            "why": "The installed release does not have it any more, or not yet; the name is spelt otherwise; or a file of your own has "
            "the name of the library.",
            "mend": f"Compare pip show with the release that the code was written for; print [n for n in dir({kind}) if not "
            "n.startswith('_')].",
        }
    older = OLDER.get(name)
    if older is not None:
        return {"told": f"{_article(kind)} {kind} has no .{name}", "why": older[0], "mend": older[1]}
    return {
        "told": f"{_article(kind)} {kind} has no .{name}",
        "why": "A variable was overwritten with something else further up, a function gives a list or tuple, or the attribute is never "
        "set in __init__.",
        "mend": "Print type(x) before this line, and give different things different names.",
    }


FAMILIES: Final = [
    Family(
        "unpack-count",
        library="python",
        exceptions=("ValueError",),
        patterns=[
            r"too many values to unpack \(expected (?P<expected>\d+)(?:, got (?P<given>\d+))?\)",
            r"not enough values to unpack \(expected (?:at least )?(?P<expected>\d+), got (?P<given>\d+)\)",
            r"need more than (?P<given>\d+) values? to unpack",
        ],
        needles=("to unpack",),
        headline="{told}",
        means="a, b = something takes exactly as many values as there are names.",
        causes=(
            "x.shape has another number of axes than names: a batch axis more, a channel axis less.",
            "A function or layer gives more or fewer results: an LSTM with return_state gives 3, load_data a pair of pairs, "
            "evaluate a single loss.",
        ),
        changes=("Print what stands on the right, or its length; write as many names, or take the first axes only: height, width = "
            "image.shape[:2].",),
        derive=lambda groups: {
            "told": f"{counted(groups['given'], 'value')} for {counted(groups['expected'], 'name')}"
            if "given" in groups and "expected" in groups
            else f"There are more values than the {counted(groups['expected'], 'name')} on the left"
            if "expected" in groups
            else f"{counted(groups['given'], 'value')}, and more names on the left"
        },
        raised=[
            python("a, b = 1, 2, 3\n", expected=2),
            python("a, b, c = 1, 2\n", expected=3, given=2),
            python("a, *b, c = [1]\n", expected=2, given=1),
            # Python 3.14 names both; Python 2 had its own words.
            text("ValueError: too many values to unpack (expected 2, got 3)", expected=2, given=3),
            text("ValueError: need more than 1 value to unpack", given=1),
        ],
    ),
    Family(
        "unpack-one",
        library="python",
        exceptions=("TypeError",),
        patterns=[r"cannot unpack non-iterable (?P<kind>[\w.]+) object"],
        needles=("cannot unpack non-iterable",),
        headline="A single {kind} cannot be unpacked into several names",
        means="a, b = something needs something with several values on the right.",
        causes=("evaluate of a model without metrics gives the loss alone; a function without return gives None; a loop runs over "
            "single numbers.",),
        changes=("Take one name, or let the right side give several: compile(..., metrics=['accuracy']), return a, b, zip(x, y) or "
            "enumerate(x) in a loop.",),
        raised=[
            python("for a, b in [1, 2]:\n    pass\n", kind="int"),
            keras_3(
                "model = keras.Sequential([keras.layers.Input((4,)), keras.layers.Dense(3)])\nmodel.compile('sgd', 'mse')\n"
                "loss, accuracy = model.evaluate(np.ones((4, 4)), np.ones((4, 3)), verbose=0)\n",
                kind="float",
            ),
        ],
    ),
    Family(
        "none-attribute",
        library="python",
        exceptions=("AttributeError", "TypeError"),
        patterns=[
            r"'NoneType' object has no attribute '(?P<name>\w+)'",
            r"'NoneType' object is not (?P<what>subscriptable|iterable|callable)",
            r"object of type 'NoneType' has no len\(\)",
            r"unsupported operand type\(s\) for (?P<operation>\S+): (?:'NoneType' and '\w+'|'\w+' and 'NoneType')",
        ],
        needles=("NoneType",),
        headline="{told}",
        means="None is what a function without return gives, and what stands for a value that is not there.",
        causes=(
            "A function or call() ends without return; list.append, sort and shuffle change a list and give None; cv2.imread gives "
            "None for a path that does not exist.",
        ),
        changes=("Go to where the value is made, and print it there: add the return, or check the path.",),
        derive=lambda groups: {
            "told": f"A value is None where something with .{groups['name']} is expected"
            if "name" in groups
            else f"A value is None where {'something' if groups.get('what') != 'iterable' else 'a list'} is expected"
        },
        raised=[
            python("None.shape\n", name="shape"),
            python("None[0]\n", what="subscriptable"),
            python("for a in None:\n    pass\n", what="iterable"),
            python("len(None)\n"),
            python("None + 1\n", operation="+"),
        ],
    ),
    Family(
        "list-without-shape",
        library="python",
        exceptions=("AttributeError",),
        patterns=[rf"'(?P<kind>list|tuple|int|float|str|dict)' object has no attribute '(?P<name>{ARRAY_NAMES})'"],
        needles=("object has no attribute",),
        headline="There is no .{name} here: this is a plain {kind} and not an array",
        means="shape, reshape and the like belong to arrays and tensors.",
        causes=("{hint}",),
        changes=("{mend}",),
        derive=_plain,
        raised=[
            python("[1, 2].shape\n", kind="list", name="shape"),
            python("(1, 2).shape\n", kind="tuple", name="shape"),
            python("[1, 2].reshape(1)\n", kind="list", name="reshape"),
            python("(3.0).shape\n", kind="float", name="shape"),
        ],
    ),
    Family(
        "list-index",
        library="python",
        exceptions=("IndexError",),
        patterns=[r"(?P<kind>list|tuple|string) (?:assignment )?index out of range"],
        needles=("index out of range",),
        headline="The index lies beyond the end of this {kind}",
        means="Entries are counted from 0, so the last index is the length less one.",
        causes=(
            "A loop over windows runs one too far: range(len(x)) with x[i + 1] or x[i + n].",
            "shape[i] of something with fewer axes; or a list that is still empty.",
        ),
        changes=("Let the loop end at len(x) - n, or print the length before this line; to add to a list use append.",),
        raised=[
            python("[1, 2][5]\n", kind="list"),
            python("(1, 2)[5]\n", kind="tuple"),
            python("'ab'[5]\n", kind="string"),
            python("a = []\na[0] = 1\n", kind="list"),
        ],
    ),
    Family(
        "list-index-type",
        library="python",
        exceptions=("TypeError",),
        patterns=[r"(?P<kind>list|tuple|string) indices must be integers(?: or slices)?, not '?(?P<given>[\w.]+)'?"],
        needles=("indices must be integers",),
        headline="A {kind} is indexed with [{given}]; it takes whole numbers",
        means="x[:, 0] and names of columns are for arrays and DataFrames, x[1.0] for nothing.",
        causes=("A list of rows was not made an array yet, a division with / gave a float, or JSON is a list of dicts.",),
        changes=("Make it an array, x = np.array(x), use // for division, or loop: [row['name'] for row in rows].",),
        raised=[
            python("[1, 2]['a']\n", kind="list", given="str"),
            python("[1, 2][1.0]\n", kind="list", given="float"),
            python("[[1, 2], [3, 4]][:, 0]\n", kind="list", given="tuple"),
        ],
    ),
    Family(
        "no-attribute",
        library="python",
        exceptions=("AttributeError",),
        patterns=[
            r"(?P<what>module|type object) '(?P<kind>[\w.]+)' has no attribute '(?P<name>\w+)'",
            r"'(?P<kind>[\w.]+)' object has no attribute '(?P<name>\w+)'",
        ],
        needles=("has no attribute",),
        headline="{told}",
        means="What stands before the dot is another kind of thing than this line was written for.",
        causes=("{why}",),
        changes=("{mend}",),
        derive=_attribute,
        raised=[
            python("[1].predict\n", kind="list", name="predict"),
            python("class Net:\n    pass\nNet().layers\n", kind="Net", name="layers"),
            python("class Trainer:\n    pass\nTrainer.add_argparse_args\n", kind="Trainer", name="add_argparse_args"),
            python("import math\nmath.sigmoid\n", kind="math", name="sigmoid"),
        ],
    ),
    Family(
        "assertion-without-text",
        library="python",
        exceptions=("AssertionError",),
        patterns=[r"^$"],
        needles=("",),
        headline="An assert failed, and it says nothing but its own line",
        means="assert stops the program where its condition is False. The condition stands on the last line of the traceback.",
        causes=("A library or the program checks its input here: a shape, a dtype, an order of numbers, or that nothing is NaN.",),
        changes=("Print both sides of the condition just before that line; where it is in a library, print what you give to it.",),
        raised=[python("x = [1, 2]\nassert len(x) == 3\n")],
    ),
    Family(
        "missing-key",
        library="python",
        exceptions=("KeyError",),
        patterns=[r"^(?P<key>'[^']*'|\"[^\"]*\"|-?\d+(?:\.\d+)?)(?: |$)"],
        needles=("'", '"', *"0123456789"),
        headline="There is no {key} in this dict or table",
        means="Square brackets look a key up as it is written, with its capitals and spaces.",
        causes=("{why}",),
        changes=("{mend}",),
        derive=_key,
        raised=[
            python("{'a': 1}['CITY']\n", key="'CITY'"),
            python("{'loss': [1]}['val_loss']\n", key="'val_loss'"),
            python("{'the': 1, 'cat': 2}['dog']\n", key="'dog'"),
            python("{0: 1.0, 1: 2.0}[2]\n", key=2),
        ],
    ),
    Family(
        "not-subscriptable",
        library="python",
        exceptions=("TypeError",),
        patterns=[r"'(?P<kind>[\w.]+)' object is not subscriptable"],
        needles=("object is not subscriptable",),
        headline="Something of type {kind} cannot be indexed with [...]",
        means="Brackets take an element of a list, array or dict.",
        causes=("A number where an array was expected; zip, map and dict.keys(), which are no lists; a function without its "
            "parentheses ().",),
        changes=("Write list(...) around zip, map, keys and values; call functions with (); print type(x) before this line.",),
        raised=[
            python("3[0]\n", kind="int"),
            python("zip([1], [2])[0]\n", kind="zip"),
            python("{}.keys()[0]\n", kind="dict_keys"),
        ],
    ),
    Family(
        "not-iterable",
        library="python",
        exceptions=("TypeError",),
        patterns=[r"'(?P<kind>[\w.]+)' object is not iterable", r"object of type '(?P<kind>[\w.]+)' has no len\(\)"],
        needles=("object is not iterable", "has no len()"),
        headline="Something of type {kind} has no entries: it cannot be looped over or counted",
        means="for, list(), zip and len() need a list, an array or something like it.",
        causes=("A count where a range is meant, or a single number or model where a list is expected.",),
        changes=("Write range(n) for a count, or [x] for a list of one.",),
        raised=[python("for a in 3:\n    pass\n", kind="int"), python("len(3)\n", kind="int")],
    ),
    Family(
        "list-arithmetic",
        library="python",
        exceptions=("TypeError",),
        patterns=[
            r"unsupported operand type\(s\) for (?P<operation>\S+): '(?P<left>list|tuple)' and '(?P<right>[\w.]+)'",
            r"unsupported operand type\(s\) for (?P<operation>\S+): '(?P<left>[\w.]+)' and '(?P<right>list|tuple)'",
            r"can only concatenate (?P<left>list|tuple) \(not \"(?P<right>[\w.]+)\"\) to \w+",
            r"can't multiply sequence by non-int of type '(?P<right>[\w.]+)'",
        ],
        needles=("unsupported operand type(s)", "can only concatenate", "can't multiply sequence"),
        headline="Plain lists do not calculate: this is no arithmetic of numbers",
        means="+ joins lists and * repeats them; only arrays add and multiply number by number.",
        changes=("Make arrays first: np.array(x) - np.array(y), np.array(x) * 0.5.",),
        raised=[
            python("[1] - [2]\n", operation="-", left="list", right="list"),
            python("[1, 2] + 1\n", left="list", right="int"),
            python("[1] * 2.0\n", right="float"),
        ],
    ),
    Family(
        "text-and-number",
        library="python",
        exceptions=("TypeError",),
        patterns=[
            r"unsupported operand type\(s\) for (?P<operation>\S+): '(?P<left>int|float|str)' and '(?P<right>int|float|str)'",
            r"can only concatenate (?P<left>str) \(not \"(?P<right>[\w.]+)\"\) to str",
        ],
        needles=("unsupported operand type(s)", "can only concatenate"),
        headline="A number and a text do not add up: {left} and {right}",
        means="Python does not turn text into numbers by itself.",
        causes=("input(), a file or a DataFrame gave text; or a number is put into a sentence with +.",),
        changes=("Convert the one: float(text) for a sum, str(number) or f'{{number}}' for a sentence.",),
        raised=[
            python("1 + 'a'\n", operation="+", left="int", right="str"),
            python("'a' + 1\n", left="str", right="int"),
        ],
    ),
    Family(
        "whole-number-needed",
        library="python",
        exceptions=("TypeError",),
        patterns=[r"'(?P<kind>[\w.]+)' object cannot be interpreted as an (?:integer|index)"],
        needles=("cannot be interpreted as an",),
        headline="A {kind} stands where a whole number is needed",
        means="range, shapes and repetitions take whole numbers.",
        causes=("A division with / gives a float, even 4 / 2.",),
        changes=("Use // or int(...).",),
        raised=[python("range(6 / 2)\n", kind="float")],
    ),
    Family(
        "call-argument-count",
        library="python",
        exceptions=("TypeError", "RuntimeError"),
        patterns=[
            r"(?P<function>[\w.<>]+)\(\) missing (?P<count>\d+) required (?:positional|keyword-only) arguments?: (?P<names>.+?)\.?$",
            r"(?P<function>[\w.<>]+)\(\) takes (?:from \d+ to )?(?P<takes>\d+) positional arguments? but (?P<given>\d+) "
            r"(?:was|were) given",
            r"(?P<function>\w+)\(\) expected at most (?P<takes>\d+) argument\(s\) but received (?P<given>\d+) argument\(s\)",
        ],
        needles=("expected at most", "required positional argument", "required keyword-only argument", "positional argument"),
        headline="{told}",
        means="A method counts self as its first argument, so its count is one more than what stands in the call.",
        causes=("A layer or function is called with a list where it takes several arguments, or the other way round; or self is "
            "missing in the definition.",),
        changes=("Compare the call with the line that begins with def; a map function of a Dataset of pairs takes both, lambda x, "
            "y: ...",),
        derive=lambda groups: {
            "told": f"{groups['function']} was called without {groups['names']}"
            if "names" in groups
            else f"{groups['function']} takes {counted(groups['takes'], 'argument')}, but {groups['given']} were given"
        },
        raised=[
            python("def f(a):\n    pass\nf()\n", function="f", count=1, names="'a'"),
            python("def f(a):\n    pass\nf(1, 2)\n", function="f", takes=1, given=2),
            python("class A:\n    def call(self, x):\n        pass\nA().call(1, 2)\n", function="A.call", takes=2, given=3),
        ],
    ),
    Family(
        "call-argument-name",
        library="python",
        exceptions=("TypeError",),
        patterns=[r"(?P<function>[\w.<>]+)\(\) got an unexpected keyword argument '(?P<name>\w+)'"],
        needles=("got an unexpected keyword argument",),
        headline="{function} has no argument {name}",
        means="The name is spelt otherwise, or this version of the library does not have it (any more).",
        changes=("Look at help({function}) in the installed version; pip show names the version.",),
        raised=[python("def f(a):\n    pass\nf(b=1)\n", function="f", name="b")],
    ),
    Family(
        "division-by-zero",
        library="python",
        exceptions=("ZeroDivisionError",),
        patterns=[r"(?:float |integer |float floor |integer )?(?:division|modulo)(?: or modulo)? by zero"],
        needles=("by zero",),
        headline="Something is divided by zero",
        means="A count or a length is 0.",
        causes=("A batch or steps count that was rounded down to 0: 20 // 32; or an empty list.",),
        changes=("Print the divisor before this line; use max(1, n // batch_size) for steps.",),
        raised=[python("1 / 0\n")],
    ),
]  # fmt: skip
