package sparrow.study.run;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.stream.Collectors;
import sparrow.engine.decode.Limits;
import sparrow.engine.head.Sampling;
import sparrow.study.folder.RunFolder;

/**
 * The part of a study's settings that decides about the replies, as it is kept in the folder of a run ({@link RunFolder}).
 * Threads and timing are no part of it.
 *
 * @param flow of the speech ({@link ModelSettings#flow})
 * @param arithmetic that the last bits of results depend on ({@link sparrow.models.SpokenModel#numerics})
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
     * One set of questions.
     *
     * @param sha256 of its questions and answers
     */
    public record Questions(String name, int items, String sha256) {}

    /** These settings in words, for a report. */
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
