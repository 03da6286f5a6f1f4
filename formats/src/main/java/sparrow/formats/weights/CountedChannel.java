package sparrow.formats.weights;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/** Forwards bytes to a channel and counts them. */
final class CountedChannel implements WritableByteChannel {
    private final WritableByteChannel target;
    private long bytes;

    CountedChannel(WritableByteChannel target) {
        this.target = target;
    }

    @Override
    public int write(ByteBuffer data) throws IOException {
        bytes += data.remaining();
        return target.write(data);
    }

    /**
     * Checks that all bytes of a tensor were written.
     *
     * @throws IllegalStateException if the number of bytes differs from the tensor's size
     */
    void requireAll(TensorDescription tensor) {
        if (bytes != tensor.bytes()) {
            throw new IllegalStateException(
                    "tensor " + tensor.name() + ": expected " + tensor.bytes() + " bytes, got " + bytes);
        }
    }

    @Override
    public boolean isOpen() {
        return target.isOpen();
    }

    /** Does nothing because the file continues after the tensor. */
    @Override
    public void close() {}
}
