package sparrow.gpu.kernel;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import sparrow.engine.transformer.Rope.Pairing;
import sparrow.engine.transformer.TransformerConfig;
import sparrow.gpu.device.Argument;
import sparrow.gpu.device.Buffer;
import sparrow.gpu.device.Device;
import sparrow.gpu.device.DeviceException;
import sparrow.gpu.device.Grid;
import sparrow.gpu.device.Language;

/**
 * Kernels that write and read keys and values in pages, compiled for the head sizes of a model. As in
 * {@link DeviceKernels}, each method checks shapes, enqueues work and returns. The content of a {@link RowTable} is not
 * checked.
 */
public final class AttentionKernels implements AutoCloseable {
    /** Number of positions per work-group of {@link #attend}. */
    public static final int PART = 64;

    private static final int ITEMS = 128;

    /** Maximum number of query heads per key head; an item keeps the sums of these heads in registers. */
    private static final int MAX_GROUP = 32;

    /** CUDA's maximum number of work-groups in the second direction. */
    private static final int MAX_GROUPS = 65_535;

    /** Number of ints per move in the table of {@link #move}. */
    private static final int MOVE_NUMBERS = 5;

    /** Size of the local memory that every device has. */
    private static final int MAX_LOCAL_BYTES = 32 << 10;

    private static final String APPEND = "append_kv";
    private static final String ATTEND = "attend";
    private static final String MERGE = "merge";
    private static final String MOVE = "move_kv";

    private final TransformerConfig config;
    private final CompiledKernels kernels;

    private AttentionKernels(TransformerConfig config, CompiledKernels kernels) {
        this.config = config;
        this.kernels = kernels;
    }

    /**
     * Compiles the kernels for a model.
     *
     * @throws DeviceException if the device cannot run them, or the driver cannot compile them; the message is one line
     */
    public static AttentionKernels build(Device device, TransformerConfig config) {
        int group = config.heads() / config.kvHeads();
        if (group > MAX_GROUP) {
            throw new DeviceException(device.info().name() + ": expected at most " + MAX_GROUP
                    + " query heads for each key head, got " + group);
        }
        long local = (long) Float.BYTES * group * (config.headWidth() + PART + 2);
        if (local > MAX_LOCAL_BYTES) {
            throw new DeviceException(device.info().name() + ": expected heads whose scores and queries fit in "
                    + MAX_LOCAL_BYTES + " bytes of local memory, got " + group + " heads of " + config.headWidth()
                    + " for each key head, which take " + local);
        }
        List<String> names = List.of(APPEND, ATTEND, MERGE, MOVE);
        return new AttentionKernels(
                config,
                CompiledKernels.build(device, "the kernels of attention", text(device.language(), config), names));
    }

    static String text(Language language, TransformerConfig config) {
        KernelText text = new KernelText(language, Lanes.LOCAL, 1);
        text.define("HEAD_WIDTH", config.headWidth()).words("pages.cl");
        int group = config.heads() / config.kvHeads();
        text.with(APPEND, "append_kv.cl", macros());
        SequencedMap<String, String> attend = macros();
        attend.put("PART", String.valueOf(PART));
        attend.put("HEADS", String.valueOf(group));
        attend.put("SHARE", String.valueOf(Math.ceilDiv(group, 2)));
        text.with(ATTEND, "attend.cl", attend);
        SequencedMap<String, String> merge = macros();
        merge.put("PART", String.valueOf(PART));
        text.with(MERGE, "merge.cl", merge);
        SequencedMap<String, String> move = macros();
        if (config.rope().pairing() == Pairing.HALVES) move.put("HALVES", "1");
        text.with(MOVE, "move_kv.cl", move);
        return text.toString();
    }

    private static SequencedMap<String, String> macros() {
        SequencedMap<String, String> macros = new LinkedHashMap<>();
        macros.put("ITEMS", String.valueOf(ITEMS));
        return macros;
    }

    /**
     * Stores the key and the value of each row in the row's slot of a layer.
     *
     * @param layer layer, from 1
     * @param keys [rows, kvHeads * headWidth], rotated
     * @param values [rows, kvHeads * headWidth]
     * @param slots index of the rows' slots in the table
     */
    public void append(int layer, DeviceRows keys, DeviceRows values, RowTable table, int slots, KvPool pool) {
        require(keys, config.kvWidth(), table);
        require(values, config.kvWidth(), table);
        kernels.run(
                APPEND,
                new Grid(Math.ceilDiv(config.kvWidth(), ITEMS), table.rows(), ITEMS),
                Argument.of(keys.buffer()),
                Argument.of(values.buffer()),
                Argument.of(table.buffer()),
                Argument.of(pool.buffer()),
                Argument.of(keys.offset()),
                Argument.of(keys.pitch()),
                Argument.of(values.offset()),
                Argument.of(values.pitch()),
                Argument.of(table.pages()),
                Argument.of(slots),
                Argument.of(layer - 1),
                Argument.of(pool.layers()),
                Argument.of(config.kvWidth()),
                Argument.of(pool.positions()));
    }

