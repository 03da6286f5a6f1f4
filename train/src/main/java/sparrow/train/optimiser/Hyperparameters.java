package sparrow.train.optimiser;

import sparrow.engine.interleave.Modality;

/**
 * Hyperparameters for training any head. AdamW is used with a linear warm-up and a linear decay to zero on the replies
 * that are not held out.
 *
 * @param epochs number of passes over the positions
 * @param batch number of positions per step
 * @param learningRate peak learning rate
 * @param weightDecay AdamW's weight decay for matrices
 * @param warmUp fraction of all steps during which the learning rate rises
 * @param textWeight weight of a text position, relative to a speech position
 * @param heldOut fraction of the replies used for measurement instead of training, above 0
 * @param patience number of consecutive epochs without a better held-out loss after which training stops
 * @param checkpoint number of steps between checkpoints
 * @param seed random seed for the held-out replies, the order of positions and the random initial parameters
 */
public record Hyperparameters(
        int epochs,
        int batch,
        double learningRate,
        double weightDecay,
        double warmUp,
        double textWeight,
        double heldOut,
        int patience,
        int checkpoint,
        long seed) {
    public Hyperparameters {
        check("epochs", epochs >= 1, "1 or more", epochs);
        check("batch", batch >= 1, "1 position or more", batch);
        check("learning rate", learningRate > 0 && Double.isFinite(learningRate), "above 0", learningRate);
        check("weight decay", weightDecay >= 0 && Double.isFinite(weightDecay), "0 or more", weightDecay);
        check("warm-up", warmUp >= 0 && warmUp <= 1, "0 to 1", warmUp);
        check("text weight", textWeight >= 0 && Double.isFinite(textWeight), "0 or more", textWeight);
        check("held-out share", heldOut > 0 && heldOut < 1, "above 0 and below 1", heldOut);
        check("patience", patience >= 1, "1 epoch or more", patience);
        check("checkpoint", checkpoint >= 1, "1 step or more", checkpoint);
    }

    public static void check(String what, boolean ok, String expected, Object found) {
        if (!ok) throw new IllegalArgumentException(what + ": expected " + expected + ", got " + found);
    }

    /**
     * Returns a learning rate that changes logits by about the same amount for any width. A step of Adam changes every
     * weight by about the learning rate, so it changes a logit by about the learning rate times the width.
     *
     * @param width number of channels of a hidden state
     */
    public static double defaultLearningRate(int width) {
        return 0.75 / width;
    }

    public double weight(Modality modality) {
        return modality == Modality.SPEECH ? 1 : textWeight;
    }
}
