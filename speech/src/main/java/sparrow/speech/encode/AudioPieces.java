package sparrow.speech.encode;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import sparrow.speech.spectrum.LogMel;
import sparrow.speech.wave.Waveform;

/**
 * The pieces of a sound for Step-Audio-2's encoder: 25 seconds each at 16 kHz without overlap, the last one shorter.
 * Each stands between an {@code <audio_start>} and an {@code <audio_end>} of the prompt with a number of patches, 12.5 a
 * second (official module {@code utils}: {@code load_audio}, {@code log_mel_spectrogram}, {@code compute_token_num}).
 */
public final class AudioPieces {
    /** Samples of a whole piece. */
    public static final int PIECE_SAMPLES = 25 * LogMel.SAMPLE_RATE_HZ;

    /**
     * Silence behind a piece. It is longer than half a window: the last frames and the mirror behind them find nothing
     * else. That also holds if the silence ends with the last hop, as in {@link LogMel}.
     */
    private static final int SILENT_SAMPLES = 479;

    private AudioPieces() {}

    /** The pieces of a sound at any sample rate: none for no samples. */
    public static List<float[]> of(Waveform waveform) {
        float[] samples = waveform.at(LogMel.SAMPLE_RATE_HZ).samples();
        List<float[]> pieces = new ArrayList<>();
        for (int from = 0; from < samples.length; from += PIECE_SAMPLES) {
            pieces.add(Arrays.copyOfRange(samples, from, Math.min(samples.length, from + PIECE_SAMPLES)));
        }
        return pieces;
    }

    /** Patches of the prompt that a piece of so many samples takes; none for 320 or fewer. */
    public static int patches(int samples) {
        return BatchedPiece.patches(melFrames(samples));
    }

    /** Log-mel frames of a piece of so many samples. */
    static int melFrames(int samples) {
        if (samples < 0) throw new IllegalArgumentException("samples: expected 0 or more, got " + samples);
        return (int) ((samples + (long) SILENT_SAMPLES) / LogMel.HOP_SAMPLES);
    }
}
