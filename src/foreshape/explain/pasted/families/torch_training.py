"""What PyTorch says about modules, checkpoints, devices, optimizers and data loaders."""

from __future__ import annotations

from typing import Any, Final

from foreshape.explain.pasted.catalogue import Family, Raising
from foreshape.explain.pasted.torch_words import ASSERTION, RUNTIME, SIZES, TYPE, VALUE, N, T

D: Final = N + "from torch.utils.data import DataLoader, Dataset, TensorDataset, random_split\n"
KEYS: Final = r"(?P<{}>\"[^\"]*\"(?:, \"[^\"]*\")*)"


def _keys(groups: dict[str, Any]) -> dict[str, Any]:
    """What distinguishes the names of the checkpoint from those of the model."""
    missing, unexpected = (
        [key.strip(' "') for key in str(groups.get(name, "")).split(",") if key.strip(' "')]
        for name in ("missing", "unexpected")
    )
    model = groups["model"]
    counts = [f"{len(keys)} {word}" for keys, word in ((missing, "missing"), (unexpected, "unexpected")) if keys]
    words: dict[str, Any] = {
        "counts": " and ".join(counts),
        "names": (missing or unexpected)[0] if missing or unexpected else "",
    }
    prefixes = ("module.", "model.", "_orig_mod.", "net.", "backbone.", "encoder.")
    prefix = next((each for each in prefixes if unexpected and all(key.startswith(each) for key in unexpected)), "")
    if prefix and (not missing or any(key.removeprefix(prefix) in missing for key in unexpected)):
        maker = {
            "module.": "DataParallel",
            "_orig_mod.": "torch.compile",
            "model.": "Lightning, or a module with a field model,",
        }.get(prefix, "")
        words["often"] = (
            f"Every name of the checkpoint starts with {prefix!r}: {maker or 'another module'} wrapped the model when it was saved."
        )
        words["change"] = f"Take it off: {{k.removeprefix({prefix!r}): v for k, v in state.items()}}."
    elif any(key in ("state_dict", "model_state_dict", "model", "optimizer_state_dict", "epoch") for key in unexpected):
        words["often"] = "The file holds a dict with the weights, the optimizer and more, not the weights themselves."
        inner = next((key for key in unexpected if key in ("state_dict", "model_state_dict", "model")), "state_dict")
        words["change"] = f"Take the weights out of it: model.load_state_dict(checkpoint[{inner!r}])."
    else:
        words["often"] = (
            f"The checkpoint was saved from another class, or {model} has changed since: layers were added, removed or renamed."
        )
        words["change"] = (
            "Build the model as it was when it was saved; strict=False skips the names that do not match, and leaves them untrained."
        )
    return words


def _loaded(groups: dict[str, Any]) -> dict[str, Any]:
    saved, own = groups["saved"], groups["own"]
    words: dict[str, Any] = {
        "often": "The model was built with other sizes than when it was saved: classes, vocabulary, hidden size or input channels.",
        "change": "Build it with the sizes of the checkpoint.",
    }
    if saved[1:] == own[1:] and saved and saved[0] != own[0]:
        words["often"] = (
            f"The checkpoint was trained for {saved[0]} classes, words or channels, and the model is built for {own[0]}."
        )
        words["change"] = (
            f"Build the model for {saved[0]}, load, then replace that layer with one for {own[0]} to train it anew."
        )
    return words


def _device(groups: dict[str, Any]) -> dict[str, Any]:
    found = [str(groups[name]) for name in ("first", "second") if name in groups]
    words: dict[str, Any] = {"where": f"{found[0]} and {found[1]}" if len(found) == 2 else "different devices"}
    if len(found) == 2 and all(each.startswith("cuda") for each in found):
        words["change"] = (
            "Use one GPU: torch.device('cuda:0') for model and data; with DataParallel make new tensors on x.device."
        )
    else:
        words["change"] = "Move both: model.to(device) once, x = x.to(device) and y = y.to(device) for every batch."
    return words


