import re
import unicodedata
import numpy as np
import tensorflow as tf


def preprocess(w):
    w = "".join(c for c in unicodedata.normalize("NFD", w.lower().strip()) if unicodedata.category(c) != "Mn")
    w = re.sub(r"([?.!,])", r" \1 ", w)
    return "<start> " + w.strip() + " <end>"


class LanguageIndex:
    def __init__(self, lang):
        self.lang, self.word2idx, self.idx2word, self.vocab = lang, {}, {}, set()
        for phrase in lang:
            self.vocab.update(phrase.split(" "))
        self.vocab = sorted(self.vocab)
        self.word2idx["<pad>"] = 0
        for i, word in enumerate(self.vocab):
            self.word2idx[word] = i + 1
        for word, i in self.word2idx.items():
            self.idx2word[i] = word


pairs = [["Hello there.", "Hola."], ["How are you?", "Como estas?"], ["I am fine.", "Estoy bien."], ["See you soon.", "Hasta pronto."]] * 4
pairs = [[preprocess(w) for w in p] for p in pairs]
inp_lang = LanguageIndex(sp for en, sp in pairs)
targ_lang = LanguageIndex(en for en, sp in pairs)
inp = [[inp_lang.word2idx[s] for s in sp.split(" ")] for en, sp in pairs]
targ = [[targ_lang.word2idx[s] for s in en.split(" ")] for en, sp in pairs]
max_inp, max_tar = max(len(t) for t in inp), max(len(t) for t in targ)
inp = tf.keras.preprocessing.sequence.pad_sequences(inp, maxlen=max_inp, padding="post")
targ = tf.keras.preprocessing.sequence.pad_sequences(targ, maxlen=max_tar, padding="post")
BATCH_SIZE, embedding_dim, units = 8, 12, 16
dataset = tf.data.Dataset.from_tensor_slices((inp, targ)).shuffle(16).batch(BATCH_SIZE, drop_remainder=True)


class Encoder(tf.keras.Model):
    def __init__(self, vocab_size):
        super().__init__()
        self.embedding = tf.keras.layers.Embedding(vocab_size, embedding_dim)
        self.gru = tf.keras.layers.GRU(units, return_sequences=True, return_state=True, recurrent_initializer="glorot_uniform")

    def call(self, x, hidden):
        x = self.embedding(x)
        output, state = self.gru(x, initial_state=hidden)
        return output, state


class Decoder(tf.keras.Model):
    def __init__(self, vocab_size):
        super().__init__()
        self.embedding = tf.keras.layers.Embedding(vocab_size, embedding_dim)
        self.gru = tf.keras.layers.GRU(units, return_sequences=True, return_state=True)
        self.fc = tf.keras.layers.Dense(vocab_size)
        self.W1 = tf.keras.layers.Dense(units)
        self.W2 = tf.keras.layers.Dense(units)
        self.V = tf.keras.layers.Dense(1)

    def call(self, x, hidden, enc_output):
        hidden_with_time_axis = tf.expand_dims(hidden, 1)
        score = self.V(tf.nn.tanh(self.W1(enc_output) + self.W2(hidden_with_time_axis)))
        attention_weights = tf.nn.softmax(score, axis=1)
        context_vector = tf.reduce_sum(attention_weights * enc_output, axis=1)
        x = self.embedding(x)
        x = tf.concat([tf.expand_dims(context_vector, 1), x], axis=-1)
        output, state = self.gru(x)
        output = tf.reshape(output, (-1, output.shape[2]))
        return self.fc(output), state, attention_weights


encoder = Encoder(len(inp_lang.word2idx))
decoder = Decoder(len(targ_lang.word2idx))
optimizer = tf.keras.optimizers.Adam()


def loss_function(real, pred):
    mask = tf.cast(tf.not_equal(real, 0), tf.float32)
    loss_ = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=real, logits=pred) * mask
    return tf.reduce_mean(loss_)


for epoch in range(1):
    hidden = tf.zeros((BATCH_SIZE, units))
    for (batch, (bi, bt)) in enumerate(dataset):
        loss = 0
        with tf.GradientTape() as tape:
            enc_output, enc_hidden = encoder(bi, hidden)
            dec_hidden = enc_hidden
            dec_input = tf.expand_dims([targ_lang.word2idx["<start>"]] * BATCH_SIZE, 1)
            for t in range(1, bt.shape[1]):
                predictions, dec_hidden, aw = decoder(dec_input, dec_hidden, enc_output)
                loss += loss_function(bt[:, t], predictions)
                dec_input = tf.expand_dims(bt[:, t], 1)
        variables = encoder.variables + decoder.variables
        gradients = tape.gradient(loss, variables)
        optimizer.apply_gradients(zip(gradients, variables))
        print(epoch, batch, loss.numpy() / int(bt.shape[1]))
attention_plot = np.zeros((max_tar, max_inp))
attention_plot[0] = tf.reshape(aw[0], (-1,)).numpy()
