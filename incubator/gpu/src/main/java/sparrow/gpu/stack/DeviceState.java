package sparrow.gpu.stack;

import java.util.Arrays;
import sparrow.engine.transformer.HiddenState;

/** A row of {@link StateRows}, or values that wait for their first pass. */
final class DeviceState implements HiddenState {
    private final GpuStack stack;

    /** Values that the device has not got yet; null if it has. */
    private float[] fresh;

    /** Row of the device; -1 before the first pass. */
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
     * Returns the row of this state, and enqueues its values if they are not uploaded yet. The caller holds the stack's lock. Once no reference to the state is left, another state
     * takes the row, but not before the work that is enqueued under that lock.
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
