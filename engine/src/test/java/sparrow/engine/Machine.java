package sparrow.engine;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.RegisterExtension;
import sparrow.engine.device.DeviceInfo;
import sparrow.engine.device.DeviceProvider;
import sparrow.engine.transformer.LayerStack;
import sparrow.engine.transformer.Transformer;
import sparrow.tensor.kernel.ComputePool;
import sparrow.tensor.kernel.Kernels;

/** What one test computes with, threads and memory, both given back behind it: a field with {@link RegisterExtension}. */
public final class Machine implements AfterEachCallback {
    private final ComputePool pool;
    private final Kernels kernels;
    private final Arena arena;
    private final List<LayerStack> stacks = new ArrayList<>();

    /** With so many threads. */
    @SuppressWarnings("MustBeClosedChecker") // afterEach closes it
    public Machine(int threads) {
        pool = new ComputePool(threads);
        kernels = Kernels.create(pool);
        arena = Arena.ofShared();
    }

    /** Those of this machine. */
    public Kernels kernels() {
        return kernels;
    }

    /** Holds what is made for the test. */
    public Arena arena() {
        return arena;
    }

    /**
     * Returns whether {@link #placed} leaves layers on the host. Devices compute only those of GLM-4-Voice and of
     * Step-Audio-2.
     */
    public boolean isHost() {
        return System.getProperty("sparrow.device") == null;
    }

    /**
     * A transformer whose layers are computed where this run of the tests has them: as it is, or on the device that the system
     * property {@code sparrow.device} names.
     */
    public Transformer placed(Transformer transformer) {
        String id = System.getProperty("sparrow.device");
        if (id == null) return transformer;
        DeviceProvider provider = DeviceProvider.find().orElseThrow();
        DeviceInfo device = provider.devices().stream()
                .filter(known -> known.id().equals(id))
                .findFirst()
                .orElseThrow();
        stacks.add(provider.open(device, transformer));
        return transformer.on(stacks.getLast());
    }

    @Override
    public void afterEach(ExtensionContext context) {
        stacks.forEach(LayerStack::close);
        pool.close();
        arena.close();
    }
}
