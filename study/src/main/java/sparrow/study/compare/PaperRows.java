package sparrow.study.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import sparrow.engine.decode.LanguageModel;

/**
 * The rows of published tables, by the names they have there: S1 to S6 (Step-Audio-2-mini) and G1 to G10 (GLM-4-Voice) of
 * SPAR-K's Table 2 and its ablations, and B1 to B15, those on the page of the bundled model.
 *
 * <p>G7 and G8 are the two exit layers of the paper's sweep; which of them comes first, and the entropy threshold of text
 * in G10, the paper does not say: here they go by layer, and the threshold is that of G3.
 */
public final class PaperRows {
    private static final List<PolicyRow> STEP_AUDIO_2_MINI =
            rows("S", "none", "fixed:25", "conf:26:0.1", "even:22", "odd:22", "triple:22");

    private static final List<PolicyRow> GLM_4_VOICE = rows(
            "G",
            "none",
            "fixed:38",
            "conf:36:0.5",
            "even:36",
            "odd:36",
            "triple:37",
            "even:33",
            "even:35",
            "text=even:36",
            "text=conf:36:0.5+speech=even:36");

    private static final List<PolicyRow> BUNDLED = rows(
            "B",
            "none",
            "even:6",
            "fixed:6",
            "odd:8",
            "even:8",
            "triple:8",
            "fixed:8",
            "conf:8:0.1",
            "conf:8:0.5",
            "even:10",
            "triple:10",
            "fixed:10",
            "even:12",
            "triple:12",
            "fixed:12");

    private PaperRows() {}

    private static List<PolicyRow> rows(String letter, String... policies) {
        List<PolicyRow> rows = new ArrayList<>();
        for (String notation : policies) {
            rows.add(new PolicyRow(
                    letter + (rows.size() + 1), PolicyRow.parse(notation).plan()));
        }
        return List.copyOf(rows);
    }

    /**
     * The rows of the published table of a model, told by how many layers it has.
     *
     * @throws IllegalArgumentException in one line if there is none
     */
    public static List<PolicyRow> of(LanguageModel model) {
        int layers = model.transformer().config().layers();
        return switch (layers) {
            case 40 -> GLM_4_VOICE;
            case 28 -> STEP_AUDIO_2_MINI;
            case 16 -> BUNDLED;
            default ->
                throw new IllegalArgumentException("rows of the paper: expected a model of 40 layers (GLM-4-Voice), 28"
                        + " (Step-Audio-2-mini) or 16 (the bundled one), got one of " + layers);
        };
    }

    /** The row that a published table has under a name. */
    public static Optional<PolicyRow> named(String name) {
        return Stream.of(STEP_AUDIO_2_MINI, GLM_4_VOICE, BUNDLED)
                .flatMap(List::stream)
                .filter(row -> row.name().equals(name))
                .findFirst();
    }
}
