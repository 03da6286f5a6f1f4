package sparrow.speech.hift;

import java.util.ArrayList;
import java.util.List;
import sparrow.speech.layers.Convolution;
import sparrow.speech.layers.LayerReader;
import sparrow.speech.layers.Linear;
import sparrow.tensor.kernel.Activation;
import sparrow.tensor.kernel.Block;

/** Predicts the fundamental frequency from mel frames (ConvRNNF0Predictor, which has no recurrence). */
record PitchPredictor(List<Convolution> convolutions, Linear classifier) {
    private static final int LAYERS = 5;

    static PitchPredictor load(LayerReader reader, HiftConfig config) {
        List<Convolution> convolutions = new ArrayList<>();
        for (int i = 0; i < LAYERS; i++) {
            int in = i == 0 ? config.melBins() : config.f0Channels();
            convolutions.add(reader.normedConvolution("f0_predictor.condnet." + 2 * i, config.f0Channels(), in, 3, 1));
        }
        Linear classifier = reader.linear("f0_predictor.classifier", 1, config.f0Channels());
        return new PitchPredictor(List.copyOf(convolutions), classifier);
    }

    /** Predicts f0 [frames] in Hz from mel [frames, melBins]. */
    float[] f0(Block mel) {
        Block h = mel;
        for (Convolution convolution : convolutions) {
            h = convolution.of(h);
            classifier.kernels().apply(Activation.ELU, h);
        }
        float[] f0 = classifier.of(h).data();
        for (int t = 0; t < f0.length; t++) f0[t] = Math.abs(f0[t]);
        return f0;
    }
}
