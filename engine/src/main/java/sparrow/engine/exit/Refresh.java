package sparrow.engine.exit;

import java.util.Locale;

/**
 * What a pass of full depth does about the positions that it carries along because they left early. It knows their state after
 * the last layer; SPAR-K only wants their keys and values (section 4.2.3), but the model's own head can be asked about them in
 * the same reading of its matrix: whether full depth would have chosen the same tokens.
 */
public sealed interface Refresh {
    /** Fills in keys and values and asks nothing: SPAR-K. */
    Refresh FILL = new Fill();

    /** Counts the tokens that full depth would have chosen too, and changes none. */
    Refresh CHECK = new Check();

    /** Makes early tokens drafts: the right ones stay, the first wrong one is replaced, what followed it is taken back. */
    Refresh REDO = new Redo();

    /** See {@link #FILL}. */
    record Fill() implements Refresh {
        @Override
        public String toString() {
            return "fill";
        }
    }

    /** See {@link #CHECK}. */
    record Check() implements Refresh {
        @Override
        public String toString() {
            return "check";
        }
    }

    /** See {@link #REDO}. The reply is that of full depth, token for token. */
    record Redo() implements Refresh {
        @Override
        public String toString() {
            return "redo";
        }
    }

    /** As {@link Redo}, but near misses stay. The reply is not that of full depth: for study. */
    record RedoUnless(Tolerance near) implements Refresh {
        @Override
        public String toString() {
            return "redo:" + near;
        }
    }

    /** Whether early tokens are drafts, told to nobody before a pass of full depth has confirmed them. */
    default boolean redoes() {
        return switch (this) {
            case Fill fill -> false;
            case Check check -> false;
            case Redo redo -> true;
            case RedoUnless unless -> true;
        };
    }

    /** Whether the final head is asked about early positions at all. */
    default boolean asks() {
        return !(this instanceof Fill);
    }

    /**
     * Reads {@code fill}, {@code check}, {@code redo}, {@code redo:top:K}, {@code redo:ratio:R} or {@code redo:near:C}.
     *
     * @throws IllegalArgumentException in one line if it is none of them
     */
    static Refresh parse(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "fill" -> FILL;
            case "check" -> CHECK;
            case "redo" -> REDO;
            case String redo when redo.startsWith("redo:") -> new RedoUnless(Tolerance.parse(redo.substring(5)));
            default ->
                throw new IllegalArgumentException("refresh: expected fill, check, redo, redo:top:K, redo:ratio:R or"
                        + " redo:near:C, got \"" + text + "\"");
        };
    }
}
