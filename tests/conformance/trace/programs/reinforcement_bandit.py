"""Cart-like toy environment, policy gradient with train_on_batch."""
from collections import deque
import random

import numpy as np
from tensorflow.keras import Sequential
from tensorflow.keras.layers import Dense
from tensorflow.keras.optimizers import Adam

STATE_DIM = 4
N_ACTIONS = 3


class ToyEnv:
    def __init__(self, seed=0):
        self.rng = np.random.default_rng(seed)
        self.state = np.zeros(STATE_DIM)
        self.steps = 0

    def reset(self):
        self.state = self.rng.uniform(-0.1, 0.1, STATE_DIM)
        self.steps = 0
        return self.state.copy()

    def step(self, action):
        push = np.array([0.0, action - 1.0, 0.0, 0.5 * (action - 1)])
        self.state = 0.9 * self.state + 0.1 * push + self.rng.normal(0, 0.01, size=STATE_DIM)
        self.steps += 1
        reward = 1.0 - np.abs(self.state).sum()
        done = self.steps >= 15
        return self.state.copy(), reward, done


class DQN:
    def __init__(self, state_dim, n_actions, gamma=0.95):
        self.memory = deque(maxlen=200)
        self.gamma = gamma
        self.n_actions = n_actions
        self.net = Sequential([
            Dense(16, input_shape=(state_dim,), activation="relu"),
            Dense(16, activation="relu"),
            Dense(n_actions, activation="linear"),
        ])
        self.net.compile(loss="mse", optimizer=Adam(0.01))

    def act(self, state, eps):
        if np.random.rand() < eps:
            return random.randrange(self.n_actions)
        q = self.net.predict_on_batch(state[None, :])
        return int(np.argmax(q[0]))

    def replay(self, size):
        batch = random.sample(self.memory, size)
        states = np.array([b[0] for b in batch])
        actions = np.array([b[1] for b in batch])
        rewards = np.array([b[2] for b in batch])
        nexts = np.vstack([b[3] for b in batch])
        dones = np.array([b[4] for b in batch], dtype=bool)
        q_next = self.net.predict_on_batch(nexts).max(axis=1)
        q = np.array(self.net.predict_on_batch(states))
        q[np.arange(size), actions] = rewards + self.gamma * q_next * ~dones
        return self.net.train_on_batch(states, q)


env = ToyEnv()
agent = DQN(STATE_DIM, N_ACTIONS)
returns = []
for episode in range(3):
    state = env.reset()
    done, score = False, 0.0
    while not done:
        action = agent.act(state, eps=0.8)
        new_state, reward, done = env.step(action)
        agent.memory.append((state, action, reward, new_state, done))
        state = new_state
        score += reward
    if len(agent.memory) >= 16:
        agent.replay(16)
    returns.append(score)
curve = np.asarray(returns)
smooth = np.convolve(curve, np.ones(2) / 2, mode="valid")
print(curve, smooth)
