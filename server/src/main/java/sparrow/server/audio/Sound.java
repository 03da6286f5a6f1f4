package sparrow.server.audio;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import sparrow.speech.wave.Waveform;

/**
 * One channel of sound in 16-bit samples, which take half the memory of those that models hear. Immutable. Memory is shared with the
 * {@link SoundBuffer} that it was taken from.
 */
public final class Sound {
    /** Samples of each piece but the last. */
    static final int PIECE = 1 << 14;

    private final List<short[]> pieces;
    private final int offset;
    private final int length;
    private final int rateHz;

    /**
     * @param pieces of which those behind the last sample are not kept
     * @param offset of the first sample in the first piece
     */
    Sound(List<short[]> pieces, int offset, int length, int rateHz) {
        this.pieces = List.copyOf(pieces.subList(0, Math.ceilDiv(offset + length, PIECE)));
        this.offset = offset;
        this.length = length;
        this.rateHz = rateHz;
    }

    /** The nearest step for each sample, as {@link Pcm16} has it. */
    public static Sound of(float[] samples, int rateHz) {
        List<short[]> pieces = new ArrayList<>();
        for (int from = 0; from < samples.length; from += PIECE) {
            short[] piece = new short[Math.min(PIECE, samples.length - from)];
            for (int i = 0; i < piece.length; i++) piece[i] = Pcm16.step(samples[from + i]);
            pieces.add(piece);
        }
        return new Sound(pieces, 0, samples.length, rateHz);
    }

    /** Number of samples. */
    public int length() {
        return length;
    }

    /** Samples per second. */
    public int sampleRateHz() {
        return rateHz;
    }

    /** Its length in seconds. */
    public double seconds() {
        return (double) length / rateHz;
    }

    /** A copy of the samples, from -1 up to, but not including, 1. */
    public float[] samples() {
        float[] samples = new float[length];
        for (int i = 0, at = offset; i < length; i++, at++) samples[i] = pieces.get(at / PIECE)[at % PIECE] * 0x1p-15f;
        return samples;
    }

    /** A copy for what hears or resamples it. */
    public Waveform waveform() {
        return new Waveform(samples(), rateHz);
    }

    /** Its first samples. */
    public Sound beginning(int samples) {
        Objects.checkFromToIndex(0, samples, length);
        return new Sound(pieces, offset, samples, rateHz);
    }
}
