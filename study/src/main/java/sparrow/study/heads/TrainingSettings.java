package sparrow.study.heads;

import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import sparrow.study.run.RunFacts;

/**
 * How heads are trained. The objective is the cross-entropy against the last layer's distribution (SPAR-K: "Training an
 * exit head"), the optimiser AdamW with a linear warm-up and a linear decay to zero. Flat, as the options of the command are
 * and the facts that a checkpoint is held against.
 *
 * @param layers that get a head; without duplicates, ascending
 * @param vocabulary tokens that the heads know
 * @param norm what comes before their matrices
 * @param shape what of a head is trained
 * @param epochs passes over the positions
 * @param batch positions of a step
 * @param learningRate its peak
 * @param weightDecay AdamW's, of matrices
 * @param warmUp share of all steps in which the learning rate rises
 * @param textWeight weight of a text position where a speech position has 1
 * @param heldOut share of the replies that are not trained on but measured, above 0
 * @param patience epochs without a better held-out loss after which a layer's training ends
 * @param checkpoint steps between checkpoints
 * @param seed of the held-out choice, the order of positions and whatever begins at random
 */
public record TrainingSettings(
        List<Integer> layers,
        HeadVocabulary vocabulary,
        HeadNorm norm,
        HeadShape shape,
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
    /** What a checkpoint says. */
    private record Asked(
            String store,
            String modelFingerprint,
            int layer,
            String vocabulary,
            String norm,
            String shape,
            int epochs,
            int batch,
            double learningRate,
            double weightDecay,
            double warmUp,
            double textWeight,
            double heldOut,
            int patience,
            String seed) {}

    public TrainingSettings {
        layers = List.copyOf(new TreeSet<>(layers));
        check("layers", !layers.isEmpty(), "one or more", layers);
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

    private static void check(String what, boolean ok, String expected, Object found) {
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

    /** Whatever a checkpoint of a layer's training has to have been made with. */
    RunFacts with(HarvestStore store, int layer) {
        return RunFacts.of(new Asked(
                store.digest(),
                store.facts().fingerprint(),
                layer,
                vocabulary.name().toLowerCase(Locale.ROOT),
                norm.name().toLowerCase(Locale.ROOT),
                shape.toString(),
                epochs,
                batch,
                learningRate,
                weightDecay,
                warmUp,
                textWeight,
                heldOut,
                patience,
                Long.toString(seed)));
    }
}
