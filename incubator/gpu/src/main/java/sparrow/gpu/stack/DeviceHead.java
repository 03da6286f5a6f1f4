package sparrow.gpu.stack;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import sparrow.engine.transformer.HeadWeights;
import sparrow.gpu.device.Buffer;
import sparrow.gpu.device.Device;
import sparrow.gpu.kernel.DeviceKernels;
import sparrow.gpu.kernel.DeviceMatrix;
import sparrow.gpu.kernel.DeviceRows;
import sparrow.gpu.kernel.RowKernels;
import sparrow.tensor.kernel.Weight;

/**
 * The matrices and vectors of a head on a device.
 *
 * @param translator [width, width]
 * @param norm [1, width]
 * @param normEpsilon epsilon of the norm
 * @param parts matrices, one below the other
 * @param tokens token of each row, or empty if row n is token n
 * @param masked indices of padding rows, whose scores are ignored
 * @param maskedCount number of padding rows
 */
record DeviceHead(
        Optional<DeviceLinear> translator,
        Optional<DeviceRows> norm,
        float normEpsilon,
        List<DeviceMatrix> parts,
        Optional<Buffer> tokens,
        Optional<Buffer> masked,
        int maskedCount)
        implements AutoCloseable {
    static DeviceHead of(Device device, DeviceWeights weights, HeadWeights rows) {
        List<DeviceMatrix> parts = new ArrayList<>();
        for (Weight part : rows.parts()) parts.add(weights.shared(part));
        return new DeviceHead(
                Optional.ofNullable(rows.translator()).map(weights::linear),
                Optional.ofNullable(rows.norm()).map(weights::row),
                rows.normEpsilon(),
                List.copyOf(parts),
                Optional.ofNullable(rows.tokens()).map(tokens -> ints(device, tokens)),
                rows.masked().length == 0 ? Optional.empty() : Optional.of(ints(device, rows.masked())),
                rows.masked().length);
    }

    private static Buffer ints(Device device, int[] values) {
        Buffer buffer = device.allocate((long) Integer.BYTES * values.length);
        device.queue().write(buffer, 0, MemorySegment.ofArray(values));
        return buffer;
    }

    /**
     * Returns the states after the translator and the norm.
     *
     * @param x [positions, width]; may be overwritten
     * @param other memory of the same shape as {@code x}
     */
    DeviceRows inputs(DeviceKernels kernels, DeviceRows x, DeviceRows other) {
        DeviceRows inputs = x;
        if (translator.isPresent()) {
            translator.get().apply(kernels, x, other);
            inputs = other;
        }
        if (norm.isPresent()) kernels.rmsRows(inputs, norm.get(), normEpsilon, inputs);
        return inputs;
    }

    /**
     * Computes scores, and their summaries for the choice of a token.
     *
     * @param inputs result of {@link #inputs}
     * @param scores [positions, rows of the head]
     * @param summaries memory as required by {@link RowKernels#reduce}
     */
    void score(StackKernels kernels, DeviceRows inputs, DeviceRows scores, Buffer summaries) {
        int column = 0;
        for (DeviceMatrix part : parts) {
            kernels.layers().linear(part, Optional.empty(), inputs, scores.columns(column, part.rows()));
            column += part.rows();
        }
        masked.ifPresent(buffer -> kernels.rows().mask(scores, buffer, maskedCount));
        kernels.rows().reduce(scores, tokens, summaries);
    }

    /** Releases the memory that is not shared with other heads. */
    @Override
    public void close() {
        translator.ifPresent(DeviceLinear::close);
        norm.ifPresent(DeviceRows::close);
        parts.forEach(DeviceMatrix::close);
        tokens.ifPresent(Buffer::close);
        masked.ifPresent(Buffer::close);
    }
}
