package sparrow.speech.spectrum;

/**
 * Extends a signal by mirroring it at both ends, so that windows at the ends are full (reflection padding in PyTorch).
 */
final class MirroredEnds {
    private MirroredEnds() {}

    /**
     * Returns samples {@code from} (inclusive) to {@code to} (exclusive), followed by silence up to {@code length},
     * with {@code margin} mirrored samples before and after. The first and last samples are not repeated.
     *
     * @param length length without margins; at least the number of samples and more than {@code margin}
     * @return extended signal, [margin + length + margin]
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
