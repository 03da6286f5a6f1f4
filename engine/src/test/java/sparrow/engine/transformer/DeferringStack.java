package sparrow.engine.transformer;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.stream.IntStream;
import sparrow.tensor.kernel.KvFormat;

/**
 * Layers as a device computes them: what is asked is put down, and is done, in its order, once somebody looks at numbers. The
 * arithmetic is this machine's. Counts how often somebody looks, and at what; what the contract of {@link LayerStack} forbids
 * fails.
 */
public final class DeferringStack implements LayerStack {
    private final HostStack host;
    private final TransformerConfig config;
    private final Queue<Runnable> asked = new ArrayDeque<>();
    private int waits;
    private int statesRead;
    private int vocabulariesRead;

    private DeferringStack(HostStack host, TransformerConfig config) {
        this.host = host;
        this.config = config;
    }

    /** The layers of a transformer. */
    public static DeferringStack of(Transformer transformer) {
        return new DeferringStack((HostStack) transformer.stack(), transformer.config());
    }

    /** How often somebody waited for what had been asked. */
    public int waits() {
        return waits;
    }

    /** How often somebody read a state. */
    public int statesRead() {
        return statesRead;
    }

    /** How often somebody read all scores of a position. */
    public int vocabulariesRead() {
        return vocabulariesRead;
    }

    @Override
    public void close() {}

    private void await() {
        if (!asked.isEmpty()) waits++;
        while (!asked.isEmpty()) asked.remove().run();
    }

    @Override
    public HiddenState state(float[] values) {
        return new Deferred(new HostHiddenState(values.clone()));
    }

    @Override
    public KvMemory newMemory() {
        return new Memory((HostKvMemory) host.newMemory());
    }

    @Override
    public HeadKernel newHeadKernel() {
        return new DeferredHeadKernel();
    }

    @Override
    public void run(List<? extends PassPosition> rows, int first, int last) {
        run(host, rows, first, last);
    }

    private void run(HostStack on, List<? extends PassPosition> rows, int first, int last) {
        List<Frozen> frozen = frozen(rows);
        asked.add(() -> {
            check(frozen, first, last);
            on.run(frozen, first, last);
        });
    }

    @Override
    public void keysAndValues(List<? extends PassPosition> rows, int layer) {
        keysAndValues(host, rows, layer);
    }

    private void keysAndValues(HostStack on, List<? extends PassPosition> rows, int layer) {
        List<Frozen> frozen = frozen(rows);
        asked.add(() -> {
            check(frozen, layer, layer);
            on.keysAndValues(frozen, layer);
        });
    }

