import math
import torch
import torch.nn as nn

torch.manual_seed(0)
T, L, N = 20, 200, 16
phases = torch.randint(-4 * T, 4 * T, (N, 1))
steps = torch.arange(L).unsqueeze(0) + phases
data = torch.sin(steps / T)


class Sequence(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm1 = nn.LSTMCell(1, 21)
        self.lstm2 = nn.LSTMCell(21, 21)
        self.linear = nn.Linear(21, 1)

    def forward(self, input, future=0):
        outputs = []
        h_t = torch.zeros(input.size(0), 21)
        c_t = torch.zeros(input.size(0), 21)
        h_t2 = torch.zeros(input.size(0), 21)
        c_t2 = torch.zeros(input.size(0), 21)
        for input_t in input.split(1, dim=1):
            h_t, c_t = self.lstm1(input_t, (h_t, c_t))
            h_t2, c_t2 = self.lstm2(h_t, (h_t2, c_t2))
            output = self.linear(h_t2)
            outputs += [output]
        for i in range(future):
            h_t, c_t = self.lstm1(output, (h_t, c_t))
            h_t2, c_t2 = self.lstm2(h_t, (h_t2, c_t2))
            output = self.linear(h_t2)
            outputs += [output]
        return torch.cat(outputs, dim=1)


input = data[3:, :-1]
target = data[3:, 1:]
test_input = data[:3, :-1]
seq = Sequence()
criterion = nn.MSELoss()
optimizer = torch.optim.LBFGS(seq.parameters(), lr=0.8, max_iter=2)


def closure():
    optimizer.zero_grad()
    out = seq(input)
    loss = criterion(out, target)
    loss.backward()
    return loss


optimizer.step(closure)
with torch.no_grad():
    future = 10
    pred = seq(test_input, future=future)
    tail = pred[:, -future:]
    array = pred.detach().numpy()
print(tail.shape, math.pi)
