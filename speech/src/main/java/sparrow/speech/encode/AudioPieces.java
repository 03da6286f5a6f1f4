package sparrow.speech.encode;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import sparrow.speech.spectrum.LogMel;
import sparrow.speech.wave.Waveform;

/**
 * Divides audio into pieces for Step-Audio-2's encoder. Pieces have a sample rate of 16 kHz, do not overlap, and last
 * 25 seconds each, except that the last piece may be shorter. In the prompt, the 12.5 patches per second of a piece are
 * placed between {@code <audio_start>} and {@code <audio_end>} (official module {@code utils}: {@code load_audio},
 * {@code log_mel_spectrogram}, {@code compute_token_num}).
 */
public final class AudioPieces {
    /** Number of samples in a full piece. */
    public static final int PIECE_SAMPLES = 25 * LogMel.SAMPLE_RATE_HZ;

    /**
     * Number of silent samples after a piece. The silence is longer than half a window, so the mirrored end of the
     * signal contains only silence, even if {@link LogMel} cuts the silence at the last hop.
     */
    private static final int SILENT_SAMPLES = 479;

    private AudioPieces() {}

    /** Returns the pieces of a waveform at any sample rate, or an empty list if the waveform has no samples. */
    public static List<float[]> of(Waveform waveform) {
        float[] samples = waveform.at(LogMel.SAMPLE_RATE_HZ).samples();
        List<float[]> pieces = new ArrayList<>();
        for (int from = 0; from < samples.length; from += PIECE_SAMPLES) {
            pieces.add(Arrays.copyOfRange(samples, from, Math.min(samples.length, from + PIECE_SAMPLES)));
        }
        return pieces;
    }

    /** Returns the number of patches for a piece with the given number of samples, or 0 for 320 samples or fewer. */
    public static int patches(int samples) {
        return BatchedPiece.patches(melFrames(samples));
    }

    /** Returns the number of log-mel frames for a piece with the given number of samples. */
    static int melFrames(int samples) {
        if (samples < 0) throw new IllegalArgumentException("samples: expected 0 or more, got " + samples);
        return (int) ((samples + (long) SILENT_SAMPLES) / LogMel.HOP_SAMPLES);
    }
}
