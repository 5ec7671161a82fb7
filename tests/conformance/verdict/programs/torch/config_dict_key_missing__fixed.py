import torch
import torch.nn as nn

CONFIG = {
    "data": {"n_samples": 64, "seq_len": 24, "n_vars": 7},
    "model": {"type": "gru", "hidden_size": 32, "num_layers": 1, "dropout": 0.0},
    "train": {"lr": 1e-3, "epochs": 1, "batch_size": 16},
}

RNNS = {"lstm": nn.LSTM, "gru": nn.GRU}


class Model(nn.Module):
    def __init__(self, cfg):
        super().__init__()
        m = cfg["model"]
        self.rnn = RNNS[m["type"]](cfg["data"]["n_vars"], m["hidden_size"], m["num_layers"], batch_first=True)
        self.linear = nn.Linear(m["hidden_size"], 1)

    def forward(self, x):
        out, _ = self.rnn(x)
        return self.linear(out)


model = Model(CONFIG)
x = torch.zeros(CONFIG["train"]["batch_size"], CONFIG["data"]["seq_len"], CONFIG["data"]["n_vars"])
print(model(x).shape)
