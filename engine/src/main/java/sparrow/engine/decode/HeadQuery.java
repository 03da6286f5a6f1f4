package sparrow.engine.decode;

import sparrow.engine.interleave.Modality;
import sparrow.engine.transformer.State;

/**
 * A position that a head reads.
 *
 * @param state residual stream after the head's layer
 * @param modality that its output is expected to have
 * @param speechOnly whether the final head is to choose among speech alone ({@link SpeechLogits#SPEECH})
 */
public record HeadQuery(State state, Modality modality, boolean speechOnly) {}
