package sparrow.server.vad;

import java.util.Arrays;

/**
 * Takes for speech what is 9 dB louder than the room: the level of a frame (root mean square) against the quietest one of
 * the last three seconds. Without a network, for machines with nothing to spare and for tests. Any loud sound is
 * speech to it; a noise that stays becomes the room after three seconds.
 */
public final class EnergyVad implements Vad {
    /** Speech is so much louder than the room. */
    private static final float MARGIN_DB = 9;

    /** Change of level that takes the probability from 0.5 to 0.73: steep, since the level is all there is. */
    private static final float SLOPE_DB = 1.5f;

    /** The quietest of so many frames is the room: three seconds, since words leave a gap within that time. */
    private static final int MEMORY = 96;

    /** The loudness of the room before any sound was heard: speech into a microphone is 20 dB louder. */
    private static final float USUAL_ROOM_DB = -45;

    /** No room is quieter: what is 9 dB above digital silence is not speech yet. */
    private static final float QUIETEST_ROOM_DB = -60;

    private final float[] frame = new float[FRAME_SAMPLES];

    /** Levels of the last frames in dB below full scale, in a ring. */
    private final float[] levels = new float[MEMORY];

    private int next;

    /** A detector that has heard nothing yet. */
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
