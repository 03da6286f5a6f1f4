package sparrow.speech.spectrum;

/**
 * A signal that goes on, mirrored, beyond both ends, so that windows at the ends are full (torch's reflect padding).
 */
final class MirroredEnds {
    private MirroredEnds() {}

    /**
     * The samples {@code from} (inclusive) to {@code to} (exclusive), followed by silence until they are
     * {@code length}, with {@code margin} samples mirrored before and behind that. The end samples themselves are not
     * repeated.
     *
     * @param length at least the number of samples, and more than {@code margin}
     * @return [margin + length + margin]
     */
    static float[] around(float[] samples, int from, int to, int length, int margin) {
        float[] signal = new float[length + 2 * margin];
        System.arraycopy(samples, from, signal, margin, to - from);
        int last = margin + length - 1;
        for (int i = 1; i <= margin; i++) {
            signal[margin - i] = signal[margin + i];
            signal[last + i] = signal[last - i];
        }
        return signal;
    }
}
