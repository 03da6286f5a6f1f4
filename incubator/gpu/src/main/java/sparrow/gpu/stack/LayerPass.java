package sparrow.gpu.stack;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import sparrow.engine.transformer.PassPosition;
import sparrow.engine.transformer.Rope;
import sparrow.engine.transformer.TransformerConfig;
import sparrow.gpu.device.Buffer;
import sparrow.gpu.device.Device;
import sparrow.gpu.device.Recording;
import sparrow.gpu.kernel.AttentionKernels;
import sparrow.gpu.kernel.DeviceKernels;
import sparrow.gpu.kernel.DeviceRows;
import sparrow.gpu.kernel.KvPool;

/** Enqueues passes. The stack's lock must be held. */
final class LayerPass {
    /** Maximum number of rows per attention call, which limits the memory for intermediate results. */
    private static final int ATTENTION_ROWS = 16;

    /** Maximum number of rows in a pass that is recorded. Passes of steps are repeated often. */
    private static final int RECORDED_ROWS = 8;

    /** Minimum context length of recordings, in positions. Other lengths are this length times a power of 2. */
    private static final int RECORDED_POSITIONS = 256;

    private static final int MAX_RECORDINGS = 64;

    /**
     * The properties of a pass that determine its launches. {@code contexts} is the exponent of the power of 2 in the
     * context length.
     */
    private record Shape(int rows, int first, int last, int contexts) {
        /** Returns the exponent for a context with the given highest slot. */
        static int contexts(int most) {
            return Integer.SIZE - Integer.numberOfLeadingZeros(most / RECORDED_POSITIONS);
        }

        /** Returns the highest slot that attention reads; the kernel skips slots after a row's own slot. */
        int most() {
            return (RECORDED_POSITIONS << contexts) - 1;
        }
    }

