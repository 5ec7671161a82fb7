"""A tiny deep Q-learning loop on a synthetic price."""
import random
from collections import deque

import numpy as np
from tensorflow import keras


class MarketEnv:
    """State: the last `window` returns and the position."""

    actions = ("hold", "buy", "sell")

    def __init__(self, prices, window=10):
        self.returns = np.diff(prices) / prices[:-1]
        self.window = window
        self.reset()

    def reset(self):
        self.t = self.window
        self.position = 0
        return self._state()

    def _state(self):
        recent = self.returns[self.t - self.window:self.t]
        return np.append(recent, self.position)

    def step(self, action):
        if self.actions[action] == "buy":
            self.position = 1
        elif self.actions[action] == "sell":
            self.position = -1
        reward = self.position * self.returns[self.t]
        self.t += 1
        done = self.t >= len(self.returns)
        return self._state(), reward, done


class Agent:
    def __init__(self, state_size, action_size, memory=200):
        self.state_size = state_size
        self.action_size = action_size
        self.memory = deque(maxlen=memory)
        self.gamma = 0.95
        self.epsilon = 0.0
        self.model = self._network()

    def _network(self):
        model = keras.Sequential()
        model.add(keras.layers.Input((self.state_size,)))
        model.add(keras.layers.Dense(16, activation="relu"))
        model.add(keras.layers.Dense(self.action_size))
        model.compile(loss="mse", optimizer=keras.optimizers.Adam(1e-3))
        return model

    def act(self, state):
        if random.random() < self.epsilon:
            return random.randrange(self.action_size)
        return int(np.argmax(self.model.predict(state[np.newaxis], verbose=0)[0]))

    def remember(self, *transition):
        self.memory.append(transition)

    def replay(self, size):
        batch = random.sample(list(self.memory), size)
        states = np.array([b[0] for b in batch])
        targets = self.model.predict(states, verbose=0)
        for row, (_, action, reward, nxt, done) in enumerate(batch):
            future = 0.0 if done else np.max(self.model.predict(nxt[np.newaxis], verbose=0))
            targets[row, action] = reward + self.gamma * future
        self.model.fit(states, targets, epochs=1, verbose=0)


prices = 100 + np.cumsum(np.sin(np.arange(30)))
env = MarketEnv(prices)
agent = Agent(env.window + 1, len(env.actions))
state = env.reset()
done = False
while not done:
    action = agent.act(state)
    following, reward, done = env.step(action)
    agent.remember(state, action, reward, following, done)
    state = following
agent.replay(4)
print("position", env.position)
