package sparrow.speech;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;

/** The folder of recorded outputs of the reference, and their comparison. */
public final class Golden {
    /** The folder of all test data. */
    public static final Path TESTDATA = Path.of(System.getProperty("sparrow.testdata"));

    /** The released architecture with tiny random weights. */
    public static final Path GLM = TESTDATA.resolve("glm-4-voice");

    /** Step-Audio-2-mini's architecture with tiny random weights. */
    public static final Path STEP = TESTDATA.resolve("step-audio-2-mini");

    /** LFM2.5-Audio's architecture with tiny random weights, in two shapes. */
    public static final Path LFM = TESTDATA.resolve("lfm2-audio");

    /** The bundled tiny model. */
    public static final Path TINY = TESTDATA.resolve("../bundled/src/main/resources/META-INF/sparrow/tiny")
            .normalize();

    private Golden() {}

    /** Fails if a value is off by more than {@code tolerance}, naming the worst one. */
    public static void assertClose(String name, float[] actual, float[] expected, float tolerance) {
        assertThat(actual).as(name).hasSameSizeAs(expected);
        int worst = 0;
        for (int i = 0; i < actual.length; i++) {
            // A NaN is the worst of all.
            if (!(Math.abs(actual[i] - expected[i]) <= Math.abs(actual[worst] - expected[worst]))) worst = i;
        }
        assertThat(actual[worst])
                .as("%s: worst element %d of %d", name, worst, actual.length)
                .isCloseTo(expected[worst], within(tolerance));
    }

    /** [rows, columns] to [columns, rows]: the reference stores channels first, we store time first. */
    public static float[] transposed(float[] x, int rows) {
        int columns = x.length / rows;
        float[] y = new float[x.length];
        for (int i = 0; i < x.length; i++) y[i % columns * rows + i / columns] = x[i];
        return y;
    }
}
