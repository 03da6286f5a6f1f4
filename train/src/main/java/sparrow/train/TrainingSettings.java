package sparrow.train;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import sparrow.study.folder.RunManifest;
import sparrow.train.harvest.HarvestStore;
import sparrow.train.harvest.HeadVocabulary;
import sparrow.train.optimiser.Hyperparameters;

/**
 * Settings for training exit heads. The objective is the cross-entropy against the last layer's distribution (SPAR-K,
 * section 4.2.2, Eq. 2); for frame heads, it is a {@link FrameTarget}.
 *
 * @param layers layers for which heads are trained, ascending and without duplicates
 * @param vocabulary outputs that the heads predict
 * @param norm norm preceding the heads' matrices
 * @param shape trained part of a head
 * @param frameTarget target of frame heads, or null for other heads
 * @param hyperparameters hyperparameters of the optimiser
 */
public record TrainingSettings(
        List<Integer> layers,
        HeadVocabulary vocabulary,
        HeadNorm norm,
        HeadShape shape,
        FrameTarget frameTarget,
        Hyperparameters hyperparameters) {
    /** The settings in a checkpoint, as a flat list like the command's options. */
    private record CheckpointKey(
            String store,
            String modelFingerprint,
            int layer,
            String vocabulary,
            String norm,
            String shape,
            String frameTarget,
            // The interval between checkpoints may change.
            @JsonUnwrapped @JsonIgnoreProperties("checkpoint")
            Hyperparameters hyperparameters,

            String arithmetic) {}

    public TrainingSettings {
        layers = List.copyOf(new TreeSet<>(layers));
        Hyperparameters.check("layers", !layers.isEmpty(), "one or more", layers);
        boolean frames = vocabulary == HeadVocabulary.FRAMES;
        if (frames && !(shape instanceof HeadShape.Full)) {
            throw new IllegalArgumentException("shape of frame heads: expected full, got " + shape);
        }
        if (frames != (frameTarget != null)) {
            throw new IllegalArgumentException(
                    "frame target: expected " + (frames ? "one" : "none") + ", got " + frameTarget);
        }
    }

    /** Creates settings for heads that predict tokens. */
    public TrainingSettings(
            List<Integer> layers,
            HeadVocabulary vocabulary,
            HeadNorm norm,
            HeadShape shape,
            Hyperparameters hyperparameters) {
        this(layers, vocabulary, norm, shape, null, hyperparameters);
    }

    /** Returns the prefix of the heads' tensor names and file names. */
    String key() {
        return vocabulary == HeadVocabulary.FRAMES ? TrainingFolder.FRAME : TrainingFolder.HEAD;
    }

    /**
     * Returns the manifest that a checkpoint must contain for a layer's training to resume from it.
     *
     * @param arithmetic arithmetic of the current machine
     */
    RunManifest with(HarvestStore store, int layer, String arithmetic) {
        return RunManifest.of(new CheckpointKey(
                store.digest(),
                store.metadata().fingerprint(),
                layer,
                vocabulary.name().toLowerCase(Locale.ROOT),
                norm.name().toLowerCase(Locale.ROOT),
                shape.toString(),
                frameTarget == null ? null : frameTarget.name().toLowerCase(Locale.ROOT),
                hyperparameters,
                arithmetic));
    }

    /** Norms that precede a head's matrix. */
    public enum HeadNorm {
        /** The model's final norm. */
        FINAL,
        /** No norm. */
        NONE
    }

    /** Targets against which a frame head is trained. */
    public enum FrameTarget {
        /**
         * The depth decoder's distributions at full depth after the reply's own codes. The loss is the cross-entropy,
         * summed over the codebooks.
         */
        CODES,

        /**
         * The depth decoder's inputs at full depth. The loss is the squared distance divided by the squared length of
         * each codebook's input, averaged over the codebooks. This target is less expensive because the depth decoder
         * does not run.
         */
        INPUTS
    }

    /**
     * The trained part of a head. The remaining parts are the model's output matrix W and the function f, which is the
     * model's final norm or the identity.
     */
    public sealed interface HeadShape {
        /**
         * Parses {@code full}, {@code rank:R} or {@code translator}.
         *
         * @throws IllegalArgumentException if the notation is none of these
         */
        @JsonCreator
        static HeadShape parse(String notation) {
            return switch (notation) {
                case "full" -> new Full();
                case "translator" -> new Translator();
                default -> {
                    if (!notation.matches("rank:[0-9]{1,9}")) {
                        throw new IllegalArgumentException(
                                "shape: expected full, rank:R or translator, got \"" + notation + "\"");
                    }
                    yield new LowRank(Integer.parseInt(notation.substring(5)));
                }
            };
        }

        /** Returns the notation that {@link #parse} accepts. */
        @JsonValue
        @Override
        String toString();

        /** A separate matrix that is initialised with W: logits = V f(h). */
        record Full() implements HeadShape {
            @Override
            public String toString() {
                return "full";
            }
        }

        /**
         * A low-rank correction: logits = (W + A B) f(h). It is stored as one matrix.
         *
         * @param rank number of columns of A and rows of B
         */
        record LowRank(int rank) implements HeadShape {
            public LowRank {
                if (rank < 1) throw new IllegalArgumentException("rank: expected 1 or more, got " + rank);
            }

            @Override
            public String toString() {
                return "rank:" + rank;
            }
        }

        /**
         * A tuned lens (Belrose et al., arXiv 2303.08112): logits = W f(h + D h + b). The translator has width x width
         * parameters for any vocabulary, and W is shared with the model.
         */
        record Translator() implements HeadShape {
            @Override
            public String toString() {
                return "translator";
            }
        }
    }
}
