import numpy as np
import tensorflow as tf
from tensorflow.keras.layers import Dense, Embedding, GRU, Layer


class BahdanauAttention(Layer):
    def __init__(self, units):
        super().__init__()
        self.W1 = Dense(units)
        self.W2 = Dense(units)
        self.V = Dense(1)

    def call(self, query, values):
        query_with_time = tf.expand_dims(query, 1)
        score = self.V(tf.nn.tanh(self.W1(query_with_time) + self.W2(values)))
        weights = tf.nn.softmax(score, axis=1)
        context = weights * values
        context = tf.reduce_sum(context, axis=1)
        return context, weights


class Decoder(tf.keras.Model):
    def __init__(self, vocab, emb, units):
        super().__init__()
        self.embedding = Embedding(vocab, emb)
        self.gru = GRU(units, return_sequences=True, return_state=True)
        self.fc = Dense(vocab)
        self.attention = BahdanauAttention(units)

    def call(self, token, hidden, enc_output):
        context, weights = self.attention(hidden, enc_output)
        x = self.embedding(token)
        x = tf.concat([tf.expand_dims(context, 1), x], axis=-1)
        output, state = self.gru(x)
        output = tf.reshape(output, (-1, output.shape[2]))
        logits = self.fc(output)
        return logits, state, weights


BATCH, SRC, TGT, UNITS, VOCAB = 6, 11, 5, 16, 30
src = np.random.randint(1, VOCAB, (BATCH, SRC))
tgt = np.random.randint(1, VOCAB, (BATCH, TGT))

enc_emb = Embedding(VOCAB, 8)
enc_gru = GRU(UNITS, return_sequences=True, return_state=True)
decoder = Decoder(VOCAB, 8, UNITS)
optimizer = tf.keras.optimizers.Adam()
loss_fn = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True, reduction="none")


def masked_loss(real, pred):
    mask = tf.cast(tf.not_equal(real, 0), tf.float32)
    per_item = loss_fn(real, pred)
    return tf.reduce_mean(per_item * mask)


with tf.GradientTape() as tape:
    embedded = enc_emb(src)
    enc_out, enc_hidden = enc_gru(embedded)
    hidden = enc_hidden
    dec_input = tf.expand_dims([1] * BATCH, 1)
    loss = 0.0
    attention_plot = []
    for t in range(TGT):
        predictions, hidden, attn = decoder(dec_input, hidden, enc_out)
        loss += masked_loss(tgt[:, t], predictions)
        attention_plot.append(tf.squeeze(attn, axis=-1))
        dec_input = tf.expand_dims(tgt[:, t], 1)
variables = enc_gru.trainable_variables + decoder.trainable_variables
gradients = tape.gradient(loss, variables)
optimizer.apply_gradients(zip(gradients, variables))
plot = tf.stack(attention_plot, axis=1)
alignment = plot.numpy().argmax(axis=-1)
greedy = tf.argmax(predictions, axis=-1).numpy()
sums = tf.reduce_sum(plot, axis=2)
print(alignment.shape, greedy, float(loss), sums.shape)
