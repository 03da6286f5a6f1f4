package sparrow.speech.spectrum;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sparrow.speech.Golden;
import sparrow.tensor.kernel.ComputePool;
import sparrow.tensor.kernel.Kernels;
import sparrow.tensor.kernel.MatrixProvider;

class LogMelTest {
    private final Arena arena = Arena.ofConfined();
    private final ComputePool pool = new ComputePool(1);
    private final Kernels kernels = Kernels.create(pool);

    @AfterEach
    void close() {
        arena.close();
        pool.close();
    }

    @Test
    void silenceIsTheFloorEverywhere() {
        float[] features = new LogMel(80, kernels, arena).features(new float[1280], 0, 1280, 8);

        // (log10(1e-10) + 4) / 4
        assertThat(features).hasSize(8 * 80).containsOnly(-1.5f);
    }

    @ParameterizedTest(name = "{0} Hz")
    @ValueSource(ints = {60, 300, 1000, 3333, 7000})
    void agreesWithADirectTransformInDoubleForATone(int hz) {
        // A loud tone over faint noise, 80 dB below: the hardest case for sums in f32.
        SplittableRandom random = new SplittableRandom(hz);
        float[] samples = new float[16_000];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (float) (0.9 * Math.sin(2 * Math.PI * hz * i / 16_000) + 1e-4 * random.nextGaussian());
        }

        float[] features = new LogMel(128, kernels, arena).features(samples, 0, samples.length, 104);

        // Of a bin 80 dB below the tone, whose amplitude is 1e-4 of it, rounding of 2e-8 is 2e-4: 4e-5 as feature.
        Golden.assertClose("features", features, direct(samples, 104 * 160, 104), 1e-4f);
    }

    @Test
    void areNotRoundedByAMatrixProvider() {
        MatrixProvider unused = (MatrixProvider) Proxy.newProxyInstance(
                MatrixProvider.class.getClassLoader(),
                new Class<?>[] {MatrixProvider.class},
                (_, method, arguments) -> switch (method.getName()) {
                    case "hasTiles", "isFasterThanF32" -> true;
                    case "multiply" -> throw new AssertionError("expected no product of " + arguments[0]);
                    default -> "unused";
                });
        float[] samples = new float[16_000];
        SplittableRandom random = new SplittableRandom(8);
        for (int i = 0; i < samples.length; i++) samples[i] = (float) random.nextDouble(-1, 1);

        float[] features =
                new LogMel(128, Kernels.create(pool, unused), arena).features(samples, 0, samples.length, 104);

        assertThat(features).containsExactly(new LogMel(128, kernels, arena).features(samples, 0, samples.length, 104));
    }

    @Test
    void aPieceInsideALongerSoundHasItsOwnFeatures() {
        SplittableRandom random = new SplittableRandom(7);
        float[] samples = new float[8000];
        for (int i = 0; i < samples.length; i++) samples[i] = (float) random.nextDouble(-1, 1);
        float[] piece = Arrays.copyOfRange(samples, 2000, 4000);
        LogMel logMel = new LogMel(80, kernels, arena);

        assertThat(logMel.features(samples, 2000, 4000, 16)).containsExactly(logMel.features(piece, 0, 2000, 16));
    }

    @Test
    void asManyFramesAsHopsMirrorTheSoundAtItsOwnEnd() {
        float[] samples = new float[1000]; // 6 hops and 40 samples
        for (int i = 0; i < samples.length; i++) samples[i] = (float) Math.sin(0.3 * i);

        float[] features = new LogMel(128, kernels, arena).features(samples, 0, 1000, 6);

        Golden.assertClose("features", features, direct(samples, 1000, 6), 1e-4f);
    }

    @Test
    void refusesFewerFramesThanTheSamplesNeed() {
        LogMel logMel = new LogMel(80, kernels, arena);

        assertThatThrownBy(() -> logMel.features(new float[1440], 0, 1440, 8))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("log-mel: expected 9 frames or more for 1440 samples, got 8");
        assertThatThrownBy(() -> logMel.features(new float[100], 0, 100, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("log-mel: expected 2 frames or more for 100 samples, got 1");
    }

    /** The definition, term by term. */
    private static float[] direct(float[] samples, int length, int frames) {
        double[] signal = new double[length + 400];
        for (int i = 0; i < signal.length; i++) {
            int mirrored = Math.abs(i - 200);
            int last = length - 1;
            if (mirrored > last) mirrored = 2 * last - mirrored;
            signal[i] = mirrored < samples.length ? samples[mirrored] : 0;
        }
        float[] filters = MelFilters.slaney(128, 400, 16_000).matrix();
        double[] logs = new double[frames * 128];
        for (int f = 0; f < frames; f++) {
            double[] power = power(signal, f * 160);
            for (int m = 0; m < 128; m++) {
                double sum = 0;
                for (int k = 0; k <= 200; k++) sum += power[k] * filters[m * 201 + k];
                logs[f * 128 + m] = Math.log10(Math.max(sum, 1e-10));
            }
        }
        double loudest = Arrays.stream(logs).max().orElseThrow();
        float[] features = new float[logs.length];
        for (int i = 0; i < logs.length; i++) features[i] = (float) ((Math.max(logs[i], loudest - 8) + 4) / 4);
        return features;
    }

    private static double[] power(double[] signal, int from) {
        double[] power = new double[201];
        for (int k = 0; k <= 200; k++) {
            double re = 0;
            double im = 0;
            for (int i = 0; i < 400; i++) {
                double windowed = signal[from + i] * (0.5 - 0.5 * Math.cos(2 * Math.PI * i / 400));
                re += windowed * Math.cos(2 * Math.PI * k * i / 400);
                im -= windowed * Math.sin(2 * Math.PI * k * i / 400);
            }
            power[k] = re * re + im * im;
        }
        return power;
    }
}
