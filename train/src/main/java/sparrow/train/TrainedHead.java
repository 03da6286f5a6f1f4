package sparrow.train;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import sparrow.train.HeadAgreement.Figures;
import sparrow.train.TrainedHead.EpochFigures;

/**
 * The figures of the training of a head.
 *
 * @param layer of the head
 * @param epochs figures before training and after every epoch
 * @param best the epoch whose parameters the head has
 */
public record TrainedHead(int layer, List<EpochFigures> epochs, EpochFigures best) {
    public TrainedHead {
        epochs = List.copyOf(epochs);
    }

    /**
     * One pass over the positions.
     *
     * @param epoch from 1; 0 for the head as it began
     * @param trainingLoss mean over the steps of the epoch, as they went; NaN before the first
     * @param heldOutLoss of the held-out replies, after the epoch
     * @param heldOut the held-out replies, after the epoch; of a draft head its first step
     * @param further of a draft head the other steps, from the second on; else empty
     */
    public record EpochFigures(
            int epoch, double trainingLoss, double heldOutLoss, HeadAgreement heldOut, List<HeadAgreement> further) {
        public EpochFigures {
            further = List.copyOf(further);
        }

        EpochFigures(int epoch, double trainingLoss, double heldOutLoss, HeadAgreement heldOut) {
            this(epoch, trainingLoss, heldOutLoss, heldOut, List.of());
        }
    }

    /** Figures as JSON, in checkpoints, files of heads and what a command prints. Numbers come back to the bit. */
    static final class FiguresJson {
        private FiguresJson() {}

        /** A training as an object: {@code layer}, {@code best_epoch} and {@code epochs}. */
        static ObjectNode of(TrainedHead head) {
            ObjectNode json = JsonNodeFactory.instance.objectNode();
            json.put("layer", head.layer()).put("best_epoch", head.best().epoch());
            ArrayNode epochs = json.putArray("epochs");
            for (EpochFigures epoch : head.epochs()) epochs.add(of(epoch));
            return json;
        }

        /**
         * A training of such an object.
         *
         * @throws IllegalArgumentException if it describes no training
         */
        static TrainedHead trainedHead(JsonNode json) {
            List<EpochFigures> epochs = new ArrayList<>();
            for (JsonNode epoch : json.path("epochs")) epochs.add(epoch(epoch));
            int best = json.path("best_epoch").asInt(-1);
            int layer = json.path("layer").asInt(0);
            EpochFigures found = epochs.stream()
                    .filter(epoch -> epoch.epoch() == best)
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("best_epoch: expected one of " + epochs.size()
                            + " epochs, found " + json.path("best_epoch")));
            if (layer < 1) throw new IllegalArgumentException("layer: expected 1 or more, found " + json.path("layer"));
            return new TrainedHead(layer, epochs, found);
        }

        /** An epoch as an object. */
        static ObjectNode of(EpochFigures epoch) {
            ObjectNode json = JsonNodeFactory.instance.objectNode();
            json.put("epoch", epoch.epoch());
            if (!Double.isNaN(epoch.trainingLoss())) json.put("training_loss", epoch.trainingLoss());
            json.put("held_out_loss", epoch.heldOutLoss());
            json.setAll(of(epoch.heldOut()));
            if (!epoch.further().isEmpty()) {
                ArrayNode further = json.putArray("further_steps");
                for (HeadAgreement step : epoch.further()) further.add(of(step));
            }
            return json;
        }

        /** A comparison as an object with {@code speech} and {@code text}. */
        static ObjectNode of(HeadAgreement comparison) {
            ObjectNode json = JsonNodeFactory.instance.objectNode();
            comparison.speech().ifPresent(figures -> json.set("speech", of(figures)));
            comparison.text().ifPresent(figures -> json.set("text", of(figures)));
            return json;
        }

        /** Figures as an object. */
        static ObjectNode of(Figures figures) {
            return JsonNodeFactory.instance
                    .objectNode()
                    .put("positions", figures.positions())
                    .put("cross_entropy", figures.crossEntropy())
                    .put("divergence", figures.divergence())
                    .put("entropy", figures.entropy())
                    .put("agreement", figures.agreement());
        }

        static EpochFigures epoch(JsonNode json) {
            List<HeadAgreement> further = new ArrayList<>();
            for (JsonNode step : json.path("further_steps")) further.add(agreement(step));
            return new EpochFigures(
                    json.path("epoch").intValue(),
                    json.path("training_loss").asDouble(Double.NaN),
                    json.path("held_out_loss").doubleValue(),
                    agreement(json),
                    further);
        }

        private static HeadAgreement agreement(JsonNode json) {
            return new HeadAgreement(figures(json.path("speech")), figures(json.path("text")));
        }

        private static Optional<Figures> figures(JsonNode json) {
            if (json.isMissingNode()) return Optional.empty();
            return Optional.of(new Figures(
                    json.path("positions").longValue(),
                    json.path("cross_entropy").doubleValue(),
                    json.path("divergence").doubleValue(),
                    json.path("entropy").doubleValue(),
                    json.path("agreement").doubleValue()));
        }
    }
}
