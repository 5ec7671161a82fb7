"""Functions about devices, seeds, threads and settings: what changes no shape.

https://docs.pytorch.org/docs/stable/cuda.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from foreshape.domain.contents import Contents
from foreshape.domain.values import Array, Const, Instance, Int, LibraryRef, Sequence, Typed, Unknown, Value
from foreshape.semantics.registry import constant, library_type, rule

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context


@rule(
    "torch.cuda.is_available", "torch.backends.mps.is_available", "torch.xpu.is_available", "torch.cuda.is_initialized",
    "torch.backends.mps.is_built", "torch.backends.cudnn.is_available", "torch.cuda.is_bf16_supported",
    "torch.mps.is_available", "torch.backends.cuda.is_built", "torch.distributed.is_available", "torch.distributed.is_initialized",
    "torch.accelerator.is_available", "torch.mtia.is_available", "torch.backends.mkldnn.is_available",
    "torch.backends.mkl.is_available", "torch.backends.openmp.is_available", "torch.are_deterministic_algorithms_enabled",
)  # fmt: skip
def depends_on_machine(cx: Context, *args: Value, **kwargs: Value) -> Value:
    """Depends on the machine."""
    return Typed("bool")


@rule(
    "torch.cuda.device_count", "torch.cuda.current_device", "torch.cuda.memory_allocated", "torch.cuda.memory_reserved",
    "torch.cuda.max_memory_allocated", "torch.cuda.max_memory_reserved", "torch.get_num_threads", "torch.distributed.get_rank",
    "torch.get_num_interop_threads", "torch.mps.current_allocated_memory", "torch.cuda.utilization",
    "torch.accelerator.device_count", "torch.cuda.memory_cached", "torch.distributed.get_world_size", "torch.initial_seed",
)  # fmt: skip
def some_number(cx: Context, *args: Value, **kwargs: Value) -> Value:
    """A number that depends on the machine."""
    return Int(cx.fresh(None, lo=0))


@rule(
    "torch.cuda.get_device_name", "torch.cuda.memory_summary", "torch.get_float32_matmul_precision",
    "torch.cuda.get_arch_list",
)  # fmt: skip
def some_text(cx: Context, *args: Value, **kwargs: Value) -> Value:
    """A text that depends on the machine."""
    return Typed("str")


@rule(
    "torch.cuda.get_device_properties", "torch.cuda.get_device_capability", "torch.cuda.mem_get_info",
    "torch.random.get_rng_state", "torch.get_rng_state", "torch.cuda.get_rng_state", "torch.cuda.get_rng_state_all",
    "torch.cuda.memory_stats", "torch.__config__.show", "torch.utils.collect_env.get_pretty_env_info",
)  # fmt: skip
def something(cx: Context, *args: Value, **kwargs: Value) -> Value:
    """Depends on the machine."""
    return Unknown("it depends on the machine")


NOTHING: Final = (
    "torch.cuda.manual_seed", "torch.cuda.manual_seed_all", "torch.cuda.empty_cache", "torch.cuda.synchronize",
    "torch.cuda.set_device", "torch.cuda.reset_peak_memory_stats", "torch.cuda.init", "torch.cuda.ipc_collect",
    "torch.set_num_threads", "torch.set_num_interop_threads", "torch.use_deterministic_algorithms",
    "torch.set_float32_matmul_precision", "torch.set_printoptions", "torch.set_rng_state", "torch.cuda.set_rng_state",
    "torch.cuda.set_rng_state_all", "torch.random.set_rng_state", "torch.set_flush_denormal", "torch.mps.manual_seed",
    "torch.mps.empty_cache", "torch.mps.synchronize", "torch.multiprocessing.set_start_method", "torch.set_warn_always",
    "torch.multiprocessing.set_sharing_strategy", "torch.backends.cudnn.flags", "torch.set_deterministic",
    "torch.cuda.set_per_process_memory_fraction", "torch.distributed.init_process_group", "torch.distributed.barrier",
    "torch.distributed.destroy_process_group", "torch.distributed.all_reduce", "torch.distributed.broadcast",
    "torch.cuda.memory._record_memory_history", "torch.autograd.set_grad_enabled_", "torch.hub.set_dir",
    "torch._dynamo.reset", "torch.compiler.reset", "torch.jit.enable_onednn_fusion", "torch.backends.cuda.enable_flash_sdp",
    "torch.backends.cuda.enable_mem_efficient_sdp", "torch.backends.cuda.enable_math_sdp", "torch.cuda.nvtx.range_push",
    "torch.cuda.nvtx.range_pop", "torch.hub.download_url_to_file", "torch.cuda.amp.initialize", "torch.multiprocessing.spawn",
)  # fmt: skip


@rule(*NOTHING)
def nothing(cx: Context, *args: Value, **kwargs: Value) -> Value:
    """Changes no shape. With ``async_op`` there is something to wait for."""
    waits = kwargs.get("async_op")
    if waits is not None and not (isinstance(waits, Const) and not waits.value):
        return cx.unknown("the handle of what is still being done")
    return Const(None)


library_type("torch.Generator")


@rule("torch.manual_seed", "torch.random.manual_seed")
def manual_seed(cx: Context, seed: Value) -> Value:
    """The default generator."""
    return Instance(LibraryRef("torch.Generator"))


@rule("torch.seed", "torch.random.seed", "torch.random.initial_seed")
def seed(cx: Context) -> Value:
    """A number."""
    return Typed("int")


@rule("torch.Generator.__init__")
def generator_init(cx: Context, self: Instance, device: Value | None = None) -> Value:
    """A source of random numbers."""
    return Const(None)


@rule("torch.Generator.manual_seed", "torch.Generator.set_state")
def generator_seed(cx: Context, self: Instance, seed: Value) -> Value:
    """Itself."""
    return self


@rule("torch.Generator.seed", "torch.Generator.initial_seed")
def generator_initial(cx: Context, self: Instance) -> Value:
    """A number."""
    return Typed("int")


@rule("torch.Generator.get_state")
def generator_state(cx: Context, self: Instance) -> Value:
    """Bytes."""
    return Array("torch", (cx.fresh(lo=1),), "uint8")


@constant("torch.default_generator")
def default_generator(cx: Context) -> Value:
    """The one that is used where none is given."""
    return Instance(LibraryRef("torch.Generator"))


@constant("torch.version.cuda", "torchvision.__version__")
def version(cx: Context) -> Value:
    """Where more than the target is asked for, nothing is known."""
    return Typed("str")


@constant("torch.__version__", "torch.version.__version__")
def own_version(cx: Context) -> Value:
    """A ``TorchVersion``: a str that also compares with tuples and with versions (1.10 and later)."""
    return Unknown("which torch is installed is not known to the last digit")


SCOPES: Final = ("torch.cuda.device", "torch.cuda.stream", "torch.cuda.Stream", "torch.cuda.Event", "torch.random.fork_rng",
                 "torch.cuda.graph", "torch.cuda.CUDAGraph", "torch.backends.cuda.sdp_kernel",
                 "torch.nn.attention.sdpa_kernel")  # fmt: skip
for _name in SCOPES:
    library_type(_name)


@rule(*(f"{name}.__init__" for name in SCOPES))
def scope_init(cx: Context, self: Instance, *args: Value, **kwargs: Value) -> Value:
    """A scope."""
    return Const(None)


@rule(*(f"{name}.__enter__" for name in SCOPES))
def scope_enter(cx: Context, self: Instance) -> Value:
    """A scope."""
    return self


@rule(*(f"{name}.__exit__" for name in SCOPES))
def scope_exit(cx: Context, self: Instance, *args: Value) -> Value:
    """A scope ends."""
    return Const(False)


@rule(
    "torch.cuda.Event.record", "torch.cuda.Event.synchronize", "torch.cuda.Stream.synchronize", "torch.cuda.Event.wait"
)
def event(cx: Context, self: Instance, *args: Value) -> Value:
    """Changes no shape."""
    return Const(None)


@rule("torch.cuda.Event.elapsed_time")
def elapsed(cx: Context, self: Instance, end_event: Value) -> Value:
    """Milliseconds."""
    return Typed("float")


@rule("torch.cuda.list_gpu_processes", "torch.hub.list")
def listed(cx: Context, *args: Value, **kwargs: Value) -> Value:
    """A list."""
    return Sequence("list", Contents())
