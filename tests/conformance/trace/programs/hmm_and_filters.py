"""Hidden Markov forward/backward/Viterbi and a Kalman filter, NumPy loops."""
import numpy as np

S, O, T = 3, 4, 25
gen = np.random.Generator(np.random.PCG64(123))
A = gen.dirichlet(np.ones(S), size=S)
B = gen.dirichlet(np.ones(O), size=S)
pi = np.full(S, 1 / S)

states = np.empty(T, dtype=int)
obs = np.empty(T, dtype=int)
states[0] = gen.choice(S, p=pi)
obs[0] = gen.choice(O, p=B[states[0]])
for t in range(1, T):
    states[t] = gen.choice(S, p=A[states[t - 1]])
    obs[t] = gen.choice(O, p=B[states[t]])

alpha = np.zeros((T, S))
scale = np.zeros(T)
alpha[0] = pi * B[:, obs[0]]
scale[0] = alpha[0].sum()
alpha[0] /= scale[0]
for t in range(1, T):
    alpha[t] = (alpha[t - 1] @ A) * B[:, obs[t]]
    scale[t] = alpha[t].sum()
    alpha[t] /= scale[t]
loglik = np.log(scale).sum()

beta = np.ones((T, S))
for t in range(T - 2, -1, -1):
    beta[t] = A @ (B[:, obs[t + 1]] * beta[t + 1]) / scale[t + 1]
gamma = alpha * beta
gamma = gamma / gamma.sum(axis=1, keepdims=True)
xi = alpha[:-1, :, None] * A[None] * (B[:, obs[1:]].T * beta[1:])[:, None, :]
xi /= xi.sum(axis=(1, 2), keepdims=True)
A_new = xi.sum(axis=0) / gamma[:-1].sum(axis=0)[:, None]

delta = np.log(pi) + np.log(B[:, obs[0]])
back = []
for t in range(1, T):
    step = delta[:, None] + np.log(A)
    back.append(step.argmax(axis=0))
    delta = step.max(axis=0) + np.log(B[:, obs[t]])
path = [int(delta.argmax())]
for pointer in reversed(back):
    path.append(int(pointer[path[-1]]))
path = np.array(path[::-1])
agreement = (path == states).mean()

dt = 0.1
F = np.array([[1, dt], [0, 1]])
H = np.array([[1.0, 0.0]])
Q = np.eye(2) * 1e-3
R = np.array([[0.05]])
x = np.zeros((2, 1))
P = np.eye(2)
truth = np.sin(np.arange(40) * dt)
zs = truth + gen.normal(0, 0.2, size=40)
track = np.zeros((40, 2))
for k, z in enumerate(zs):
    x = F @ x
    P = F @ P @ F.T + Q
    innovation = z - H @ x
    gain_cov = H @ P @ H.T + R
    K = P @ H.T @ np.linalg.inv(gain_cov)
    x = x + K @ innovation
    P = (np.eye(2) - K @ H) @ P
    track[k] = x.ravel()
rmse = np.sqrt(np.mean((track[:, 0] - truth) ** 2))
eigenvalues = np.linalg.eigvals(A)
print(loglik, agreement, rmse, A_new.sum(axis=1), eigenvalues.shape)
