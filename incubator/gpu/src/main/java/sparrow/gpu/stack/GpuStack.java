package sparrow.gpu.stack;

import java.lang.foreign.MemorySegment;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import sparrow.engine.device.DeviceInfo;
import sparrow.engine.device.DeviceProvider;
import sparrow.engine.device.DeviceStack;
import sparrow.engine.device.LostDeviceException;
import sparrow.engine.transformer.HeadKernel;
import sparrow.engine.transformer.HeadWeights;
import sparrow.engine.transformer.HiddenState;
import sparrow.engine.transformer.KvMemory;
import sparrow.engine.transformer.Layer;
import sparrow.engine.transformer.PassPosition;
import sparrow.engine.transformer.Span;
import sparrow.engine.transformer.Transformer;
import sparrow.engine.transformer.TransformerConfig;
import sparrow.gpu.device.Buffer;
import sparrow.gpu.device.Device;
import sparrow.gpu.device.DeviceException;
import sparrow.gpu.device.DeviceUse;
import sparrow.gpu.device.NoMemoryException;
import sparrow.gpu.kernel.DeviceRows;
import sparrow.tensor.kernel.KvFormat;

/**
 * The layers of a model on a device. A pass is enqueued as a unit and returns no numbers; reading numbers waits for the
 * enqueued work. Passes reuse the memory of their activations.
 */
public final class GpuStack implements DeviceStack {
    private static final Cleaner CLEANER = Cleaner.create();

    /** Number of positions per page of keys and values. */
    private static final int PAGE = 256;

    private final TransformerConfig config;
    private final DeviceNeed need;
    private final Device device;
    private final StackKernels kernels;
    private final DeviceWeights weights;
    private final List<DeviceLayer> layers = new ArrayList<>();
    private final DeviceHeads heads;
    private final StateRows states;
    private final KvPages pages;
    private final LayerPass pass;
    private final IntTable moves;

    /** Guards all calls to the device, so that related calls are enqueued together. */
    private final Object lock = new Object();

    /** The failure by which the device was lost, or null if it is not lost. */
    private DeviceException lost;

    private boolean closed;

    private GpuStack(Device device, Transformer transformer, int page) {
        this.config = transformer.config();
        this.need = DeviceNeed.of(transformer);
        this.device = new PatientDevice(device);
        this.kernels = StackKernels.build(device, config);
        this.weights = new DeviceWeights(this.device, transformer.kernels());
        this.heads = new DeviceHeads(this.device, weights);
        for (Layer layer : transformer.layers()) layers.add(DeviceLayer.of(weights, layer));
        weights.shared(transformer.output());
        this.states = new StateRows(device, config.width());
        this.pages = new KvPages(device, config, page);
        this.pass = new LayerPass(this.device, config, kernels);
        this.moves = new IntTable(this.device);
        device.queue().finish();
    }

    /**
     * Uploads a model's layers and output matrix to a device.
     *
     * @param device an open device, which is closed with the stack, or if this method fails
     * @throws DeviceException if the device cannot run the model; the message is one line
     */
    public static GpuStack open(Device device, Transformer transformer) {
        return open(device, transformer, PAGE);
    }

    static GpuStack open(Device device, Transformer transformer, int page) {
        try {
            return new GpuStack(device, transformer, page);
        } catch (RuntimeException | Error e) {
            try {
                device.close();
            } catch (DeviceException closing) {
                e.addSuppressed(closing);
            }
            throw e;
        }
    }

    /** Calls the device while holding the lock. */
    private <T> T ask(Supplier<T> asked) {
        synchronized (lock) {
            if (closed) throw new IllegalStateException("the model is closed");
            if (lost != null) throw new LostDeviceException(device.info(), lost);
            try {
                return asked.get();
            } catch (NoMemoryException e) {
                throw new IllegalStateException(DeviceProvider.PREFIX + e.getMessage(), e);
            } catch (DeviceException e) {
                lost = e;
                throw new LostDeviceException(device.info(), e);
            }
        }
    }

    private void ask(Runnable asked) {
        ask(() -> {
            asked.run();
            return null;
        });
    }

    /** Runs {@code release} when an object becomes unreachable. */
    void releaseWith(Object held, Runnable release) {
        CLEANER.register(held, release);
    }

    @Override
    public DeviceInfo device() {
        return device.info();
    }

    @Override
    public long contextBytes() {
        return need.contexts(device.info());
    }

    /** Returns the use of the device so far. */
    public DeviceUse use() {
        return device.queue().use();
    }

    @Override
    public GpuStack withKvFormat(KvFormat format) {
        if (format != KvFormat.F32) {
            throw new IllegalArgumentException("keys and values on a device: expected f32, got " + format);
        }
        return this;
    }

