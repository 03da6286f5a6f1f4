package sparrow.study.heads;

import java.util.List;

/**
 * Where things lie in the record of one reply of n positions, in bytes from the record's beginning. Little-endian, each
 * kind of value for all positions before the next kind:
 *
 * <ol>
 *   <li>modality, a byte: 0 text, 1 speech
 *   <li>the token that followed, an int
 *   <li>the last layer's greedy choice, an int
 *   <li>for every layer with states: a power of two, a byte; the state divided by it, width f16 values ({@link HalfRows})
 *   <li>with {@link Targets.Top}: k token ids, ints, the likeliest first; k natural logarithms of their probabilities,
 *       f32; the probability of all other tokens together, f32
 * </ol>
 *
 * @param layers whose states are kept, ascending; L is the last one where the targets are exact
 * @param width channels of a state
 * @param top tokens of a target; 0 where it is exact
 */
record RecordLayout(List<Integer> layers, int width, int top) {
    RecordLayout {
        layers = List.copyOf(layers);
    }

    /**
     * Bytes of a reply of n positions.
     *
     * @throws ArithmeticException if they are beyond the range of a long
     */
    long bytes(long n) {
        return Math.multiplyExact(n, bytesOfAPosition());
    }

    /** Whether a record has the bytes of a reply of n positions, 1 or more. */
    boolean fits(long n, long bytes) {
        return bytes % bytesOfAPosition() == 0 && bytes / bytesOfAPosition() == n;
    }

    private long bytesOfAPosition() {
        return 9 + layers.size() * (1 + 2L * width) + (top == 0 ? 0 : 8L * top + 4);
    }

    long token(int n, int position) {
        return n + 4L * position;
    }

    long choice(int n, int position) {
        return 5L * n + 4L * position;
    }

    long exponent(int n, int index, int position) {
        return 9L * n + index * (1 + 2L * width) * n + position;
    }

    long state(int n, int index, int position) {
        return exponent(n, index, 0) + n + 2L * width * position;
    }

    long topTokens(int n, int position) {
        return exponent(n, layers.size(), 0) + 4L * top * position;
    }

    long topLogs(int n, int position) {
        return topTokens(n, n) + 4L * top * position;
    }

    long others(int n, int position) {
        return topLogs(n, n) + 4L * position;
    }
}
