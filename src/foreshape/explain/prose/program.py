"""Faults of plain Python: names, arguments, checks of the program itself."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Final

from foreshape.domain.origin import Origin
from foreshape.domain.values import Instance
from foreshape.explain.telling import Prose
from foreshape.explain.words import library, listed, one_line

if TYPE_CHECKING:
    from foreshape.explain.telling import Telling
    from foreshape.faults.call_arguments import CallArguments
    from foreshape.faults.explicit_raise import ExplicitRaise
    from foreshape.faults.invalid_argument import InvalidArgument
    from foreshape.faults.missing_attribute import MissingAttribute
    from foreshape.faults.missing_name import MissingName
    from foreshape.faults.python_error import PythonError
    from foreshape.faults.revealed_shape import RevealedShape
    from foreshape.faults.undefined_name import UndefinedName
    from foreshape.faults.unused_ignore import UnusedIgnore


def call_arguments(told: Telling) -> Prose:
    """ "np.zeros() got an unexpected keyword argument 'dim'"."""
    fault: CallArguments = told.fault  # type: ignore[assignment]
    prose = Prose(
        f"{fault.callee}() {fault.problem}",
        "",
    )
    quoted = fault.problem.split("'")
    if "keyword argument" in fault.problem and len(quoted) > 1:
        node = told.node
        keyword = quoted[1]
        if isinstance(node, ast.Call):
            found = next((each for each in node.keywords if each.arg == keyword), None)
            if found is not None:
                prose.cause = Origin(told.path, found)
                prose.cause_label = "no such argument" if "unexpected" in fault.problem else ""
        if "unexpected" in fault.problem:
            prose.headline = f"{fault.callee} has no argument {keyword}"
            prose.why = "It is misspelt, or belongs to another version or another function."
    elif "missing" in fault.problem:
        prose.why = "An argument without a default has to be given."
    elif fault.raises is not None:
        counted = METHOD_COUNT.match(fault.raises.message)
        if counted:
            takes, given = int(counted["takes"]) - 1, int(counted["given"]) - 1
            prose.why = f"Python counts self too: without it {fault.callee} takes {takes}, and {given} are given."
    return prose


METHOD_COUNT: Final = re.compile(
    r"\w+\.\w+\(\) takes (?P<takes>\d+) positional arguments? but (?P<given>\d+) (?:was|were) given"
)
"""What Python says of a method, whose class stands before the dot."""


def revealed_shape(told: Telling) -> Prose:
    """ "x is (32, 10, 3) float32"."""
    fault: RevealedShape = told.fault  # type: ignore[assignment]
    name = told.name(told.value(), "the value")
    if fault.otherwise:
        return Prose(f"{name} is {fault.otherwise}", "")
    shape = told.shape(fault.shape, told.value()) if fault.shape is not None else "of unknown rank"
    return Prose(f"{name} is {shape} {fault.dtype}".rstrip(), "")


def explicit_raise(told: Telling) -> Prose:
    """ "the check of the program itself fails: shapes differ"."""
    fault: ExplicitRaise = told.fault  # type: ignore[assignment]
    text = one_line(fault.text, 70).rstrip(".").replace("?", "")
    if fault.statement == "assert":
        head = f"this assert fails: {text}" if text else "this assert fails"
        if isinstance(told.node, ast.Assert):
            check = told.sources.text(told.path, told.node.test, 50)
            head = f"assert {check} fails" + (f": {text}" if text else "")
    else:
        head = f"the program itself raises {fault.exception} here" + (f": {text}" if text else "")
    why = "With the values that get here, the check can only fail." if not told.finding.conditions else ""
    return Prose(head, why)


def invalid_argument(told: Telling) -> Prose:
    """ "padding cannot be 'full'"."""
    fault: InvalidArgument = told.fault  # type: ignore[assignment]
    given = one_line(fault.given, 40)
    callee = told.called().rpartition(".")[2]
    layer = told.layer_text(told.layer)
    raises = told.fault.raises
    said = "" if raises is None else one_line(raises.message, 200).rstrip(".")
    if fault.argument in ("self", "input", "forward") and said:
        prose = Prose(one_line(f"{callee}: {said}" if callee and callee not in said else said, 110).replace("?", ""))
    elif said.startswith("could not convert string to float"):
        name = told.name(told.value(), fault.argument)
        prose = Prose(f"{name} holds the text {given}, but {callee or 'this'} computes with numbers".replace("?", ""))
        prose.why = (
            "Columns of texts are left out (df.select_dtypes('number')) or become numbers first: pd.get_dummies makes a "
            "column for each class, LabelEncoder numbers them."
        )
    elif fault.argument == "arrays" and said.startswith("Input should have at least 1 dimension"):
        prose = Prose(f"{callee} takes {given} for one more array to split")
        prose.why = "Whatever has no name is an array: the share of the test part needs its name, test_size=0.2."
    else:
        taker = layer or callee or "the function"
        prose = Prose(f"{taker} does not take {fault.argument} = {given}".replace("?", ""))
        prose.why = f"{said}." if said else ""
        divisor = re.fullmatch(r"\w+ must be divisible by (\w+)", said)
        kind = re.search(r"^(.*?)\. Received: .*\(of type (\w+)\)", said)
        if divisor:
            prose.headline = f"{taker} cannot share {fault.argument} = {given} out among its {divisor[1]}"
        elif given == "...":
            prose.headline = f"{taker} does not take this {fault.argument}" + (f", of type {kind[2]}" if kind else "")
            if kind:
                prose.why = f"{kind[1]}. int(...) makes a plain one of a number of NumPy."
        elif raises is not None and raises.by.startswith(("pandas", "scikit-learn", "scipy", "numpy")):
            from foreshape.explain.prose.metrics import argument

            argument(told, prose)
    prose.cause = told.argument(fault.argument)
    if prose.cause is None:
        origin = told.made_before(told.value())
        if origin is not None and not isinstance(told.value(), Instance):
            prose.cause = origin
    prose.fails = told.layer_origin() if prose.cause is None else None
    return prose


def missing_attribute(told: Telling) -> Prose:
    """ "a list has no attribute shape"."""
    fault: MissingAttribute = told.fault  # type: ignore[assignment]
    value = told.value()
    name = told.name(value)
    if isinstance(told.node, ast.Attribute):
        name = told.sources.text(told.path, told.node.value, 30)
    elif isinstance(told.node, ast.Call) and isinstance(told.node.func, ast.Attribute):
        name = told.sources.text(told.path, told.node.func.value, 30)
    if fault.set:
        return Prose(
            f"{fault.attribute} is a name that Keras keeps for itself: {fault.owner} cannot set self.{fault.attribute}",
            f"Layers and models have a property of that name, which nothing can be assigned to. Another name, such as "
            f"self.{fault.attribute}_layer, is free.",
            fails_label="cannot be set",
        )
    subject = f"{name}, of type {fault.owner}," if name and len(name) <= 30 else fault.owner
    if name == fault.owner or fault.owner.startswith("module"):
        subject = fault.owner
    hint = f": there is {listed(fault.similar[:3])}" if fault.similar else ""
    prose = Prose(f"{subject} has no attribute {fault.attribute}{hint}")
    if fault.owner in ("list", "tuple") and fault.attribute in ("shape", "reshape", "ndim", "dtype", "astype", "T"):
        prose.why = f"A Python {fault.owner} has no shape; np.array({name or '...'}) makes an array of it."
    elif fault.similar:
        prose.why = "The attribute may belong to another version, or be spelt differently."
    else:
        from foreshape.explain.prose.metrics import attribute

        if attribute(fault, name, prose):
            return prose
    made = told.made_before(value)
    if made is not None:
        prose.cause = made
        prose.cause_label = f"this is {fault.owner}"
    return prose


def missing_name(told: Telling) -> Prose:
    """ "Keras 3.15 has no keras.utils.np_utils"."""
    fault: MissingName = told.fault  # type: ignore[assignment]
    title = library(fault.library)
    release = f"{title} {fault.version}"
    prose = Prose(f"{release} has no {fault.wanted}")
    if fault.raises is not None and "object has no attribute" in fault.raises.message:
        holder = fault.raises.message.split("'")[1]
        prose.headline = f"a {holder} of {release} has no {fault.wanted.rpartition('.')[2]}"
    older = OLDER.get((fault.library, fault.since))
    if fault.now:
        now = fault.now.removeprefix("builtins.")
        prose.why = f"The name is of an older {title}. What it stood for is now {now}."
    elif older is not None:
        prose.why = older
        if fault.wanted.startswith("tensorflow.") and fault.library == "keras":
            prose.why = (
                "It belongs to Keras 2: pip install tf_keras, and set TF_USE_LEGACY_KERAS=1 in the environment before TensorFlow "
                "is imported. --target keras=2 checks the program for it."
            )
    elif fault.since:
        prose.why = f"{title} {fault.since} dropped it."
    prose.group = fault.imported if isinstance(fault.imported, Origin) else None
    return prose


OLDER: Final = {
    ("keras", "3"): (
        "Keras 2 has it: pip install tf_keras brings that version, and --target keras=2 checks the program for it."
    ),
    ("tensorflow", "2"): (
        "TensorFlow 1 had it. tf.compat.v1 holds much of that version; --target tensorflow=1 checks the program for it."
    ),
}
"""Where a name that nothing took the place of can still be found, by the library and the version that dropped it."""


def python_error(told: Telling) -> Prose:
    """What Python says of it: it names the types and the operation already."""
    fault: PythonError = told.fault  # type: ignore[assignment]
    text = one_line(fault.problem, 100).rstrip(".").replace("?", "")
    code = told.text()
    prose = Prose(f"{code}: {text}" if code and len(code) + len(text) < 100 else text)
    if "unsupported operand" in fault.problem and "'list'" in fault.problem:
        prose.why = "A plain list does not calculate with its numbers: np.array(...) makes an array of it, which does."
    else:
        from foreshape.explain.prose.metrics import operation

        operation(told, fault.problem, prose)
    made = told.made_before(told.value())
    if made is not None and "int" not in fault.types[:1]:
        prose.cause = made
    return prose


def undefined_name(told: Telling) -> Prose:
    """ "series is used here, but nothing defines it"."""
    fault: UndefinedName = told.fault  # type: ignore[assignment]
    name = fault.identifier
    tree = told.sources.file(told.path).tree
    later = [
        node.lineno
        for node in (ast.walk(tree) if tree is not None else ())
        if isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Store)
    ]
    after = [line for line in later if line > told.finding.span.line]
    if after:
        _, line = told.sources.file(told.path).place(min(after))
        why = "Python looks a name up when the line runs."
        if fault.raises is not None and fault.raises.exception == "UnboundLocalError":
            why = (
                "A name that a function assigns anywhere is its own: what the file assigns to it outside is not seen, unless "
                "the function says global or nonlocal."
            )
        return Prose(f"{name} is used before it is defined (line {line})", why)
    if later:
        return Prose(
            f"{name} has no value here",
            "A name that a function assigns anywhere is its own: what the file assigns to it outside is not seen, unless the "
            "function says global or nonlocal. A name that is deleted, or assigned on another path only, has no value either.",
        )
    return Prose(
        f"{name} is used here, but nothing in the program defines it",
        "A fragment that was copied without its beginning, or a misspelt name, is the usual reason.",
    )


def unused_ignore(told: Telling) -> Prose:
    """ "this comment ignores broadcast-mismatch, but there is none here"."""
    from difflib import get_close_matches

    from foreshape.faults.catalog import fault_names

    fault: UnusedIgnore = told.fault  # type: ignore[assignment]
    what = listed(fault.rules) if fault.rules else "everything"
    there = "there is no such report here" if fault.rules else "there is no report here"
    known = fault_names()
    unknown = [rule for rule in fault.rules if rule not in known]
    if unknown:
        near = get_close_matches(unknown[0], known, 1)
        return Prose(
            f"this comment ignores {listed(unknown)}, and there is no rule of that name",
            f"Perhaps {near[0]} is meant." if near else "foreshape rules lists the names.",
        )
    return Prose(
        f"this comment ignores {what}, but {there}",
        "It would hide the next report of that kind on this line: take it away, or check the spelling of the name.",
    )
