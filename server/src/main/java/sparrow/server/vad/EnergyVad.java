package sparrow.server.vad;

import java.util.Arrays;

/**
 * Detects speech by its loudness. A frame is speech if its level (root mean square) is 9 dB above the quietest frame of
 * the last three seconds. The detector requires no network, and is intended for slow machines and for tests. Any loud
 * audio is treated as speech. Steady noise is treated as background after three seconds.
 */
public final class EnergyVad implements Vad {
    /** Minimum level difference between speech and background. */
    private static final float MARGIN_DB = 9;

    /**
     * Change in level that raises the probability from 0.5 to 0.73. The slope is steep because the level is the only
     * evidence.
     */
    private static final float SLOPE_DB = 1.5f;

    /**
     * Number of frames whose minimum is the background level. They cover three seconds, within which speech has pauses.
     */
    private static final int MEMORY = 96;

    /** Assumed background level before any audio was received. Speech into a microphone is about 20 dB louder. */
    private static final float USUAL_ROOM_DB = -45;

    /** Minimum background level. Audio 9 dB above digital silence is not yet speech. */
    private static final float QUIETEST_ROOM_DB = -60;

    private final float[] frame = new float[FRAME_SAMPLES];

    /** A ring buffer of the levels of the last frames, in dB relative to full scale. */
    private final float[] levels = new float[MEMORY];

    private int next;

    /** Creates a detector in its initial state. */
    public EnergyVad() {
        reset();
    }

    @Override
    public float probability(float[] samples, int offset) {
        Amplitude.copy(samples, offset, frame, 0, FRAME_SAMPLES);
        float level = levelDb();
        levels[next] = level;
        next = (next + 1) % MEMORY;
        double above = level - roomDb() - MARGIN_DB;
        return (float) (1 / (1 + Math.exp(-above / SLOPE_DB)));
    }

    private float levelDb() {
        float squares = 0;
        for (float sample : frame) squares += sample * sample;
        return (float) (10 * Math.log10(squares / FRAME_SAMPLES + 1e-12));
    }

    private float roomDb() {
        float quietest = levels[0];
        for (float level : levels) quietest = Math.min(quietest, level);
        return Math.max(QUIETEST_ROOM_DB, quietest);
    }

    @Override
    public void reset() {
        Arrays.fill(levels, USUAL_ROOM_DB);
        next = 0;
    }
}
