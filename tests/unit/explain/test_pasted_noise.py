"""What terminals, forums, launchers and debuggers put around a traceback, and messages that end among other lines."""

# ruff: noqa: E501  (messages as they are pasted)

from __future__ import annotations

import pytest

from foreshape.explain.pasted.catalogue import recognise
from foreshape.explain.pasted.reading import raised_last, read_pasted
from foreshape.explain.pasted.telling import told

STACK = "stack expects each tensor to be equal size, but got [4, 104, 128] at entry 0 and [4, 72, 128] at entry 1"
RICH = """steps:   0%|          | 0/1600 [00:00<?, ?it/s]
╭───────────────────── Traceback (most recent call last) ──────────────────────╮
│ /home/ada/train_network.py:773 in <module>                                   │
│                                                                              │
│   770 │   args = setup_parser().parse_args()                                 │
│ ❱ 773 │   train(args)                                                        │
│                                                                              │
│ /opt/conda/lib/python3.10/site-packages/torch/utils/data/dataloader.py:634   │
│ in __next__                                                                  │
│                                                                              │
│ ❱  634 │   │   │   data = self._next_data()                                  │
│ /home/ada/library/train_ut                                                   │
│ il.py:1346 in collate                                                        │
│ ❱ 1346 │   │   return torch.stack(latents)                                   │
╰──────────────────────────────────────────────────────────────────────────────╯
RuntimeError: stack expects each tensor to be equal size, but got [4, 104, 128]
at entry 0 and [4, 72, 128] at entry 1
"""
LAUNCHED = """[rank1]:   File "/srv/job/net.py", line 77, in forward
[rank1]:     x = x + self.pos
[rank1]: RuntimeError: The size of tensor a (6) must match the size of tensor b (7) at non-singleton dimension 1
E0811 10:54:24.903000 1344 torch/distributed/elastic/multiprocessing/api.py:826] failed (exitcode: 1) local_rank: 1
Traceback (most recent call last):
  File "/usr/local/bin/torchrun", line 8, in <module>
    sys.exit(main())
torch.distributed.elastic.multiprocessing.errors.ChildFailedError:
"""
OLD_WORKER = """Traceback (most recent call last):
  File "train.py", line 143, in <module>
    for image in loader:
  File "/usr/lib/python2.7/site-packages/torch/utils/data/dataloader.py", line 221, in _process_next_batch
    raise batch.exc_type(batch.exc_msg)
RuntimeError: Traceback (most recent call last):
  File "/usr/lib/python2.7/site-packages/torch/utils/data/dataloader.py", line 40, in _worker_loop
    samples = collate_fn([dataset[i] for i in batch_indices])
RuntimeError: invalid argument 0: Sizes of tensors must match except in dimension 0. Got 3 and 4 in dimension 1 at /pytorch/aten/src/TH/generic/THTensorMath.c:2709
"""
DEBUGGER = """mat1 and mat2 shapes cannot be multiplied (512x2048 and 768x768)
  File "C:\\Users\\ada\\net\\causal.py", line 30, in forward
    y = self.linear(x)
  File "C:\\Users\\ada\\net\\train.py", line 149, in fit
    m = self.do(x) + m
"""
COLAB = """ValueError                                Traceback (most recent call last)

[<ipython-input-35-f101d07e60e0>](https://localhost:8080/#) in <module>()
      3 # Train the model
----> 4 model.fit(padded, labels, epochs=10)

1 frames

[/usr/local/lib/python3.7/dist-packages/keras/engine/data_adapter.py](https://localhost:8080/#) in _check_data_cardinality(data)
-> 1653     raise ValueError(msg)

ValueError: Data cardinality is ambiguous:
  x sizes: 20
  y sizes: 25000
Make sure all arrays contain the same number of samples.```
```
Can someone help
"""
QUOTED = """I have met the following error:

> Traceback (most recent call last):
>   File "train.py", line 10, in main
>     out = net(x)
> RuntimeError: mat1 and mat2 shapes cannot be multiplied (4x10 and 12x5)

Thank you!
"""
CONSOLE = """Traceback (most recent call last):
  File "C:\\ProgramData\\Anaconda3\\envs\\tensorflow\\lib\\site-packages\\tensorflow\\py
thon\\client\\session.py", line 1322, in _do_call
    return fn(*args)
tensorflow.python.framework.errors_impl.InvalidArgumentError: Incompatible shape
s: [1,63,4] vs. [1,64,4]
"""
IN_FORUM = """When fitting I see

    Traceback (most recent call last):
      File "pca.py", line 60, in run
        fit = model.fit(X)
    ValueError: setting an array element with a sequence.

The data I had was roughly 246 features.
"""
BACKTICKS = """`Traceback (most recent call last):`
`  File "main.py", line 75, in <module>
    loss = sess.run([train, model.loss], feed_dict=feed)`
`ValueError: Cannot feed value of shape (1024,) for Tensor u'u_i:0', which has shape '(3072,)'`
What is this
"""
FORMS = {
    "a box of Rich": (
        RICH, "torch-stack-sizes", ["/home/ada/train_network.py:773", "/home/ada/library/train_util.py:1346"], STACK,
    ),
    "a launcher": (
        LAUNCHED, "torch-broadcast", ["/srv/job/net.py:77"],
        "The size of tensor a (6) must match the size of tensor b (7) at non-singleton dimension 1",
    ),
    "a debugger": (
        DEBUGGER, "torch-matmul-shapes", ["C:\\Users\\ada\\net\\train.py:149", "C:\\Users\\ada\\net\\causal.py:30"],
        "mat1 and mat2 shapes cannot be multiplied (512x2048 and 768x768)",
    ),
    "links of Colab": (
        COLAB, "keras-cardinality", ["cell 35, line 4"],
        "Data cardinality is ambiguous: x sizes: 20 y sizes: 25000 Make sure all arrays contain the same number of samples.",
    ),
    "quoted in a forum": (
        QUOTED, "torch-matmul-shapes", ["train.py:10"], "mat1 and mat2 shapes cannot be multiplied (4x10 and 12x5)",
    ),
    "a console of 80 columns": (CONSOLE, "tf-incompatible-shapes", [], "Incompatible shapes: [1,63,4] vs. [1,64,4]"),
    "set in": (IN_FORUM, "numpy-element-sequence", ["pca.py:60"], "setting an array element with a sequence."),
    "backticks around lines": (
        BACKTICKS, "tf-feed-shape", ["main.py:75"],
        "Cannot feed value of shape (1024,) for Tensor u'u_i:0', which has shape '(3072,)'",
    ),
}  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_forms(form: str) -> None:
    text, family, places, said = FORMS[form]
    pasted = read_pasted(text)
    found = next((each for one in reversed(pasted) if (each := recognise(one))), None)
    assert found is not None, [(one.exception, one.message) for one in pasted]
    assert found.family.name == family
    assert [frame.place for frame in found.pasted.own_frames] == places
    assert found.said.startswith(said)
    assert told(pasted, found)


