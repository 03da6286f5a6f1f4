package sparrow.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How speech longer than 30 s is tokenised (the long-audio part of the S3Tokenizer package): in windows that overlap by
 * 4 s, of which half belongs to the window before and half to the one behind.
 *
 * <p>Differs in one thing: no window begins where the one before has reached the end. There it would hold nothing but
 * overlap and take from its neighbour up to 50 codes that nobody else gives (speech of 52 to 56 s, 78 to 82 s and so on).
 */
final class CodeWindows {
    /** Log-mel frames that are tokenised together. */
    private static final int WINDOW_FRAMES = 3000;

    private static final int STRIDE_FRAMES = 2600;
    private static final int DROPPED_CODES = 50;

    private CodeWindows() {}

    /** A window of log-mel frames, from one (inclusive) to another (exclusive). */
    record Window(int from, int to) {}

    /** The windows of so many log-mel frames: a single one if they fit. */
    static List<Window> of(int frames) {
        List<Window> windows = new ArrayList<>();
        int from = 0;
        for (; from + WINDOW_FRAMES < frames; from += STRIDE_FRAMES)
            windows.add(new Window(from, from + WINDOW_FRAMES));
        windows.add(new Window(from, frames));
        return windows;
    }

    /** The codes of all windows in one row, without those that a neighbour gives as well. */
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
