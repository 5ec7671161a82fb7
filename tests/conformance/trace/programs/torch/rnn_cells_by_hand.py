import torch
from torch import nn, Tensor
from typing import List, Tuple


class CustomLSTM(nn.Module):
    def __init__(self, input_sz, hidden_sz):
        super().__init__()
        self.input_sz = input_sz
        self.hidden_size = hidden_sz
        self.W = nn.Parameter(torch.Tensor(input_sz, hidden_sz * 4))
        self.U = nn.Parameter(torch.Tensor(hidden_sz, hidden_sz * 4))
        self.bias = nn.Parameter(torch.Tensor(hidden_sz * 4))
        self.init_weights()

    def init_weights(self):
        stdv = 1.0 / self.hidden_size ** 0.5
        for weight in self.parameters():
            weight.data.uniform_(-stdv, stdv)

    def forward(self, x, init_states=None):
        bs, seq_sz, _ = x.size()
        hidden_seq = []
        if init_states is None:
            h_t, c_t = (torch.zeros(bs, self.hidden_size), torch.zeros(bs, self.hidden_size))
        else:
            h_t, c_t = init_states
        HS = self.hidden_size
        for t in range(seq_sz):
            x_t = x[:, t, :]
            gates = x_t @ self.W + h_t @ self.U + self.bias
            i_t, f_t, g_t, o_t = (
                torch.sigmoid(gates[:, :HS]),
                torch.sigmoid(gates[:, HS:HS * 2]),
                torch.tanh(gates[:, HS * 2:HS * 3]),
                torch.sigmoid(gates[:, HS * 3:]),
            )
            c_t = f_t * c_t + i_t * g_t
            h_t = o_t * torch.tanh(c_t)
            hidden_seq.append(h_t.unsqueeze(0))
        hidden_seq = torch.cat(hidden_seq, dim=0)
        hidden_seq = hidden_seq.transpose(0, 1).contiguous()
        return hidden_seq, (h_t, c_t)


x = torch.randn(5, 13, 4)
lstm = CustomLSTM(4, 9)
out, (h, c) = lstm(x)
again, state = lstm(x, (h, c))
last_h = state[0]
reference = nn.LSTM(4, 9, batch_first=True)
ref_out, (ref_h, ref_c) = reference(x)
weight = reference.weight_ih_l0
bias = reference.bias_hh_l0
projected = nn.LSTM(4, 9, proj_size=3)
p_out, (p_h, p_c) = projected(x)
rnn = nn.RNN(4, 6, num_layers=3, dropout=0.1)
r_out, r_h = rnn(x)
top = r_h[-1]
cell = nn.GRUCell(4, 6)
g = torch.zeros(5, 6)
for step in x.unbind(1):
    g = cell(step, g)
