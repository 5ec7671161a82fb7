import tensorflow as tf


class MultiHeadSelfAttention(tf.keras.layers.Layer):
    def __init__(self, embed_dim, num_heads):
        super().__init__()
        self.embed_dim = embed_dim
        self.num_heads = num_heads
        self.projection_dim = embed_dim // num_heads
        self.query = tf.keras.layers.Dense(embed_dim)
        self.key = tf.keras.layers.Dense(embed_dim)
        self.value = tf.keras.layers.Dense(embed_dim)
        self.combine = tf.keras.layers.Dense(embed_dim)

    def separate_heads(self, x, batch_size):
        x = tf.reshape(x, (batch_size, -1, self.num_heads, self.projection_dim))
        return tf.transpose(x, perm=[0, 2, 1, 3])

    def call(self, inputs):
        batch_size = inputs.shape[0]
        q = self.separate_heads(self.query(inputs), batch_size)
        k = self.separate_heads(self.key(inputs), batch_size)
        v = self.separate_heads(self.value(inputs), batch_size)
        score = tf.matmul(q, k, transpose_b=True) / self.projection_dim ** 0.5
        attended = tf.matmul(tf.nn.softmax(score, axis=-1), v)
        attended = tf.transpose(attended, perm=[0, 2, 1, 3])
        return self.combine(tf.reshape(attended, (batch_size, -1, self.embed_dim)))


attention = MultiHeadSelfAttention(embed_dim=20, num_heads=4)
tokens = tf.random.normal((2, 7, 20))
print(attention(tokens).shape)
