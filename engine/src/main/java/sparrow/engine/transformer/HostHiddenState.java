package sparrow.engine.transformer;

/**
 * A residual stream in a Java array.
 *
 * @param values residual stream, [width]
 */
record HostHiddenState(float[] values) implements HiddenState {
    @Override
    public void write(float[] from, int offset) {
        System.arraycopy(from, offset, values, 0, values.length);
    }

    @Override
    public float[] read() {
        return values.clone();
    }

    @Override
    public HostHiddenState copy() {
        return new HostHiddenState(values.clone());
    }
}
