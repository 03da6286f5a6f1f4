package sparrow.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The windows for tokenising speech longer than 30 s (the long-audio part of the S3Tokenizer package). They overlap by
 * 4 s. Half of an overlap belongs to the earlier window and half to the later window.
 *
 * <p>One detail differs from the package: no window follows a window that reaches the end. Such a window would contain
 * only overlap, and up to 50 codes would be lost (for speech of 52 to 56 s, 78 to 82 s and so on).
 */
final class CodeWindows {
    /** Number of log-mel frames per window. */
    private static final int WINDOW_FRAMES = 3000;

    private static final int STRIDE_FRAMES = 2600;
    private static final int DROPPED_CODES = 50;

    private CodeWindows() {}

    /** A window of log-mel frames from {@code from} (inclusive) to {@code to} (exclusive). */
    record Window(int from, int to) {}

    /** Returns the windows for a number of log-mel frames, or a single window if all frames fit into it. */
    static List<Window> of(int frames) {
        List<Window> windows = new ArrayList<>();
        int from = 0;
        for (; from + WINDOW_FRAMES < frames; from += STRIDE_FRAMES)
            windows.add(new Window(from, from + WINDOW_FRAMES));
        windows.add(new Window(from, frames));
        return windows;
    }

    /** Concatenates the codes of all windows without the duplicates in overlaps. */
    static int[] join(List<int[]> codes) {
        IntStream joined = IntStream.empty();
        for (int w = 0; w < codes.size(); w++) {
            int[] window = codes.get(w);
            int from = w == 0 ? 0 : DROPPED_CODES;
            int to = w == codes.size() - 1 ? window.length : window.length - DROPPED_CODES;
            joined = IntStream.concat(joined, Arrays.stream(window, from, to));
        }
        return joined.toArray();
    }
}
