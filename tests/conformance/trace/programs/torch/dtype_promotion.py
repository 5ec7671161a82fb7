import numpy as np
import torch

ints = torch.tensor([1, 2, 3])
small = torch.tensor([1, 2, 3], dtype=torch.int8)
floats = torch.tensor([1.0, 2.0])
doubles = torch.tensor(np.array([0.5, 1.5, 2.5]))
halves = doubles.half()
flags = torch.tensor([True, False, True])
a = ints + 1
b = ints + 1.5
c = ints / 2
d = ints // 2
e = small + ints
f = small * 2.0
g = doubles + ints
h = halves + doubles
i = flags + 1
j = flags & (ints > 1)
k = torch.sqrt(ints)
l = ints.sum()
m = flags.sum()
n = small.sum()
o = flags.float().mean()
p = ints.double().std()
q = ints.to(torch.float32) @ torch.ones(3)
r = torch.full((2, 2), 7)
s = torch.full((2, 2), 7.0)
t = torch.zeros(2, dtype=torch.long)
u = torch.as_tensor([[1, 2], [3, 4]]).type(torch.float64)
v = torch.arange(0, 1, 0.25)
w = torch.linspace(0, 1, 5)
x = doubles.numpy()
y = torch.from_numpy(np.arange(6, dtype=np.float32).reshape(2, 3))
z = y.long()
aa = torch.maximum(ints, small)
ab = torch.where(flags, 1.0, 0.0)
ac = ints.bool()
ad = torch.round(doubles)
ae = ints.clamp(min=2)
af = y.norm(dim=1)
ag = torch.exp(1j * floats)
ah = ag.abs()
