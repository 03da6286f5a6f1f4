package sparrow.formats.weights;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import sparrow.tensor.Tensor;

/** The source of tensors' numbers while a file is written, so that no tensor need be in memory as a whole. */
@FunctionalInterface
public interface TensorContents {
    /**
     * Writes all bytes of a tensor, little-endian and in row-major order, in pieces of any size.
     *
     * @throws IOException if they cannot be had or written
     */
    void write(TensorDescription tensor, WritableByteChannel to) throws IOException;

    /**
     * Writes a tensor as it is stored: piece by piece through one buffer, since a segment over an array of numbers has no byte
     * buffer of its own.
     *
     * @throws IOException if it cannot be written
     */
    static void write(Tensor tensor, WritableByteChannel to) throws IOException {
        MemorySegment data = tensor.data();
        byte[] buffer = new byte[(int) Math.min(1 << 20, data.byteSize())];
        for (long at = 0; at < data.byteSize(); at += buffer.length) {
            int length = (int) Math.min(buffer.length, data.byteSize() - at);
            MemorySegment.copy(data, at, MemorySegment.ofArray(buffer), 0, length);
            to.write(ByteBuffer.wrap(buffer, 0, length));
        }
    }
}