    @Override
    public HiddenState state(float[] values) {
        return new DeviceState(this, values);
    }

    @Override
    public KvMemory newMemory() {
        return new DeviceKvMemory(this, new PageList(pages), new int[config.layers()]);
    }

    @Override
    public HeadKernel newHeadKernel() {
        return new DeviceHeadKernel(this);
    }

    @Override
    public void run(List<? extends PassPosition> rows, int first, int last) {
        ask(() -> pass.run(rows, layers, first, last, states, pages));
    }

    @Override
    public void keysAndValues(List<? extends PassPosition> rows, int layer) {
        ask(() -> pass.keysAndValues(rows, layers, layer, states, pages));
    }

    int width() {
        return config.width();
    }

    /** Returns a row for a state, which is released when the state becomes unreachable. The lock must be held. */
    int takeState(DeviceState state) {
        int row = states.take();
        releaseWith(state, new GivenState(states, row));
        return row;
    }

    private record GivenState(StateRows states, int row) implements Runnable {
        @Override
        public void run() {
            states.give(row);
        }
    }

    /** Writes a state. The lock must be held. */
    void writeState(int row, float[] values) {
        states.rows().write(row, values, 0);
    }

    float[] readState(DeviceState state) {
        float[] values = new float[config.width()];
        ask(() -> states.rows().read(state.place(), values, 0));
        return values;
    }

    int copyState(DeviceState state, DeviceState copy) {
        return ask(() -> {
            int to = takeState(copy);
            states.copy(state.place(), to);
            return to;
        });
    }

    /** Computes scores, and their summaries for the choice of a token. */
    ScoreMemory score(HeadWeights rows, List<HiddenState> from, IntFunction<ScoreMemory> memories) {
        return ask(() -> {
            ScoreMemory memory = memories.apply(from.size());
            DeviceHead head = heads.of(rows);
            head.score(kernels, gathered(head, from, memory), memory.scores(from.size()), memory.summaries());
            return memory;
        });
    }

    /** Returns a head's inputs after its translator and norm. */
    List<float[]> inputs(HeadWeights rows, List<HiddenState> from, IntFunction<ScoreMemory> memories) {
        return ask(() -> {
            ScoreMemory memory = memories.apply(from.size());
            DeviceHead head = heads.of(rows);
            DeviceRows inputs = gathered(head, from, memory);
            List<float[]> all = new ArrayList<>();
            for (int r = 0; r < from.size(); r++) {
                float[] values = new float[config.width()];
                inputs.read(r, values, 0);
                all.add(values);
            }
            Reference.reachabilityFence(memory);
            return all;
        });
    }

    private DeviceRows gathered(DeviceHead head, List<HiddenState> from, ScoreMemory memory) {
        IntTable table = memory.table();
        table.clear();
        for (HiddenState state : from) table.add(((DeviceState) state).place());
        DeviceRows x = memory.inputs(from.size());
        kernels.rows().gather(states.rows(), table.write(), 0, x);
        return head.inputs(kernels.layers(), x, memory.translated(from.size()));
    }

    /** Allocates memory for scores. The lock must be held. */
    ScoreMemory newScoreMemory(int positions, int rows) {
        return new ScoreMemory(this, device, positions, config.width(), rows);
    }

    void read(Buffer from, MemorySegment to) {
        ask(() -> device.queue().read(from, 0, to));
    }

    void read(DeviceRows from, int row, float[] to) {
        ask(() -> from.read(row, to, 0));
    }

    int pagePositions() {
        return pages.positions();
    }

    long pageBytes() {
        return pages.pageBytes();
    }

    float[] key(DeviceKvMemory memory, int layer, int slot) {
        return ask(() -> pages.key(memory.pages().get(slot / pages.positions()), layer, slot % pages.positions()));
    }

    float[] value(DeviceKvMemory memory, int layer, int slot) {
        return ask(() -> pages.value(memory.pages().get(slot / pages.positions()), layer, slot % pages.positions()));
    }

    void keep(DeviceKvMemory memory, List<Span> kept) {
        KeptSlots slots = new KeptSlots(kept, pages.positions());
        ask(() -> slots.move(device, memory.pages(), pages, kernels, moves, config.rope()));
    }

    /** Returns a description of the state rows and pages in use and the device's open objects, for tests. */
    String held() {
        synchronized (lock) {
            return states.held() + " states, " + pages.held() + " pages, " + device.openObjects() + " objects";
        }
    }

    @Override
    public void close() {
        synchronized (lock) {
            if (closed) return;
            closed = true;
            try {
                device.close();
            } catch (DeviceException e) {
                // The failure has been thrown before, and the driver has released the memory.
                if (lost == null) throw e;
            }
        }
    }
}
