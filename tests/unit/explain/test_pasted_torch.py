"""Messages of PyTorch as they reach people: through notebooks, launchers, containers, mails and cut in pieces."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from foreshape.cli.explain import command
from foreshape.explain.pasted.catalogue import Recognised, recognise
from foreshape.explain.pasted.reading import read_pasted

NOTEBOOK_2018 = """Hi, I'm getting this error when running my CNN:

RuntimeError                              Traceback (most recent call last)
<ipython-input-25-c2a9d1c5a3d8> in <module>()
      9         optimizer.zero_grad()
---> 11         outputs = net(inputs)

/usr/local/lib/python3.6/dist-packages/torch/nn/modules/module.py in __call__(self, *input, **kwargs)
--> 477             result = self.forward(*input, **kwargs)

<ipython-input-21-0a4e3c1e1b4d> in forward(self, x)
---> 18         x = F.relu(self.fc1(x))

RuntimeError: size mismatch, m1: [64 x 256], m2: [400 x 120] at /pytorch/aten/src/TH/generic/THTensorMath.cpp:2070

How can I fix it, thanks
"""
RANKS = """[rank0]: Traceback (most recent call last):
[rank0]:   File "/home/ubuntu/exp/train.py", line 61, in main
[rank0]:     loss = criterion(model(x), y)
[rank0]:            ^^^^^^^^^^^^^^^^^^^^^^^^^
[rank0]:   File "/opt/conda/lib/python3.11/site-packages/torch/nn/functional.py", line 3104, in cross_entropy
[rank0]:     return torch._C._nn.cross_entropy_loss(input, target, weight)
[rank0]: RuntimeError: Expected target size [16, 50257], got [16, 128]
E0614 09:12:11.520000 140234 torch/distributed/elastic/multiprocessing/api.py:826] failed (exitcode: 1)
"""
CONTAINER = """trainer-1  | Traceback (most recent call last):
trainer-1  |   File "/app/train.py", line 42, in <module>
trainer-1  |     for x, y in loader:
trainer-1  | RuntimeError: Caught RuntimeError in DataLoader worker process 0.
trainer-1  | Original Traceback (most recent call last):
trainer-1  |   File "/usr/local/lib/python3.10/site-packages/torch/utils/data/_utils/worker.py", line 308, in _worker_loop
trainer-1  |     data = fetcher.fetch(index)
trainer-1  |   File "/app/data.py", line 7, in collate
trainer-1  |     return torch.stack(batch)
trainer-1  | RuntimeError: stack expects each tensor to be equal size, but got [3, 224, 224] at entry 0 and [3, 224, 301] at entry 3
trainer-1 exited with code 1
"""
MAIL = """> > Traceback (most recent call last):
> >   File "lstm.py", line 18, in forward
> >     out, (h, c) = self.lstm(x, (h0, c0))
> >   File "C:\\Users\\Ana\\anaconda3\\lib\\site-packages\\torch\\nn\\modules\\rnn.py", line 769, in forward
> >     self.check_forward_args(input, hx, batch_sizes)
> > RuntimeError: Expected hidden[0] size (2, 17, 64), got
> > [2, 32, 64]
"""
WRAPPED = "RuntimeError: mat1 and mat2 shapes cannot be multiplied (32x2048 and\n512x10)\n"
CUT = """  File "main.py", line 95, in training_step
    loss = F.binary_cross_entropy_with_logits(logits, y)
  File "/venv/lib/python3.9/site-packages/torch/nn/functional.py", line 3150, in binary_cross_entropy_with_logits
    raise ValueError("Target size ({}) must be the same as input size ({})".format(target.size(), input.size()))
ValueError: Target size (torch.Size([32])) must be the same as input size (torch.Size([32, 1]))
"""
DEVICE = """../aten/src/ATen/native/cuda/Indexing.cu:1290: indexSelect: block: [88,0,0] Assertion `srcIndex < srcSelectDimSize` failed.
Traceback (most recent call last):
  File "finetune.py", line 70, in <module>
    loss.backward()
