package sparrow.engine.transformer;

import java.util.List;
import sparrow.engine.tensor.DType;

/**
 * Measures a device alone, without a model: what passes of a model are held against. Works in memory of its own, full of
 * random numbers. What is measured runs once before it counts, and each time that counts ends with a wait. For one thread at a
 * time.
 */
public interface DeviceMeter extends AutoCloseable {
    /** Bytes of its memory, over which {@link #read} and {@link #copy} go: less than was asked for where the device has less. */
    long bytes();

    /**
     * Bytes a second of a kernel that reads all of the memory and writes nothing: no product with a matrix is faster.
     *
     * @param times how often, 1 or more
     * @return one value for each
     */
    List<Double> read(int times);

    /** Bytes a second, those read and those written together, of a kernel that copies half of the memory to the other. */
    List<Double> copy(int times);

    /**
     * Seconds of a launch of a kernel that does nothing, as one of many.
     *
     * @param launches that are enqueued before the wait
     */
    List<Double> launch(int launches, int times);

    /** Seconds from the launch of a kernel that does nothing until it is known to be through. */
    List<Double> roundTrip(int times);

    /**
     * Seconds of a product of rows with a matrix. As many matrices of the shape as fit the memory take turns, so that none of
     * them is still in a cache.
     *
     * @param type of the matrix: f32, f16, bf16, q8_0 or q4_0
     * @param outputs its rows, 1 or more, so many that the matrix fits the memory
     * @param inputs its columns, whole blocks
     * @param rows that are multiplied with it in one launch, 1 or more
     */
    List<Double> product(DType type, int outputs, int inputs, int rows, int times);

    /** Gives the memory back. */
    @Override
    void close();
}
