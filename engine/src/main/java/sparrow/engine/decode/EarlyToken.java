package sparrow.engine.decode;

import sparrow.engine.interleave.Modality;

/**
 * A token that full depth has not been asked about.
 *
 * @param before where the reply was when it was chosen
 * @param chosen what the head said
 * @param token what came next: another one where a reply is forced
 * @param modality what its position was expected to decide
 * @param layer whose head chose it; L for a step head
 * @param speechLogits whether full depth is to choose among speech alone
 */
record EarlyToken(Course.Mark before, int chosen, int token, Modality modality, int layer, boolean speechLogits) {}
