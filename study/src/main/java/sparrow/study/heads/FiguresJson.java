package sparrow.study.heads;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Figures as JSON, in checkpoints, files of heads and what a command prints. Numbers come back to the bit. */
public final class FiguresJson {
    private FiguresJson() {}

    /** An epoch as an object. */
    public static ObjectNode of(EpochFigures epoch) {
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
    public static ObjectNode of(HeadAgreement comparison) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        comparison.speech().ifPresent(figures -> json.set("speech", of(figures)));
        comparison.text().ifPresent(figures -> json.set("text", of(figures)));
        return json;
    }

    /** Figures as an object. */
    public static ObjectNode of(Figures figures) {
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
