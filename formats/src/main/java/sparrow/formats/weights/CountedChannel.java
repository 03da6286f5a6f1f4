package sparrow.formats.weights;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.zip.CRC32;

/** Hands bytes on, counts them, and sums them up as zip archives do. */
final class CountedChannel implements WritableByteChannel {
    private final WritableByteChannel target;
    private final CRC32 sum = new CRC32();
    private long bytes;

    CountedChannel(WritableByteChannel target) {
        this.target = target;
    }

    @Override
    public int write(ByteBuffer data) throws IOException {
        bytes += data.remaining();
        sum.update(data.duplicate());
        return target.write(data);
    }

    /**
     * The checksum of the bytes of a tensor.
     *
     * @throws IllegalStateException if they were more or fewer than it has
     */
    long sumOf(TensorDescription tensor) {
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

    /** The file goes on behind the tensor. */
    @Override
    public void close() {}
}
