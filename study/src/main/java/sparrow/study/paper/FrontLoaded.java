package sparrow.study.paper;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import sparrow.models.SpokenModel;
import sparrow.study.compare.PaperPolicies;
import sparrow.study.compare.PolicyResult;
import sparrow.study.run.PolicyCase;

/**
 * A schedule whose early exits are the first positions of each speech chunk. The paper does not contain such schedules.
 *
 * @param early number of early exits in a chunk
 * @param chunk number of positions in a chunk
 */
record FrontLoaded(int early, int chunk) {
    /** Numbers of early exits that are tried. */
    static final List<Integer> CANDIDATES = List.of(15, 11, 7);

    /** Returns the candidates, or an empty list if the chunks of a model are too short for them. */
    private static List<FrontLoaded> candidates(SpokenModel model) {
        int chunk = model.languageModel().interleave().speechTokens();
        if (chunk <= CANDIDATES.getFirst()) return List.of();
        return CANDIDATES.stream().map(early -> new FrontLoaded(early, chunk)).toList();
    }

    /** Returns the candidates at the layer at which they are compared, the middle one of {@link #layers}. */
    static List<PolicyCase> cases(SpokenModel model) {
        return candidates(model).stream().map(one -> one.at(middle(model))).toList();
    }

    /** Returns the candidate that is used if none is chosen. */
    static Optional<FrontLoaded> unchosen(SpokenModel model) {
        return candidates(model).stream().skip(1).findFirst();
    }

    /**
     * Returns the candidate with the most replies that are identical to full depth, among those that do not read more
     * layers than {@code even} with the same exit layer. Returns the candidate with the most early exits if all read
     * more.
     */
    static Optional<FrontLoaded> choose(SpokenModel model, List<PolicyResult> rows) {
        List<FrontLoaded> candidates = candidates(model);
        if (candidates.isEmpty()) return Optional.empty();
        double depth = speechExit(row(rows, "even:" + middle(model)));
        return candidates.stream()
                .filter(one -> speechExit(one.row(rows, model)) <= depth)
                .max(Comparator.comparingInt(
                        one -> one.row(rows, model).all().difference().same()))
                .or(() -> Optional.of(candidates.getFirst()));
    }

    private PolicyResult row(List<PolicyResult> rows, SpokenModel model) {
        return row(rows, at(middle(model)).policies());
    }

    private static PolicyResult row(List<PolicyResult> rows, String policies) {
        return rows.stream()
                .filter(row -> row.policies().equals(policies))
                .findFirst()
                .orElseThrow();
    }

    private static double speechExit(PolicyResult row) {
        return row.all().depth().averageSpeechExit();
    }

    /** Returns the three lowest exit layers of {@code even} in the published table, in ascending order. */
    private static List<Integer> layers(SpokenModel model) {
        return PaperPolicies.of(model).stream()
                .filter(row -> PaperCases.kind(row).equals("even"))
                .map(row -> row.plan().speech().exitLayers().getFirst())
                .distinct()
                .sorted()
                .limit(3)
                .toList();
    }

    private static int middle(SpokenModel model) {
        return layers(model).get(layers(model).size() / 2);
    }

    /** Returns the schedule at the layers of the table. */
    Stream<String> plans(SpokenModel model) {
        return layers(model).stream().map(layer -> at(layer).policies());
    }

    private PolicyCase at(int layer) {
        return PolicyCase.parse("E".repeat(early) + "F".repeat(chunk - early) + ":" + layer);
    }

    @Override
    public String toString() {
        return "E×" + early + " F×" + (chunk - early);
    }
}
