package sparrow.server.vad;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import sparrow.speech.wave.WavFile;

/** The questions in this repository, 16 kHz, without silence before and behind. */
final class Examples {
    static final Path TESTDATA = Path.of(System.getProperty("sparrow.testdata"));

    private Examples() {}

    static List<String> names() {
        return IntStream.rangeClosed(1, 12).mapToObj("q%02d"::formatted).toList();
    }

    static float[] samples(String name) {
        try {
            return WavFile.read(TESTDATA.resolveSibling("examples/" + name + ".wav"))
                    .samples();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<float[]> all() {
        return names().stream().map(Examples::samples).toList();
    }

    /** Sounds in their order, each after {@code gapMs} of silence, and such a silence at the end. */
    static float[] inARow(List<float[]> questions, int gapMs) {
        int gap = gapMs * Vad.RATE_HZ / 1000;
        int length =
                questions.stream().mapToInt(question -> gap + question.length).sum() + gap;
        float[] sound = new float[length];
        int at = gap;
        for (float[] question : questions) {
            System.arraycopy(question, 0, sound, at, question.length);
            at += question.length + gap;
        }
        return sound;
    }
}
