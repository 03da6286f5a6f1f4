package sparrow.engine.exit;

import java.util.List;
import java.util.SortedSet;

/**
 * Determines after which layers the positions that decide units of one modality exit. With an {@link ExitPolicy}, the units that they
 * decide are final; with a {@link Speculation}, they are drafts, which full depth verifies. An immutable value;
 * {@code toString} returns the notation that {@link #parse} reads.
 */
public sealed interface DepthPolicy permits ExitPolicy, Speculation {
    /**
     * Returns the exits of a position in ascending order (SPAR-K, section 4.2.1). The position takes the first exit
     * whose condition holds; the last exit is unconditional. The policy does not apply to the first unit of a reply: the
     * last position of the prompt decides it, at full depth.
     *
     * @param chunkPosition place of the unit that the position decides in its chunk, the run of units of one modality,
     *     from 1
     * @param layers number of layers, L
     */
    List<Exit> exits(int chunkPosition, int layers);

    /** The layers below L after which positions may exit; empty if all of them run at full depth. */
    SortedSet<Integer> exitLayers();

    /**
     * Reads {@code none}, {@code fixed:38}, {@code conf:36:0.5}, {@code conf:20,28,36:0.5}, {@code even:36},
     * {@code odd:36}, {@code triple:37}, any pattern such as {@code FEEF:22}, {@code draft:14:3},
     * {@code draft:14:3:0.5} or {@code speculate:3}.
     *
     * @throws IllegalArgumentException if the text is none of these; the message has one line
     */
    static DepthPolicy parse(String text) {
        return PolicyNotation.parse(text);
    }
}
