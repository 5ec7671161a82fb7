"""A feature-engineering notebook turned script: many small NumPy calls on sales data."""
import numpy as np

rng = np.random.default_rng(seed=99)
n_shops, n_weeks, n_items = 6, 52, 4
sales = rng.poisson(20, size=(n_shops, n_weeks, n_items))
price = rng.uniform(1, 9, size=n_items)
revenue = sales * price
total = revenue.sum()
per_shop = revenue.sum(axis=(1, 2))
per_week = np.sum(revenue, axis=(0, 2))
per_item = np.einsum("swi->i", revenue)
share = per_item / total
cum = np.cumsum(per_week)
growth = np.diff(per_week, prepend=per_week[0])
quarters = np.split(per_week, 4)
quarter_sums = np.array([q.sum() for q in quarters])
months = np.array_split(per_week, 12)
month_lengths = np.array([len(m) for m in months])
by_quarter = revenue.reshape(n_shops, 4, 13, n_items)
quarter_mean = by_quarter.mean(axis=2)
best_week = revenue.argmax(axis=1)
flat_best = np.unravel_index(revenue.argmax(), revenue.shape)
ordered = np.sort(per_week)[::-1]
top5 = np.argsort(per_week)[-5:]
top_sales = sales[:, top5, :]
picked = sales[np.ix_([0, 2], top5)]
busy = sales[sales > 25]
n_busy = np.count_nonzero(sales > 25, axis=1)
idx = np.nonzero(per_week > per_week.mean())[0]
codes, counts = np.unique(best_week, return_counts=True)
values, inverse = np.unique(sales[0, :, 0], return_inverse=True)
clipped = np.clip(sales, 10, 30)
scaled = (sales - sales.mean(axis=1, keepdims=True)) / sales.std(axis=1, keepdims=True)
lagged = np.roll(scaled, 1, axis=1)
lagged[:, 0] = 0
pairs = np.stack((scaled, lagged), axis=-1)
flat = pairs.reshape(n_shops * n_weeks, -1)
cov = np.cov(flat, rowvar=False)
eigval, eigvec = np.linalg.eigh(cov)
u, s, vt = np.linalg.svd(flat, full_matrices=False)
pcs = flat @ vt[:2].T
coef, residuals, rank, sv = np.linalg.lstsq(flat, per_week.repeat(n_shops), rcond=None)
trend = np.polyfit(np.arange(n_weeks), per_week, deg=1)
fitted = np.polyval(trend, np.arange(n_weeks))
outer = np.outer(per_shop, share)
kron = np.kron(np.eye(2), np.ones((2, 3)))
smooth = np.convolve(per_week, np.ones(4) / 4, mode="same")
valid = np.convolve(per_week, np.ones(4) / 4, mode="valid")
spectrum = np.fft.fft(per_week - fitted)
grid = np.meshgrid(np.arange(3), np.arange(5), indexing="ij")
gx, gy = grid
coords = np.c_[gx.ravel(), gy.ravel()]
tiles = np.tile(price, (n_shops, 1))
rep = np.repeat(sales[:, 0], 2, axis=0)
moved = np.moveaxis(sales, -1, 0)
rolled = np.rollaxis(sales, 2)
swapped = sales.swapaxes(0, 1)
squeezed = sales[:1, :, :1].squeeze()
expanded = np.expand_dims(per_shop, (0, 2))
block = np.block([[np.eye(2), np.zeros((2, 3))], [np.ones((1, 2)), np.full((1, 3), 7)]])
digit = np.digitize(per_week, bins=quarter_sums.cumsum() / 4)
interp = np.interp(np.linspace(0, 51, 100), np.arange(52), per_week)
choice = rng.choice(n_weeks, size=8, replace=False)
shuffled = rng.permutation(sales, axis=1)
lower = np.tril(cov)
trace = np.trace(cov)
inv = np.linalg.pinv(cov)
full = np.full_like(price, 2.5)
empty = np.empty((0, 3))
stackd = np.vstack([empty, np.ones((2, 3))])
logic = np.logical_and(per_week > 1, per_week < 1e9).all()
cube = np.lib.stride_tricks.sliding_window_view(per_week, 8)
tri = np.triu_indices(4, k=1)
upper = outer[tri]
rounded = np.round(share, 2)
mid = np.median(sales, axis=0)
q = np.quantile(sales, [0.1, 0.5, 0.9], axis=1)
dist = np.linalg.norm(flat[:, None] - flat[None], axis=-1)
cross = np.cross(np.ones((5, 3)), np.arange(3))
print(total, trace, logic, cube.shape, upper.shape)
