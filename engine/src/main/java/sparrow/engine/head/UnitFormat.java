package sparrow.engine.head;

import java.util.OptionalInt;
import java.util.Set;
import sparrow.engine.exit.SpeechLogits;
import sparrow.engine.interleave.InterleaveTracker;
import sparrow.engine.interleave.Modality;
import sparrow.engine.interleave.Unit;

/**
 * The units of a model family: how a state becomes a unit, how a unit becomes the input of the next position, and what it means for
 * the reply. The decode loop knows nothing else of them. Units that are tokens of one vocabulary are {@link TokenUnits}; a family
 * whose speech positions decide frames of codes brings its own.
 *
 * <p>Safe for several threads.
 */
public interface UnitFormat {
    /** The heads, for one thread. */
    OutputHead newHead();

    /** The layers below L after which positions of a modality may exit. */
    Set<Integer> exitLayers(Modality modality);

    /** Bytes of weights that a speech position reads when it decides at a layer, those that it reads twice counted twice. */
    long speechHeadBytes(int layer, SpeechLogits logits);

    /** Bytes of weights that a speech position reads at a layer for its entropy alone. */
    long entropyBytes(int layer);

    /**
     * The input of the position that follows a unit.
     *
     * @throws IllegalArgumentException if the model has no such unit
     */
    Input input(Unit unit);

    /**
     * The place of the first unit of a reply.
     *
     * @param asked the last id of the prompt
     */
    InterleaveTracker begin(int asked);

    /** True if a unit belongs to speech, whether it is heard or not. */
    boolean isSpeech(Unit unit);

    /** The id that a unit is read as; empty if it is no text. */
    OptionalInt text(Unit unit);

    /** The codes of a unit that become sound: one of a token, one of each codebook of a frame; none of a unit that is not heard. */
    int[] codes(Unit unit);

    /** Codes of a unit of speech: 1 of a token, the number of codebooks of a frame. */
    int codebooks();

    /** True if a unit ends the reply. */
    boolean isEnd(Unit unit);

    /** True if the pattern of text and speech may change after a unit, so that no draft may follow it. */
    boolean mayBreakPattern(Unit unit);
}
