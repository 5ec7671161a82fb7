"""``tf.function``, control flow, ``TensorArray``, ``tf.Module``, and what only configures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from foreshape.domain.contents import Contents, Run
from foreshape.domain.dim import is_none as undefined
from foreshape.domain.values import (
    Array,
    BoundMethod,
    ClassValue,
    Const,
    DictValue,
    Function,
    Instance,
    LibraryRef,
    Partial,
    Sequence,
    Typed,
    Unknown,
    Value,
    as_bool,
    as_int,
    is_none,
)
from foreshape.semantics.keras.traced import placeholder, runs_eagerly
from foreshape.semantics.registry import attribute, constant, library_type, rule
from foreshape.semantics.shared.structure import as_tuple, flatten, mapped
from foreshape.semantics.tensorflow.convert import as_tensor
from foreshape.semantics.tensorflow.staging import AUTOGRAPH
from foreshape.semantics.tensorflow.support import dtype_of, in_graph, open_dtype

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

library_type("tensorflow.Module")
library_type("tensorflow.summary.SummaryWriter")
library_type("tensorflow.random.Generator")
library_type("tensorflow.TensorArray")
library_type("tensorflow.~Result", "typing.NamedTuple")

DECLARED = "~declared"
"""In the state of the process: with the identity of a traced function that has a signature, whose sizes may be None."""
CALLABLE = (Function, BoundMethod, Partial)


# -- tf.function -----------------------------------------------------------------------------------------------------


@rule("tensorflow.function")
def function(cx: Context, func: Value | None = None, *args: Value, **kwargs: Value) -> Value:
    """A function whose body is traced as a graph. With settings only, a decorator."""
    target = func if func is not None and not is_none(func) else kwargs.get("func")
    signature = kwargs.get("input_signature")
    if target is None or is_none(target):
        whole = LibraryRef("tensorflow.function")
        return whole if signature is None else Partial(whole, (), {"input_signature": signature})
    if isinstance(target, Function):
        made = target.again()
        made.wrapper = target.wrapper or "tensorflow.function.__call__"
        if signature is not None and not is_none(signature):
            from foreshape.semantics.tensorflow.signatures import remember

            cx.process[DECLARED, id(made)] = made
            remember(cx, made, signature)
        return made
    return target


@rule("tensorflow.function.__call__")
def traced(cx: Context, function: Value, *args: Value, **kwargs: Value) -> Value:
    """The call of a ``tf.function``: arrays become tensors, shape errors are those of a graph, so are the results."""
    if cx.state("tensorflow").fields:
        from foreshape.semantics.tensorflow.signatures import bind

        bind(cx, function, args)
    plain = function
    if isinstance(function, Function):
        plain = function.again()
        plain.wrapper = None
    if runs_eagerly(cx):
        return cx.call(plain, args, kwargs)
    state = cx.state("keras")
    outer = state.fields.get("symbolic")
    cx.set(state, "symbolic", True)
    rewritten = cx.process.get(AUTOGRAPH)
    cx.process[AUTOGRAPH] = rewritten is not False and (DECLARED, id(function)) not in cx.process
    try:
        fed = [mapped(placeholder, value) for value in args]
        with cx.opaque():
            made = cx.call(plain, fed, {key: mapped(placeholder, value) for key, value in kwargs.items()})
    finally:
        cx.set(state, "symbolic", outer)
        cx.process[AUTOGRAPH] = rewritten
    return settled(cx, made, nested=bool(outer))


def settled(cx: Context, result: Value, nested: bool = False) -> Value:
    """What a graph gives back: numbers become tensors; a size that was None in the graph is just not known outside."""

    def one(leaf: Value) -> Value:
        if isinstance(leaf, (Const, Typed)) and not is_none(leaf):
            found = as_tensor(cx, leaf)
            return leaf if found is None else found
        if isinstance(leaf, Array) and leaf.kind == "numpy":
            return as_tensor(cx, leaf) or leaf
        if isinstance(leaf, Instance) and leaf.library_type == "tensorflow.TensorShape":
            return as_tensor(cx, leaf) or leaf
        tensors = isinstance(leaf, Array) and leaf.kind == "tensorflow" and not nested
        if tensors and isinstance(leaf, Array) and leaf.shape is not None and any(undefined(dim) for dim in leaf.shape):
            shape = tuple(cx.fresh(lo=0) if undefined(dim) else dim for dim in leaf.shape)
            made = leaf.replace(shape=shape, roles=leaf.roles)
            made.origin = leaf.origin
            return made
        return leaf

    if isinstance(result, Unknown):
        return result
    return mapped(one, result)


@rule("tensorflow.py_function")
def py_function(
    cx: Context,
    func: Value | None = None,
    inp: Value | None = None,
    Tout: Value | None = None,  # noqa: N803 - its real name
    name: Value | None = None,
) -> Value:
    """Tensors of the dtypes that are named; their shapes are not known in a graph."""
    return _python(cx, func, inp, Tout, arrays=False)


@rule("tensorflow.numpy_function", "tensorflow.py_func")
def numpy_function(
    cx: Context,
    func: Value | None = None,
    inp: Value | None = None,
    Tout: Value | None = None,  # noqa: N803 - its real name
    stateful: Value | None = None,
    name: Value | None = None,
) -> Value:
    """As ``py_function``; the function is given arrays."""
    return _python(cx, func, inp, Tout, arrays=True)


def _python(cx: Context, func: Value | None, inp: Value | None, wanted: Value | None, arrays: bool) -> Value:
    if wanted is None or func is None or inp is None:
        return cx.unknown("what a Python function gives")
    results: list[Value] = []
    contents = cx.iterate(inp)
    items = None if contents is None else contents.items(limit=64)
    if not in_graph(cx) and items is not None:
        if arrays:
            items = tuple(
                item.replace(kind="numpy", meta={}) if isinstance(item, Array) and item.kind == "tensorflow" else item
                for item in items
            )
        results = list(flatten(cx.call(func, items, {})))

    def one(leaf: Value) -> Value:
        known = results.pop(0) if results else None
        shape = known.shape if isinstance(known, Array) else None
        # in a graph nobody knows the rank until ``set_shape`` says it
        return Array("tensorflow", shape, dtype_of(leaf), meta={"unranked": True} if in_graph(cx) else {})

    if isinstance(wanted, Sequence):
        items_out = wanted.contents.items(limit=64)
        return (
            cx.unknown("what a Python function gives")
            if items_out is None
            else Sequence("list", Contents(tuple(one(item) for item in items_out)))
        )
    return one(wanted)


OWN_GRADIENT: Final = LibraryRef("tensorflow.custom_gradient.__call__")


@rule("tensorflow.custom_gradient")
def custom_gradient(cx: Context, f: Value) -> Value:
    """A function that gives (result, gradient function) becomes one that gives the result."""
    if not isinstance(f, Function):
        return Partial(OWN_GRADIENT, (f,), {})
    made = f.again()
    made.wrapper = OWN_GRADIENT.name
    return made


@rule("tensorflow.custom_gradient.__call__")
def without_gradient(cx: Context, function: Value, /, *args: Value, **kwargs: Value) -> Value:
    """The result alone, its arrays as tensors."""
    if isinstance(function, Function):
        function = function.again()
        function.wrapper = None
    given = cx.call(function, args, kwargs)
    pair = given.contents.items() if isinstance(given, Sequence) else None
    return (
        settled(cx, pair[0]) if pair is not None and len(pair) == 2 else cx.unknown("a function with its own gradient")
    )


@rule("tensorflow.autograph.experimental.do_not_convert", "tensorflow.recompute_grad")
def undecorated(cx: Context, func: Value | None = None, *args: Value, **kwargs: Value) -> Value:
    """The function itself."""
    return func if isinstance(func, CALLABLE) else LibraryRef("tensorflow.autograph.experimental.do_not_convert")


# -- modules and scopes ----------------------------------------------------------------------------------------------
MODULE = frozenset({
    "name", "name_scope", "submodules", "trainable_variables", "non_trainable_variables", "variables",
    "with_name_scope", "_flatten",
})  # fmt: skip


@rule("tensorflow.Module.*", kind="inherited")
def module_member(cx: Context, cls: LibraryRef, member: Const) -> Value | None:
    """What a class of the program has of ``tf.Module``."""
    brings = member.value in MODULE or str(member.value).startswith("__")
    return None if brings else Const(None)


@rule("tensorflow.Module.__init__")
def module_init(cx: Context, self: Instance, name: Value | None = None) -> Value:
    """A container of variables."""
    return Const(None)


@attribute("tensorflow.Module.name")
def module_name(cx: Context, self: Instance) -> Value:
    """Its name."""
    return Typed("str")


@attribute("tensorflow.Module.trainable_variables", "tensorflow.Module.variables")
def module_variables(cx: Context, self: Instance) -> Value:
    """The variables that its attributes hold, modules inside included."""
    found: list[Value] = []
    pending: list[Value] = [
        value for key, value in sorted(self.fields.items(), key=lambda item: str(item[0])) if isinstance(value, Value)
    ]
    seen: set[int] = set()
    while pending:
        value = pending.pop(0)
        if id(value) in seen:
            continue
        seen.add(id(value))
        if isinstance(value, Array) and "variable" in value.meta:
            found.append(value)
        elif isinstance(value, Sequence):
            items = value.contents.items(limit=256)
            if items is None:
                return cx.unknown("the variables of the module are not known")
            pending.extend(items)
        elif isinstance(value, Instance) and isinstance(value.cls, ClassValue):
            pending.extend(item for item in value.fields.values() if isinstance(item, Value))
        elif isinstance(value, (Instance, Unknown)):
            return cx.unknown("the variables of the module are not known")
    return as_tuple(found)


SCOPES = (
    "tensorflow.device",
    "tensorflow.name_scope",
    "tensorflow.control_dependencies",
    "tensorflow.init_scope",
    "tensorflow.distribute.Scope",
    "tensorflow.summary.Scope",
    "tensorflow.profiler.experimental.Profile",
)
for _name in SCOPES:
    library_type(_name)


@rule(*[f"{name}.__init__" for name in SCOPES])
def scope_init(cx: Context, self: Instance, *args: Value, **kwargs: Value) -> Value:
    """A scope."""
    return Const(None)


@rule(*[f"{name}.__enter__" for name in SCOPES])
def scope_enter(cx: Context, self: Instance) -> Value:
    """A scope."""
    return self


@rule(*[f"{name}.__exit__" for name in SCOPES])
def scope_exit(cx: Context, self: Instance, *args: Value, **kwargs: Value) -> Value:
    """A scope ends."""
    return Const(None)


for _name in ("MirroredStrategy", "OneDeviceStrategy", "MultiWorkerMirroredStrategy", "TPUStrategy", "get_strategy"):
    library_type(f"tensorflow.distribute.{_name}", "tensorflow.distribute.Strategy")
library_type("tensorflow.distribute.Strategy")


@rule("tensorflow.distribute.Strategy.__init__")
def strategy_init(cx: Context, self: Instance, *args: Value, **kwargs: Value) -> Value:
    """Devices."""
    return Const(None)


@rule("tensorflow.distribute.Strategy.scope", "tensorflow.summary.SummaryWriter.as_default")
def strategy_scope(cx: Context, self: Instance, *args: Value) -> Value:
    """A scope."""
    return Instance(LibraryRef("tensorflow.distribute.Scope"))


@attribute("tensorflow.distribute.Strategy.num_replicas_in_sync")
def replicas(cx: Context, self: Instance) -> Value:
    """Depends on the machine."""
    return Const(1)


@rule("tensorflow.config.run_functions_eagerly", "tensorflow.config.experimental_run_functions_eagerly")
def run_functions_eagerly(cx: Context, run_eagerly: Value) -> Value:
    """Nothing is traced from here on, but what a ``tf.data.Dataset`` maps."""
    cx.set(cx.state("tensorflow"), "eager", as_bool(run_eagerly) is not False)
    return Const(None)


# -- configuration ---------------------------------------------------------------------------------------------------


@rule(
    "tensorflow.random.set_seed",
    "tensorflow.set_random_seed",
    "tensorflow.config.set_visible_devices",
    "tensorflow.config.threading.set_intra_op_parallelism_threads",
    "tensorflow.config.experimental.set_memory_growth",
    "tensorflow.print",
    "tensorflow.debugging.set_log_device_placement",
    "tensorflow.logging.set_verbosity",
    "tensorflow.config.threading.set_inter_op_parallelism_threads",
    "tensorflow.config.experimental.enable_op_determinism",
    "tensorflow.config.optimizer.set_jit",
    "tensorflow.config.set_soft_device_placement",
    "tensorflow.enable_v2_behavior",
    "tensorflow.config.experimental.set_virtual_device_configuration",
    "tensorflow.config.set_logical_device_configuration",
    "tensorflow.summary.scalar",
    "tensorflow.summary.image",
    "tensorflow.summary.histogram",
    "tensorflow.summary.text",
    "tensorflow.summary.trace_on",
    "tensorflow.summary.trace_export",
    "tensorflow.profiler.experimental.start",
    "tensorflow.profiler.experimental.stop",
    "tensorflow.debugging.enable_check_numerics",
    "tensorflow.group",
    "tensorflow.no_op",
    "tensorflow.autograph.set_verbosity",
    "tensorflow.enable_eager_execution",
    "tensorflow.random.Generator.reset",
    "tensorflow.io.write_file",
    "tensorflow.io.gfile.makedirs",
    "tensorflow.io.gfile.mkdir",
    "tensorflow.io.gfile.remove",
    "tensorflow.io.gfile.rmtree",
    "tensorflow.io.gfile.copy",
    "tensorflow.saved_model.save",
    "tensorflow.data.experimental.enable_debug_mode",
    "tensorflow.debugging.assert_shapes",
    "tensorflow.debugging.assert_all_finite",
    "tensorflow.debugging.assert_type",
    "tensorflow.debugging.assert_greater",
    "tensorflow.debugging.assert_less",
    "tensorflow.debugging.assert_near",
    "tensorflow.debugging.assert_non_negative",
    "tensorflow.debugging.assert_positive",
    "tensorflow.debugging.assert_equal",
    "tensorflow.debugging.Assert",
    "tensorflow.Assert",
    "tensorflow.debugging.assert_greater_equal",
    "tensorflow.debugging.assert_less_equal",
    "tensorflow.assert_equal",
    "tensorflow.assert_greater",
    "tensorflow.assert_less",
    "tensorflow.debugging.disable_traceback_filtering",
)
def nothing(cx: Context, *args: Value, **kwargs: Value) -> Value:
    """What changes no shape."""
    return Const(None)


@rule("tensorflow.debugging.assert_rank", "tensorflow.assert_rank")
def assert_rank(cx: Context, x: Value, rank: Value, message: Value | None = None, name: Value | None = None) -> Value:
    """The number of axes must be this: ValueError."""
    found, wanted = as_tensor(cx, x), as_int(rank)
    if found is not None and found.shape is not None and wanted is not None and len(found.shape) != wanted:
        from foreshape.semantics.tensorflow.support import tuple_text, wrong_rank

        text = f"Tensor must have rank {wanted}.  Received rank {len(found.shape)}, shape {tuple_text(found.shape)}"
        raise wrong_rank(cx, "assert_rank", found, wanted, text, exception="ValueError")
    return Const(None)


@rule(
    "tensorflow.config.list_physical_devices",
    "tensorflow.config.experimental.list_physical_devices",
    "tensorflow.config.list_logical_devices",
    "tensorflow.config.experimental.list_logical_devices",
    "tensorflow.config.get_visible_devices",
)
def devices(cx: Context, *args: Value, **kwargs: Value) -> Value:
    """A list whose length depends on the machine."""
    return Sequence("list", Contents((Run(cx.fresh(lo=0), cx.unknown("a device")),)))


@rule(
    "tensorflow.test.is_gpu_available",
    "tensorflow.test.is_built_with_cuda",
    "tensorflow.io.gfile.exists",
    "tensorflow.io.gfile.isdir",
    "tensorflow.test.gpu_device_name",
)
def question(cx: Context, *args: Value, **kwargs: Value) -> Value:
    """Depends on the machine."""
    return Typed("bool")


@rule("tensorflow.executing_eagerly")
def executing_eagerly(cx: Context) -> Value:
    """Not while a graph is traced."""
    return Const(not in_graph(cx)) if not cx.state("tensorflow").fields.get("v1") else Const(False)


@rule("tensorflow.is_tensor")
def is_tensor(cx: Context, x: Value) -> Value:
    """Whether it is a tensor."""
    if isinstance(x, Unknown):
        return Typed("bool")
    return Const(isinstance(x, Array) and x.kind in ("tensorflow", "keras"))


@rule("tensorflow.get_static_value")
def get_static_value(cx: Context, tensor: Value, partial: Value | None = None) -> Value:
    """The value as a NumPy array."""
    if isinstance(tensor, Array) and tensor.kind == "tensorflow" and not in_graph(cx):
        return tensor.replace(kind="numpy", meta={})
    return cx.unknown("a value of the graph")


@constant("tensorflow.__version__", "tensorflow.version.VERSION")
def version(cx: Context) -> Value:
    """Where more than the target's first number is asked for, nothing is known."""
    return Typed("str")


