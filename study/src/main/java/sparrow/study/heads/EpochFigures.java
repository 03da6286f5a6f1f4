package sparrow.study.heads;

/**
 * One pass over the positions.
 *
 * @param epoch from 1; 0 for the head as it began
 * @param trainingLoss mean over the steps of the epoch, as they went; NaN before the first
 * @param heldOutLoss of the held-out replies, after the epoch
 * @param heldOut the held-out replies, after the epoch
 */
public record EpochFigures(int epoch, double trainingLoss, double heldOutLoss, HeadAgreement heldOut) {}