RuntimeError: CUDA error: device-side assert triggered
CUDA kernel errors might be asynchronously reported at some other API call, so the stacktrace below might be incorrect.
"""
FRAMES_OF_C = """RuntimeError: Given groups=1, weight of size [64, 3, 7, 7], expected input[1, 1, 224, 224] to have 3 channels, \
but got 1 channels instead
Exception raised from check_shape_forward at ../aten/src/ATen/native/Convolution.cpp:600 (most recent call first):
frame #0: c10::Error::Error(c10::SourceLocation, std::string) + 0x57 (0x7f2e3a4f9617 in /opt/conda/lib/libc10.so)
"""
COLOURED = (
    "\x1b[0;31mIndexError\x1b[0m                                Traceback (most recent call last)\n"
    "Cell \x1b[0;32mIn[7], line 4\x1b[0m\n\x1b[0;32m----> 4\x1b[0m out = model(ids)\n\n"
    "File \x1b[0;32m~/env/lib/python3.11/site-packages/torch/nn/modules/module.py:1511\x1b[0m, in \x1b[0;36mModule._call\x1b[0m\n"
    "\x1b[0;32m-> 1511\x1b[0m     return self._call_impl(*args, **kwargs)\n\n\x1b[0;31mIndexError\x1b[0m: index out of range in self\n"
)
LOGGED = """2024-03-02 11:02:33,120 ERROR Traceback (most recent call last):
2024-03-02 11:02:33,121 ERROR   File "/srv/lit.py", line 12, in training_step
2024-03-02 11:02:33,121 ERROR     loss = self.loss(self(x), y)
2024-03-02 11:02:33,121 ERROR   File "/srv/venv/lib/python3.10/site-packages/pytorch_lightning/trainer/trainer.py", line 645, in _fit_impl
2024-03-02 11:02:33,121 ERROR     self._run(model, ckpt_path=ckpt_path)
2024-03-02 11:02:33,122 ERROR RuntimeError: The size of tensor a (32) must match the size of tensor b (10) at non-singleton dimension 1
"""
CHECKPOINT = """Traceback (most recent call last):
  File "load.py", line 9, in <module>
    model.load_state_dict(torch.load("net.pth"))
RuntimeError: Error(s) in loading state_dict for Net:
\tMissing key(s) in state_dict: "conv1.weight", "bn1.weight".\x20
\tUnexpected key(s) in state_dict: "module.conv1.weight", "module.bn1.weight".\x20
"""
PYTEST = """>       loss = F.cross_entropy(output, y)

tests/test_model.py:12:
E       RuntimeError: 0D or 1D target tensor expected, multi-target not supported

venv/lib/python3.12/site-packages/torch/nn/functional.py:3494: RuntimeError
"""
SPAWNED = """-- Process 1 terminated with the following error:
Traceback (most recent call last):
  File "/usr/local/lib/python3.8/dist-packages/torch/multiprocessing/spawn.py", line 69, in _wrap
    fn(i, *args)
  File "ddp.py", line 40, in run
    out = model(x)
RuntimeError: Expected all tensors to be on the same device, but found at least two devices, cuda:1 and cuda:0! (when checking argument)
"""
COMPILED = """torch._dynamo.exc.TorchRuntimeError: Failed running call_function <built-in function linear>(*(FakeTensor(..., \
size=(8, 256)), Parameter(FakeTensor(..., size=(10, 128), requires_grad=True))), **{}):
a and b must have same reduction dim, but got [8, 256] X [128, 10].

from user code:
   File "/home/me/net.py", line 14, in forward
    return self.fc(x)
"""
PROGRESS = """ValueError: Expected more than 1 value per channel when training, got input size torch.Size([1, 512])
Epoch 0:  97%|#########6| 31/32 [00:12<00:00,  2.51it/s]
"""
WINDOWS = """Traceback (most recent call last):
  File "C:\\Users\\me\\project\\gan.py", line 77, in <module>
    errD_real = criterion(output, label)
  File "C:\\Users\\me\\AppData\\Local\\Programs\\Python\\Python310\\lib\\site-packages\\torch\\nn\\modules\\loss.py", line 613, in forward
    return F.binary_cross_entropy(input, target)
ValueError: Using a target size (torch.Size([128])) that is different to the input size (torch.Size([3200])) is deprecated.

