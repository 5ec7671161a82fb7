"""The fix that is offered first for what people ask about recurrent modules, attention, batches and losses of PyTorch."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from foreshape.cli.session import CheckSession

HEAD = """
import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset
"""
CASES = {
    "a state carried from step to step": (
        """
        rnn, head = nn.RNN(3, 8, batch_first=True), nn.Linear(8, 1)
        optimizer = torch.optim.SGD([*rnn.parameters(), *head.parameters()], lr=0.1)
        h = None
        for step in range(4):
            out, h = rnn(torch.randn(2, 5, 3), h)
            loss = head(out).mean()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        """,
        "h = h.detach()",
    ),
    "a pair of states kept by the module": (
        """
        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.lstm, self.state = nn.LSTM(3, 8), None

            def forward(self, x):
                out, self.state = self.lstm(x, self.state)
                return out.mean()

        net = Net()
        optimizer = torch.optim.Adam(net.parameters())
        for step in range(3):
            optimizer.zero_grad()
            net(torch.randn(5, 2, 3)).backward()
            optimizer.step()
        """,
        "self.state = tuple(each.detach() for each in self.state)",
    ),
    "a loss that was detached": (
        """
        net = nn.Linear(3, 1)
        loss = nn.functional.mse_loss(net(torch.rand(4, 3)).detach(), torch.rand(4, 1))
        loss.backward()
        """,
        "net(torch.rand(4, 3)), torch.rand(4, 1)",
    ),
    "states for the first axis": (
        """
        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.gru = nn.GRU(3, 8)

            def forward(self, x):
                h = torch.zeros(1, x.size(0), 8)
                return self.gru(x, h)

        Net()(torch.randn(6, 20, 3))
        """,
        "batch_first=True",
    ),
    "another variable that is the state": (
        """
        def step(gru, word, outputs, hidden):
            return gru(word, outputs)

        gru = nn.GRU(8, 16, batch_first=True)
        step(gru, torch.randn(4, 1, 8), torch.randn(4, 30, 32), torch.randn(1, 4, 16))
        """,
        "gru(word, hidden)",
    ),
    "a mask per head": (
        """
        attention = nn.MultiheadAttention(8, 2, batch_first=True)
        x, mask = torch.randn(3, 7, 8), torch.zeros(3, 7, 7)
        attention(x, x, x, attn_mask=mask)
        """,
        "mask.repeat_interleave(2, 0)",
    ),
    "a mask of samples says what comes first": (
        """
        layer = nn.TransformerEncoderLayer(8, 2)
        layer(torch.randn(3, 7, 8), src_key_padding_mask=torch.zeros(3, 7, dtype=torch.bool))
        """,
        "batch_first=True",
    ),
    "a mask taken from one": (
        "tokens = torch.tensor([[4, 0], [3, 2]])\nmask = tokens != 0\nhidden = 1 - mask\n",
        "~mask",
    ),
    "samples of unequal length in a dict": (
        """
        class Texts(Dataset):
            def __init__(self, rows):
                self.rows = rows

            def __len__(self):
                return len(self.rows)

            def __getitem__(self, i):
                return {"ids": torch.tensor(self.rows[i]), "label": 1}

        for batch in DataLoader(Texts([[1, 2], [3, 4, 5], [6]]), batch_size=3):
            ids = batch["ids"]
        """,
        'collate_fn=collate, which pads sample["ids"]',
    ),
    "a product of the same function": (
        """
        class Attention(nn.Module):
            def __init__(self, dim, heads=8, dim_head=64):
                super().__init__()
                self.mix = nn.Linear(dim, heads * dim_head)
                self.out = nn.Linear(dim, dim)

            def forward(self, x):
                return self.out(self.mix(x))

        Attention(256)(torch.randn(2, 9, 256))
        """,
        "nn.Linear(heads * dim_head, dim)",
    ),
    "the model that was saved": (
        """
        class Net(nn.Module):
            def __init__(self, n, two=False):
                super().__init__()
                self.rnn = nn.GRU(n, 4, bidirectional=two)

        saved = Net(3, two=True)
        net = Net(3)
        net.load_state_dict(saved.state_dict())
        """,
        "net = Net(3, two=True)",
    ),
    "what does not fill a row is left out": (
        "ids, rows = torch.zeros(103), 10\ntable = ids.view(rows, -1)\n",
        "ids[: ids.size(0) // rows * rows].view(rows, -1)",
    ),
    "labels that count from one": (
        """
        net, stars = nn.Linear(4, 5), torch.randint(1, 6, (10,))
        nn.functional.cross_entropy(net(torch.rand(10, 4)), stars)
        """,
        "stars - 1",
    ),
    "the last states of two directions": (
        """
        rnn, head = nn.LSTM(4, 8, bidirectional=True, batch_first=True), nn.Linear(16, 3)
        _, (hidden, _) = rnn(torch.randn(5, 9, 4))
        scores = head(hidden[-1])
        """,
        "torch.cat((hidden[-2], hidden[-1]), dim=1)",
    ),
    "a square mask cut to what is there": (
        """
        tril = torch.tril(torch.ones(8, 8))
        scores = torch.randn(2, 5, 5)
        scores = scores.masked_fill(tril == 0, float("-inf"))
        """,
        "(tril == 0)[:scores.size(-2), :scores.size(-1)]",
    ),
    "windows that are counted too far": (
        """
        class Windows(Dataset):
            def __init__(self, rows, steps):
                self.rows, self.steps = rows, steps

            def __len__(self):
                return len(self.rows)

            def __getitem__(self, i):
                return self.rows[i : i + self.steps], self.rows[i + self.steps, 0]

        for x, y in DataLoader(Windows(torch.randn(40, 3), 6), batch_size=8):
            pass
        """,
        "return len(self.rows) - self.steps",
    ),
    "targets one step on": (
        """
        net, ids = nn.Sequential(nn.Embedding(30, 8), nn.Linear(8, 30)), torch.randint(0, 30, (4, 12))
        out = net(ids[:, :-1])
        nn.functional.cross_entropy(out.reshape(-1, 30), ids.reshape(-1))
        """,
        "ids[:, 1:].reshape(-1)",
    ),
    "a target that is one step short": (
        """
        data = torch.randint(0, 30, (200,))
        x = torch.stack([data[i : i + 8] for i in (0, 20, 50)])
        y = torch.stack([data[i + 1 : i + 8] for i in (0, 20, 50)])
        net = nn.Sequential(nn.Embedding(30, 8), nn.Linear(8, 30))
        nn.functional.cross_entropy(net(x).view(-1, 30), y.view(-1))
        """,
        "data[i + 1 : i + 8 + 1]",
    ),
    "the short last batch against a state": (
        """
        state = torch.zeros(8, 4)
        for x in DataLoader(torch.randn(20, 4), batch_size=8):
            y = x + state
        """,
        "drop_last=True",
    ),
    "channels times what is left of the length": (
        """
        class Net(nn.Module):
            def __init__(self, length):
                super().__init__()
                self.conv = nn.Conv1d(2, 16, 3)
                self.head = nn.Linear(16 * (length // 1), 4)

            def forward(self, x):
                return self.head(self.conv(x).flatten(1))

        Net(20)(torch.randn(3, 2, 20))
        """,
        "nn.Linear(16 * 18, 4)",
    ),
    "lists that are padded": (
        "rows = [[1, 2], [3]]\npadded = nn.utils.rnn.pad_sequence(rows, batch_first=True)\n",
        "[torch.tensor(each) for each in rows]",
    ),
    "a schedule for all batches": (
        """
        loader = DataLoader(torch.randn(20, 2), batch_size=8)
        optimizer = torch.optim.SGD(nn.Linear(2, 1).parameters(), lr=0.1, momentum=0.9)
        schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 0.5, total_steps=2 * (20 // 8))
        for epoch in range(2):
            for x in loader:
                optimizer.step()
                schedule.step()
        """,
        "total_steps=2 * len(loader)",
    ),
    "bags that begin at 0": (
        """
        lengths = [2, 3, 1]
        offsets = torch.tensor(lengths).cumsum(0)
        nn.EmbeddingBag(9, 4)(torch.zeros(6, dtype=torch.long), offsets)
        """,
        "torch.tensor([0] + lengths[:-1]).cumsum(0)",
    ),
    "one place for each pair": (
        """
        n = 3
        pairs = torch.tensor([0, 2, 4])
        table = torch.bincount(pairs, minlength=n).view(n, n)
        """,
        "minlength=n ** 2",
    ),
    "one letter joined with a state": (
        """
        letters, hidden = torch.zeros(6, 57), torch.zeros(1, 128)
        both = torch.cat((letters[0], hidden), 1)
        """,
        "letters[0].unsqueeze(0)",
    ),
    "every frame of a video": (
        """
        net, video = nn.Conv2d(3, 4, 3), torch.rand(2, 7, 3, 8, 8)
        b, t = video.shape[:2]
        frames = net(video).view(b, t, -1)
        """,
        "video.flatten(0, 1)",
    ),
    "heads side by side": (
        """
        out, fc = torch.rand(2, 9, 8, 32), nn.Linear(256, 256)
        y = fc(out)
        """,
        "fc(out.flatten(2))",
    ),
    "a state per step beside what an encoder gives": (
        """
        outputs, hidden = torch.rand(11, 8, 128), torch.rand(8, 11, 64)
        both = torch.cat((hidden, outputs), dim=2)
        """,
        "outputs.transpose(0, 1)",
    ),
    "a mask for as many steps as there are samples": (
        """
        steps, batch = 24, 16
        net = nn.TransformerEncoderLayer(8, 2)
        mask = nn.Transformer.generate_square_subsequent_mask(batch)
        y = net(torch.rand(steps, batch, 8), mask)
        """,
        "generate_square_subsequent_mask(steps)",
    ),
    "a code that is repeated for every step": (
        """
        x, decode = torch.rand(16, 20, 8), nn.GRU(4, 8, batch_first=True)
        z = torch.rand(16, 4).repeat(1, 20, 1)
        out, _ = decode(z)
        loss = nn.functional.mse_loss(out, x)
        """,
        "torch.rand(16, 4).unsqueeze(1).repeat(1, 20, 1)",
    ),
    "one class for one sample": (
        """
        scores, label = torch.rand(1, 2), 1
        loss = nn.functional.nll_loss(scores, torch.tensor(label))
        """,
        "torch.tensor([label])",
    ),
    "a mask for the samples where the steps were meant": (
        """
        x, net = torch.rand(8, 9, 16), nn.TransformerEncoderLayer(16, 2, batch_first=True)
        mask = nn.Transformer.generate_square_subsequent_mask(x.size(0))
        y = net(x, mask)
        """,
        "x.size(1)",
    ),
    "all that a layer in a loop gives": (
        """
        x = torch.rand(4, 9, 16)
        for layer in [nn.GRU(16, 16, batch_first=True), nn.GRU(16, 16, batch_first=True)]:
            x = layer(x)
        y = x.mean(1)
        """,
        "x = layer(x)[0]",
    ),
    "a text longer than the table of positions": (
        """
        class Text(nn.Module):
            def __init__(self, block):
                super().__init__()
                self.block = block
                self.tokens, self.places = nn.Embedding(9, 4), nn.Embedding(block, 4)

            def forward(self, ids):
                return self.tokens(ids) + self.places(torch.arange(ids.shape[1]))

        net, ids = Text(6), torch.zeros(1, 1, dtype=torch.long)
        for step in range(12):
            ids = torch.cat((ids, net(ids)[:, -1].argmax(-1, keepdim=True)), 1)
        """,
        "net(ids[:, -6:])",
    ),
    "windows that reach past the end": (
        """
        import sys

        class Windows(Dataset):
            def __init__(self, values, steps, ahead):
                self.values, self.steps, self.ahead = values, steps, ahead

            def __len__(self):
                return len(self.values) - self.steps

            def __getitem__(self, at):
                return self.values[at + self.steps : at + self.steps + self.ahead]

        for batch in DataLoader(Windows(torch.rand(100), 24, 6), batch_size=32):
            pass
        """,
        "len(self.values) - self.steps - self.ahead + 1",
    ),
    "a padding mask that hides the tokens": (
        """
        ids = torch.tensor([[4, 8, 2, 0, 0], [3, 1, 5, 9, 0]])
        e, attend = nn.Embedding(10, 16)(ids), nn.MultiheadAttention(16, 4, batch_first=True)
        keep = ids != 0
        y = attend(e, e, e, key_padding_mask=keep)
        """,
        "key_padding_mask=~keep",
    ),
    "a generator in the loss of the other model": (
        """
        make, judge, bce = nn.Linear(2, 3), nn.Linear(3, 1), nn.BCEWithLogitsLoss()
        one, two = torch.optim.Adam(make.parameters()), torch.optim.Adam(judge.parameters())
        for step in range(2):
            fake = make(torch.rand(4, 2))
            loss = bce(judge(fake), torch.zeros(4, 1))
            two.zero_grad()
            loss.backward()
            two.step()
            other = bce(judge(fake), torch.ones(4, 1))
            one.zero_grad()
            other.backward()
            one.step()
        """,
        "line 10: loss = bce(judge(fake.detach()), torch.zeros(4, 1))",
    ),
    "sequences that stand along the first axis": (
        """
        net = nn.Transformer(16, 2, 1, 1, 32, batch_first=True)
        y = net(torch.rand(10, 4, 16), torch.rand(20, 4, 16))
        """,
        "batch_first=False",
    ),
    "a vector per sample beside several": (
        """
        user, items = torch.rand(16, 32), torch.rand(16, 5, 32)
        scores = (user * items).sum(-1)
        """,
        "user.unsqueeze(1)",
    ),
    "rows picked by their numbers": (
        """
        x, index = torch.rand(8, 100, 64), torch.zeros(8, 10, dtype=torch.long)
        rows = x.gather(1, index)
        y = nn.Linear(64, 2)(rows)
        """,
        "index.unsqueeze(-1).expand(-1, -1, x.size(-1))",
    ),
    "a packed sequence in a layer of tensors": (
        """
        packed = nn.utils.rnn.pack_sequence([torch.rand(5, 3), torch.rand(2, 3)])
        out, h = nn.GRU(3, 4)(packed)
        y = nn.Linear(4, 2)(out)
        """,
        "pad_packed_sequence(out, batch_first=True)[0]",
    ),
    "the last token of a text that grows": (
        """
        class Text(nn.Module):
            def __init__(self):
                super().__init__()
                self.e, self.g = nn.Embedding(9, 4), nn.GRU(4, 9, batch_first=True)

            def forward(self, x, h=None):
                return self.g(self.e(x), h)

        net, token, h = Text(), torch.tensor([[5]]), None
        for step in range(4):
            scores, h = net(token, h)
            token = torch.multinomial(scores[0, -1].softmax(0), 1)
        """,
        "torch.multinomial(scores[0, -1].softmax(0), 1).unsqueeze(0)",
    ),
    "one state for an LSTM": (
        """
        hidden, rnn = torch.zeros(2, 4, 10), nn.LSTM(3, 10, 2)
        out, hidden = rnn(torch.rand(6, 4, 3), hidden)
        """,
        "(hidden, torch.zeros_like(hidden))",
    ),
    "features behind samples and steps": (
        """
        n, t = 3, 5
        y = nn.Linear(4, 16)(torch.rand(n * t, 4)).view(n, t)
        """,
        "view(n, t, -1)",
    ),
    "a mask of keys": (
        """
        ids, scores = torch.randint(0, 9, (6, 11)), torch.rand(6, 11, 11)
        scores = scores.masked_fill(ids == 0, -1e9)
        """,
        "(ids == 0).unsqueeze(1)",
    ),
    "the parameters of two modules": (
        """
        net, head = nn.LSTM(3, 8), nn.Linear(8, 1)
        optimizer = torch.optim.Adam([net.parameters(), head.parameters()])
        """,
        "[*net.parameters(), *head.parameters()]",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_the_first_fix(name: str, tmp_path: Path) -> None:
    code, wanted = CASES[name]
    path = tmp_path / "program.py"
    path.write_text(HEAD + textwrap.dedent(code), encoding="utf-8")
    reports = CheckSession({}, fix_seconds=5.0).check([str(path)]).reports
    assert reports and reports[0].fixes, "nothing is offered"
    assert wanted in reports[0].fixes[0].title


def test_a_record_is_not_kept_where_the_parameters_change(tmp_path: Path) -> None:
    """``retain_graph=True`` fails where an optimizer steps between two passes back."""
    code, _ = CASES["a state carried from step to step"]
    path = tmp_path / "program.py"
    path.write_text(HEAD + textwrap.dedent(code), encoding="utf-8")
    titles = [
        fix.title for report in CheckSession({}, fix_seconds=5.0).check([str(path)]).reports for fix in report.fixes
    ]
    assert titles
    assert not any("retain_graph" in title for title in titles)