    /** Runs in the order of all that was asked of this stack. */
    @Override
    public LayerStack decoding() {
        HostStack decoding = host.decoding();
        return new LayerStack() {
            @Override
            public void run(List<? extends PassPosition> rows, int first, int last) {
                DeferringStack.this.run(decoding, rows, first, last);
            }

            @Override
            public void keysAndValues(List<? extends PassPosition> rows, int layer) {
                DeferringStack.this.keysAndValues(decoding, rows, layer);
            }

            @Override
            public HiddenState state(float[] values) {
                return DeferringStack.this.state(values);
            }

            @Override
            public KvMemory newMemory() {
                return DeferringStack.this.newMemory();
            }

            @Override
            public HeadKernel newHeadKernel() {
                return DeferringStack.this.newHeadKernel();
            }

            @Override
            public LayerStack withKvFormat(KvFormat format) {
                return DeferringStack.this.withKvFormat(format).decoding();
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public LayerStack withKvFormat(KvFormat format) {
        return new DeferringStack(host.withKvFormat(format), config);
    }

    private List<Frozen> frozen(List<? extends PassPosition> rows) {
        return rows.stream()
                .map(row -> new Frozen(
                        row.index(),
                        ((Deferred) row.state()).values,
                        (Memory) row.memory(),
                        IntStream.rangeClosed(1, config.layers()).map(row::slot).toArray()))
                .toList();
    }

    /** The first row of a sequence comes into the first free slot. */
    private static void check(List<Frozen> rows, int first, int last) {
        Set<KvMemory> seen = new HashSet<>();
        for (Frozen row : rows) {
            if (!seen.add(row.memory())) continue;
            for (int layer = first; layer <= last; layer++) {
                int free = row.memory().layer(layer).length();
                if (row.slot(layer) != free) {
                    throw new AssertionError("layer " + layer + ": slot " + row.slot(layer) + ", free is " + free);
                }
            }
        }
    }

    /** A row as it was when a pass was asked for. */
    private record Frozen(int index, HostHiddenState state, Memory of, int[] slots) implements PassPosition {
        @Override
        public HostKvMemory memory() {
            return of.host;
        }

        @Override
        public int slot(int layer) {
            return slots[layer - 1];
        }
    }

    private final class Deferred implements HiddenState {
        private final HostHiddenState values;

        Deferred(HostHiddenState values) {
            this.values = values;
        }

        @Override
        public void write(float[] from, int offset) {
            float[] taken = Arrays.copyOfRange(from, offset, offset + config.width());
            asked.add(() -> values.write(taken, 0));
        }

        @Override
        public float[] read() {
            statesRead++;
            await();
            return values.read();
        }

        @Override
        public HiddenState copy() {
            HostHiddenState copy = new HostHiddenState(new float[config.width()]);
            asked.add(() -> copy.write(values.values(), 0));
            return new Deferred(copy);
        }
    }

    private final class Memory implements KvMemory {
        private HostKvMemory host;

        Memory(HostKvMemory host) {
            this.host = host;
        }

        @Override
        public float[] key(int layer, int slot) {
            await();
            return host.key(layer, slot);
        }

        @Override
        public float[] value(int layer, int slot) {
            await();
            return host.value(layer, slot);
        }

        @Override
        public long bytes() {
            await();
            return host.bytes();
        }

        @Override
        public void truncate(int layer, int slot) {
            asked.add(() -> host.truncate(layer, slot));
        }

        @Override
        public void retain(List<Span> kept) {
            asked.add(() -> host.retain(kept));
        }

        @Override
        public KvMemory copy() {
            Memory copy = new Memory(null);
            asked.add(() -> copy.host = host.copy());
            return copy;
        }
    }

    private final class DeferredHeadKernel implements HeadKernel {
        private final HeadKernel headKernel = host.decoding().newHeadKernel();
        private int uses;

        @Override
        public List<Logits> logits(HeadWeights rows, List<HiddenState> states) {
            int use = ++uses;
            List<HiddenState> here = here(states);
            List<Logits> found = new ArrayList<>();
            asked.add(() -> found.addAll(headKernel.logits(rows, here)));
            return IntStream.range(0, states.size())
                    .<Logits>mapToObj(position -> new DeferredLogits(rows) {
                        @Override
                        Logits found() {
                            if (use != uses) throw new AssertionError("scores of a headKernel that was used again");
                            await();
                            return found.get(position);
                        }
                    })
                    .toList();
        }

        @Override
        public List<float[]> inputs(HeadWeights rows, List<HiddenState> states) {
            uses++;
            await();
            return headKernel.inputs(rows, here(states));
        }

        private List<HiddenState> here(List<HiddenState> states) {
            return states.stream()
                    .<HiddenState>map(state -> ((Deferred) state).values)
                    .toList();
        }
    }

    private abstract class DeferredLogits implements Logits {
        private final HeadWeights rows;

        DeferredLogits(HeadWeights rows) {
            this.rows = rows;
        }

        abstract Logits found();

        @Override
        public int[] tokens() {
            return rows.tokens();
        }

        @Override
        public float[] values() {
            vocabulariesRead++;
            return found().values();
        }

        @Override
        public float largest() {
            return found().largest();
        }

        @Override
        public int best(int usable) {
            return found().best(usable);
        }

        @Override
        public double entropy() {
            return found().entropy();
        }
    }
}
