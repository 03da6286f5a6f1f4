package sparrow.engine.exit;

import java.util.SortedSet;

/**
 * The depth of the positions of one modality: an {@link ExitPolicy} says where they leave, and what they decide is final; a {@link
 * Speculation} says how drafts come about that full depth confirms. A value: it prints as the notation that {@link #parse} reads.
 */
public sealed interface DepthPolicy permits ExitPolicy, Speculation {
    /** The layers below L that positions may leave after; none where all of them run at full depth. */
    SortedSet<Integer> exitLayers();

    /**
     * Reads {@code none}, {@code fixed:38}, {@code conf:36:0.5}, {@code conf:20,28,36:0.5}, {@code even:36}, {@code odd:36},
     * {@code triple:37}, any pattern such as {@code FEEF:22}, {@code draft:14:3}, {@code draft:14:3:0.5} or {@code
     * speculate:3}.
     *
     * @throws IllegalArgumentException in one line if it is none of them
     */
    static DepthPolicy parse(String text) {
        return PolicyNotation.parse(text);
    }
}
