package sparrow.engine.decode;

import sparrow.engine.transformer.State;

/**
 * A position that a head is asked about.
 *
 * @param state residual stream after the head's layer
 * @param speechLogits whether the final head is to choose among speech alone
 */
record HeadRow(State state, boolean speechLogits) {}
