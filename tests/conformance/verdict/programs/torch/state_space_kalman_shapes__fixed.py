import torch

dt = 0.1
F = torch.tensor([[1.0, dt, 0.0, 0.0], [0.0, 1.0, 0.0, 0.0], [0.0, 0.0, 1.0, dt], [0.0, 0.0, 0.0, 1.0]])
H = torch.tensor([[1.0, 0.0, 0.0, 0.0], [0.0, 0.0, 1.0, 0.0]])
Q = 0.01 * torch.eye(4)
R = 0.5 * torch.eye(2)


def kalman(measurements, x, P):
    states = []
    for z in measurements:
        x = F @ x
        P = F @ P @ F.T + Q
        S = H @ P @ H.T + R
        K = P @ H.T @ torch.linalg.inv(S)
        x = x + K @ (z - H @ x)
        P = (torch.eye(4) - K @ H) @ P
        states.append(x)
    return torch.stack(states)


track = kalman(torch.randn(50, 2), torch.zeros(4), torch.eye(4))
print(track[:, [0, 2]].shape)
