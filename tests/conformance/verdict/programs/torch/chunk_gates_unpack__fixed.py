import torch
import torch.nn as nn


class PeepholeLSTM(nn.Module):
    def __init__(self, n_in, n_hidden):
        super().__init__()
        self.n_hidden = n_hidden
        self.x2h = nn.Linear(n_in, 4 * n_hidden)
        self.h2h = nn.Linear(n_hidden, 4 * n_hidden, bias=False)

    def forward(self, xs):
        h = xs.new_zeros(xs.size(1), self.n_hidden)
        c = torch.zeros_like(h)
        hs = []
        for x in xs:
            gates = self.x2h(x) + self.h2h(h)
            i, f, g, o = gates.split(self.n_hidden, dim=1)
            c = f.sigmoid() * c + i.sigmoid() * g.tanh()
            h = o.sigmoid() * c.tanh()
            hs.append(h)
        return torch.stack(hs), (h, c)


lstm = PeepholeLSTM(5, 12)
out, (h, c) = lstm(torch.randn(18, 3, 5))
print(out.shape)
