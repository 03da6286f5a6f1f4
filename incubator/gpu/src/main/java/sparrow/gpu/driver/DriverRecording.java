package sparrow.gpu.driver;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import sparrow.gpu.device.Argument;
import sparrow.gpu.device.Buffer;
import sparrow.gpu.device.Grid;
import sparrow.gpu.device.Recording;

/** Launches of one queue: as the driver's own object if it makes one, else one by one. */
final class DriverRecording extends Handle implements Recording {
    private final DriverQueue queue;
    private final List<Launch> launches;
    private final Optional<Driver.Graph> graph;

    /** One of them. */
    record Launch(DriverKernel kernel, Grid grid, Argument[] arguments) {
        /** True if something that it uses is closed. */
        boolean stale() {
            if (kernel.isClosed() || kernel.program().isClosed()) return true;
            for (Argument argument : arguments) {
                if (argument instanceof Argument.Memory(Buffer buffer) && ((DriverBuffer) buffer).isClosed())
                    return true;
            }
            return false;
        }
    }

    /** @param graph it belongs to the recording from now on */
    DriverRecording(DriverDevice device, DriverQueue queue, List<Launch> launches, Optional<Driver.Graph> graph) {
        super(device, "a recording", _ -> graph.ifPresent(Driver.Graph::release), MemorySegment.NULL);
        this.queue = queue;
        this.launches = launches;
        this.graph = graph;
    }

    @Override
    public void run() {
        queue.run(this);
    }

    @Override
    public boolean stale() {
        synchronized (device()) {
            return isClosed() || launches.stream().anyMatch(Launch::stale);
        }
    }

    List<Launch> launches() {
        return launches;
    }

    Optional<Driver.Graph> graph() {
        return graph;
    }
}
