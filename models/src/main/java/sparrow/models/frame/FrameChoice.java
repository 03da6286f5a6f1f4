package sparrow.models.frame;

import sparrow.engine.interleave.Unit;
import sparrow.engine.transformer.Logits;

/**
 * The frames of several positions, decoded lazily. Reading the scores of a first code decodes that code of all frames;
 * choosing one frame decodes all frames completely.
 */
public interface FrameChoice {
    /** Returns the output of the front head for a frame. */
    float[] input(int frame);

    /** Returns the codebook whose code is chosen first. */
    int firstCodebook(int frame);

    /** Returns the scores of the code that is chosen first. */
    Logits first(int frame);

    /** Chooses the codes of a frame. */
    Unit.Frame frame(int frame);
}
