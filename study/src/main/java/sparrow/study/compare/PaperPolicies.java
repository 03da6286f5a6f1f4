package sparrow.study.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import sparrow.models.SpokenModel;
import sparrow.study.run.PolicyCase;

/**
 * The exit policies of published tables, by their published names: S1 to S6 (Step-Audio-2-mini) and G1 to G10
 * (GLM-4-Voice) from SPAR-K's Table 2 and its ablations, and B1 to B15 of the bundled model (docs/results.md).
 *
 * <p>The paper does not specify the entropy threshold for text in G10; in this class, it is equal to G3's. The paper
 * prints 37 as G8's average exit layer, while (40 + 35) / 2 is 37.5.
 */
public final class PaperPolicies {
    private static final List<Published> PUBLISHED = List.of(
            new Published(
                    "GLM-4-Voice",
                    cases(
                            "G",
                            "none fixed:38 conf:36:0.5 even:36 odd:36 triple:37 even:33 even:35 text=even:36"
                                    + " text=conf:36:0.5,speech=even:36")),
            new Published("Step-Audio-2", cases("S", "none fixed:25 conf:26:0.1 even:22 odd:22 triple:22")),
            new Published(
                    "sparrow-tiny",
                    cases(
                            "B",
                            "none even:6 fixed:6 odd:8 even:8 triple:8 fixed:8 conf:8:0.1 conf:8:0.5 even:10"
                                    + " triple:10 fixed:10 even:12 triple:12 fixed:12")));

    /**
     * The table of a model or a model family.
     *
     * @param model name of the model
     */
    private record Published(String model, List<PolicyCase> cases) {}

    private PaperPolicies() {}

    private static List<PolicyCase> cases(String letter, String policies) {
        List<PolicyCase> cases = new ArrayList<>();
        for (String notation : policies.split(" ")) {
            cases.add(new PolicyCase(
                    letter + (cases.size() + 1), PolicyCase.parse(notation).plan()));
        }
        return List.copyOf(cases);
    }

    /**
     * Returns the cases of a model's published table, or of its family's table if the model has no table.
     *
     * @throws IllegalArgumentException if there is no such table; the message is one line
     */
    public static List<PolicyCase> of(SpokenModel model) {
        return published(model.name())
                .or(() -> published(model.family()))
                .orElseThrow(() -> new IllegalArgumentException(
                        "policies of the paper: expected a GLM-4-Voice or Step-Audio-2 model, or the bundled"
                                + " one, got " + model.name()))
                .cases();
    }

    private static Optional<Published> published(String model) {
        return PUBLISHED.stream().filter(table -> table.model().equals(model)).findFirst();
    }

    /** Returns the case with the given name in a published table. */
    public static Optional<PolicyCase> named(String name) {
        return PUBLISHED.stream()
                .flatMap(table -> table.cases().stream())
                .filter(one -> one.name().equals(name))
                .findFirst();
    }
}
