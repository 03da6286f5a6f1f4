package sparrow.gpu.kernel;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import sparrow.gpu.device.Argument;
import sparrow.gpu.device.Buffer;
import sparrow.gpu.device.Device;
import sparrow.gpu.device.Grid;
import sparrow.gpu.device.Language;

/**
 * Kernels used before and after the layers: they copy states to and from the rows of a pass, and summarise scores for
 * the choice of a token. As in {@link DeviceKernels}, each method checks shapes, enqueues work and returns.
 */
public final class RowKernels implements AutoCloseable {
    /** Number of values per summary: largest score, token, sum, weighted sum. */
    public static final int SUMMARY = 4;

    private static final int ITEMS = DeviceKernels.ITEMS;
    private static final String GATHER = "gather_rows";
    private static final String SCATTER = "scatter_rows";
    private static final String MASK = "mask_rows";
    private static final String REDUCE = "reduce_scores";

    private final CompiledKernels kernels;

    private RowKernels(CompiledKernels kernels) {
        this.kernels = kernels;
    }

    /**
     * Compiles the kernels for a device.
     *
     * @throws sparrow.gpu.device.DeviceException if the driver cannot compile them; the message is one line
     */
    public static RowKernels build(Device device) {
        return new RowKernels(CompiledKernels.build(
                device,
                "the kernels of states and scores",
                text(device.language()),
                List.of(GATHER, SCATTER, MASK, REDUCE)));
    }

    static String text(Language language) {
        KernelText text = new KernelText(language, Lanes.LOCAL, 1);
        for (String name : List.of(GATHER, SCATTER, MASK, REDUCE)) text.with(name, name + ".cl", items());
        return text.toString();
    }

    private static SequencedMap<String, String> items() {
        SequencedMap<String, String> macros = new LinkedHashMap<>();
        macros.put("ITEMS", String.valueOf(ITEMS));
        return macros;
    }

    /**
     * Copies states to the rows of a pass: x[r] = states[slot of r].
     *
     * @param states [any, columns]
     * @param table ints that contain each row's slot, starting at {@code slots}
     * @param x [rows, columns]
     */
    public void gather(DeviceRows states, Buffer table, int slots, DeviceRows x) {
        requireColumns(states, x);
        kernels.run(
                GATHER,
                rowsGrid(x),
                Argument.of(states.buffer()),
                Argument.of(table),
                Argument.of(x.buffer()),
                Argument.of(slots),
                Argument.of(x.columns()),
                Argument.of(states.pitch()),
                Argument.of(x.offset()),
                Argument.of(x.pitch()));
    }

    /** Copies the rows of a pass to states: states[slot of r] = x[r], as in {@link #gather}. */
    public void scatter(DeviceRows x, Buffer table, int slots, DeviceRows states) {
        requireColumns(states, x);
        kernels.run(
                SCATTER,
                rowsGrid(x),
                Argument.of(x.buffer()),
                Argument.of(table),
                Argument.of(states.buffer()),
                Argument.of(slots),
                Argument.of(x.columns()),
                Argument.of(x.offset()),
                Argument.of(x.pitch()),
                Argument.of(states.pitch()));
    }

    private static void requireColumns(DeviceRows states, DeviceRows x) {
        if (states.columns() != x.columns()) {
            throw new IllegalArgumentException("states: expected rows of " + x.columns() + ", got " + states);
        }
    }

    private static Grid rowsGrid(DeviceRows x) {
        return new Grid(Math.ceilDiv(x.columns(), ITEMS), x.rows(), ITEMS);
    }

    /**
     * Sets the scores of a head's padding rows to negative infinity.
     *
     * @param scores [positions, rows of a head]
     * @param masked row indices as ints
     * @param count number of padding rows, 1 or more
     */
    public void mask(DeviceRows scores, Buffer masked, int count) {
        kernels.run(
                MASK,
                new Grid(Math.ceilDiv(count, ITEMS), scores.rows(), ITEMS),
                Argument.of(scores.buffer()),
                Argument.of(masked),
                Argument.of(count),
                Argument.of(scores.offset()),
                Argument.of(scores.pitch()));
    }

    /**
     * Summarises the scores of each position for the choice of a token. A summary has four ints: the bits of the
     * largest score, or of NaN if any score is NaN; the token with this score, or the lowest such token in a tie; the
     * bits of the sum of e^(score - largest); and the bits of the sum of e^(score - largest) (score - largest).
     *
     * @param scores [positions, rows of a head]
     * @param tokens token of each row as int, or empty if row n is token n
     * @param summaries memory for {@link #SUMMARY} ints per position
     */
    public void reduce(DeviceRows scores, Optional<Buffer> tokens, Buffer summaries) {
        if (summaries.bytes() < (long) Integer.BYTES * SUMMARY * scores.rows()) {
            throw new IllegalArgumentException(
                    "summaries: expected room for " + scores.rows() + ", got " + summaries.bytes() + " bytes");
        }
        kernels.run(
                REDUCE,
                new Grid(1, scores.rows(), ITEMS),
                Argument.of(scores.buffer()),
                Argument.of(tokens.orElse(scores.buffer())),
                Argument.of(summaries),
                Argument.of(tokens.isPresent() ? 1 : 0),
                Argument.of(scores.columns()),
                Argument.of(scores.offset()),
                Argument.of(scores.pitch()));
    }

    @Override
    public void close() {
        kernels.close();
    }
}
