package sparrow.engine.decode.speculate;

import sparrow.engine.decode.DecodeState;
import sparrow.engine.interleave.Modality;
import sparrow.engine.interleave.Unit;

/**
 * A unit that full depth has not been asked about.
 *
 * @param before the state of the reply in which it was chosen
 * @param chosen by the head
 * @param unit that came next: another one where a reply is forced
 * @param modality that its position was expected to decide
 * @param layer whose head chose it; L for a draft head
 * @param speechOnly whether full depth is to choose among speech alone
 */
record EarlyUnit(
        DecodeState.Checkpoint before, Unit chosen, Unit unit, Modality modality, int layer, boolean speechOnly) {}
