package sparrow.server.vad;

import java.util.Arrays;

/**
 * Detects speech as sound that is 9 dB louder than the room. Compares the level of a frame (root mean square) with the
 * quietest frame of the last three seconds. It needs no network, and is meant for slow machines and for tests. Any loud
 * sound counts as speech; a steady noise counts as the room after three seconds.
 */
public final class EnergyVad implements Vad {
    /** Minimum difference between speech and the room. */
    private static final float MARGIN_DB = 9;

    /**
     * Change of level that raises the probability from 0.5 to 0.73. The slope is steep because the level is the only
     * evidence.
     */
    private static final float SLOPE_DB = 1.5f;

    /**
     * Frames over which the quietest one is the level of the room: three seconds, because speech has pauses within that
     * time.
     */
    private static final int MEMORY = 96;

    /** Assumed level of the room before any sound was heard: speech into a microphone is 20 dB louder. */
    private static final float USUAL_ROOM_DB = -45;

    /** Lower bound of the room's level: sound 9 dB above digital silence is not speech yet. */
    private static final float QUIETEST_ROOM_DB = -60;

    private final float[] frame = new float[FRAME_SAMPLES];

    /** Levels of the last frames in dB below full scale, a ring buffer. */
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
