package sparrow.gpu.stack;

import java.util.Arrays;
import sparrow.engine.transformer.HiddenState;

/** A row of {@link StateRows}, or values that are not uploaded until the first pass. */
final class DeviceState implements HiddenState {
    private final GpuStack stack;

    /** Values that have not been uploaded, or null. */
    private float[] fresh;

    /** Row on the device, or -1 before the first pass. */
    private int row = -1;

    DeviceState(GpuStack stack, float[] fresh) {
        this.stack = stack;
        this.fresh = fresh;
    }

    @Override
    public void write(float[] from, int offset) {
        fresh = Arrays.copyOfRange(from, offset, offset + stack.width());
    }

    @Override
    public float[] read() {
        if (fresh != null) return fresh.clone();
        return stack.readState(this);
    }

    @Override
    public DeviceState copy() {
        if (fresh != null) return new DeviceState(stack, fresh.clone());
        DeviceState copy = new DeviceState(stack, null);
        copy.row = stack.copyState(this, copy);
        return copy;
    }

    /**
     * Returns the row of this state, and enqueues the upload of new values. The stack's lock must be held. When the
     * state becomes unreachable, its row is reused by another state, but only after the work that is enqueued under
     * that lock.
     */
    int place() {
        if (row < 0) row = stack.takeState(this);
        if (fresh != null) {
            stack.writeState(row, fresh);
            fresh = null;
        }
        return row;
    }
}
