package sparrow.engine.exit;

import java.util.List;
import java.util.Locale;
import sparrow.engine.transformer.Row;
import sparrow.engine.transformer.Transformer;

/**
 * What the layers above an exit get of a position that left early. They lack its key and value, which later positions
 * look for there. SPAR-K fills them in, which is exact; the other two are here to be compared with it: what earlier
 * systems do, and doing without.
 */
public enum SkippedKv {
    /** The position waits, and the next pass that goes deeper carries it through the layers that it lacks. */
    FILL,

    /**
     * Keys and values are projected at once from the hidden state at which the position left, in every layer above, and it
     * waits for nothing (CALM, Schuster et al. 2022, "state propagation"; FREE, Bae et al. 2023, its baseline). Exact in
     * the layer above the exit, approximate in those that follow.
     */
    COPY,

    /** The layers above never hold the position; later ones do not see it there. */
    OMIT;

    /**
     * Reads what {@link #toString} prints.
     *
     * @throws IllegalArgumentException in one line if it is none of them
     */
    public static SkippedKv parse(String text) {
        for (SkippedKv treatment : values()) {
            if (treatment.toString().equals(text)) return treatment;
        }
        throw new IllegalArgumentException(
                "skipped keys and values: expected fill, copy or omit, got \"" + text + "\"");
    }

    /**
     * Treats what left early, once the tokens are decided: until then a confidence rule may still send a position on.
     *
     * @param sequences of this transformer; every position of theirs has decided its token
     */
    public void settle(Transformer transformer, List<PendingRows> sequences) {
        switch (this) {
            case FILL -> {}
            case COPY -> {
                transformer.propagate(skipped(transformer, sequences));
                nothingIsPending(transformer, sequences);
            }
            case OMIT -> {
                for (Row row : skipped(transformer, sequences)) row.cache().leaveOut(row.position(), row.first());
                nothingIsPending(transformer, sequences);
            }
        }
    }

    /** The layers that each pending position lacks. */
    private static List<Row> skipped(Transformer transformer, List<PendingRows> sequences) {
        int layers = transformer.config().layers();
        return sequences.stream().flatMap(rows -> rows.rowsTo(layers).stream()).toList();
    }

    private static void nothingIsPending(Transformer transformer, List<PendingRows> sequences) {
        for (PendingRows rows : sequences) rows.reached(transformer.config().layers());
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
