package sparrow.engine.decode;

/**
 * A position that a head is asked about.
 *
 * @param hidden residual stream after the head's layer, [width]
 * @param speechLogits whether the final head is to choose among speech alone
 */
record HeadRow(float[] hidden, boolean speechLogits) {}
