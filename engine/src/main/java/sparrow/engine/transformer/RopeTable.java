package sparrow.engine.transformer;

import java.util.Arrays;

/** The angles of rotary positions, computed once for each position that is used and kept. One thread. */
public final class RopeTable {
    private final Rope rope;
    private float[][] angles = new float[64][];

    /** An empty table. */
    public RopeTable(Rope rope) {
        this.rope = rope;
    }

    /** {@link Rope#angles} of a position. Read only. */
    public float[] angles(int position) {
        if (position >= angles.length) {
            angles = Arrays.copyOf(angles, Math.max(position + 1, Math.multiplyExact(angles.length, 2)));
        }
        if (angles[position] == null) angles[position] = rope.angles(position);
        return angles[position];
    }
}