Process finished with exit code 1
"""

FORMS: dict[str, tuple[str, str, dict[str, Any], list[str]]] = {
    "notebook of 2018": (
        NOTEBOOK_2018,
        "torch-matmul-shapes",
        {"rows": 64, "got": 256, "wants": 400, "outputs": 120},
        ["cell 25, line 11", "cell 21, line 18"],
    ),
    "torchrun": (
        RANKS,
        "torch-sequence-target",
        {"expected": (16, 50257), "found": (16, 128)},
        ["/home/ubuntu/exp/train.py:61"],
    ),
    "docker compose": (
        CONTAINER,
        "torch-stack-sizes",
        {"first": (3, 224, 224), "other": (3, 224, 301), "entry": 3},
        ["/app/train.py:42", "/app/data.py:7"],
    ),
    "quoted mail": (
        MAIL,
        "torch-hidden-size",
        {"expected": (2, 17, 64), "found": (2, 32, 64), "which": 0},
        ["lstm.py:18"],
    ),
    "wrapped line": (WRAPPED, "torch-matmul-shapes", {"left": (32, 2048), "right": (512, 10)}, []),
    "first lines cut off": (CUT, "torch-loss-size", {"target": (32,), "output": (32, 1)}, ["main.py:95"]),
    "GPU": (DEVICE, "torch-device-assert", {}, ["finetune.py:70"]),
    "C++ stack": (FRAMES_OF_C, "torch-conv-channels", {"expected": 3, "found": 1, "shape": (1, 1, 224, 224)}, []),
    "coloured notebook": (COLOURED, "torch-embedding-range", {}, ["cell 7, line 4"]),
    "logger and Lightning": (
        LOGGED,
        "torch-broadcast",
        {"left": 32, "right": 10, "axis": 1},
        ["/srv/lit.py:12"],
    ),
    "checkpoint": (CHECKPOINT, "torch-checkpoint-keys", {"model": "Net"}, ["load.py:9"]),
    "pytest": (PYTEST, "torch-one-target-per-sample", {}, []),
    "spawned process": (SPAWNED, "torch-two-devices", {"first": "cuda:1", "second": "cuda:0"}, ["ddp.py:40"]),
    "torch.compile": (COMPILED, "torch-matmul-shapes", {"rows": 8, "got": 256, "wants": 128, "outputs": 10}, []),
    "progress bar": (PROGRESS, "torch-one-value-per-channel", {"shape": (1, 512)}, []),
    "Windows": (
        WINDOWS,
        "torch-loss-size",
        {"target": (128,), "output": (3200,)},
        ["C:\\Users\\me\\project\\gan.py:77"],
    ),
}


def found(text: str) -> Recognised:
    recognised = recognise(read_pasted(text)[-1])
    assert recognised is not None
    return recognised


@pytest.mark.parametrize("form", FORMS)
def test_forms(form: str) -> None:
    text, family, numbers, places = FORMS[form]
    recognised = found(text)
    assert recognised.family.name == family
    assert {name: recognised.numbers.get(name) for name in numbers} == numbers
    if places:
        assert [frame.place for frame in recognised.pasted.own_frames] == places
    assert "rank0" not in recognised.pasted.message and "trainer-1  |" not in recognised.pasted.message


def test_garbage_is_not_explained() -> None:
    for text in (
        "",
        "   \n\n",
        "no errors here",
        "\x00\x01 \x1b[31m",
        "RuntimeError",
        "RuntimeError: something of my own",
    ):
        pasted = read_pasted(text)
        assert all(recognise(one) is None for one in pasted)


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ("Given groups=1, weight of size [8, 3, 3, 3], expected input[4, 32, 32, 3] to have 3 channels, but got 32 channels instead",
         "x.permute(0, 3, 1, 2) gives (4, 3, 32, 32)"),
        ("mat1 and mat2 shapes cannot be multiplied (240x64 and 128x5)", "nn.Linear(64, 5)"),
        ("mat1 and mat2 shapes cannot be multiplied (2048x4 and 1024x10)", "8 samples of 1024 numbers"),
        ("Expected input batch_size (128) to match target batch_size (64).", "2 rows per sample"),
        ("shape '[32, 400]' is invalid for input of size 8000", "There are 20 samples in this batch and not 32"),
        ("stack expects each tensor to be equal size, but got [3, 8, 8] at entry 0 and [1, 8, 8] at entry 2", "convert('RGB')"),
        ("stack expects each tensor to be equal size, but got [12] at entry 0 and [7] at entry 1", "pad_sequence"),
        ("Target -1 is out of bounds.", "ignore_index=-1"),
        ("Target 10 is out of bounds.", "at least 11"),
        ("Expected hidden size (2, 24, 50), got (1, 24, 50)", "torch.zeros(2, 24, 50)"),
        ("linear(): argument 'input' (position 1) must be Tensor, not tuple", "out, _ = self.lstm(x)"),
    ],
)  # fmt: skip
def test_advice_has_the_numbers(message: str, said: str) -> None:
    recognised = found(f"RuntimeError: {message}")
    told = " ".join([recognised.headline, recognised.means, *recognised.causes, *recognised.changes])
    assert said in told


PROGRAM = """import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(16, 64, batch_first=True, bidirectional=True)
        self.head = nn.Linear(64, 5)

    def forward(self, x):
        out, _ = self.lstm(x)
        return self.head(out)


net = Net()
print(net(torch.rand(8, 30, 16)).shape)
"""
TRACEBACK = """Traceback (most recent call last):
  File "{path}", line 17, in <module>
    print(net(torch.rand(8, 30, 16)).shape)
  File "{path}", line 13, in forward
    return self.head(out)
RuntimeError: mat1 and mat2 shapes cannot be multiplied (240x128 and 64x5)
"""


def test_the_program_makes_the_answer_precise(tmp_path: Path) -> None:
    program = tmp_path / "net.py"
    program.write_text(PROGRAM)
    pasted = tmp_path / "error.txt"
    pasted.write_text(TRACEBACK.format(path="/home/me/net.py"))
    done = CliRunner().invoke(command, [str(pasted), "--source", str(program)])
    assert done.exit_code == 0
    assert "hidden_size 64, both directions" in done.output
    assert "nn.Linear(128, 5)" in done.output
    assert done.output.count("mat1 and mat2 shapes cannot be multiplied") == 1, "the report says it already"
    assert "torch-matmul-shapes" not in done.output
    other = CliRunner().invoke(command, ["-"], input=TRACEBACK.format(path=program).replace("240x128", "180x128"))
    assert "in this run  mat1 and mat2 shapes cannot be multiplied (180x128 and 64x5)" in other.output
    named = CliRunner().invoke(command, ["-"], input=TRACEBACK.format(path=program))
    assert "hidden_size 64, both directions" in named.output
