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
 * Settings of the training of exit heads. The objective is the cross-entropy against the last layer's distribution
 * (SPAR-K, section 4.2.2, Eq. 2); for heads of frames, it is a {@link FrameTarget}.
 *
 * @param layers that get a head; without duplicates, ascending
 * @param vocabulary outputs that the heads know
 * @param norm before their matrices
 * @param shape the trained part of a head
 * @param frameTarget of heads of frames; null for others
 * @param hyperparameters of the optimiser
 */
public record TrainingSettings(
        List<Integer> layers,
        HeadVocabulary vocabulary,
        HeadNorm norm,
        HeadShape shape,
        FrameTarget frameTarget,
        Hyperparameters hyperparameters) {
    /** The settings in a checkpoint: flat, as the options of the command are. */
    private record Asked(
            String store,
            String modelFingerprint,
            int layer,
            String vocabulary,
            String norm,
            String shape,
            String frameTarget,
            // Checkpoints may be written more or less often.
            @JsonUnwrapped @JsonIgnoreProperties("checkpoint")
            Hyperparameters hyperparameters,

            String arithmetic) {}

    public TrainingSettings {
        layers = List.copyOf(new TreeSet<>(layers));
        Hyperparameters.check("layers", !layers.isEmpty(), "one or more", layers);
        boolean frames = vocabulary == HeadVocabulary.FRAMES;
        if (frames && !(shape instanceof HeadShape.Full)) {
            throw new IllegalArgumentException("shape of heads of frames: expected full, got " + shape);
        }
        if (frames != (frameTarget != null)) {
            throw new IllegalArgumentException(
                    "target of frames: expected " + (frames ? "one" : "none") + ", got " + frameTarget);
        }
    }

    /** Of heads over tokens. */
    public TrainingSettings(
            List<Integer> layers,
            HeadVocabulary vocabulary,
            HeadNorm norm,
            HeadShape shape,
            Hyperparameters hyperparameters) {
        this(layers, vocabulary, norm, shape, null, hyperparameters);
    }

    /** Beginning of the names of the heads' tensors and files. */
    String key() {
        return vocabulary == HeadVocabulary.FRAMES ? TrainingFolder.FRAME : TrainingFolder.HEAD;
    }

    /**
     * The manifest that a checkpoint of a layer's training has to have been made with.
     *
     * @param arithmetic of the machine at work
     */
    RunManifest with(HarvestStore store, int layer, String arithmetic) {
        return RunManifest.of(new Asked(
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

    /** The norm before a head's matrix. */
    public enum HeadNorm {
        /** The model's final norm. */
        FINAL,
        /** Nothing. */
        NONE
    }

    /** The target that a head of frames is trained against. */
    public enum FrameTarget {
        /** The depth decoder's distributions at full depth, after the reply's own codes: cross-entropy, added up over the codebooks. */
        CODES,

        /**
         * The depth decoder's inputs at full depth: the squared distance by their squared size, codebook by codebook, and its mean. Cheaper,
         * for the depth decoder does not run.
         */
        INPUTS
    }

    /** The trained part of a head; the rest is the model's output matrix W, and f its final norm or the identity. */
    public sealed interface HeadShape {
        /**
         * Reads {@code full}, {@code rank:R} or {@code translator}.
         *
         * @throws IllegalArgumentException if it is none of them
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

        /** The notation that {@link #parse} reads. */
        @JsonValue
        @Override
        String toString();

        /** A matrix of its own, which begins as W: logits = V f(h). */
        record Full() implements HeadShape {
            @Override
            public String toString() {
                return "full";
            }
        }

        /**
         * A correction of low rank: logits = (W + A B) f(h). Written as one matrix.
         *
         * @param rank columns of A and rows of B
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
         * A tuned lens (Belrose et al., arXiv 2303.08112): logits = W f(h + D h + b). It has width x width numbers for any
         * vocabulary, and shares W with the model.
         */
        record Translator() implements HeadShape {
            @Override
            public String toString() {
                return "translator";
            }
        }
    }
}
