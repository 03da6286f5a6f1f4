package sparrow.formats.weights;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import sparrow.tensor.Tensor;

/** Supplies the contents of tensors while a file is written, so that no complete tensor needs to be in memory. */
@FunctionalInterface
public interface TensorContents {
    /**
     * Writes all bytes of a tensor, little-endian and in row-major order, in pieces of any size.
     *
     * @throws IOException if the bytes cannot be created or written
     */
    void write(TensorDescription tensor, WritableByteChannel to) throws IOException;

    /**
     * Writes a stored tensor in pieces through a buffer because a memory segment over an array of numbers cannot be
     * viewed as a byte buffer.
     *
     * @throws IOException if the bytes cannot be written
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
