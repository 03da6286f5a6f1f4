package sparrow.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sparrow.onnx.CodeWindows.Window;
import sparrow.speech.voice.VoicePrompt;

class CodeWindowsTest {
    /** Codes that tell their place in the whole: a window's first frame is at a whole code. */
    private static int[] joined(int frames) {
        List<int[]> codes = new ArrayList<>();
        for (Window window : CodeWindows.of(frames)) {
            int first = window.from() / 4;
            codes.add(IntStream.range(first, first + VoicePrompt.codes(window.to() - window.from()))
                    .toArray());
        }
        return CodeWindows.join(codes);
    }

    @Test
    void windowsAreThirtySecondsAndOverlapByFour() {
        assertThat(CodeWindows.of(3000)).containsExactly(new Window(0, 3000));
        assertThat(CodeWindows.of(3001)).containsExactly(new Window(0, 3000), new Window(2600, 3001));
        assertThat(CodeWindows.of(7000))
                .containsExactly(new Window(0, 3000), new Window(2600, 5600), new Window(5200, 7000));
    }

    @ParameterizedTest(name = "{0} frames")
    @ValueSource(ints = {9, 2999, 3000, 3001, 4000, 5000, 5200, 5250, 5400, 5500, 5600, 5601, 7000, 7801, 9999})
    void everyCodeIsThereOnceAndInItsPlace(int frames) {
        assertThat(joined(frames))
                .containsExactly(IntStream.range(0, VoicePrompt.codes(frames)).toArray());
    }
}