    private final SequencedMap<Shape, Recording> recordings = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Shape, Recording> eldest) {
            if (size() <= MAX_RECORDINGS) return false;
            eldest.getValue().close();
            return true;
        }
    };

    private final Device device;
    private final TransformerConfig config;
    private final DeviceKernels kernels;
    private final AttentionKernels attention;
    private final StackKernels all;
    private final Rope.Table rope;
    private final StepTable table;
    private PassMemory memory;

    LayerPass(Device device, TransformerConfig config, StackKernels kernels) {
        this.device = device;
        this.config = config;
        this.all = kernels;
        this.kernels = kernels.layers();
        this.attention = kernels.attention();
        this.rope = new Rope.Table(config.rope());
        this.table = new StepTable(device);
        this.memory = new PassMemory(device, config, DeviceKernels.MAX_ROWS);
    }

    /** Runs layers, as specified by {@link GpuStack#run}. */
    void run(
            List<? extends PassPosition> rows,
            List<DeviceLayer> layers,
            int first,
            int last,
            StateRows states,
            KvPages pages) {
        PassMemory.Views views = begin(rows, first, last, states, pages);
        Shape shape = new Shape(rows.size(), first, last, Shape.contexts(table.most()));
        Runnable pass = () -> enqueue(layers, shape, views, states, pages.pool());
        if (rows.size() > RECORDED_ROWS) {
            pass.run();
            return;
        }
        // Memory for attention and linear layers is allocated before recording, because a recording refers to it.
        parts(shape);
        if (layers.subList(first - 1, last).stream().anyMatch(DeviceLayer::roundsInputs)) {
            kernels.reserve(rows.size(), Math.max(Math.max(config.width(), config.queryWidth()), config.ffnWidth()));
        }
        Recording recording = recordings.get(shape);
        if (recording == null || recording.stale()) {
            if (recording != null) recording.close();
            recording = device.queue().record(pass);
            recordings.put(shape, recording);
        }
        recording.run();
    }

    private void enqueue(List<DeviceLayer> layers, Shape shape, PassMemory.Views views, StateRows states, KvPool pool) {
        all.rows().gather(states.rows(), table.buffer(), table.states(), views.x());
        for (int layer = shape.first; layer <= shape.last; layer++) {
            DeviceLayer weights = layers.get(layer - 1);
            appendKeysAndValues(weights, layer, views, pool);
            attend(layer, shape, views, pool);
            weights.attentionOutput().add(kernels, views.mixed(), views.x());
            ffn(weights, views);
        }
        all.rows().scatter(views.x(), table.buffer(), table.states(), states.rows());
    }

    /** Appends keys and values, as specified by {@link GpuStack#keysAndValues}. */
    void keysAndValues(
            List<? extends PassPosition> rows, List<DeviceLayer> layers, int layer, StateRows states, KvPages pages) {
        PassMemory.Views views = begin(rows, layer, layer, states, pages);
        all.rows().gather(states.rows(), table.buffer(), table.states(), views.x());
        appendKeysAndValues(layers.get(layer - 1), layer, views, pages.pool());
    }

    /** Writes the table of the rows and the rotations for their positions to the device. */
    private PassMemory.Views begin(
            List<? extends PassPosition> rows, int first, int last, StateRows states, KvPages pages) {
        if (memory.rows() < rows.size()) {
            PassMemory larger = new PassMemory(device, config, rows.size());
            memory.close();
            memory = larger;
        }
        PassMemory.Views views = memory.views(rows.size());
        table.fill(rows, first, last, pages.positions());
        if (config.rope().dimensions() > 0) {
            views.turns()
                    .write(rows.stream().map(row -> rope.angles(row.index())).toList());
        }
        return views;
    }

    /**
     * Computes queries, keys and values from rms(x), rotates queries and keys, and stores keys and values in their
     * slots.
     */
    private void appendKeysAndValues(DeviceLayer weights, int layer, PassMemory.Views views, KvPool pool) {
        int q = config.queryWidth();
        int kv = config.kvWidth();
        kernels.rmsRows(views.x(), weights.attentionNorm(), config.normEpsilon(), views.normed());
        weights.queryKeyValue().apply(kernels, views.normed(), views.queryKeyValue());
        if (config.rope().dimensions() > 0) {
            kernels.rope(
                    views.queryKeyValue().columns(0, q + kv),
                    config.headWidth(),
                    views.turns(),
                    config.rope().pairing());
        }
        attention.append(
                layer,
                views.queryKeyValue().columns(q, kv),
                views.queryKeyValue().columns(q + kv, kv),
                table.rows(0, views.x().rows()),
                table.slots(layer, 0),
                pool);
    }

    private void attend(int layer, Shape shape, PassMemory.Views views, KvPool pool) {
        int rows = views.x().rows();
        Buffer parts = parts(shape);
        DeviceRows queries = views.queryKeyValue().columns(0, config.queryWidth());
        for (int from = 0; from < rows; from += ATTENTION_ROWS) {
            int count = Math.min(ATTENTION_ROWS, rows - from);
            attention.attend(
                    layer,
                    queries.rows(from, count),
                    table.rows(from, count),
                    table.slots(layer, from),
                    shape.most(),
                    pool,
                    parts,
                    views.mixed().rows(from, count));
        }
    }

    private Buffer parts(Shape shape) {
        return memory.parts(attention.partBytes(Math.min(shape.rows, ATTENTION_ROWS), shape.most()));
    }

    /** Computes x += down(silu(gate(rms(x))) * up(rms(x))). */
    private void ffn(DeviceLayer weights, PassMemory.Views views) {
        int ffn = config.ffnWidth();
        kernels.rmsRows(views.x(), weights.ffnNorm(), config.normEpsilon(), views.normed());
        weights.gateUp().apply(kernels, views.normed(), views.gateUp());
        kernels.swiglu(views.gateUp().columns(0, ffn), views.gateUp().columns(ffn, ffn), views.gated());
        weights.down().add(kernels, views.gated(), views.x());
    }
}
