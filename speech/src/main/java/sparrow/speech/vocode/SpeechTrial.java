package sparrow.speech.vocode;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import sparrow.formats.weights.Checkpoint;
import sparrow.formats.weights.MissingTensorException;
import sparrow.speech.hift.Hift;
import sparrow.speech.hift.HiftConfig;
import sparrow.speech.hift.PhaseRule;
import sparrow.speech.layers.LayerReader;
import sparrow.speech.layers.Probe;
import sparrow.speech.spectrum.KaldiFilterBank;
import sparrow.tensor.DType;
import sparrow.tensor.Tensor;
import sparrow.tensor.kernel.Block;
import sparrow.tensor.kernel.KernelTrial;
import sparrow.tensor.kernel.Kernels;

/**
 * A small fixed computation with the audio parts, like {@link KernelTrial} with the kernels: the filter bank of one
 * frame, which includes a Fourier transform, and a few frames of a tiny vocoder with random weights.
 */
public final class SpeechTrial {
    private static final HiftConfig TINY = new HiftConfig(
            4,
            8,
            4,
            16_000,
            new HiftConfig.Source(1, 0.1f, 0.003f, 0.1f, PhaseRule.FRAME_BY_FRAME),
            List.of(2),
            List.of(4),
            8,
            2,
            List.of(new HiftConfig.Residual(3, List.of(1, 2))),
            List.of(new HiftConfig.Residual(3, List.of(1))),
            0.99f);

    private static final int FRAMES = 4;
    private static final int FILTER_BANK_SAMPLES = 400;

    private SpeechTrial() {}

    /** Computes all results, in a fixed order; they do not depend on the number of threads. Takes milliseconds. */
    public static double[] results(Kernels kernels) {
        float[] heard = new KaldiFilterBank().features(values(1, FILTER_BANK_SAMPLES));
        float[] spoken = spoken(kernels);
        return DoubleStream.concat(doubles(heard), doubles(spoken)).toArray();
    }

    private static float[] spoken(Kernels kernels) {
        try (Arena arena = Arena.ofShared()) {
            Hift hift = new Hift(new LayerReader(new Invented(arena), kernels, arena, arena), TINY);
            Block mel = Block.of(values(2, FRAMES * TINY.melBins()), FRAMES, TINY.melBins());
            int harmonics = TINY.source().harmonics();
            float[] noise = values(3, FRAMES * TINY.samplesPerFrame() * harmonics);
            float[] waves = hift.source().waves(hift.f0(mel), new float[harmonics], noise, kernels.pool());
            return hift.speech(mel, hift.source().merge(waves), Probe.NONE);
        }
    }

    private static DoubleStream doubles(float[] values) {
        return IntStream.range(0, values.length).mapToDouble(i -> values[i]);
    }

    /** Returns random values from -1 to 1. */
    private static float[] values(long seed, int n) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] values = new float[n];
        for (int i = 0; i < n; i++) values[i] = (float) (2 * random.nextDouble() - 1);
        return values;
    }

    /** A checkpoint that contains every requested tensor, with random values. */
    private record Invented(Arena arena) implements Checkpoint {
        @Override
        public Path source() {
            return Path.of("invented");
        }

        @Override
        public Set<String> names() {
            return Set.of();
        }

        /** Returns true, also for the weights of folded weight norms. */
        @Override
        public boolean has(String name) {
            return true;
        }

        @Override
        public Tensor tensor(String name) {
            throw new MissingTensorException(source(), name);
        }

        @Override
        public Tensor tensor(String name, int... shape) {
            int n = IntStream.of(shape).reduce(1, Math::multiplyExact);
            MemorySegment memory = arena.allocateFrom(ValueLayout.JAVA_FLOAT, values(name.hashCode(), n));
            return new Tensor(memory, DType.F32, IntStream.of(shape).boxed().toList());
        }

        @Override
        public void close() {}
    }
}
