package sparrow.server.audio;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import sparrow.speech.wave.Waveform;

/**
 * One channel of audio in 16-bit samples, which take half the memory of float samples. A sound is immutable, and may
 * share memory with the {@link SoundBuffer} that returned it.
 */
public final class Sound {
    /** Number of samples in each piece except the last. */
    static final int PIECE = 1 << 14;

    private final List<short[]> pieces;
    private final int offset;
    private final int length;
    private final int rateHz;

    /**
     * Creates a sound.
     *
     * @param pieces the pieces; pieces after the last sample are ignored
     * @param offset the index of the first sample in the first piece
     */
    Sound(List<short[]> pieces, int offset, int length, int rateHz) {
        this.pieces = List.copyOf(pieces.subList(0, Math.ceilDiv(offset + length, PIECE)));
        this.offset = offset;
        this.length = length;
        this.rateHz = rateHz;
    }

    /** Returns a sound that contains the samples, rounded to 16 bits as in {@link Pcm16}. */
    public static Sound of(float[] samples, int rateHz) {
        List<short[]> pieces = new ArrayList<>();
        for (int from = 0; from < samples.length; from += PIECE) {
            short[] piece = new short[Math.min(PIECE, samples.length - from)];
            for (int i = 0; i < piece.length; i++) piece[i] = Pcm16.step(samples[from + i]);
            pieces.add(piece);
        }
        return new Sound(pieces, 0, samples.length, rateHz);
    }

    /** Returns the number of samples. */
    public int length() {
        return length;
    }

    /** Returns the sample rate in Hz. */
    public int sampleRateHz() {
        return rateHz;
    }

    /** Returns the duration in seconds. */
    public double seconds() {
        return (double) length / rateHz;
    }

    /** Returns a copy of the samples, in the range from -1 (inclusive) to 1 (exclusive). */
    public float[] samples() {
        float[] samples = new float[length];
        for (int i = 0, at = offset; i < length; i++, at++) samples[i] = pieces.get(at / PIECE)[at % PIECE] * 0x1p-15f;
        return samples;
    }

    /** Returns a copy as a waveform for models and resampling. */
    public Waveform waveform() {
        return new Waveform(samples(), rateHz);
    }

    /**
     * Returns a sound with the same samples that shares no memory with a {@link SoundBuffer}, whose pieces may be much
     * longer than this sound.
     */
    public Sound compact() {
        if (bytes() == (long) length * Short.BYTES) return this;
        List<short[]> own = new ArrayList<>();
        for (int from = 0; from < length; from += PIECE) {
            short[] piece = new short[Math.min(PIECE, length - from)];
            for (int i = 0, at = offset + from; i < piece.length; i++, at++) {
                piece[i] = pieces.get(at / PIECE)[at % PIECE];
            }
            own.add(piece);
        }
        return new Sound(own, 0, length, rateHz);
    }

    /** Returns the memory of the pieces in bytes, including samples in them that do not belong to this sound. */
    public long bytes() {
        return pieces.stream()
                .mapToLong(piece -> (long) piece.length * Short.BYTES)
                .sum();
    }

    /** Returns a sound that contains the first samples. */
    public Sound beginning(int samples) {
        Objects.checkFromToIndex(0, samples, length);
        return new Sound(pieces, offset, samples, rateHz);
    }
}
