package sparrow.engine.weights;

import java.io.IOException;
import java.nio.channels.WritableByteChannel;

/** Where the numbers of tensors come from while a file is written, so that no tensor need be in memory as a whole. */
@FunctionalInterface
public interface TensorContents {
    /**
     * Writes all bytes of a tensor, little-endian and in row-major order, in pieces of any size.
     *
     * @throws IOException if they cannot be had or written
     */
    void write(TensorDescription tensor, WritableByteChannel to) throws IOException;
}
