package sparrow.speech.voice;

import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.List;
import sparrow.speech.spectrum.KaldiFilterBank;
import sparrow.speech.spectrum.LogMel;
import sparrow.speech.spectrum.PromptMel;
import sparrow.speech.wave.Waveform;
import sparrow.tensor.kernel.ComputePool;
import sparrow.tensor.kernel.Kernels;

/**
 * The features of recorded speech from which networks make a voice (Step-Audio-2's Token2wav).
 *
 * @param logMel Whisper's features of the first channel, for the speech tokenizer, [frames, 128], 100 frames per second
 * @param filterBank Kaldi's features of the first channel minus their means, for the speaker encoder, [frames, 80]
 * @param mel mel frames of the mean of all channels, [frames, 80], 50 frames per second; their number is not yet fitted
 *     to the number of codes
 */
public record VoicePrompt(float[] logMel, float[] filterBank, float[] mel) {
    /** Number of values per log-mel frame. */
    public static final int LOG_MEL_BINS = 128;

    /** Number of log-mel frames per code. */
    private static final int FRAMES_PER_CODE = 4;

    /** Minimum number of samples for {@link Voice#MIN_CODES} codes at {@link LogMel#SAMPLE_RATE_HZ}. */
    private static final int MIN_SAMPLES = ((Voice.MIN_CODES - 1) * FRAMES_PER_CODE + 1) * LogMel.HOP_SAMPLES;

    /**
     * Computes the features of speech.
     *
     * @param channels one or more channels with equal lengths and rates
     * @throws IllegalArgumentException if the speech is silent or too short for {@link Voice#MIN_CODES} codes
     */
    public static VoicePrompt of(List<Waveform> channels) {
        Waveform mean = Waveform.mean(channels).at(PromptMel.SAMPLE_RATE_HZ);
        Waveform first = channels.getFirst().at(LogMel.SAMPLE_RATE_HZ);
        requireSpeech(first, mean);
        float[] filterBank = new KaldiFilterBank().features(first.samples());
        KaldiFilterBank.subtractMeans(filterBank);
        return new VoicePrompt(logMel(first.samples()), filterBank, new PromptMel().features(mean.samples()));
    }

    private static void requireSpeech(Waveform first, Waveform mean) {
        if (first.samples().length < MIN_SAMPLES) {
            throw new IllegalArgumentException("voice prompt: expected %d ms of speech or more, got %.1f"
                    .formatted(1000 * MIN_SAMPLES / LogMel.SAMPLE_RATE_HZ, 1000 * first.seconds()));
        }
        if (first.isSilent()) throw new IllegalArgumentException("voice prompt: its first channel is silent");
        if (mean.isSilent()) throw new IllegalArgumentException("voice prompt: the mean of its channels is silent");
    }

    /** Computes the log-mel features with one thread and temporary matrices, because a prompt is encoded only once. */
    private static float[] logMel(float[] samples) {
        try (ComputePool pool = new ComputePool(1);
                Arena arena = Arena.ofConfined()) {
            LogMel logMel = new LogMel(LOG_MEL_BINS, Kernels.create(pool), arena);
            return logMel.features(samples, 0, samples.length, samples.length / LogMel.HOP_SAMPLES);
        }
    }

    /**
     * Returns the number of codes that the speech tokenizer outputs for the given number of log-mel frames. The
     * tokenizer has two convolutions with stride 2.
     */
    public static int codes(int frames) {
        return Math.ceilDiv(frames, FRAMES_PER_CODE);
    }

    /**
     * Creates the voice. The mel frames are fitted to the number of codes by repeating the last frame or dropping
     * frames.
     *
     * @throws IllegalArgumentException if the codes or the speaker vector are not valid
     */
    public Voice voice(int[] codes, float[] speaker) {
        float[] fitted = Arrays.copyOf(mel, codes.length * Voice.FRAMES_PER_CODE * Voice.MEL_BINS);
        int last = mel.length - Voice.MEL_BINS;
        for (int i = mel.length; i < fitted.length; i++) fitted[i] = mel[last + i % Voice.MEL_BINS];
        return new Voice(codes, speaker, fitted);
    }
}
