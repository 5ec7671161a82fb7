"""DQN with a replay buffer of tuples and a tiny environment class."""
import random
from collections import deque

import numpy as np
import tensorflow as tf
from tensorflow.keras import Sequential, optimizers
from tensorflow.keras.layers import Dense


class Corridor:
    def __init__(self, size=6):
        self.size = size
        self.reset()

    def reset(self):
        self.pos = 0
        return self._state()

    def _state(self):
        s = np.zeros(self.size, dtype=np.float32)
        s[self.pos] = 1.0
        return s

    def step(self, action):
        self.pos = min(max(self.pos + (1 if action == 1 else -1), 0), self.size - 1)
        done = self.pos == self.size - 1
        return self._state(), float(done) - 0.1, done


class Agent:
    def __init__(self, n_state, n_action):
        self.n_state, self.n_action = n_state, n_action
        self.memory = deque(maxlen=500)
        self.eps = 0.9
        self.q = self._net()
        self.target = self._net()
        self.target.set_weights(self.q.get_weights())
        self.opt = optimizers.Adam(1e-3)

    def _net(self):
        m = Sequential([Dense(16, activation="relu", input_shape=(self.n_state,)), Dense(self.n_action)])
        m.compile(loss="mse", optimizer="adam")
        return m

    def act(self, state):
        if random.random() < self.eps:
            return random.randrange(self.n_action)
        values = self.q.predict(state[np.newaxis], verbose=0)
        return int(np.argmax(values[0]))

    def learn(self, batch_size=16):
        batch = random.sample(self.memory, batch_size)
        states = np.array([b[0] for b in batch])
        actions = np.array([b[1] for b in batch])
        rewards = np.array([b[2] for b in batch], dtype=np.float32)
        nexts = np.array([b[3] for b in batch])
        dones = np.array([b[4] for b in batch], dtype=np.float32)
        future = self.target(nexts).numpy().max(axis=1)
        goal = rewards + 0.95 * future * (1 - dones)
        with tf.GradientTape() as tape:
            q_all = self.q(states)
            chosen = tf.reduce_sum(q_all * tf.one_hot(actions, self.n_action), axis=1)
            loss = tf.reduce_mean(tf.square(goal - chosen))
        grads = tape.gradient(loss, self.q.trainable_variables)
        self.opt.apply_gradients(zip(grads, self.q.trainable_variables))
        return loss


env = Corridor()
agent = Agent(6, 2)
returns = []
for episode in range(4):
    state, total = env.reset(), 0.0
    for t in range(12):
        action = agent.act(state)
        nxt, reward, done = env.step(action)
        agent.memory.append((state, action, reward, nxt, done))
        state = nxt
        total += reward
        if done:
            break
    returns.append(total)
    if len(agent.memory) >= 16:
        agent.learn()
curve = np.array(returns)
policy = agent.q.predict(np.eye(6, dtype=np.float32), verbose=0).argmax(axis=1)
print(curve.shape, policy.shape, state.shape)
