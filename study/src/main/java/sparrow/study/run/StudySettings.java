package sparrow.study.run;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.stream.Collectors;
import sparrow.engine.decode.Limits;
import sparrow.engine.head.Sampling;
import sparrow.study.folder.RunFolder;

/**
 * The part of a study's settings that determines the replies, as stored in the folder of a run ({@link RunFolder}).
 * This part does not include threads and timing.
 *
 * @param flow settings of the flow ({@link ModelSettings#flow})
 * @param arithmetic numerics that determine the last bits of results ({@link sparrow.models.SpokenModel#numerics})
 */
public record StudySettings(
        ModelSettings model,
        List<Questions> data,
        Sampling sampling,
        Limits limits,
        int batch,
        String flow,
        String arithmetic) {
    /**
     * The description of a question set in the settings.
     *
     * @param sha256 digest of its questions and answers
     */
    public record Questions(String name, int items, String sha256) {}

    /** Returns a description of the settings for a report. */
    public SequencedMap<String, String> facts() {
        SequencedMap<String, String> facts = new LinkedHashMap<>();
        facts.put("model", model.name() + ", " + model.layers() + " layers; " + model.weights());
        facts.put("exit heads", "layers " + model.headLayers());
        facts.put(
                "questions",
                data.stream().map(set -> set.items() + " of " + set.name()).collect(Collectors.joining(", ")));
        facts.put("decoding", words(sampling) + "; " + words(limits));
        return facts;
    }

    private static String words(Sampling sampling) {
        String draws = sampling.greedy()
                ? "greedy"
                : "temperature " + sampling.temperature() + ", top-k " + sampling.topK() + ", top-p " + sampling.topP();
        return draws + ", repetition penalty " + sampling.repetitionPenalty() + ", seed " + sampling.seed();
    }

    private static String words(Limits limits) {
        String most = "at most " + limits.newTokens() + " tokens";
        if (limits.speechTail() != Limits.UNBOUNDED) most += ", " + limits.speechTail() + " of speech after the text";
        return limits.loops().isPresent() ? most + ", loops stopped" : most;
    }
}
