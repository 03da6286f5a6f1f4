package sparrow.models;

import java.nio.file.Path;
import java.util.Optional;
import sparrow.engine.decode.LanguageModel;
import sparrow.engine.decode.Sampling;
import sparrow.engine.decode.SharedPrefixes;
import sparrow.engine.exit.ExitPlan;
import sparrow.engine.text.TextStream;
import sparrow.speech.vocode.Synthesizer;
import sparrow.speech.wave.Waveform;

/**
 * A spoken language model: speech or text in, interleaved text and speech tokens, speech out. Everything that differs
 * between model families lies behind it. Closing it frees the weights.
 *
 * <p>The audio parts are loaded when they are first used, so that the language model alone can be looked at.
 */
public interface SpokenModel extends AutoCloseable {
    /** What the model calls itself. */
    String name();

    /** The checkpoint folder. */
    Path folder();

    /** File format and element types of the language model's matrices, for people. */
    String weightFormat();

    /** The decoder's part: layers, heads, ids, interleave format. */
    LanguageModel languageModel();

    /** The beginnings that this model's conversations share, prefilled once each. */
    SharedPrefixes prefixes();

    /** The exit plan that the checkpoint recommends, or full depth. */
    ExitPlan defaultPlan();

    /** The sampling that the checkpoint recommends. */
    Sampling defaultSampling();

    /**
     * The ids of a turn.
     *
     * @param first whether the conversation begins with it
     * @throws IllegalArgumentException if the question cannot be understood: silent, or without a single code
     */
    Prompt prompt(Question question, boolean first);

    /**
     * What this question asks of the model that it was not trained for, in one line; empty if it was.
     *
     * @param first whether the conversation begins with the question
     */
    Optional<String> caution(Question question, boolean first);

    /**
     * Speech codes of a waveform.
     *
     * @throws IllegalArgumentException if it is silent, or if the model hears vectors instead of codes
     */
    int[] encode(Waveform waveform);

    /** Speech codes of one second of a reply. */
    double codesPerSecond();

    /** What makes waveforms of speech codes. */
    Synthesizer synthesizer();

    /** A fresh decoder of reply tokens to text. */
    TextStream textStream();

    /** The parts of the checkpoint: where each lies, or empty where it is missing. */
    Parts parts();

    @Override
    void close();

    /**
     * Where the parts of a checkpoint lie.
     *
     * @param languageModel folder of the language model
     * @param speechEncoder folder of what hears
     * @param speechDecoder folder of what speaks
     * @param heads file of the exit heads
     */
    record Parts(
            Path languageModel, Optional<Path> speechEncoder, Optional<Path> speechDecoder, Optional<Path> heads) {}
}
