package sparrow.speech.hift;

import java.util.List;
import sparrow.speech.layers.Sizes;

/**
 * Configuration of a HiFT vocoder (neural source filter and inverse STFT).
 *
 * @param melBins number of bins per mel frame
 * @param channels number of channels before the first upsampling; each upsampling halves it
 * @param f0Channels number of channels of the pitch predictor
 * @param sampleRateHz sample rate of the speech
 * @param source parameters of the harmonic source
 * @param rates upsampling factor of each stage
 * @param kernels kernel size of the transposed convolution of each stage
 * @param fft number of points of the final inverse STFT
 * @param hop number of samples from one frame of the inverse STFT to the next
 * @param blocks residual blocks in every stage
 * @param sourceBlocks source residual block for each stage
 * @param limit maximum magnitude of a sample
 */
public record HiftConfig(
        int melBins,
        int channels,
        int f0Channels,
        int sampleRateHz,
        Source source,
        List<Integer> rates,
        List<Integer> kernels,
        int fft,
        int hop,
        List<Residual> blocks,
        List<Residual> sourceBlocks,
        float limit) {
    public HiftConfig {
        rates = List.copyOf(rates);
        kernels = List.copyOf(kernels);
        blocks = List.copyOf(blocks);
        sourceBlocks = List.copyOf(sourceBlocks);
        Sizes.positive("hift.in_channels", melBins);
        Sizes.positive("hift.base_channels", channels);
        Sizes.positive("hift.f0_predictor.cond_channels", f0Channels);
        Sizes.positive("hift.sampling_rate", sampleRateHz);
        Sizes.positive("hift.istft_params.hop_len", hop);
        if (fft < 4 || fft % 2 != 0 || fft % hop != 0 || fft > 4096) {
            throw new IllegalArgumentException("hift.istft_params.n_fft: expected an even multiple of hop_len " + hop
                    + " from 4 to 4096, got " + fft);
        }
        checkStages(channels, rates, kernels);
        if (blocks.isEmpty()) throw new IllegalArgumentException("hift.resblock_kernel_sizes: expected one or more");
        if (sourceBlocks.size() != rates.size()) {
            throw new IllegalArgumentException("hift.source_resblock_kernel_sizes: expected " + rates.size()
                    + ", one for each of upsample_rates, got " + sourceBlocks.size());
        }
        if (!(limit > 0 && limit <= 1)) {
            throw new IllegalArgumentException("hift.audio_limit: expected above 0 and at most 1, got " + limit);
        }
    }

    /**
     * Returns the configuration of the vocoder of Step-Audio-2-mini's token2wav, which converts 80 bins at 50 frames
     * per second to 24 kHz samples. The values are the defaults of the class HiFTGenerator because the checkpoint
     * contains no configuration.
     *
     * @param channels number of channels before the first upsampling, 512 in the published file
     * @param f0Channels number of channels of the pitch predictor, 512 in the published file
     */
    public static HiftConfig token2wav(int channels, int f0Channels) {
        List<Integer> dilations = List.of(1, 3, 5);
        return new HiftConfig(
                80,
                channels,
                f0Channels,
                24_000,
                new Source(8, 0.1f, 0.003f, 10, PhaseRule.FRAME_BY_FRAME),
                List.of(8, 5, 3),
                List.of(16, 11, 7),
                16,
                4,
                List.of(new Residual(3, dilations), new Residual(7, dilations), new Residual(11, dilations)),
                List.of(new Residual(7, dilations), new Residual(7, dilations), new Residual(11, dilations)),
                0.99f);
    }

    private static void checkStages(int channels, List<Integer> rates, List<Integer> kernels) {
        if (rates.isEmpty() || kernels.size() != rates.size()) {
            throw new IllegalArgumentException("hift.upsample_kernel_sizes: expected one for each of upsample_rates "
                    + rates + ", got " + kernels);
        }
        for (int i = 0; i < rates.size(); i++) {
            int rate = rates.get(i);
            int kernel = kernels.get(i);
            if (rate < 1 || rate > 64 || kernel < rate || kernel > 1024 || (kernel - rate) % 2 != 0) {
                throw new IllegalArgumentException("hift.upsample_kernel_sizes: expected the rate or an even number"
                        + " more, got kernel " + kernel + " for rate " + rate);
            }
        }
        if (rates.size() > 8 || channels % (1 << rates.size()) != 0) {
            throw new IllegalArgumentException("hift.base_channels: expected to be halved " + rates.size()
                    + " times (upsample_rates), got " + channels);
        }
    }

    /** Returns the number of samples per mel frame. */
    public int samplesPerFrame() {
        return rates.stream().reduce(hop, Math::multiplyExact);
    }

    /** Returns the number of frequencies in the final spectrum: half the number of points plus one. */
    public int bins() {
        return fft / 2 + 1;
    }

    /**
     * Parameters of the harmonic source.
     *
     * @param overtones number of harmonics above the fundamental
     * @param sineAmplitude amplitude of a harmonic in voiced frames
     * @param noiseAmplitude standard deviation of the noise added to a harmonic
     * @param voicedThresholdHz f0 above which a frame is voiced
     * @param phases rule that computes sine angles from f0
     */
    public record Source(
            int overtones, float sineAmplitude, float noiseAmplitude, float voicedThresholdHz, PhaseRule phases) {
        public Source {
            if (overtones < 0 || overtones > 1000) {
                throw new IllegalArgumentException("hift.nb_harmonics: expected 0 or more, got " + overtones);
            }
            Sizes.finite("hift.nsf_alpha", sineAmplitude);
            Sizes.finite("hift.nsf_sigma", noiseAmplitude);
            Sizes.finite("hift.nsf_voiced_threshold", voicedThresholdHz);
        }

        /** Returns the number of sines: the fundamental and its overtones. */
        public int harmonics() {
            return overtones + 1;
        }
    }

    /**
     * Parameters of a residual block, which consists of convolution pairs with an odd kernel size. Each pair's first
     * convolution has the given dilation.
     */
    public record Residual(int kernel, List<Integer> dilations) {
        public Residual {
            dilations = List.copyOf(dilations);
            if (kernel < 1 || kernel % 2 == 0 || kernel > 1023) {
                throw new IllegalArgumentException("hift.resblock_kernel_sizes: expected odd sizes, got " + kernel);
            }
            if (dilations.isEmpty() || dilations.stream().anyMatch(d -> d < 1 || d > 1024)) {
                throw new IllegalArgumentException(
                        "hift.resblock_dilation_sizes: expected one or more numbers of 1 or more, got " + dilations);
            }
        }
    }
}
