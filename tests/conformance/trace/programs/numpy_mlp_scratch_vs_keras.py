"""A two layer network by hand in NumPy next to the same in Keras."""
import numpy as np
from sklearn.datasets import load_digits, make_moons
from tensorflow import keras


def relu(z):
    return np.maximum(0, z)


def softmax(z):
    z = z - z.max(axis=1, keepdims=True)
    e = np.exp(z)
    return e / e.sum(axis=1, keepdims=True)


class MLP:
    def __init__(self, sizes, seed=0):
        rng = np.random.default_rng(seed)
        self.W = [rng.normal(0, np.sqrt(2 / a), (a, b)) for a, b in zip(sizes[:-1], sizes[1:])]
        self.b = [np.zeros(b) for b in sizes[1:]]

    def forward(self, X):
        acts = [X]
        for i, (W, b) in enumerate(zip(self.W, self.b)):
            z = acts[-1] @ W + b
            acts.append(relu(z) if i < len(self.W) - 1 else softmax(z))
        return acts

    def step(self, X, Y, lr=0.1):
        acts = self.forward(X)
        delta = (acts[-1] - Y) / len(X)
        for i in reversed(range(len(self.W))):
            gW = acts[i].T @ delta
            gb = delta.sum(axis=0)
            if i > 0:
                delta = (delta @ self.W[i].T) * (acts[i] > 0)
            self.W[i] -= lr * gW
            self.b[i] -= lr * gb
        return -np.mean(np.sum(Y * np.log(acts[-1] + 1e-9), axis=1))


digits = load_digits()
X = digits.data / 16.0
y = digits.target
Y = np.eye(10)[y]
perm = np.random.permutation(len(X))
train, test = perm[:1500], perm[1500:]
net = MLP([64, 32, 10])
for epoch in range(3):
    for k in range(0, len(train), 100):
        rows = train[k:k + 100]
        loss = net.step(X[rows], Y[rows])
probs = net.forward(X[test])[-1]
hit = (probs.argmax(axis=1) == y[test]).mean()
model = keras.Sequential([keras.layers.Dense(32, activation="relu", input_dim=64), keras.layers.Dense(10, activation="softmax")])
model.compile("sgd", "categorical_crossentropy")
model.set_weights([net.W[0], net.b[0], net.W[1], net.b[1]])
kp = model.predict(X[test], verbose=0)
gap = np.abs(kp - probs).max()
images = digits.images[:10]
montage = np.vstack([np.hstack(images[:5]), np.hstack(images[5:])])
means = np.array([X[y == c].mean(axis=0) for c in range(10)])
dist = np.linalg.norm(X[:20, None, :] - means[None], axis=2)
moons, side = make_moons(n_samples=90, noise=0.1)
grid_x, grid_y = np.meshgrid(np.linspace(-2, 3, 25), np.linspace(-1, 2, 20))
grid = np.c_[grid_x.ravel(), grid_y.ravel()]
print(probs.shape, kp.shape, montage.shape, means.shape, dist.shape, moons.shape, side.shape, grid.shape, gap, hit)
