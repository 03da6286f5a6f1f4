package sparrow.engine.exit;

import java.util.List;
import java.util.SortedSet;

/**
 * Determines after which layers the positions of one modality exit. Under an {@link ExitPolicy} the units that they decide are final;
 * under a {@link Speculation} they are drafts, which full depth verifies. A value: it prints as the notation that {@link #parse} reads.
 */
public sealed interface DepthPolicy permits ExitPolicy, Speculation {
    /**
     * The exits of a position in ascending order (SPAR-K, section 4.2.1). It takes the first one whose condition holds, and the last one
     * in any case.
     *
     * @param chunkPosition position in its chunk, the run of units of one modality, from 1
     * @param layers L
     */
    List<Exit> exits(int chunkPosition, int layers);

    /** The layers below L after which positions may exit; empty if all of them run at full depth. */
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
