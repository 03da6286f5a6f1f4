package sparrow.speech.encode;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import sparrow.speech.spectrum.LogMel;
import sparrow.speech.wave.Waveform;

/**
 * Divides sound into pieces for Step-Audio-2's encoder: 25 seconds each at 16 kHz without overlap, except that the last
 * piece may be shorter. In the prompt, the patches of a piece, 12.5 per second, are placed between
 * {@code <audio_start>} and {@code <audio_end>} (official module {@code utils}: {@code load_audio},
 * {@code log_mel_spectrogram}, {@code compute_token_num}).
 */
public final class AudioPieces {
    /** Number of samples of a full piece. */
    public static final int PIECE_SAMPLES = 25 * LogMel.SAMPLE_RATE_HZ;

    /**
     * Number of samples of silence after a piece. The silence is longer than half a window, so the mirrored end of the
     * signal contains only silence, even if the silence is cut at the last hop, as in {@link LogMel}.
     */
    private static final int SILENT_SAMPLES = 479;

    private AudioPieces() {}

    /** Returns the pieces of a sound at any sample rate; none for no samples. */
    public static List<float[]> of(Waveform waveform) {
        float[] samples = waveform.at(LogMel.SAMPLE_RATE_HZ).samples();
        List<float[]> pieces = new ArrayList<>();
        for (int from = 0; from < samples.length; from += PIECE_SAMPLES) {
            pieces.add(Arrays.copyOfRange(samples, from, Math.min(samples.length, from + PIECE_SAMPLES)));
        }
        return pieces;
    }

    /** Number of patches of a piece with this number of samples; 0 for 320 samples or fewer. */
    public static int patches(int samples) {
        return BatchedPiece.patches(melFrames(samples));
    }

    /** Number of log-mel frames of a piece with this number of samples. */
    static int melFrames(int samples) {
        if (samples < 0) throw new IllegalArgumentException("samples: expected 0 or more, got " + samples);
        return (int) ((samples + (long) SILENT_SAMPLES) / LogMel.HOP_SAMPLES);
    }
}
