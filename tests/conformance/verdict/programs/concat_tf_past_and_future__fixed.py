import tensorflow as tf

past = tf.random.normal((16, 48, 3))
future_known = tf.random.normal((16, 12, 5))


class Mixer(tf.keras.layers.Layer):
    def __init__(self, width):
        super().__init__()
        self.past_proj = tf.keras.layers.Dense(width)
        self.future_proj = tf.keras.layers.Dense(width)

    def call(self, past, future):
        p = self.past_proj(past)
        f = self.future_proj(future)
        timeline = tf.concat([p, f], axis=1)
        return timeline


mixer = Mixer(8)
timeline = mixer(past, future_known)
print(timeline.shape)
