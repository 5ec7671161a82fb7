"""Writes ``probes/generated.txt``: pipelines put together by chance (with a fixed seed), right ones and wrong ones."""

from __future__ import annotations

import random
from pathlib import Path

HERE = Path(__file__).resolve().parent
COUNT = 120
CLASSES = {
    "windows": """\
class Data(Dataset):
    def __init__(self, n, width, step=1):
        self.x = torch.randn(n, {features})
        self.width = width
        self.step = step
    def __len__(self):
        return (len(self.x) - self.width{off}) // self.step{plus}
    def __getitem__(self, i):
        start = i * self.step
        return self.x[start:start + self.width], self.x[start + self.width]
ds = Data({n}, {width}, {step})
""",
    "records": """\
class Data(Dataset):
    def __init__(self, n):
        self.frames = np.random.rand(n, {width}, {features}).astype("{dtype}")
        self.labels = [k % 3 for k in range(n)]
    def __len__(self):
        return len(self.labels)
    def __getitem__(self, i):
        return {{"x": self.frames[i], "y": self.labels[i], "w": 1.0 / (i + 1)}}
ds = Data({n})
""",
    "texts": """\
random.seed({seed})
texts = [[(7 * k + j) % 11 for j in range({shortest} + (k * {factor}) % {spread})] for k in range({n})]
class Data(Dataset):
    def __len__(self):
        return len(texts)
    def __getitem__(self, i):
        return torch.tensor(texts[i]), len(texts[i])
ds = Data()
""",
    "tensors": "ds = TensorDataset(torch.randn({n}, {width}, {features}), torch.arange({n}))\n",
    "pairs": "ds = [(np.zeros(({width}, {features})), float(k)) for k in range({n})]\n",
    "stream": """\
class Data(IterableDataset):
    def __iter__(self):
        for k in range({n}):
            yield torch.zeros({width}, {features}), k
ds = Data()
""",
}
CHANGES = (
    "ds = Subset(ds, range(0, len(ds), 2))\n",
    "ds, rest = random_split(ds, [len(ds) - 3, 3])\n",
    "ds, rest = random_split(ds, [0.75, 0.25])\n",
    "ds = ConcatDataset([ds, ds])\n",
    "",
    "",
)


def program(rng: random.Random) -> tuple[str, str]:
    """(the kind of data set, a program)."""
    kind = rng.choice(list(CLASSES))
    n = rng.choice([7, 20, 33, 64, 150, 1000])
    values = {
        "n": n, "width": rng.choice([4, 5, 6]), "features": rng.choice([1, 3, 8]), "step": rng.choice([1, 1, 2, 3]),
        "off": rng.choice(["", "", " - 1", " + 1"]), "plus": rng.choice(["", "", " + 1"]),
        "dtype": rng.choice(["float32", "float64", "int64"]), "seed": rng.randint(0, 9), "shortest": rng.choice([2, 3]),
        "factor": rng.choice([0, 1, 3]), "spread": rng.choice([2, 4]),
    }  # fmt: skip
    text = CLASSES[kind].format(**values)
    stream = kind == "stream"
    if not stream:
        text += rng.choice(CHANGES)
    options = [f"batch_size={rng.choice([1, 4, 8, 16, 32])}"]
    if not stream and rng.random() < 0.4:
        options.append("shuffle=True")
    elif not stream and rng.random() < 0.2:
        options.append("sampler=RandomSampler(ds, replacement=True, num_samples=10)")
    if rng.random() < 0.3:
        options.append("drop_last=True")
    if kind == "texts" and rng.random() < 0.6:
        text += (
            "def padded(batch):\n"
            "    xs, ns = zip(*batch)\n"
            "    return nn.utils.rnn.pad_sequence(xs, batch_first=True), torch.tensor(ns)\n"
        )
        options.append("collate_fn=padded")
    text += f"loader = DataLoader(ds, {', '.join(options)})\n"
    if not stream:
        text += "count = torch.zeros(len(loader))\n"
    if kind == "records":
        text += "for batch in loader:\n    x, y, w = batch['x'], batch['y'], batch['w']\n"
    elif rng.random() < 0.2:
        text += "x, y = next(iter(loader))\n"
    else:
        text += "for x, y in loader:\n    a = x\n    b = y\n"
    return kind, text


def main() -> None:
    rng = random.Random(20)
    parts: list[str] = []
    for number in range(COUNT):
        kind, text = program(rng)
        chance = "shuffle" in text or "RandomSampler" in text or "random_split" in text
        parts.append(f"#### {number:03}_{kind}{'_order' if chance else ''}\n{text}")
    (HERE / "probes" / "generated.txt").write_text("".join(parts), encoding="utf-8")


if __name__ == "__main__":
    main()
