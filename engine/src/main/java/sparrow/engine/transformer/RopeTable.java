package sparrow.engine.transformer;

import java.util.Arrays;

/** Caches the tables of {@link Rope#angles}, each computed when its position is first used. For one thread. */
public final class RopeTable {
    private final Rope rope;
    private float[][] angles = new float[64][];

    /** Creates an empty cache. */
    public RopeTable(Rope rope) {
        this.rope = rope;
    }

    /** Returns {@link Rope#angles} of a position. The array must not be changed. */
    public float[] angles(int position) {
        if (position >= angles.length) {
            angles = Arrays.copyOf(angles, Math.max(position + 1, Math.multiplyExact(angles.length, 2)));
        }
        if (angles[position] == null) angles[position] = rope.angles(position);
        return angles[position];
    }
}
