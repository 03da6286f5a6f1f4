package sparrow.bench.synth;

import sparrow.speech.hift.HiftConfig;
import sparrow.tensor.DType;

/** The tensors of the HiFT vocoder in GLM-4-Voice and Step-Audio-2, with the names of the official module. */
final class HiftTensors {
    /** Mean pitch of the voice. */
    private static final float PITCH_HZ = 180;

    /** Maximum deviation of the pitch from its mean. */
    private static final float PITCH_REACH_HZ = 60;

    /** Scale of the last convolution. Its outputs are log magnitudes, which are small in a trained vocoder. */
    private static final float QUIET = 0.1f;

    private HiftTensors() {}

    /** Returns the tensors of a vocoder with the given sizes. */
    public static RandomTensors of(HiftConfig config) {
        RandomTensors list = new RandomTensors(DType.F32);
        source(list, config);
        int channels = config.channels();
        list.normed("conv_pre", channels, config.melBins(), 7, 1, channels);
        int later = config.rates().stream().reduce(1, Math::multiplyExact);
        for (int i = 0; i < config.rates().size(); i++) {
            int rate = config.rates().get(i);
            int kernel = config.kernels().get(i);
            // Each output uses one in "rate" kernel taps; this length preserves the scale of activations.
            list.normed("ups." + i, channels, channels / 2, kernel, (float) Math.sqrt(rate / 2.0), channels / 2);
            channels /= 2;
            later /= rate;
            int down = later == 1 ? 1 : 2 * later;
            list.convolution("source_downs." + i, channels, 2 * config.bins(), down);
            residual(
                    list,
                    "source_resblocks." + i,
                    channels,
                    config.sourceBlocks().get(i));
            for (int j = 0; j < config.blocks().size(); j++) {
                String name = "resblocks." + (i * config.blocks().size() + j);
                residual(list, name, channels, config.blocks().get(j));
            }
        }
        list.normed("conv_post", 2 * config.bins(), channels, 7, QUIET, 2 * config.bins());
        return list;
    }

    private static void source(RandomTensors list, HiftConfig config) {
        list.linear("m_source.l_linear", 1, config.source().harmonics());
        int width = config.f0Channels();
        for (int i = 0; i < 5; i++) {
            list.normed("f0_predictor.condnet." + 2 * i, width, i == 0 ? config.melBins() : width, 3, 1, width);
        }
        float reach = PITCH_REACH_HZ / (float) Math.sqrt(width);
        list.add("f0_predictor.classifier.weight", new RandomTensors.Values.Even(0, reach), 1, width);
        list.vector("f0_predictor.classifier.bias", 1, PITCH_HZ);
    }

    private static void residual(RandomTensors list, String name, int channels, HiftConfig.Residual config) {
        for (String which : new String[] {"1", "2"}) {
            for (int m = 0; m < config.dilations().size(); m++) {
                list.normed(name + ".convs" + which + "." + m, channels, channels, config.kernel(), 0.5f, channels);
                list.vector(name + ".activations" + which + "." + m + ".alpha", channels, 1);
            }
        }
    }
}
