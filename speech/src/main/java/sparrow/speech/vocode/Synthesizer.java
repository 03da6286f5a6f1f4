package sparrow.speech.vocode;

import java.util.Optional;
import java.util.function.Consumer;
import sparrow.speech.flow.FlowSettings;

/**
 * Speech codes to a waveform: a flow decoder and a vocoder. Owns the memory of its weights; several utterances may be
 * synthesized at the same time. Every model family has its own.
 */
public interface Synthesizer extends AutoCloseable {
    /** Samples a second of the speech. */
    int sampleRateHz();

    /** Codes are 0 to this, exclusive. */
    int vocabulary();

    /** Samples for so many codes. */
    int samples(int codes);

    /**
     * A whole utterance.
     *
     * @param codes speech codes, each below {@link #vocabulary()}
     * @return mono samples within [-1, 1], as many as {@link #samples} says
     * @throws IllegalArgumentException if a code is out of range
     */
    float[] synthesize(int[] codes, Noise noise);

    /**
     * An utterance that is spoken while its codes arrive: in the rhythm of {@link #blocks}, as a conversation lets it be
     * heard.
     *
     * @param codes speech codes, each below {@link #vocabulary()}
     * @return as many samples as {@link #synthesize}, a little different around the joints of the blocks
     * @throws IllegalArgumentException if a code is out of range
     */
    default float[] synthesizeInBlocks(int[] codes, Noise noise) {
        SpeechStream stream = stream(noise);
        CodeBlocks blocks = blocks();
        float[] speech = {};
        for (int code : codes) {
            Optional<int[]> block = blocks.add(code);
            if (block.isPresent()) speech = Pieces.joined(speech, stream.accept(block.get(), false));
        }
        return Pieces.joined(speech, stream.accept(blocks.rest(), true));
    }

    /** The same weights under other settings of the flow; closing either frees them. */
    Synthesizer with(FlowSettings settings);

    /** An utterance whose codes arrive block by block. */
    SpeechStream stream(Noise noise);

    /**
     * The same for somebody who wants to know what takes how long.
     *
     * @param entered is told of every stage as it begins, on the thread that gives the codes
     */
    SpeechStream stream(Noise noise, Consumer<SynthesisStage> entered);

    /** The rhythm in which codes are best given to a {@link #stream}. */
    CodeBlocks blocks();

    /** Mel frames for so many codes. */
    int frames(int codes);

    /** Frames of noise that {@link #mel} starts from: as many as it makes, and those of a prompt in front. */
    default int noiseFrames(int codes) {
        return frames(codes);
    }

    /** Only the first half: codes to mel frames, natural logarithm of amplitude, [frames, melBins]. */
    float[] mel(int[] codes, Noise noise);

    /** Only the second half: mel [frames, melBins] to samples. */
    float[] vocode(float[] mel, Noise noise);

    /**
     * The second half with a given excitation instead of the predicted one.
     *
     * @param excitation as many samples as the mel frames become
     */
    float[] vocode(float[] mel, float[] excitation);

    /** Frees the weights; no synthesis may be running. */
    @Override
    void close();
}