FAMILIES: Final = [
    Family(
        "torch-checkpoint-size",
        library="torch",
        exceptions=RUNTIME,
        patterns=[
            r"(?:Error\(s\) in loading state_dict for (?P<model>\w+):.*?)?size mismatch for (?P<name>[\w.]+): copying a param with shape "
            rf"(?:torch\.Size\()?(?P<saved>{SIZES})\)? from checkpoint, the shape in current model is (?:torch\.Size\()?(?P<own>{SIZES})",
            # PyTorch 0.4.1 and 1.0 say the two the wrong way round.
            rf"size mismatch for (?P<name>[\w.]+): copying a param of torch\.Size\((?P<own>{SIZES})\) from checkpoint, where "
            rf"the shape is "
            rf"torch\.Size\((?P<saved>{SIZES})\) in current model",
            rf"While copying the parameter named (?P<name>[\w.]+), whose dimensions in the model are torch\.Size\((?P<own>{SIZES})\) "
            rf"and whose dimensions in "
            rf"the checkpoint are torch\.Size\((?P<saved>{SIZES})\)",
        ],
        needles=("size mismatch for", "whose dimensions in the checkpoint"),
        headline="{name} is {saved} in the checkpoint, but {own} in the model",
        means="Weights can only be loaded into a layer of the size they were trained for; strict=False does not help here.",
        causes=("{often}",),
        changes=("{change}",),
        derive=_loaded,
        raised=[
            Raising(
                "torch", N + "nn.Linear(2, 3).load_state_dict(nn.Linear(3, 3).state_dict())\n",
                model="Linear", name="weight", saved=(3, 3), own=(3, 2),
            ),
            Raising("torch", N + "nn.Linear(2, 3).load_state_dict(nn.Linear(2, 10).state_dict())\n", saved=(10, 2), own=(3, 2)),
            # PyTorch 0.4.0.
            Raising(
                "text",
                "RuntimeError: While copying the parameter named fc.weight, whose dimensions in the model are torch.Size([2, 512]) and "
                "whose dimensions "
                "in the checkpoint are torch.Size([1000, 512]).",
                name="fc.weight", own=(2, 512), saved=(1000, 512),
            ),
            Raising(
                "text",
                "RuntimeError: Error(s) in loading state_dict for Net:\n\tsize mismatch for position.weight: copying a param of "
                "torch.Size([51, 30]) from checkpoint, where the shape is torch.Size([18290, 30]) in current model.",
                name="position.weight", own=(51, 30), saved=(18290, 30),
            ),
        ],
    ),
    Family(
        "torch-checkpoint-keys",
        library="torch",
        exceptions=(*RUNTIME, "KeyError"),
        patterns=[
            r"Error\(s\) in loading state_dict for (?P<model>\w+):\s+"
            rf"(?:Missing key\(s\) in state_dict: {KEYS.format('missing')}\.?)?\s*(?:Unexpected key\(s\) in state_dict: "
            rf"{KEYS.format('unexpected')})?",
        ],
        needles=("in loading state_dict for",),
        headline="The checkpoint does not fit {model}: {counts} names of weights, such as {names}",
        means="load_state_dict matches weights by their names, which come from the names of the fields of the model.",
        causes=("{often}",),
        changes=("{change}",),
        derive=_keys,
        raised=[
            Raising(
                "torch",
                N + "nn.Linear(2, 3).load_state_dict({'module.weight': torch.rand(3, 2), 'module.bias': torch.rand(3)})\n",
                model="Linear", missing='"weight", "bias"', unexpected='"module.weight", "module.bias"',
            ),
            Raising("torch", N + "nn.Sequential(nn.Linear(2, 3)).load_state_dict({'0.weight': torch.rand(3, 2)})\n", missing='"0.bias"'),
            Raising(
                "torch", N + "nn.Linear(2, 3).load_state_dict({'model_state_dict': {}, 'epoch': 1})\n",
                unexpected='"model_state_dict", "epoch"',
            ),
        ],
    ),
    Family(
        "torch-optimizer-checkpoint",
        library="torch",
        exceptions=VALUE,
        patterns=[
            r"loaded state dict (?:has a different number of parameter groups|contains a parameter group that doesn't match the size "
            r"of optimizer's group)"
        ],
        needles=("loaded state dict",),
        headline="The optimizer's checkpoint is for other parameters than those of this optimizer",
        means="The state of an optimizer is kept by position, so it must be built for the same parameters in the same groups.",
        causes=("Layers were frozen, added or removed since it was saved.",),
        changes=("Build model and optimizer as they were, or leave the state of the optimizer out and start it anew.",),
        raised=[
            Raising(
                "torch",
                N + "a = torch.optim.Adam(nn.Linear(2, 3).parameters())\nb = torch.optim.Adam(nn.Linear(2, 3, bias=False).parameters())\n"
                "a.load_state_dict(b.state_dict())\n",
            )
        ],
    ),
    Family(
        "torch-two-devices",
        library="torch",
        exceptions=RUNTIME,
        patterns=[
            r"Expected all tensors to be on the same device, but found at least two devices, (?P<first>[\w:]+)(?:,| and) "
            r"(?P<second>[\w:]+)!",
            r"Expected all tensors to be on the same device, but got (?P<argument>\w+) is on (?P<first>[\w:]+), different from other "
            r"tensors on "
            r"(?P<second>[\w:]+)",
            r"Tensor on device (?P<first>[\w:]+) is not on the expected device (?P<second>[\w:]+)!",
            r"Expected object of (?:device type|backend) (?P<second>\w+) but got (?:device type|backend) (?P<first>\w+) for "
            r"(?:sequence element \d+ in "
            r"sequence )?argument (?:#\d+ )?'(?P<argument>\w+)'",
            r"Expected object of type torch\.(?P<second>cuda)\.\w+ but found type torch\.(?P<first>\w+) for argument #\d+ "
            r"'(?P<argument>\w+)'",
            r"expected device (?P<second>[\w:]+) (?:and dtype \w+ )?but got device (?P<first>[\w:]+)",
            r"indices should be either on (?P<second>\w+) or on the same device as the indexed tensor",
            r"Input and parameter tensors are not at the same device, found input tensor at (?P<first>[\w:]+) and parameter tensor at "
            r"(?P<second>[\w:]+)",
        ],
        needles=(
            "Expected all tensors to be on the same device", "but got device", "is not on the expected "
                "device", "Expected object of", "indices should be either on",
            "are not at the same device",
        ),
        headline="Tensors on {where} meet: all tensors of a computation must be on one device",
        means="The CPU and each GPU have memory of their own, and PyTorch moves nothing by itself.",
        causes=(
            "The model was moved to the GPU and the data, the hidden state or a tensor made in forward was not.",
            "x.to(device) gives a new tensor and must be assigned; layers in a plain list are not moved with the model, those in "
            "nn.ModuleList are.",
        ),
        changes=("{change}", "Make tensors in forward on the device of the data: torch.zeros(n, device=x.device); keep fixed ones with "
                             "register_buffer."),
        derive=_device,
        raised=[
            Raising("torch", T + "torch.rand(3) + torch.rand(3, device='meta')\n", first="meta", second="cpu"),
            # PyTorch 1.5 to 2.7 where there is a GPU; 2.8 on; 1.2 to 1.5; 1.0 and 1.1; 0.4.
            Raising(
                "text",
                "RuntimeError: Expected all tensors to be on the same device, but found at least two devices, cuda:0 and cpu! (when "
                "checking argument "
                "for argument mat1 in method wrapper_addmm)",
                first="cuda:0", second="cpu",
            ),
            Raising(
                "text",
                "RuntimeError: Expected all tensors to be on the same device, but got mat1 is on cpu, different from other tensors on "
                "cuda:0 (when "
                "checking argument in method wrapper_CUDA_addmm)",
                first="cpu", second="cuda:0", argument="mat1",
            ),
            Raising(
                "text",
                "RuntimeError: Expected object of device type cuda but got device type cpu for argument #1 'self' in call to _th_addmm",
                first="cpu", second="cuda", argument="self",
            ),
            Raising(
                "text", "RuntimeError: Expected object of backend CPU but got backend CUDA for argument #4 "
                        "'mat1'", first="CUDA", second="CPU"
            ),
            Raising(
                "text",
                "RuntimeError: Expected object of type torch.cuda.FloatTensor but found type torch.FloatTensor for argument #4 'mat1'",
                second="cuda", argument="mat1",
            ),
            Raising(
                "text",
                "RuntimeError: Input and parameter tensors are not at the same device, found input tensor at cpu and parameter tensor "
                "at cuda:0",
                first="cpu", second="cuda:0",
            ),
        ],
    ),
    Family(
        "torch-no-cuda",
        library="torch",
        exceptions=(*ASSERTION, "OSError"),
        patterns=[
            r"Torch not compiled with CUDA enabled",
            r"Found no NVIDIA driver on your system",
            r"No CUDA GPUs are available",
            r"Attempting to deserialize object on a CUDA device but torch\.cuda\.is_available\(\) is False",
        ],
        needles=("not compiled with CUDA", "no NVIDIA driver", "No CUDA GPUs", "deserialize object on a CUDA device"),
        headline="The program asks for a GPU, and this PyTorch or this computer has none that it can use",
        means="The installed PyTorch is the one for CPUs, or the driver of the card is missing.",
        causes=("pip installed the CPU version; the notebook runs without a GPU; or a checkpoint was saved on a GPU.",),
        changes=(
            "Write device = torch.device('cuda' if torch.cuda.is_available() else 'cpu') and use it everywhere; load with "
            "torch.load(path, "
            "map_location=device).",
        ),
        # A build for CPUs says the first of these, one for GPUs another one.
        raised=[
            Raising("torch", T + "torch.rand(3).cuda()\n"),
            Raising(
                "text",
                "RuntimeError: Attempting to deserialize object on a CUDA device but torch.cuda.is_available() is False. If you are "
                "running on a CPU-only "
                "machine, please use torch.load with map_location=torch.device('cpu') to map your storages to the CPU.",
            ),
        ],
    ),
    Family(
        "torch-device-assert",
        library="torch",
        exceptions=(*RUNTIME, "AcceleratorError"),
        patterns=[
            r"CUDA error: device-side assert triggered",
            r"cuda runtime error \(59\) : device-side assert triggered",
            r"Assertion `t >= 0 && t < n_classes` failed",
            r"Assertion `(?:srcIndex < srcSelectDimSize|idx_dim >= 0 && idx_dim < index_size|-sizes\[i\] <= index).*?` failed",
        ],
        needles=("device-side assert", "n_classes` failed", "srcSelectDimSize", "idx_dim >= 0", "-sizes[i] <= index"),
        headline="On the GPU an index was out of range: a label past the outputs of the model, or an id past an Embedding",
        means="The GPU reports it later than it happens, so the line of the traceback may be another one, and every call after it "
              "fails too.",
        causes=(
            "Among the lines before the traceback, `t >= 0 && t < n_classes` is a label below 0 or not below the number of outputs; "
            "srcIndex < srcSelectDimSize is an id that the Embedding does not have.",
        ),
        changes=(
            "Run one batch on the CPU, which gives the real message and line, or set CUDA_LAUNCH_BLOCKING=1; print y.min(), y.max() "
            "and output.shape.",
        ),
        # Every release, but only where there is a GPU.
        raised=[
            Raising("text", "RuntimeError: CUDA error: device-side assert triggered"),
            Raising("text", "torch.AcceleratorError: CUDA error: device-side assert triggered\nCUDA kernel errors might be "
                            "asynchronously reported"),
            Raising(
                "text",
                "/pytorch/aten/src/THCUNN/ClassNLLCriterion.cu:105: void cunn_ClassNLLCriterion_updateOutput_kernel(...): block: "
                "[0,0,0], thread: [8,0,0] "
                "Assertion `t >= 0 && t < n_classes` failed.",
            ),
        ],
    ),
    Family(
        "torch-out-of-memory",
        library="torch",
        exceptions=("OutOfMemoryError", "RuntimeError"),
        patterns=[
            r"CUDA out of memory\. Tried to allocate (?P<asked>[\d.]+ \w+)",
            r"DefaultCPUAllocator: (?:can't allocate|not enough) memory: you tried to allocate (?P<asked>\d+(?: bytes)?)",
        ],
        needles=("CUDA out of memory", "DefaultCPUAllocator"),
        headline="There is no memory left for a tensor of {asked}",
        means="Outputs of all layers are kept for backward(), so memory grows with the batch size and with the size of each sample.",
        causes=(
            "The batch is too large; losses are collected with their gradients (losses.append(loss)); validation runs without no_grad; "
            "or a shape is "
            "wrong: (n, 1) against (n,) makes (n, n).",
        ),
        changes=("Halve the batch size; collect loss.item(); validate under with torch.no_grad():; print the shapes when the size "
                 "surprises you.",),
        raised=[
            Raising("torch", T + "torch.empty(10**12, 10**3)\n", asked="4000000000000000 bytes"),
            Raising(
                "text",
                "torch.cuda.OutOfMemoryError: CUDA out of memory. Tried to allocate 20.00 MiB (GPU 0; 11.17 GiB total capacity; 10.66 "
                "GiB already "
                "allocated; 2.31 MiB free; 10.72 GiB reserved in total by PyTorch)",
                asked="20.00 MiB",
            ),
        ],
    ),
    Family(
        "torch-collate-type",
        library="torch",
        exceptions=TYPE,
        patterns=[
            r"(?:default_collate: )?batch must contain tensors, (?:numpy arrays, )?numbers, dicts or lists; found (?:<class "
            r"'(?P<found>[\w.]+)'>|(?P<dtype>\w+))",
        ],
        needles=("batch must contain tensors",),
        headline="The DataLoader cannot make a batch of {what}",
        means="It joins tensors, arrays of numbers, numbers, texts, and tuples, lists and dicts of these.",
        causes=("{often}",),
        changes=("{change}",),
        derive=lambda groups: {
            "what": "None" if groups.get("found") == "NoneType" else groups.get("found") or f"arrays of dtype {groups.get('dtype')}",
            "often": "Dataset.__getitem__ returned None, for want of a return, or for a sample that could not be read."
            if groups.get("found") == "NoneType"
            else "No transform makes a tensor of the picture."
            if "PIL" in str(groups.get("found"))
            else "Dataset.__getitem__ returns an object of its own kind, or an array of Python objects.",
            "change": "Return a tensor for every index, or drop the None samples in a collate_fn."
            if groups.get("found") == "NoneType"
            else "Add transforms.ToTensor() at the end of the transforms."
            if "PIL" in str(groups.get("found"))
            else "Convert it in __getitem__: torch.as_tensor(x, dtype=torch.float32); or write a collate_fn.",
        },
        raised=[
            Raising("torch", D + "list(DataLoader([None, None], batch_size=2))\n", found="NoneType"),
            Raising("torch", D + "import numpy as np\nlist(DataLoader([np.array(['a'], dtype=object)]))\n", dtype="object"),
            Raising(
                "text",
                "TypeError: default_collate: batch must contain tensors, numpy arrays, numbers, dicts or lists; found <class "
                "'PIL.Image.Image'>",
                found="PIL.Image.Image",
            ),
        ],
    ),
    Family(
        "torch-dataset-sizes",
        library="torch",
        exceptions=ASSERTION,
        patterns=[r"Size mismatch between tensors"],
        needles=("Size mismatch between tensors",),
        headline="TensorDataset was given tensors of different lengths",
        means="Row i of each tensor is one sample, so axis 0 must be equally long in all of them.",
        causes=("Features and labels were split or windowed differently; a series of n values has n - window windows, and as many "
                "labels.",),
        changes=("Print len() of each; cut the labels with the same slices as the features.",),
        raised=[Raising("torch", D + "TensorDataset(torch.rand(3, 2), torch.rand(4))\n")],
    ),
    Family(
        "torch-random-split",
        library="torch",
        exceptions=VALUE,
        patterns=[r"Sum of input lengths does not equal the length of the input dataset"],
        needles=("Sum of input lengths",),
        headline="random_split was given lengths that do not add up to the length of the data set",
        means="Every sample goes to exactly one part; fractions must add up to 1 (since PyTorch 1.13).",
        causes=("int(0.8 * n) and int(0.2 * n) lose a sample by rounding.",),
        changes=("Compute the last length as what is left: n_train = int(0.8 * n), n_test = n - n_train.",),
        raised=[Raising("torch", D + "random_split(range(10), [5, 6])\n")],
    ),
    Family(
        "torch-empty-sampler",
        library="torch",
        exceptions=VALUE,
        patterns=[r"num_samples should be a positive integer value, but got num_samples=(?P<found>\d+)"],
        needles=("num_samples should be",),
        headline="The DataLoader was given a data set of {found} samples",
        means="With shuffle=True it draws from the data set, and there is nothing to draw.",
        causes=("The folder or the pattern found no files, a filter dropped all rows, or __len__ gives 0.",),
        changes=("Print len(dataset) and the path it reads.",),
        raised=[Raising("torch", D + "DataLoader([], batch_size=2, shuffle=True)\n", found=0)],
    ),
    Family(
        "torch-empty-optimizer",
        library="torch",
        exceptions=VALUE,
        patterns=[r"optimizer got an empty parameter list"],
        needles=("optimizer got an empty",),
        headline="The optimizer was given no parameters: the model has none that PyTorch knows of",
        means="model.parameters() finds layers that are fields of the module, in nn.ModuleList, nn.ModuleDict and nn.Sequential.",
        causes=("Layers are kept in a plain list or dict, made in forward, or __init__ is misspelt.",),
        changes=("Keep them in self.layers = nn.ModuleList([...]).",),
        raised=[
            Raising("torch", T + "torch.optim.SGD([], lr=0.1)\n"),
            Raising(
                "torch",
                N + "class M(nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.layers = [nn.Linear(2, 2)]\n"
                "torch.optim.Adam(M().parameters())\n",
            ),
        ],
    ),
    Family(
        "torch-non-leaf-parameter",
        library="torch",
        exceptions=VALUE,
        patterns=[r"can't optimize a non-leaf Tensor"],
        needles=("can't optimize a non-leaf",),
        headline="The optimizer was given a tensor that is the result of a computation",
        means="Only tensors that are made directly can be trained; x.to(device), x * 2 and x.view(...) make results.",
        causes=("torch.rand(3, requires_grad=True).cuda() or * 0.1.",),
        changes=("Give device in the call that makes it, or wrap it last: nn.Parameter(0.1 * torch.rand(3)).",),
        raised=[Raising("torch", T + "torch.optim.SGD([torch.rand(3, requires_grad=True) * 2], lr=0.1)\n")],
    ),
    Family(
        "torch-not-a-module",
        library="torch",
        exceptions=TYPE,
        patterns=[r"(?P<found>[\w.]+) is not a Module subclass"],
        needles=("is not a Module subclass",),
        headline="nn.Sequential or ModuleList was given {found}, which is not a layer",
        means="They take layers that are made: nn.ReLU(), not nn.ReLU, torch.relu or a list.",
        causes=("Layers were given in a list, a function was given, or the brackets of a layer are missing.",),
        changes=("Write nn.Sequential(*layers) for a list, nn.ReLU() for relu.",),
        raised=[
            Raising("torch", N + "nn.Sequential([nn.Linear(2, 2)])\n", found="list"),
            Raising("torch", N + "nn.Sequential(nn.Linear(2, 2), nn.ReLU)\n", found="torch.nn.modules.activation.ReLU"),
        ],
    ),
    Family(
        "torch-no-forward",
        library="torch",
        exceptions=("NotImplementedError",),
        patterns=[r"Module \[(?P<module>\w+)\] is missing the required \"forward\" function"],
        needles=("is missing the required",),
        headline="{module} has no forward(), so it cannot be called",
        means="Calling a module runs its forward; nn.ModuleList and ModuleDict have none, they only keep layers.",
        causes=("forward is misspelt or stands inside __init__ by its indentation, or a ModuleList is called.",),
        changes=("Write def forward(self, x): at the level of __init__; for a chain of layers use nn.Sequential.",),
        raised=[
            Raising("torch", N + "nn.ModuleList([nn.Linear(2, 2)])(torch.rand(2))\n", module="ModuleList"),
            Raising("torch", N + "class M(nn.Module):\n    pass\nM()(torch.rand(2))\n", module="M"),
        ],
    ),
    Family(
        "torch-no-super-init",
        library="torch",
        exceptions=("AttributeError",),
        patterns=[r"cannot assign (?P<what>module|parameter)s? before Module\.__init__\(\) call"],
        needles=("before Module.__init__()",),
        headline="A layer was assigned before super().__init__() was called",
        means="nn.Module must be set up before it can keep layers.",
        causes=("super().__init__() is missing, or stands after the first layer.",),
        changes=("Write super().__init__() as the first line of __init__.",),
        raised=[
            Raising("torch", N + "class M(nn.Module):\n    def __init__(self):\n        self.l = nn.Linear(2, 2)\nM()\n", what="module"),
        ],
    ),
    Family(
        "torch-scheduler-steps",
        library="torch",
        exceptions=VALUE,
        patterns=[r"Tried to step (?P<found>\d+) times\. The specified number of total steps is (?P<total>\d+)"],
        needles=("The specified number of total steps",),
        headline="OneCycleLR was made for {total} steps, and this is step {found}",
        means="It plans the learning rate for exactly that many batches.",
        causes=("total_steps counts epochs where step() is called per batch; len(loader) counts the shorter last batch too.",),
        changes=("Give epochs=epochs, steps_per_epoch=len(loader), and call step() once per batch.",),
        raised=[
            Raising(
                "torch",
                N + "o = torch.optim.SGD(nn.Linear(2, 2).parameters(), lr=0.1)\ns = torch.optim.lr_scheduler.OneCycleLR(o, max_lr=1.0, "
                    "total_steps=2)\n"
                "for i in range(5):\n    o.step()\n    s.step()\n",
                found=3, total=2,
            )
        ],
    ),
]  # fmt: skip
