import torch

a = torch.arange(24).reshape(2, 3, 4)
b = a.float() / 10
row = b[0]
col = b[:, 1]
last = b[..., -1]
every = b[:, ::2]
flipped = b.flip(0, 2)
swapped = b.transpose(0, 2)
moved = b.movedim(0, -1)
squeezed = b[:1].squeeze(0)
expanded = squeezed.expand(5, -1, -1)
flat = b.flatten()
rest = b.flatten(1)
back = rest.unflatten(1, (3, 4))
summed = b.sum()
over = b.mean(dim=(0, 2))
kept = b.amax(dim=1, keepdim=True)
values, indices = b.max(dim=2)
order = b.argsort(dim=-1, descending=True)
mask = b > 0.5
chosen = b[mask]
count = mask.sum()
where = torch.where(mask, b, torch.zeros_like(b))
idx = mask.nonzero()
top, at = flat.topk(5)
bins = torch.bincount(a.flatten() % 7, minlength=7)
joined = torch.cat([b, b[:, :1]], dim=1)
stacked = torch.stack([row, row + 1, row - 1], dim=1)
parts = joined.split([1, 3], dim=1)
first, second = parts
x, y, z = torch.unbind(b, dim=1)
grid_y, grid_x = torch.meshgrid(torch.arange(3), torch.arange(5), indexing="ij")
outer = torch.outer(torch.arange(3.0), torch.ones(4))
n = b.numel()
padded = torch.nn.functional.pad(b, (1, 2, 0, 1))
rolled = torch.roll(b, shifts=1, dims=1)
tri = torch.tril(torch.ones(4, 4))
eye = torch.eye(3, dtype=torch.bool)
print(n, count.item(), chosen.shape)
