package sparrow.speech.wave;

import java.util.Arrays;

/**
 * Removes quiet from the beginning and the end of a recording. Zeros and steady noise are quiet; so are clicks shorter
 * than {@value #SOUND_FRAMES} frames.
 */
public final class QuietEnds {
    private static final int FRAME_MS = 10;

    /** Minimum number of frames of a sound in a row. */
    private static final int SOUND_FRAMES = 4;

    /** A sound is at most this much softer than the loudest sound. */
    private static final float RANGE_DB = 35;

    /** A sound is at least this much louder than the background, which is the quietest tenth of the frames. */
    private static final float ABOVE_BACKGROUND_DB = 9;

    /** A sound that is at most this much softer than the loudest is never background. */
    private static final float NEVER_QUIET_DB = 20;

    private QuietEnds() {}

    /**
     * Returns a recording with at most the given duration of quiet at each end, or the recording itself if there is no
     * more.
     *
     * @param keptMs milliseconds of quiet to keep before the first sound and after the last one
     */
    public static Waveform cut(Waveform recording, int keptMs) {
        int frame = recording.sampleRateHz() * FRAME_MS / 1000;
        float[] levels = sustained(levels(recording.samples(), frame));
        if (levels.length == 0) return recording;
        float threshold = threshold(levels);
        int first = 0;
        while (levels[first] < threshold) first++;
        int last = levels.length - 1;
        while (levels[last] < threshold) last--;
        int kept = keptMs / FRAME_MS;
        int from = Math.max(0, first - kept) * frame;
        long to = Math.min(recording.samples().length, (long) (last + SOUND_FRAMES + kept) * frame);
        if (from == 0 && to == recording.samples().length) return recording;
        return new Waveform(Arrays.copyOfRange(recording.samples(), from, (int) to), recording.sampleRateHz());
    }

    private static float threshold(float[] levels) {
        float[] sorted = levels.clone();
        Arrays.sort(sorted);
        float loudest = sorted[sorted.length - 1];
        float background = sorted[sorted.length / 10];
        return Math.min(loudest - NEVER_QUIET_DB, Math.max(loudest - RANGE_DB, background + ABOVE_BACKGROUND_DB));
    }

    /** Returns each frame's level in dB, without its mean. */
    private static float[] levels(float[] samples, int frame) {
        float[] levels = new float[samples.length / frame];
        for (int i = 0; i < levels.length; i++) {
            double sum = 0;
            double squares = 0;
            for (int at = i * frame; at < (i + 1) * frame; at++) {
                sum += samples[at];
                squares += (double) samples[at] * samples[at];
            }
            double variance = squares / frame - (sum / frame) * (sum / frame);
            levels[i] = (float) (10 * Math.log10(Math.max(variance, 1e-12)));
        }
        return levels;
    }

    /** Returns the lowest level of each frame and the frames after it that make a sound. */
    private static float[] sustained(float[] levels) {
        float[] lowest = new float[Math.max(0, levels.length - SOUND_FRAMES + 1)];
        for (int i = 0; i < lowest.length; i++) {
            lowest[i] = levels[i];
            for (int k = 1; k < SOUND_FRAMES; k++) lowest[i] = Math.min(lowest[i], levels[i + k]);
        }
        return lowest;
    }
}
