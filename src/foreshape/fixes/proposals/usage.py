"""Calls that a library takes otherwise than they are written: methods that are gone or renamed, endings of files, functions
that symbolic tensors cannot be handed to, arguments that are missing, data of another kind."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from foreshape.domain.values import Array, Instance
from foreshape.fixes.candidate import SAFE, UNSAFE, Candidate
from foreshape.fixes.proposals.common import assigned, bound_to, class_of, import_added

if TYPE_CHECKING:
    from foreshape.fixes.bench import Bench
    from foreshape.fixes.edits import Splice

GONE: Final = {
    "fit_generator": "fit", "evaluate_generator": "evaluate", "predict_generator": "predict", "predict_proba": "predict",
}  # fmt: skip
REDUCERS: Final = {
    "reduce_mean": "mean", "reduce_sum": "sum", "reduce_max": "max", "reduce_min": "min", "reduce_prod": "prod",
    "concat": "concatenate", "range": "arange", "pow": "power", "batch_dot": "matmul", "reduce_all": "all",
    "reduce_any": "any",
}  # fmt: skip


def propose(bench: Bench) -> Iterator[Candidate]:
    name = bench.fault.name
    if name == "missing-attribute":
        yield from _methods(bench)
        yield from _abbreviated(bench)
    elif name == "invalid-argument":
        yield from _endings(bench)
        yield from _named_first(bench)
        yield from _whole_numbers(bench)
        yield from _keys(bench, bench.fault.values)
    elif name == "missing-key":
        yield from _missing_key(bench)
    elif name == "unsupported-data":
        yield from _tuples(bench)
        yield from _called_at_once(bench)
        yield from _symbolic(bench)
        yield from _windows(bench)
    elif name == "assignment-shape":
        yield from _assigned(bench)
    elif name == "call-arguments":
        yield from _made(bench)
        yield from _as_beside(bench)
    elif name == "weights-shape":
        yield from _bias(bench)
    elif name == "layer-input-count":
        yield from _more_inputs(bench)
    elif name == "value-conversion":
        yield from _empty_texts(bench)
    elif name == "undefined-name":
        yield from _global(bench)
        yield from _named_otherwise(bench)
    elif name == "split-size":
        yield from _whole_parts(bench)
    elif name == "mask-shape":
        yield from _masks(bench)


def _assigned(bench: Bench) -> Iterator[Candidate]:
    """A column of predictions, (n, 1), into a place for n numbers, and the other way round."""
    node: ast.AST | None = bench.node
    while node is not None and not isinstance(node, ast.Assign):
        node = bench.parent(bench.path, node)
    target, value = getattr(bench.fault, "target", None), getattr(bench.fault, "value", None)
    if (
        node is None
        or target is None
        or value is None
        or not isinstance(node.value, (ast.Name, ast.Attribute, ast.Call, ast.Subscript))
    ):
        return
    text = bench.text(bench.path, node.value)
    yield from _allocated(bench, node, len(value) - len(target))
    if len(value) == len(target) + 1 and value[-1] == 1:
        yield Candidate(f"{text}[..., 0]", [bench.after(bench.path, node.value, "[..., 0]")], UNSAFE, -1)
    elif len(target) == len(value) + 1 and target[-1] == 1:
        yield Candidate(f"{text}[..., None]", [bench.after(bench.path, node.value, "[..., None]")], UNSAFE, -1)


def _allocated(bench: Bench, node: ast.Assign, missing: int) -> Iterator[Candidate]:
    """``np.zeros((rows, steps))`` that is filled with rows of more axes: the sizes of those as well."""
    holder = node.targets[0]
    if missing < 1 or not isinstance(holder, ast.Subscript) or not isinstance(holder.value, ast.Name):
        return
    cut = node.value.value if isinstance(node.value, ast.Subscript) else node.value
    if isinstance(node.value, ast.Subscript) and not isinstance(node.value.slice, ast.Slice):
        return
    source = bench.text(bench.path, cut)
    if not source.replace(".", "").isidentifier():
        return
    for made in assigned(bench, holder.value.id):
        sizes = made.args[0] if isinstance(made, ast.Call) and made.args else None
        if isinstance(sizes, (ast.Tuple, ast.List)) and sizes.elts and class_of(made) in ("zeros", "ones", "empty"):  # type: ignore[arg-type]
            text = f", *{source}.shape[-{missing}:]" if missing > 1 else f", {source}.shape[-1]"
            yield Candidate(f"(...{text})", [bench.after(bench.path, sizes.elts[-1], text)], UNSAFE, -1)


def _tuples(bench: Bench) -> Iterator[Candidate]:
    """What a generator yields as a list, as a tuple."""
    origin = bench.fault.values[0].origin if bench.fault.values else None
    if not getattr(bench.fault, "given", "").startswith("a generator that yields") or origin is None:
        return
    node = origin.node
    if isinstance(node, ast.List) and node.elts:
        inside = bench.text(origin.path, node)[1:-1]
        comma = "," if len(node.elts) == 1 and not inside.rstrip().endswith(",") else ""
        new = f"({inside}{comma})"
        yield Candidate(new, [bench.replace(origin.path, node, new)], SAFE, 0)
    for each in bench.walk(origin.path):
        if isinstance(each, ast.Yield) and isinstance(each.value, ast.Tuple):
            for part in each.value.elts:
                if isinstance(part, ast.Name) and part.id == origin.name:
                    new = f"tuple({part.id})"
                    yield Candidate(new, [bench.replace(origin.path, part, new)], SAFE, 0)
        elif isinstance(each, ast.Yield) and isinstance(each.value, ast.Name) and each.value.id == origin.name:
            new = f"tuple({each.value.id})"
            yield Candidate(new, [bench.replace(origin.path, each.value, new)], SAFE, 0)


def _methods(bench: Bench) -> Iterator[Candidate]:
    """Methods of Keras 2 that Keras 3 does not have."""
    node = bench.node.func if isinstance(bench.node, ast.Call) else bench.node
    if not isinstance(node, ast.Attribute):
        return
    base = bench.text(bench.path, node.value)
    if node.attr in GONE:
        new = f"{base}.{GONE[node.attr]}"
        yield Candidate(new, [bench.replace(bench.path, node, new)], SAFE, 0)
    if node.attr == "reset_states":
        call = bench.node if isinstance(bench.node, ast.Call) else bench.parent(bench.path, node)
        held = bench.parent(bench.path, call) if call is not None else None
        if isinstance(call, ast.Call) and isinstance(held, ast.Expr):
            row, column, _, _ = bench.sources.file(bench.path).span(held)
            indent = " " * (column - 1)
            text = (
                f'for layer in {base}.layers:\n{indent}    if hasattr(layer, "reset_states"):\n'
                f"{indent}        layer.reset_states()"
            )
            if not bench.sources.file(bench.path).lines[row - 1][: column - 1].strip():
                yield Candidate(f"for layer in {base}.layers: ...", [bench.replace(bench.path, held, text)], UNSAFE, 0)


def _abbreviated(bench: Bench) -> Iterator[Candidate]:
    """``cfg.learning_rate`` where the class calls it ``lr``, and the other way round."""
    node = bench.node.func if isinstance(bench.node, ast.Call) else bench.node
    if not isinstance(node, ast.Attribute):
        return
    owner = bench.fault.owner.rpartition(".")[2]  # type: ignore[attr-defined]
    base = bench.text(bench.path, node.value)
    known: dict[str, None] = {}
    for each in bench.walk(bench.path):
        if isinstance(each, ast.ClassDef) and each.name == owner:
            for part in ast.walk(each):
                if isinstance(part, ast.AnnAssign) and isinstance(part.target, ast.Name):
                    known[part.target.id] = None
                elif isinstance(part, ast.Attribute) and isinstance(part.ctx, ast.Store):
                    known[part.attr] = None
    for other in known:
        if alike(node.attr, other):
            yield Candidate(f"{base}.{other}", [bench.replace(bench.path, node, f"{base}.{other}")], UNSAFE, 1)


def alike(one: str, other: str) -> bool:
    """Whether a name is short for another one: its initials, its beginning, a part of it between underscores."""
    short, long = sorted((one, other), key=len)
    parts = [part for part in long.split("_") if part]
    if not short or short == long:
        return False
    return short == "".join(part[0] for part in parts) or long.startswith(short) or short in parts


def _endings(bench: Bench) -> Iterator[Candidate]:
    """``.keras`` and ``.weights.h5`` behind the name of a file, wherever the program writes it."""
    node = bench.node
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return
    ending = {"save": ".keras", "save_weights": ".weights.h5"}.get(node.func.attr)
    given = bench.argument(node, "filepath", 0)
    if ending is None or not isinstance(given, ast.Constant) or not isinstance(given.value, str):
        return
    stem = given.value
    for old in (".weights.h5", ".h5", ".hdf5", ".keras", ".tf", ".ckpt", ".weights"):
        if stem.endswith(old):
            stem = stem[: -len(old)]
            break
    edits = []
    for each in bench.walk(bench.path):
        if isinstance(each, ast.Constant) and each.value == given.value:
            text = bench.text(bench.path, each)
            quote = text[-1:]
            if text == f"{quote}{given.value}{quote}":
                edits.append(bench.replace(bench.path, each, f"{quote}{stem}{ending}{quote}"))
    if edits:
        yield Candidate(edits[0].text, edits, SAFE if len(edits) == 1 else UNSAFE, 0)


def _named_first(bench: Bench) -> Iterator[Candidate]:
    """``add_weight("kernel", ...)``: the name is a keyword in Keras 3."""
    node = bench.node
    if isinstance(node, ast.Call) and class_of(node) == "add_weight" and node.args:
        first = node.args[0]
        if isinstance(first, ast.Constant) and isinstance(first.value, str) and bench.keyword(node, "name") is None:
            rest = [bench.replace(bench.path, each, f"shape={bench.text(bench.path, each)}") for each in node.args[1:2]]
            text = f"name={bench.text(bench.path, first)}"
            yield Candidate(text, [bench.replace(bench.path, first, text), *rest], SAFE, 0)


def _whole_numbers(bench: Bench) -> Iterator[Candidate]:
    """A number of NumPy where a layer takes one of Python: ``int(ids.max()) + 1`` for a table of ids."""
    message = bench.fault.raises.message if bench.fault.raises is not None else ""
    made = bench.layer()
    call = made[1] if made is not None else bench.node
    path = made[0] if made is not None else bench.path
    if "integer" not in message or not isinstance(call, ast.Call):
        return
    given = bench.argument(call, bench.fault.argument, 0)  # type: ignore[attr-defined]
    if given is None or isinstance(given, ast.Constant):
        return
    text = bench.text(path, given)
    for each in bound_to(bench.tree(path), given.id, nested=True) if isinstance(given, ast.Name) else ():
        if isinstance(each, ast.Call):
            held = bench.text(path, each)
            if class_of(each) in ("max", "amax"):
                yield Candidate(f"int({held}) + 1", [bench.replace(path, each, f"int({held}) + 1")], UNSAFE, -2)
            yield Candidate(f"int({held})", [bench.replace(path, each, f"int({held})")], UNSAFE, -1)
    yield Candidate(f"int({text})", [bench.replace(path, given, f"int({text})")], UNSAFE, 0)


def _windows(bench: Bench) -> Iterator[Candidate]:
    """The shorter windows at the end of a dataset left out."""
    for each in bench.walk(bench.path):
        if isinstance(each, ast.Call) and class_of(each) in ("window", "batch"):
            if isinstance(each.func, ast.Attribute) and bench.keyword(each, "drop_remainder") is None:
                one = bench.set_keyword(bench.path, each, "drop_remainder", "True")
                yield Candidate("drop_remainder=True", [one], UNSAFE, -1 if class_of(each) == "window" else 0)


def _keys(bench: Bench, values: object) -> Iterator[Candidate]:
    """A key of a dict that is fed, as the layer of that name is called."""
    expected = _names_of(bench)
    for node in bench.walk(bench.path):
        if not isinstance(node, ast.Dict):
            continue
        keys = [each for each in node.keys if isinstance(each, ast.Constant) and isinstance(each.value, str)]
        held = {each.value for each in keys}
        wrong = [each for each in keys if each.value not in expected]
        missing = [name for name in expected if name not in held]
        if not (held & set(expected)) or len(keys) != len(expected):
            continue
        for key in wrong:
            for name in sorted(missing, key=lambda each: not alike(str(key.value), each)):
                quote = bench.text(bench.path, key)[-1:]
                yield Candidate(
                    f"{quote}{name}{quote}", [bench.replace(bench.path, key, f"{quote}{name}{quote}")], UNSAFE, 0
                )


def _names_of(bench: Bench) -> list[str]:
    """The names that the program gives to layers."""
    found: dict[str, None] = {}
    for node in bench.walk(bench.path):
        if isinstance(node, ast.Call) and class_of(node)[:1].isupper():
            held = bench.keyword(node, "name")
            if held is not None and isinstance(held.value, ast.Constant) and isinstance(held.value.value, str):
                found[held.value.value] = None
    used = bench.fault.raises.message if bench.fault.raises is not None else ""
    named = [name for name in found if f"'{name}'" in used]
    inputs = [
        name for name in found
        if any(
            isinstance(node, ast.Dict) and any(isinstance(key, ast.Constant) and key.value == name for key in node.keys)
            for node in bench.walk(bench.path)
        )
    ]  # fmt: skip
    return named or inputs


def _missing_key(bench: Bench) -> Iterator[Candidate]:
    """A dict that is fed without the key that the input is called by: the key that stands for it renamed."""
    wanted, known = bench.fault.key.strip("'\""), [each.strip("'\"") for each in bench.fault.known]  # type: ignore[attr-defined]
    if not isinstance(bench.node, ast.Call):
        return
    for node in bench.walk(bench.path):
        if isinstance(node, ast.Dict):
            keys = [each for each in node.keys if isinstance(each, ast.Constant)]
            if sorted(str(each.value) for each in keys) != sorted(known):
                continue
            for key in sorted(keys, key=lambda each: not alike(str(each.value), wanted)):
                quote = bench.text(bench.path, key)[-1:]
                text = f"{quote}{wanted}{quote}"
                likely = 0 if alike(str(key.value), wanted) else 2
                yield Candidate(text, [bench.replace(bench.path, key, text)], UNSAFE, likely)


def _called_at_once(bench: Bench) -> Iterator[Candidate]:
    """``Flatten(x)`` as ``Flatten()(x)``."""
    node = bench.node
    if not isinstance(node, ast.Call) or getattr(bench.fault, "given", "") != "a tensor where its settings go":
        return
    if len(node.args) == 1 and not isinstance(node.args[0], ast.Starred):
        settings = ", ".join(bench.text(bench.path, word) for word in node.keywords)
        text = f"{bench.text(bench.path, node.func)}({settings})({bench.text(bench.path, node.args[0])})"
        yield Candidate(text, [bench.replace(bench.path, node, text)], SAFE, -1)


def _symbolic(bench: Bench) -> Iterator[Candidate]:
    """A function of TensorFlow or of the backend on a symbolic tensor, as the one of keras.ops."""
    node = bench.node
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return
    if not any(isinstance(value, Array) and value.kind == "keras" for value in bench.fault.values):
        return
    keras = bench.module(bench.path, "keras")
    imports: list[Splice] = []
    name = REDUCERS.get(node.func.attr, node.func.attr)
    top = f"{keras}.ops" if keras is not None else ""
    # tf.keras has no ``ops`` where it is reached through the package of TensorFlow
    if bench.module(bench.path, "keras") is None or _through_tensorflow(bench):
        top, imports = "ops", import_added(bench, "from keras import ops")
        if not imports:
            return
    axis = bench.keyword(node, "axis")
    if name == "mean" and axis is not None and bench.text(bench.path, axis.value) == "1" and len(node.args) == 1:
        shape = bench.told.shape_of(bench.told.value())
        module = bench.module(bench.path, "keras.layers") or bench.module(bench.path, "tensorflow.keras.layers")
        if module is not None and shape is not None and len(shape) == 3:
            text = f"{module}.GlobalAveragePooling1D()({bench.text(bench.path, node.args[0])})"
            yield Candidate(text, [bench.replace(bench.path, node, text)], UNSAFE, -2)
    if name == "shape" and node.args:
        text = f"{bench.text(bench.path, node.args[0])}.shape"
        yield Candidate(text, [bench.replace(bench.path, node, text)], UNSAFE, -2)
    new = bench.replace(bench.path, node.func, f"{top}.{name}")
    yield Candidate(f"{top}.{name}(...)", [new, *imports], UNSAFE, -1)


def _through_tensorflow(bench: Bench) -> bool:
    return not any(
        isinstance(each, ast.Import) and any(alias.name == "keras" for alias in each.names)
        for each in bench.walk(bench.path)
    )


def _made(bench: Bench) -> Iterator[Candidate]:
    """``model = Sequential``: the class where an object of it was meant."""
    function = bench.node.func if isinstance(bench.node, ast.Call) else None
    if not isinstance(function, ast.Attribute) or not isinstance(function.value, ast.Name):
        return
    for each in assigned(bench, function.value.id):
        name = each.attr if isinstance(each, ast.Attribute) else getattr(each, "id", "")
        if name[:1].isupper() and not isinstance(each, ast.Call):
            text = f"{bench.text(bench.path, each)}()"
            yield Candidate(text, [bench.after(bench.path, each, "()")], SAFE, -1)


def _as_beside(bench: Bench) -> Iterator[Candidate]:
    """A call that lacks an argument, with that of another call of the same function; a dict of options likewise."""
    message = bench.fault.raises.message if bench.fault.raises is not None else ""
    if "missing" not in message or not isinstance(bench.node, ast.Call):
        return
    missing = message.rpartition(":")[2].replace("'", "").replace(" and ", ",").split(",")
    wanted = [name.strip() for name in missing if name.strip().isidentifier()]
    node = bench.node
    name = class_of(node)
    calls = [each for each in bench.walk(bench.path) if isinstance(each, ast.Call) and class_of(each) == name]
    place = (node.lineno, node.col_offset)
    nearest = sorted(calls, key=lambda each: (abs(each.lineno - place[0]), abs(each.col_offset - place[1])))
    for each in nearest if name else ():
        if each is node:
            continue
        if len(each.args) == len(node.args) + len(wanted) and not node.keywords and node.args:
            texts = [bench.text(bench.path, part) for part in each.args[len(node.args) :]]
            text = ", ".join(texts)
            yield Candidate(f"{name}(..., {text})", [bench.after(bench.path, node.args[-1], f", {text}")], UNSAFE, 1)
    if any(keyword.arg is None for keyword in node.keywords) and len(wanted) == 1:
        yield from _options(bench, wanted[0])


def _options(bench: Bench, wanted: str) -> Iterator[Candidate]:
    """``**options`` of a dict without a key that others like it have."""
    dicts = [each for each in bench.walk(bench.path) if isinstance(each, ast.Dict) and each.keys]
    values: dict[str, None] = {"1": None} if wanted == "units" else {}
    for each in dicts:
        for key, held in zip(each.keys, each.values, strict=True):
            if isinstance(key, ast.Constant) and key.value == wanted:
                values[bench.text(bench.path, held)] = None
    for each in reversed(dicts):
        keys = [key for key in each.keys if isinstance(key, ast.Constant)]
        if not keys or len(keys) != len(each.keys) or any(key.value == wanted for key in keys):
            continue
        for text in list(values)[:4]:
            new = f'"{wanted}": {text}'
            yield Candidate(f"{{{new}, ...}}", [bench.before(bench.path, keys[0], f"{new}, ")], UNSAFE, 2)


def _bias(bench: Bench) -> Iterator[Candidate]:
    """The bias that a list of weights lacks, as zeros."""
    node, numpy = bench.node, bench.module(bench.path, "numpy")
    needs, got = bench.fault.needs, bench.fault.got  # type: ignore[attr-defined]
    if numpy is None or not isinstance(node, ast.Call) or (needs, got) != (2, 1) or not node.args:
        return
    held = node.args[0]
    if isinstance(held, ast.List) and len(held.elts) == 1:
        kernel = bench.text(bench.path, held.elts[0])
        text = f", {numpy}.zeros({kernel}.shape[-1])"
        yield Candidate(f"[{kernel}{text}]", [bench.after(bench.path, held.elts[0], text)], UNSAFE, 0)


def _more_inputs(bench: Bench) -> Iterator[Candidate]:
    """A model that is fed fewer arrays than it has inputs: zeros of the shape that is declared, to be replaced."""
    node, numpy = bench.node, bench.module(bench.path, "numpy")
    if numpy is None or not isinstance(node, ast.Call) or not node.args:
        return
    given = node.args[0]
    needs, got = bench.fault.needs, bench.fault.got  # type: ignore[attr-defined]
    if not isinstance(given, (ast.List, ast.Tuple)) or not given.elts or needs <= got:
        return
    shapes: list[tuple[int, ...]] = []
    for layer in bench.fault.layers:
        graph = layer.fields.get("~graph") if isinstance(layer, Instance) else None
        if graph is not None:
            known = [bench.known(each.shape) for each in graph.inputs]
            shapes = [each for each in known if each is not None]
            if len(shapes) != needs:
                return
            break
    first = bench.text(bench.path, given.elts[0])
    extra = "".join(f", {numpy}.zeros((len({first}), {', '.join(map(str, shape))}))" for shape in shapes[got:])
    if extra:
        yield Candidate(f"[...{extra}]", [bench.after(bench.path, given.elts[-1], extra)], UNSAFE, 2)


def _empty_texts(bench: Bench) -> Iterator[Candidate]:
    """An empty text as "nan" before it is made a number."""
    node, numpy = bench.node, bench.module(bench.path, "numpy")
    if bench.fault.value.strip("'\" ") or numpy is None:  # type: ignore[attr-defined]
        return
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "astype":
        base = bench.text(bench.path, node.func.value)
        text = f'{numpy}.where({base} == "", "nan", {base})'
        yield Candidate(f"{text}.astype(...)", [bench.replace(bench.path, node.func.value, text)], UNSAFE, 0)


def _global(bench: Bench) -> Iterator[Candidate]:
    """A variable of the module that a function assigns before it reads it."""
    name: str = bench.fault.identifier  # type: ignore[attr-defined]
    if bench.node is None:
        return
    function = next((each for each in bench.above(bench.path, bench.node) if isinstance(each, ast.FunctionDef)), None)
    tree = bench.tree(bench.path)
    if function is None or tree is None or not function.body:
        return
    known = any(
        isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store) and part.id == name
        for each in tree.body
        if isinstance(each, ast.Assign)
        for part in ast.walk(each)
    )
    first = function.body[0]
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and len(function.body) > 1:
        first = function.body[1]
    line = bench.line_before(bench.path, first, f"global {name}") if known else None
    if line is not None:
        yield Candidate(f"global {name}", [line], UNSAFE, 0)


def _named_otherwise(bench: Bench) -> Iterator[Candidate]:
    """``y_true`` where the program says ``y``."""
    name: str = bench.fault.identifier  # type: ignore[attr-defined]
    node = bench.node
    if not isinstance(node, ast.Name):
        return
    for each in bench.walk(bench.path):
        stored = isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store) and each.lineno < node.lineno
        if not stored or not isinstance(each, ast.Name) or each.id == name:
            continue
        short, own = each.id.lower(), name.lower()
        begins = short.partition("_")[0] == own.partition("_")[0] and "_" in own
        if alike(short, own) or begins:
            yield Candidate(each.id, [bench.replace(bench.path, node, each.id)], UNSAFE, 3 if begins else 0)


def _masks(bench: Bench) -> Iterator[Candidate]:
    """A mask cut to the length of what it is used on, or the other way round."""
    node = bench.node
    if not isinstance(node, ast.Subscript):
        return
    held = bench.text(bench.path, node.value)
    yield from _of_same_part(bench, node)
    inner = node.slice.operand if isinstance(node.slice, ast.UnaryOp) else node.slice
    if isinstance(inner, ast.Name) and bench.fault.axis == 0:  # type: ignore[attr-defined]
        cut = f"[: len({held})]"
        yield Candidate(f"{inner.id}{cut}", [bench.part(bench.path, inner, cut)], UNSAFE, 0)
        cut = f"[: len({inner.id})]"
        yield Candidate(f"{held}{cut}", [bench.part(bench.path, node.value, cut)], UNSAFE, 1)


def _of_same_part(bench: Bench, node: ast.Subscript) -> Iterator[Candidate]:
    """``x_test[y_train == 1]``: the labels of the part that is indexed."""
    if not isinstance(node.value, ast.Name):
        return
    part = node.value.id.partition("_")[2]
    for each in ast.walk(node.slice):
        if isinstance(each, ast.Name) and part and each.id.partition("_")[2] not in ("", part):
            name = f"{each.id.partition('_')[0]}_{part}"
            if any(
                isinstance(other, ast.Name) and isinstance(other.ctx, ast.Store) and other.id == name
                for other in bench.walk(bench.path)
            ):
                yield Candidate(name, [bench.replace(bench.path, each, name)], UNSAFE, -1)


def _whole_parts(bench: Bench) -> Iterator[Candidate]:
    """``np.split(x, len(x) // 7)`` of what is a multiple of 7."""
    node = bench.node
    if not isinstance(node, ast.Call) or len(node.args) < 2:
        return
    given, parts = node.args[:2]
    text = bench.text(bench.path, given)
    if isinstance(parts, ast.BinOp) and isinstance(parts.op, ast.FloorDiv):
        unit = bench.text(bench.path, parts.right)
        cut = f"[: len({text}) // {unit} * {unit}]"
        if isinstance(given, (ast.Name, ast.Attribute)):
            yield Candidate(f"{text}{cut}", [bench.part(bench.path, given, cut)], UNSAFE, 0)
    sections = bench.fault.sections  # type: ignore[attr-defined]
    size = bench.fault.size  # type: ignore[attr-defined]
    if isinstance(parts, ast.Constant) and isinstance(size, int) and isinstance(sections, int):
        divisors = [each for each in range(2, size) if size % each == 0]
        for each in sorted(divisors, key=lambda number: abs(number - sections))[:2]:
            yield Candidate(str(each), [bench.replace(bench.path, parts, str(each))], UNSAFE, 0)
    if isinstance(given, (ast.Name, ast.Attribute)):
        cut = f"[: len({text}) // {sections} * {sections}]"
        yield Candidate(f"{text}{cut}", [bench.part(bench.path, given, cut)], UNSAFE, 1)
