package sparrow.models.lfm3;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import sparrow.models.family.Lazy;
import sparrow.models.family.SpeechInput;
import sparrow.speech.lfm.CausalEncoder;
import sparrow.speech.wave.StreamingResampler;
import sparrow.speech.wave.Waveform;

/**
 * Encodes audio, and stores the encoder's state after the blocks of recent recordings. If a recording begins like an
 * earlier recording, it is encoded from the newest state that they have in common, so encoding a question repeatedly
 * while it is spoken costs little more than encoding it once. The results do not depend on stored states. Thread-safe.
 */
final class PrefixEncoder implements SpeechInput.CausalEncoder {
    /** Maximum number of states, each of about 0.7 MB at the published sizes. */
    private static final int MAX_STATES = 48;

    private final Lazy<CausalEncoder> encoder;

    /** States by hash of the samples that the encoder has accepted. */
    private final Map<ByteBuffer, State> states = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<ByteBuffer, State> eldest) {
            return size() > MAX_STATES;
        }
    };

    /** The encoder after a number of blocks. The utterance is copied before it is used. */
    private record State(int blocks, CausalEncoder.Utterance utterance, Rows rows) {}

    /**
     * The encoder's output rows.
     *
     * @param before rows of the earlier blocks, or null if there are none
     * @param last rows of the last block
     */
    private record Rows(Rows before, float[] last) {}

    PrefixEncoder(Lazy<CausalEncoder> encoder) {
        this.encoder = encoder;
    }

    @Override
    public List<float[]> encode(Waveform waveform) {
        float[] sound = waveform.at(CausalEncoder.SAMPLE_RATE_HZ).samples();
        State last = upToLastBlock(sound);
        CausalEncoder.Utterance utterance = last.utterance.copy();
        utterance.accept(Arrays.copyOfRange(sound, end(last.blocks), sound.length));
        return List.of(joined(new Rows(last.rows, utterance.finish())));
    }

    /** Encodes the complete blocks whose 16 kHz samples do not depend on audio after {@code soFar}. */
    @Override
    public float[] encodeStablePrefix(Waveform soFar) {
        StreamingResampler resampler = new StreamingResampler(soFar.sampleRateHz(), CausalEncoder.SAMPLE_RATE_HZ);
        return joined(upToLastBlock(resampler.accept(soFar.samples(), false)).rows);
    }

    @Override
    public List<float[]> features(Waveform waveform) {
        return encoder.get().features(waveform);
    }

    /** Encodes the complete blocks of a recording. */
    private State upToLastBlock(float[] sound) {
        List<ByteBuffer> hashes = hashes(sound);
        State state = newest(hashes);
        while (state.blocks < hashes.size()) {
            int next = state.blocks + 1;
            CausalEncoder.Utterance utterance = state.utterance.copy();
            float[] rows = utterance.accept(Arrays.copyOfRange(sound, end(state.blocks), end(next)));
            state = new State(next, utterance, new Rows(state.rows, rows));
            store(hashes.get(next - 1), state);
        }
        return state;
    }

    /** Returns the number of samples that the encoder needs for the given number of blocks. */
    private static int end(int blocks) {
        return blocks == 0 ? 0 : CausalEncoder.samples(blocks);
    }

    /** Hashes the samples of the first block, of the first two blocks, and so on. */
    private static List<ByteBuffer> hashes(float[] sound) {
        List<ByteBuffer> hashes = new ArrayList<>();
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (int blocks = 1; end(blocks) <= sound.length; blocks++) {
                int from = end(blocks - 1);
                ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * (end(blocks) - from));
                bytes.asFloatBuffer().put(sound, from, end(blocks) - from);
                digest.update(bytes);
                hashes.add(ByteBuffer.wrap(((MessageDigest) digest.clone()).digest()));
            }
        } catch (NoSuchAlgorithmException | CloneNotSupportedException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
        return hashes;
    }

    private synchronized State newest(List<ByteBuffer> hashes) {
        for (ByteBuffer hash : hashes.reversed()) {
            State state = states.get(hash);
            if (state != null) return state;
        }
        return new State(0, encoder.get().start(), null);
    }

    private synchronized void store(ByteBuffer hash, State state) {
        states.put(hash, state);
    }

    private static float[] joined(Rows rows) {
        int length = 0;
        for (Rows some = rows; some != null; some = some.before) length += some.last.length;
        float[] all = new float[length];
        for (Rows some = rows; some != null; some = some.before) {
            length -= some.last.length;
            System.arraycopy(some.last, 0, all, length, some.last.length);
        }
        return all;
    }
}
