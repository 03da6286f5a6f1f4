package sparrow.speech.layers;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import sparrow.tensor.DType;
import sparrow.tensor.Matrix;

/** Stacks matrices with the same number of columns into one matrix. */
final class StackedMatrix {
    private StackedMatrix() {}

    /** Copies the rows of all parts to {@code arena}, in their common type, or as f32 if their types differ. */
    static Matrix of(List<Matrix> parts, Arena arena) {
        Set<DType> types = parts.stream().map(Matrix::dtype).collect(Collectors.toSet());
        DType type = types.size() == 1 ? types.iterator().next() : DType.F32;
        int columns = parts.getFirst().columns();
        int rows = parts.stream().mapToInt(Matrix::rows).reduce(0, Math::addExact);
        MemorySegment memory = arena.allocate(rows * type.bytes(columns), 64);
        long at = 0;
        for (Matrix part : parts) {
            long bytes = part.rows() * type.bytes(columns);
            if (types.size() == 1) MemorySegment.copy(part.data(), 0, memory, at, bytes);
            else type.store(values(part), memory.asSlice(at, bytes));
            at += bytes;
        }
        return new Matrix(memory, type, rows, columns);
    }

    private static float[] values(Matrix matrix) {
        float[] values = new float[Math.multiplyExact(matrix.rows(), matrix.columns())];
        for (int row = 0; row < matrix.rows(); row++) matrix.row(row, values, row * matrix.columns());
        return values;
    }
}