@rule("tensorflow.nest.flatten")
def nest_flatten(cx: Context, structure: Value, expand_composites: Value | None = None) -> Value:
    """The leaves of a nested structure."""
    leaves = flatten(structure)
    if any(isinstance(leaf, (DictValue, Sequence, Unknown)) for leaf in leaves):
        # how many leaves stand in what is not known cannot be told
        return Sequence("list", Contents((Run(cx.fresh(lo=0), cx.unknown("a leaf of a structure")),)))
    return Sequence("list", Contents(leaves))


@rule("tensorflow.nest.is_nested")
def nest_is_nested(cx: Context, structure: Value) -> Value:
    """Whether it is a list, tuple or dict."""
    return Typed("bool") if isinstance(structure, Unknown) else Const(isinstance(structure, (DictValue, Sequence)))


@rule("tensorflow.nest.map_structure")
def nest_map(cx: Context, func: Value, *structure: Value, **kwargs: Value) -> Value:
    """A function of every leaf."""
    if len(structure) != 1 or any(isinstance(leaf, (DictValue, Sequence, Unknown)) for leaf in flatten(structure[0])):
        return cx.unknown("several structures")
    return mapped(lambda leaf: cx.call(func, (leaf,), {}), structure[0])


@rule("tensorflow.nest.pack_sequence_as")
def nest_pack(cx: Context, structure: Value, flat_sequence: Value, expand_composites: Value | None = None) -> Value:
    """The leaves in the places of those of a structure."""
    leaves = flatten(structure)
    contents = cx.iterate(flat_sequence)
    items = None if contents is None else contents.items(256)
    unclear = any(isinstance(leaf, (DictValue, Sequence, Unknown)) for leaf in leaves)
    if items is None or unclear or len(items) != len(leaves):
        return cx.unknown("how many leaves there are is not known")
    left = iter(items)
    return mapped(lambda leaf: next(left), structure)


