package sparrow.engine.head;

import java.util.OptionalInt;
import java.util.Set;
import sparrow.engine.exit.SpeechLogits;
import sparrow.engine.interleave.InterleaveTracker;
import sparrow.engine.interleave.Modality;
import sparrow.engine.interleave.Unit;

/**
 * The units of a model family: how a hidden state becomes a unit, how a unit becomes the input of the next position,
 * and what it means for the reply. The decode loop depends on nothing else of a family. {@link TokenUnits} is the
 * format of models whose units are tokens of one vocabulary; models whose speech positions decide frames of codes have
 * a different implementation.
 *
 * <p>Safe for several threads.
 */
public interface UnitFormat {
    /** Creates an output head, for one thread. */
    OutputHead newHead();

    /** The layers below L after which positions of a modality may exit. */
    Set<Integer> exitLayers(Modality modality);

    /**
     * Bytes of weights that the head of a layer reads to decide a speech unit; weights that are read twice count twice.
     */
    long speechHeadBytes(int layer, SpeechLogits logits);

    /** Bytes of weights that the head of a layer reads to compute the entropy at a speech position. */
    long entropyBytes(int layer);

    /**
     * Returns the input of the position that follows a unit.
     *
     * @throws IllegalArgumentException if the unit does not belong to this model
     */
    Input input(Unit unit);

    /**
     * Creates a tracker for a new reply.
     *
     * @param lastPromptToken last id of the prompt
     */
    InterleaveTracker newTracker(int lastPromptToken);

    /** True if a unit takes a speech slot, even if it produces no sound. */
    boolean isSpeech(Unit unit);

    /** The text id of a unit; empty if the unit is not text. */
    OptionalInt text(Unit unit);

    /**
     * The codes of a unit for the vocoder: one for a token, one per codebook for a frame, none for a unit without
     * sound.
     */
    int[] codes(Unit unit);

    /** Number of codes of a speech unit: 1 for tokens, the number of codebooks for frames. */
    int codebooks();

    /** True if a unit ends the reply. */
    boolean isEnd(Unit unit);

    /** True if the pattern of text and speech may change after a unit, so that no draft may follow it. */
    boolean mayBreakPattern(Unit unit);
}
