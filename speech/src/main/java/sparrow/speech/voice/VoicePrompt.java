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
 * Recorded speech as the features from which networks make a voice (Step-Audio-2's Token2wav).
 *
 * @param logMel [frames, 128], Whisper's features of the first channel, 100 frames a second: for the speech tokenizer
 * @param filterBank [frames, 80], Kaldi's features of the first channel without their means: for the speaker encoder
 * @param mel [frames, 80], of the mean of all channels, 50 frames a second: the voice's own mel before it is fitted
 */
public record VoicePrompt(float[] logMel, float[] filterBank, float[] mel) {
    /** Values of a log-mel frame. */
    public static final int LOG_MEL_BINS = 128;

    /** Log-mel frames of one code. */
    private static final int FRAMES_PER_CODE = 4;

    /** One frame more than all codes but the last can cover, at {@link LogMel#SAMPLE_RATE_HZ}. */
    private static final int LEAST_SAMPLES = ((Voice.LEAST_CODES - 1) * FRAMES_PER_CODE + 1) * LogMel.HOP_SAMPLES;

    /**
     * The features of speech.
     *
     * @param channels of one length and rate, one or more
     * @throws IllegalArgumentException if the speech is silent, or too short for {@link Voice#LEAST_CODES} codes
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
        if (first.samples().length < LEAST_SAMPLES) {
            throw new IllegalArgumentException("voice prompt: expected %d ms of speech or more, got %.1f"
                    .formatted(1000 * LEAST_SAMPLES / LogMel.SAMPLE_RATE_HZ, 1000 * first.seconds()));
        }
        if (first.isSilent()) throw new IllegalArgumentException("voice prompt: its first channel is silent");
        if (mean.isSilent()) throw new IllegalArgumentException("voice prompt: the mean of its channels is silent");
    }

    /** A prompt is encoded once, so one thread and matrices for this one use will do. */
    private static float[] logMel(float[] samples) {
        try (ComputePool pool = new ComputePool(1);
                Arena arena = Arena.ofConfined()) {
            LogMel logMel = new LogMel(LOG_MEL_BINS, Kernels.create(pool), arena);
            return logMel.features(samples, 0, samples.length, samples.length / LogMel.HOP_SAMPLES);
        }
    }

    /** The codes that a speech tokenizer makes of so many log-mel frames: two convolutions of stride 2. */
    public static int codes(int frames) {
        return Math.ceilDiv(frames, FRAMES_PER_CODE);
    }

    /**
     * The voice, with the mel fitted to its codes: the last frame is repeated, or frames are cut.
     *
     * @throws IllegalArgumentException if codes and speaker vector are none of a voice
     */
    public Voice voice(int[] codes, float[] speaker) {
        float[] fitted = Arrays.copyOf(mel, codes.length * Voice.FRAMES_PER_CODE * Voice.MEL_BINS);
        int last = mel.length - Voice.MEL_BINS;
        for (int i = mel.length; i < fitted.length; i++) fitted[i] = mel[last + i % Voice.MEL_BINS];
        return new Voice(codes, speaker, fitted);
    }
}
