package sparrow.formats.weights;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.zip.CRC32;

/** Forwards bytes to a channel, counts them and computes their CRC-32. */
public final class CountedChannel implements WritableByteChannel {
    private final WritableByteChannel target;
    private final CRC32 sum = new CRC32();
    private long bytes;

    public CountedChannel(WritableByteChannel target) {
        this.target = target;
    }

    @Override
    public int write(ByteBuffer data) throws IOException {
        bytes += data.remaining();
        sum.update(data.duplicate());
        return target.write(data);
    }

    /**
     * Returns the checksum of a tensor's bytes.
     *
     * @throws IllegalStateException if the number of bytes differs from the tensor's size
     */
    public long checksum(TensorDescription tensor) {
        if (bytes != tensor.bytes()) {
            throw new IllegalStateException(
                    "tensor " + tensor.name() + ": expected " + tensor.bytes() + " bytes, got " + bytes);
        }
        return sum.getValue();
    }

    @Override
    public boolean isOpen() {
        return target.isOpen();
    }

    /** Does nothing because the file continues after the tensor. */
    @Override
    public void close() {}
}
