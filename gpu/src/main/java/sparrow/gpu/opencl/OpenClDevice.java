package sparrow.gpu.opencl;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.SequencedSet;
import sparrow.engine.transformer.DeviceFacts;
import sparrow.gpu.device.Buffer;
import sparrow.gpu.device.Device;
import sparrow.gpu.device.Language;
import sparrow.gpu.device.Program;
import sparrow.gpu.device.Queue;

/** A context of one device with one queue. Its lock is held during every call that takes a handle of it. */
final class OpenClDevice implements Device {
    private final Found found;
    private final Creations creations;
    private final MemorySegment context;
    private final OpenClQueue queue;
    private final SequencedSet<Handle> open = new LinkedHashSet<>();
    private boolean closed;

    OpenClDevice(Found found, Creations creations, Commands commands) {
        this.found = found;
        this.creations = creations;
        context = creations.context(found.platform(), found.device());
        try {
            queue = new OpenClQueue(this, commands, creations.queue(context, found.device()));
        } catch (RuntimeException e) {
            creations.releaseContext.of(context);
            throw e;
        }
    }

    @Override
    public DeviceFacts facts() {
        return found.facts();
    }

    @Override
    public Language language() {
        return found.language();
    }

    @Override
    public boolean subgroupsOf(int items) {
        return found.subgroups().contains(items);
    }

    @Override
    public int largestGroup() {
        return found.largestGroup();
    }

    @Override
    public synchronized Buffer allocate(long bytes) {
        refuseIfClosed();
        if (bytes < 1 || bytes > facts().largestBytes()) {
            throw new IllegalArgumentException(facts().name() + ": expected to allocate 1 to " + facts().largestBytes()
                    + " bytes at once, got " + bytes);
        }
        MemorySegment buffer = creations.buffer(context, bytes);
        return new OpenClBuffer(this, creations.releaseBuffer, buffer, bytes);
    }

    @Override
    public synchronized Program build(String name, String text) {
        refuseIfClosed();
        return new OpenClProgram(this, creations, creations.program(context, found.device(), name, text), name);
    }

    @Override
    public Queue queue() {
        return queue;
    }

    @Override
    public synchronized int openObjects() {
        return open.size();
    }

    void opened(Handle handle) {
        open.add(handle);
    }

    void closed(Handle handle) {
        open.remove(handle);
    }

    /** @throws IllegalStateException if it is closed */
    void refuseIfClosed() {
        if (closed) throw new IllegalStateException(facts().name() + " is closed");
    }

    @Override
    public synchronized void close() {
        if (closed) return;
        closed = true;
        try {
            queue.drain();
        } finally {
            // Last made, first closed: kernels before their programs.
            for (Handle handle : new ArrayList<>(open.reversed())) handle.close();
            creations.releaseQueue.of(queue.address());
            queue.forget();
            creations.releaseContext.of(context);
        }
    }
}