def test_frames_of_an_old_worker() -> None:
    """Both tracebacks, that of the program and that of the worker, lead to the exception."""
    found = read_pasted(OLD_WORKER)[-1]
    assert found.kind == "RuntimeError"
    assert [frame.place for frame in found.own_frames] == ["train.py:143"]


def test_code_keeps_its_brackets() -> None:
    assert "([train, model.loss]" in read_pasted(BACKTICKS)[-1].own_frames[0].code


def test_a_launcher_is_not_the_exception() -> None:
    text = LAUNCHED.replace("The size of tensor a (6) must match the size of tensor b (7)", "My own words")
    assert raised_last(read_pasted(text)).kind == "RuntimeError"


def test_the_repr_of_an_exception_is_read_line_by_line() -> None:
    text = (
        "Run wy0 errored: RuntimeError('Caught RuntimeError in DataLoader worker process 0.\\nOriginal Traceback (most recent "
        'call last):\\n  File "/usr/lib/python3.11/site-packages/torch/utils/data/_utils/fetch.py", line 54, in fetch\\n    '
        'return self.collate_fn(data)\\n  File "/home/me/train.py", line 67, in collate\\n    seq=torch.stack(seq,dim=0)\\n'
        f"RuntimeError: {STACK}\\n')"
    )
    last = raised_last(read_pasted(text))
    assert last.flat == STACK
    assert [frame.place for frame in last.own_frames] == ["/home/me/train.py:67"]


def test_what_python_ignores_while_it_closes_is_not_the_fault() -> None:
    text = (
        'Traceback (most recent call last):\n  File "dexter.py", line 267, in <module>\n    loss = model(x)\n'
        "ValueError: In this `tf.Variable` creation, the initial value's shape ((1130, 40)) is not compatible with the explicitly "
        "supplied `shape` argument ((1121, 40)).\nException ignored in: <function AtomicFunction.__del__ at 0x7f>\n"
        'Traceback (most recent call last):\n  File "/lib/python3.8/site-packages/tensorflow/a.py", line 218, in __del__\n'
        "TypeError: 'NoneType' object is not subscriptable\n"
    )
    last = raised_last(read_pasted(text))
    found = recognise(last)
    assert found is not None
    assert found.family.name == "tf-variable-shape"
    assert "Exception ignored" not in last.message
    assert last.own_frames[0].place == "dexter.py:267"


def test_a_node_of_the_gradients_is_no_layer() -> None:
    last = raised_last(
        read_pasted(
            "InvalidArgumentError: Incompatible shapes: [1,63,4] vs. [1,64,4]\n\t [[Node: "
            "gradients/Loss/BoxClassifierLoss/Loss/sub_grad/BroadcastGradientArgs = BroadcastGradientArgs[T=DT_INT32]()]]"
        )
    )
    assert last.inner.layer == ""
