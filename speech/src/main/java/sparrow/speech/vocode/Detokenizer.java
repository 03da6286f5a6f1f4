package sparrow.speech.vocode;

import java.lang.foreign.Arena;
import java.util.function.Consumer;
import sparrow.formats.weights.Checkpoint;
import sparrow.speech.detokenize.FrameDecoder;
import sparrow.speech.layers.LayerReader;
import sparrow.speech.lfm.LfmConfig;
import sparrow.tensor.kernel.Kernels;

/**
 * The synthesizer of LFM2.5-Audio and LFM3-Audio. It converts frames of codes to 24 kHz samples, without a mel
 * spectrogram or noise (the official class {@code LFM2AudioDetokenizer}). A frame lasts 80 ms. A frame that contains
 * the end code has no audio. LFM2.5-Audio skips it; in LFM3-Audio, the next frame starts a new piece of speech.
 *
 * <p>Streaming an utterance produces the same samples as synthesizing it at once, bit for bit if the weights are not
 * quantised.
 */
public final class Detokenizer extends Synthesizer {
    private static final int SAMPLE_RATE_HZ = 24_000;

    private final FrameDecoder decoder;

    private Detokenizer(Arena arena, FrameDecoder decoder) {
        super(arena);
        this.decoder = decoder;
    }

    /**
     * Loads and packs the weights.
     *
     * @param checkpoint tensors of {@code audio_detokenizer/}, or of LFM3-Audio's codec
     * @param restarts whether the frames after an end code are a new piece of speech
     * @throws sparrow.formats.weights.MissingTensorException if a tensor is missing
     * @throws sparrow.formats.BadFileException if a tensor's shape does not agree with the configuration
     */
    @SuppressWarnings("exports") // configurations are visible to the module that opens checkpoints
    public static Detokenizer load(LfmConfig config, Checkpoint checkpoint, Kernels kernels, boolean restarts) {
        return LayerReader.build((arena, staging) -> new Detokenizer(
                arena, new FrameDecoder(new LayerReader(checkpoint, kernels, arena, staging), config, restarts)));
    }

    @Override
    public int sampleRateHz() {
        return SAMPLE_RATE_HZ;
    }

    @Override
    public int codebooks() {
        return decoder.codebooks();
    }

    @Override
    public int vocabulary() {
        return decoder.codes();
    }

    /** Returns the number of samples for the given number of codes: 1920 per frame if no frame contains an end code. */
    @Override
    public int samples(int codes) {
        return Math.multiplyExact(codes / codebooks(), FrameDecoder.FRAME_SAMPLES);
    }

    @Override
    public Detokenizer with(FlowSettings settings) {
        if (!settings.equals(FlowSettings.PUBLISHED)) {
            throw new IllegalArgumentException(
                    "flow: expected no settings, because this synthesizer has no flow, got " + settings);
        }
        return this;
    }

    @Override
    public float[] synthesize(int[] codes, Noise noise) {
        return stream(noise).accept(codes, true);
    }

    @Override
    public SpeechStream stream(Noise noise, Consumer<Stage> entered) {
        return new Utterance(decoder.start(), entered);
    }

    /**
     * Returns blocks of 1, 1, 2, 2 and then always 4 frames. The first frame produces 60 ms of audio immediately. In a
     * block of four, a frame takes half as long as a single frame because the weights are read once per block.
     */
    @Override
    public CodeBlocks blocks() {
        int frame = codebooks();
        return CodeBlocks.of(frame, frame, 2 * frame, 2 * frame, 4 * frame);
    }

    private static final class Utterance implements SpeechStream {
        private final FrameDecoder.Utterance frames;
        private final Consumer<Stage> entered;
        private boolean ended;

        Utterance(FrameDecoder.Utterance frames, Consumer<Stage> entered) {
            this.frames = frames;
            this.entered = entered;
        }

        @Override
        public float[] accept(int[] block, boolean last) {
            if (ended) throw new IllegalStateException("the utterance has ended: expected no more codes");
            entered.accept(Stage.VOCODER);
            float[] speech = frames.accept(block);
            ended = last;
            return last ? Pieces.joined(speech, frames.finish()) : speech;
        }
    }
}
