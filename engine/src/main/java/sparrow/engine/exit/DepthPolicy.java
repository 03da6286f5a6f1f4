package sparrow.engine.exit;

import java.util.List;
import java.util.SortedSet;

/**
 * Determines the layers after which positions that decide units of one modality exit. With an {@link ExitPolicy}, the
 * decided units are final; with a {@link Speculation}, they are drafts, which full depth verifies. Policies are
 * immutable. {@code toString} returns the notation that {@link #parse} accepts.
 */
public sealed interface DepthPolicy permits ExitPolicy, Speculation {
    /**
     * Returns the exits of a position in ascending order (SPAR-K, section 4.2.1). The position takes the first exit
     * whose condition is met; the last exit is unconditional. The policy does not apply to the first unit of a reply
     * because the last prompt position decides this unit at full depth.
     *
     * @param chunkPosition position, counted from 1, of the decided unit in its chunk; a chunk is a run of units of one
     *     modality
     * @param layers number of layers, L
     */
    List<Exit> exits(int chunkPosition, int layers);

    /** Returns the layers below L after which positions may exit, or empty if all positions run at full depth. */
    SortedSet<Integer> exitLayers();

    /**
     * Parses {@code none}, {@code fixed:38}, {@code conf:36:0.5}, {@code conf:20,28,36:0.5}, {@code even:36},
     * {@code odd:36}, {@code triple:37}, any pattern such as {@code FEEF:22}, {@code draft:14:3},
     * {@code draft:14:3:0.5} or {@code speculate:3}.
     *
     * @throws IllegalArgumentException if the text is none of these; the message is one line
     */
    static DepthPolicy parse(String text) {
        return PolicyNotation.parse(text);
    }
}
