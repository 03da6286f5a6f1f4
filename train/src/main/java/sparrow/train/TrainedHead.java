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
 * Metrics of a head's training.
 *
 * @param layer layer of the head
 * @param epochs metrics before training and after every epoch
 * @param best epoch whose parameters the head has
 */
public record TrainedHead(int layer, List<EpochFigures> epochs, EpochFigures best) {
    public TrainedHead {
        epochs = List.copyOf(epochs);
    }

    /**
     * One pass over the positions.
     *
     * @param epoch epoch number, counted from 1, or 0 for the untrained head
     * @param trainingLoss mean loss over the steps of the epoch, or NaN before the first epoch
     * @param heldOutLoss loss on the held-out replies after the epoch
     * @param heldOut metrics on the held-out replies after the epoch; for a draft head, metrics of its first step
     * @param further metrics of a draft head's second and later steps; empty for other heads
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

    /**
     * Converts metrics to and from JSON for checkpoints, heads files and command output. Numbers are preserved bit for
     * bit.
     */
    static final class FiguresJson {
        private FiguresJson() {}

        /** Returns a training's metrics as an object with {@code layer}, {@code best_epoch} and {@code epochs}. */
        static ObjectNode of(TrainedHead head) {
            ObjectNode json = JsonNodeFactory.instance.objectNode();
            json.put("layer", head.layer()).put("best_epoch", head.best().epoch());
            ArrayNode epochs = json.putArray("epochs");
            for (EpochFigures epoch : head.epochs()) epochs.add(of(epoch));
            return json;
        }

        /**
         * Parses a training's metrics.
         *
         * @throws IllegalArgumentException if the object does not describe a training
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

        /** Returns an epoch's metrics as an object. */
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

        /** Returns a comparison as an object with {@code speech} and {@code text}. */
        static ObjectNode of(HeadAgreement comparison) {
            ObjectNode json = JsonNodeFactory.instance.objectNode();
            comparison.speech().ifPresent(figures -> json.set("speech", of(figures)));
            comparison.text().ifPresent(figures -> json.set("text", of(figures)));
            return json;
        }

        /** Returns metrics as an object. */
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
