package sparrow.gpu.driver;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import sparrow.gpu.device.Argument;
import sparrow.gpu.device.Buffer;
import sparrow.gpu.device.Grid;
import sparrow.gpu.device.Recording;

/** The recorded launches of a queue: a graph of the driver if it supports graphs, or single launches. */
final class DriverRecording extends Handle implements Recording {
    private final DriverQueue queue;
    private final List<Launch> launches;
    private final Optional<Driver.Graph> graph;

    record Launch(DriverKernel kernel, Grid grid, Argument[] arguments) {
        /** Returns whether an object that the launch uses has been closed. */
        boolean stale() {
            if (kernel.isClosed() || kernel.program().isClosed()) return true;
            for (Argument argument : arguments) {
                if (argument instanceof Argument.Memory(Buffer buffer) && ((DriverBuffer) buffer).isClosed())
                    return true;
            }
            return false;
        }
    }

    /**
     * Creates a recording of launches.
     *
     * @param graph graph that the recording releases when it is closed
     */
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
