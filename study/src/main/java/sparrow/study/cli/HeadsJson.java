package sparrow.study.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import sparrow.study.heads.DraftHeadEvaluation;
import sparrow.study.heads.FiguresJson;
import sparrow.study.heads.HeadAgreement;
import sparrow.study.heads.TrainedHead;

/** What the commands about heads print with {@code --json}. */
final class HeadsJson {
    private HeadsJson() {}

    /** A training: every epoch of every layer. */
    static ObjectNode of(Path heads, List<TrainedHead> trained, double seconds) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("heads", heads.toString());
        json.put("seconds", seconds);
        ArrayNode layers = json.putArray("layers");
        for (TrainedHead head : trained) layers.add(FiguresJson.of(head));
        return json;
    }

    /** Heads against the last layer. */
    static ObjectNode of(
            Path store, SortedMap<Integer, HeadAgreement> figures, List<DraftHeadEvaluation.StepFigures> steps) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("store", store.toString());
        ArrayNode layers = json.putArray("layers");
        figures.forEach(
                (layer, comparison) -> layers.addObject().put("layer", layer).setAll(FiguresJson.of(comparison)));
        if (steps.isEmpty()) return json;
        ArrayNode ahead = json.putArray("steps");
        for (DraftHeadEvaluation.StepFigures step : steps) {
            ObjectNode one = ahead.addObject().put("step", step.step());
            one.setAll(FiguresJson.of(step.all()));
            ArrayNode places = one.putArray("speech_places");
            for (DraftHeadEvaluation.PlaceFigures place : step.places()) {
                places.addObject().put("from", place.from()).setAll(FiguresJson.of(place.figures()));
            }
        }
        return json;
    }
}
