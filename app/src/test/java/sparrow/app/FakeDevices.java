package sparrow.app;

import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import sparrow.engine.kernel.KvFormat;
import sparrow.engine.kernel.LinearOffload;
import sparrow.engine.transformer.DeviceFacts;
import sparrow.engine.transformer.DeviceFacts.Kind;
import sparrow.engine.transformer.DeviceProvider;
import sparrow.engine.transformer.KvMemory;
import sparrow.engine.transformer.LayerStack;
import sparrow.engine.transformer.LostDeviceException;
import sparrow.engine.transformer.Row;
import sparrow.engine.transformer.Scorer;
import sparrow.engine.transformer.State;
import sparrow.engine.transformer.Transformer;

/**
 * Devices of tests, whose layers this machine's threads compute; none of them is a graphics card. {@code fake:0} works, {@code
 * fake:1} is small, and {@code fake:2} is lost once some passes were made.
 */
public final class FakeDevices implements DeviceProvider {
    private static final int LOST = 2;
    private static final int PASSES = 10;

    /** Models that would have computed networks of sound here as well, by ids; none may. */
    static final Queue<String> ASKED_FOR_SOUND = new ConcurrentLinkedQueue<>();

    /** For the service loader. */
    public FakeDevices() {}

    @Override
    public List<DeviceFacts> devices() {
        return List.of(facts(0, 1L << 40), facts(1, 1_000_000), facts(LOST, 1L << 40));
    }

    private static DeviceFacts facts(int index, long memory) {
        return new DeviceFacts(
                "fake:" + index, "Fake " + index, "Fakes Inc.", Kind.OTHER, memory, memory, 1, "Host 3.0", "1.2");
    }

    @Override
    public LayerStack open(DeviceFacts device, Transformer transformer) {
        return new Stack(device, transformer.stack());
    }

    @Override
    public Optional<LinearOffload> offload(DeviceFacts device, long room) {
        ASKED_FOR_SOUND.add(device.id());
        return Optional.empty();
    }

    @Override
    public String noGpu(List<DeviceFacts> found) {
        return "no card among " + found.size();
    }

    private static final class Stack implements LayerStack {
        private final DeviceFacts facts;
        private final LayerStack host;
        private int passes;

        Stack(DeviceFacts facts, LayerStack host) {
            this.facts = facts;
            this.host = host;
        }

        @Override
        public Optional<DeviceFacts> device() {
            return Optional.of(facts);
        }

        @Override
        public void run(List<? extends Row> rows, int first, int last) {
            if (facts.id().equals("fake:" + LOST) && ++passes > PASSES)
                throw new LostDeviceException(facts, "unplugged");
            host.run(rows, first, last);
        }

        @Override
        public void keysAndValues(List<? extends Row> rows, int layer) {
            host.keysAndValues(rows, layer);
        }

        @Override
        public State state(float[] values) {
            return host.state(values);
        }

        @Override
        public KvMemory newMemory() {
            return host.newMemory();
        }

        @Override
        public Scorer newScorer() {
            return host.newScorer();
        }

        @Override
        public LayerStack keeping(KvFormat format) {
            throw new IllegalArgumentException("keys and values: expected f32, got " + format);
        }

        @Override
        public void close() {}
    }
}