    /**
     * Computes the attention of each row over the slots up to the row's own slot: mixed = softmax(q k /
     * sqrt(headWidth)) v, as {@code Kernels.attend} does. For n slots, the error of each result is at most 4 (n +
     * headWidth) 2^-24 times the exact sum of p |v|. The result of a row does not depend on the other rows.
     *
     * @param layer layer, from 1
     * @param queries [rows, heads * headWidth], rotated
     * @param slots index of the rows' slots in the table
     * @param most the highest of these slots
     * @param parts memory of at least {@link #partBytes}
     * @param mixed [rows, heads * headWidth]; must not share memory with {@code queries}
     */
    public void attend(
            int layer,
            DeviceRows queries,
            RowTable table,
            int slots,
            int most,
            KvPool pool,
            Buffer parts,
            DeviceRows mixed) {
        require(queries, config.queryWidth(), table);
        require(mixed, config.queryWidth(), table);
        int partCount = most / PART + 1;
        if (parts.bytes() < partBytes(table.rows(), most)) {
            throw new IllegalArgumentException("attention of " + table.rows() + " rows over " + (most + 1)
                    + " slots: expected " + partBytes(table.rows(), most) + " bytes for parts, got " + parts.bytes());
        }
        kernels.run(
                ATTEND,
                new Grid(partCount, table.rows() * config.kvHeads(), ITEMS),
                Argument.of(queries.buffer()),
                Argument.of(table.buffer()),
                Argument.of(pool.buffer()),
                Argument.of(parts),
                Argument.of(queries.offset()),
                Argument.of(queries.pitch()),
                Argument.of(table.pages()),
                Argument.of(slots),
                Argument.of(layer - 1),
                Argument.of(pool.layers()),
                Argument.of(config.kvHeads()),
                Argument.of(pool.positions()),
                Argument.of(partCount),
                Argument.of((float) (1 / Math.sqrt(config.headWidth()))));
        kernels.run(
                MERGE,
                new Grid(config.heads(), table.rows(), ITEMS),
                Argument.of(parts),
                Argument.of(table.buffer()),
                Argument.of(mixed.buffer()),
                Argument.of(slots),
                Argument.of(partCount),
                Argument.of(mixed.offset()),
                Argument.of(mixed.pitch()));
    }

    /** Returns the number of bytes that {@link #attend} needs for the results of its first step. */
    public long partBytes(int rows, int most) {
        return (long) Float.BYTES * rows * config.heads() * (most / PART + 1) * (config.headWidth() + 2);
    }

    /**
     * Moves the keys and values of slots to other pages, in every layer.
     *
     * @param table table with five ints per move, starting at {@code first}: source page and place; target page and
     *     place, which must not be the source of a move; row of {@code turns} by which the key is rotated, or -1
     * @param turns [rows, 2 n] as for {@link DeviceKernels#rope}
     */
    public void move(Buffer table, int first, int moves, DeviceRows turns, KvPool pool) {
        int atOnce = Math.max(1, MAX_GROUPS / pool.layers());
        for (int done = 0; done < moves; done += atOnce) {
            moveSome(table, first + MOVE_NUMBERS * done, Math.min(atOnce, moves - done), turns, pool);
        }
    }

    private void moveSome(Buffer table, int first, int moves, DeviceRows turns, KvPool pool) {
        kernels.run(
                MOVE,
                new Grid(Math.ceilDiv(config.kvWidth(), ITEMS), moves * pool.layers(), ITEMS),
                Argument.of(pool.buffer()),
                Argument.of(table),
                Argument.of(turns.buffer()),
                Argument.of(first),
                Argument.of(pool.layers()),
                Argument.of(config.kvWidth()),
                Argument.of(pool.positions()),
                Argument.of(turns.columns() / 2),
                Argument.of(turns.pitch()));
    }

    private static void require(DeviceRows rows, int columns, RowTable table) {
        if (rows.rows() != table.rows() || rows.columns() != columns) {
            throw new IllegalArgumentException(
                    "attention: expected " + table.rows() + " rows of " + columns + ", got " + rows);
        }
    }

    @Override
    public void close() {
        kernels.close();
    }
}