@rule("tensorflow.nest.assert_same_structure")
def same_structure(cx: Context, *args: Value, **kwargs: Value) -> Value:
    """Raises where they differ."""
    return Const(None)


@rule("tensorflow.distribute.get_replica_context")
def replica_context(cx: Context) -> Value:
    return cx.unknown("where a replica runs")


@rule("tensorflow.timestamp")
def timestamp(cx: Context, name: Value | None = None) -> Value:
    """A moment."""
    return Array("tensorflow", (), "float64")


@rule("tensorflow.as_dtype", "tensorflow.dtypes.as_dtype")
def as_dtype(cx: Context, type_value: Value) -> Value:
    """A dtype by name."""
    from foreshape.semantics.tensorflow.support import dtype_value

    found = dtype_of(type_value)
    return cx.unknown("a dtype") if open_dtype(type_value, found) else dtype_value(found)


@rule("tensorflow.io.gfile.GFile", "tensorflow.io.gfile.stat")
def gfile(cx: Context, *args: Value, **kwargs: Value) -> Value:
    """A file."""
    return cx.unknown("a file")


@rule("tensorflow.io.gfile.glob", "tensorflow.io.gfile.listdir", "tensorflow.io.gfile.get_registered_schemes")
def file_names(cx: Context, *args: Value, **kwargs: Value) -> Value:
    """Names, as many as there are."""
    return Sequence("list", Contents((Run(cx.fresh(lo=0), Typed("str")),)))


@rule(
    "tensorflow.lookup.StaticHashTable", "tensorflow.lookup.StaticVocabularyTable",
    "tensorflow.lookup.KeyValueTensorInitializer", "tensorflow.lookup.TextFileInitializer",
    "tensorflow.lookup.experimental.MutableHashTable", "tensorflow.lookup.experimental.DenseHashTable",
)  # fmt: skip
def lookup_table(cx: Context, *args: Value, **kwargs: Value) -> Value:
    """A table from keys to values: what it holds is not followed."""
    return cx.unknown("a table")
