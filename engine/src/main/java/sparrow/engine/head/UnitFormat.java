package sparrow.engine.head;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import sparrow.engine.exit.SpeechLogits;
import sparrow.engine.interleave.InterleaveTracker;
import sparrow.engine.interleave.Modality;
import sparrow.engine.interleave.Unit;

/**
 * Defines the units of a model family: the conversion of hidden states to units, the conversion of units to inputs of
 * the next position, and the meaning of units in a reply. The decode loop does not depend on other properties of a
 * model family. {@link TokenUnits} is the format of models whose units are tokens of one vocabulary; models whose
 * speech positions decide frames of codes have a different implementation.
 *
 * <p>Instances are safe for use by multiple threads.
 */
public interface UnitFormat {
    /** Creates an output head for use by one thread. */
    OutputHead newHead();

    /** Returns the layers below L after which positions of a modality may exit. */
    Set<Integer> exitLayers(Modality modality);

    /**
     * Returns the number of weight bytes that a layer's head reads to decide a speech unit. Weights that are read twice
     * are counted twice.
     */
    long speechHeadBytes(int layer, SpeechLogits logits);

    /** Returns the number of weight bytes that a layer's head reads to compute the entropy at a speech position. */
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
     * @param lastPromptToken last token id of the prompt
     */
    InterleaveTracker newTracker(int lastPromptToken);

    /** Returns whether a unit occupies a speech slot, even if it produces no audio. */
    boolean isSpeech(Unit unit);

    /** Returns a unit's text id, or empty if the unit is not text. */
    OptionalInt text(Unit unit);

    /**
     * Returns a unit's codes for the vocoder: one for a token, one per codebook for a frame, and none for a unit
     * without audio.
     */
    int[] codes(Unit unit);

    /**
     * Returns the codes that a unit passes to the synthesizer: the unit's {@linkplain #codes codes}, or the codes of a
     * frame that ends speech, after which a synthesizer may start a new piece.
     */
    default int[] synthesized(Unit unit) {
        return codes(unit);
    }

    /** Returns the codes that units pass to the synthesizer, or an empty array if none of the units has audio. */
    default int[] synthesized(List<Unit> units) {
        if (units.stream().allMatch(unit -> codes(unit).length == 0)) return new int[0];
        return units.stream()
                .flatMapToInt(unit -> Arrays.stream(synthesized(unit)))
                .toArray();
    }

    /** Returns the number of codes per speech unit: 1 for tokens, or the number of codebooks for frames. */
    int codebooks();

    /** Returns whether a unit ends the reply. */
    boolean isEnd(Unit unit);

    /** Returns whether the pattern of text and speech may change after a unit, so that no draft may follow it. */
    boolean mayBreakPattern(Unit unit);
}
