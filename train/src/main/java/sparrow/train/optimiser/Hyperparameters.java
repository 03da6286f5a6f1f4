package sparrow.train.optimiser;

import sparrow.engine.interleave.Modality;

/**
 * Hyperparameters of a training of any head: AdamW with a linear warm-up and a linear decay to zero, over the replies
 * that are not held out.
 *
 * @param epochs passes over the positions
 * @param batch positions of a step
 * @param learningRate its peak
 * @param weightDecay AdamW's, of matrices
 * @param warmUp share of all steps in which the learning rate rises
 * @param textWeight weight of a text position where a speech position has 1
 * @param heldOut share of the replies that are not trained on but measured, above 0
 * @param patience epochs without a better held-out loss after which a training ends
 * @param checkpoint steps between checkpoints
 * @param seed of the held-out choice, the order of positions and the parameters that begin at random
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
     * A learning rate that changes logits about as much at any width: a step of Adam moves every weight by about the
     * rate, so a logit by about rate x width.
     *
     * @param width channels of a hidden state
     */
    public static double defaultLearningRate(int width) {
        return 0.75 / width;
    }

    public double weight(Modality modality) {
        return modality == Modality.SPEECH ? 1 : textWeight;
    }
}
