package sparrow.gpu.kernel;

import java.util.List;
import java.util.Optional;
import sparrow.gpu.device.Argument;
import sparrow.gpu.device.Buffer;
import sparrow.gpu.device.Grid;

/**
 * Activations as inputs of {@code matvec_q4_0}: rows are rounded to signed bytes with one step size for each block of
 * 32, as in the CPU's kernel for 4-bit weights. The memory is reused for the next rows, and grows as needed.
 */
final class RoundedRows implements AutoCloseable {
    static final int BLOCK = 32;

    private static final String ROUND = "round_blocks";
    private static final int FACTORS = 2 * Float.BYTES;

    private final CompiledKernels kernels;
    private Optional<Memory> memory = Optional.empty();

    /**
     * Memory for rounded blocks.
     *
     * @param numbers bytes [rows, columns]
     * @param factors f32 [rows, columns / 32, 2]: the step size, and minus 8 times the sum of the bytes
     */
    record Memory(Buffer numbers, Buffer factors, long blocks) implements AutoCloseable {
        @Override
        public void close() {
            numbers.close();
            factors.close();
        }
    }

    RoundedRows(CompiledKernels kernels) {
        this.kernels = kernels;
    }

    /** Adds the kernel source to a program, and the kernel name to {@code names}. */
    static void addTo(KernelText text, List<String> names) {
        names.add(ROUND);
        text.with(ROUND, "round_blocks.cl", DeviceKernels.items());
    }

    /**
     * Rounds rows. The returned memory is valid until the next call.
     *
     * @param x rows whose number of columns is a multiple of the block size
     */
    Memory round(DeviceRows x) {
        int blocks = x.columns() / BLOCK;
        Memory rounded = memory((long) x.rows() * blocks);
        kernels.run(
                ROUND,
                new Grid(Math.ceilDiv(blocks, DeviceKernels.ITEMS), x.rows(), DeviceKernels.ITEMS),
                Argument.of(x.buffer()),
                Argument.of(rounded.numbers),
                Argument.of(rounded.factors),
                Argument.of(blocks),
                Argument.of(x.offset()),
                Argument.of(x.pitch()));
        return rounded;
    }

    /** Allocates memory for the given number of rows, so that rounding them does not allocate memory. */
    void reserve(int rows, int columns) {
        memory((long) rows * Math.ceilDiv(columns, BLOCK));
    }

    private Memory memory(long blocks) {
        if (memory.isPresent() && memory.get().blocks >= blocks) return memory.get();
        close();
        Buffer numbers = kernels.device().allocate(blocks * BLOCK);
        try {
            memory = Optional.of(new Memory(numbers, kernels.device().allocate(blocks * FACTORS), blocks));
            return memory.get();
        } catch (RuntimeException e) {
            numbers.close();
            throw e;
        }
    }

    @Override
    public void close() {
        memory.ifPresent(Memory::close);
        memory = Optional.empty();
    }
}
