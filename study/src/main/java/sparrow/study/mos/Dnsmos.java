package sparrow.study.mos;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import sparrow.formats.BadFileException;
import sparrow.onnx.OnnxModel;
import sparrow.speech.wave.Waveform;
import sparrow.tensor.DType;
import sparrow.tensor.Tensor;

/**
 * DNSMOS P.835 (Reddy et al., 2022): scores of signal, background and overall quality, averaged over windows of 9.01 s.
 * Windows, maps and means follow the script that the authors publish with the network (microsoft/DNS-Challenge,
 * DNSMOS/dnsmos_local.py). Speech at another rate is resampled to 16 kHz with our own resampler, whereas the script
 * uses librosa.
 */
record Dnsmos(OnnxModel network, String input) implements MosScorer {
    private static final int RATE_HZ = 16_000;
    private static final double WINDOW_SECONDS = 9.01;
    private static final int WINDOW = (int) (WINDOW_SECONDS * RATE_HZ);

    /**
     * Loads the network from the file sig_bak_ovr.onnx.
     *
     * @throws BadFileException if the file is missing or contains another network
     */
    static Dnsmos open(Path file) {
        OnnxModel network = OnnxModel.open(file);
        try {
            return new Dnsmos(network, network.onlyInput(DType.F32, 1, WINDOW));
        } catch (RuntimeException e) {
            network.close();
            throw e;
        }
    }

    @Override
    public Mos score(Waveform speech) {
        List<float[]> windows = windows(speech.at(RATE_HZ).samples());
        double signal = 0;
        double background = 0;
        double overall = 0;
        for (float[] window : windows) {
            float[] raw = run(window);
            signal += quadratic(-0.08397278, 1.22083953, 0.0052439, raw[0]);
            background += quadratic(-0.13166888, 1.60915514, -0.39604546, raw[1]);
            overall += quadratic(-0.06766283, 1.11546468, 0.04602535, raw[2]);
        }
        int count = windows.size();
        Map<String, Double> parts = new LinkedHashMap<>();
        parts.put("signal", signal / count);
        parts.put("background", background / count);
        return new Mos(overall / count, parts);
    }

    /**
     * Runs the network on a window of samples.
     *
     * @return the network's outputs: signal, background and overall
     */
    private float[] run(float[] window) {
        Tensor output = network.run(Map.of(input, Tensor.of(window, 1, window.length)))
                .firstEntry()
                .getValue();
        if (!output.shape().equals(List.of(1, 3))) {
            throw new BadFileException(network.file(), "output", "expected F32 [1, 3], found " + output.shape());
        }
        return output.toFloats();
    }

    private static double quadratic(double a, double b, double c, double x) {
        return (a * x + b) * x + c;
    }

    /**
     * Returns windows of 9.01 s that start at every whole second. Short speech is repeatedly appended to itself until
     * it is long enough. As in the script, the end of a window is computed in floating point: it is one sample short
     * for windows that start at 7 to 23 s, and short windows are not scored. Published scores include this effect.
     */
    static List<float[]> windows(float[] samples) {
        if (samples.length == 0) throw new IllegalArgumentException("speech: expected samples, got none");
        float[] longEnough = samples;
        while (longEnough.length < WINDOW) longEnough = doubled(longEnough);
        int starts = (int) (longEnough.length / RATE_HZ - WINDOW_SECONDS) + 1;
        List<float[]> windows = new ArrayList<>();
        for (int second = 0; second < starts; second++) {
            int from = second * RATE_HZ;
            int to = (int) ((second + WINDOW_SECONDS) * RATE_HZ);
            if (to - from == WINDOW && to <= longEnough.length) windows.add(Arrays.copyOfRange(longEnough, from, to));
        }
        return windows;
    }

    private static float[] doubled(float[] samples) {
        float[] twice = Arrays.copyOf(samples, 2 * samples.length);
        System.arraycopy(samples, 0, twice, samples.length, samples.length);
        return twice;
    }

    @Override
    public void close() {
        network.close();
    }
}
