package sparrow.tensor.kernel;

import java.lang.foreign.Arena;
import java.util.List;
import java.util.Optional;
import sparrow.tensor.Matrix;

/** Kernels that delegate every operation that an implementation does not override. */
sealed interface ForwardingKernels extends Kernels permits MeteredKernels {
    /** Returns the delegate. */
    Kernels kernels();

    @Override
    default ComputePool pool() {
        return kernels().pool();
    }

    @Override
    default int vectorBits() {
        return kernels().vectorBits();
    }

    @Override
    default String arithmetic() {
        return kernels().arithmetic();
    }

    @Override
    default Optional<MatrixProvider> matrixProvider() {
        return kernels().matrixProvider();
    }

    @Override
    default Weight view(Matrix w) {
        return kernels().view(w);
    }

    @Override
    default Weight pack(Matrix w, Arena arena) {
        return kernels().pack(w, arena);
    }

    @Override
    default Weight packAsStored(Matrix w, Arena arena) {
        return kernels().packAsStored(w, arena);
    }

    @Override
    default void unpack(Weight w, Block y) {
        kernels().unpack(w, y);
    }

    @Override
    default KvFormat kvFormat() {
        return kernels().kvFormat();
    }

    @Override
    default KvPanels keyValues(int heads, int headWidth) {
        return kernels().keyValues(heads, headWidth);
    }

    @Override
    default void linear(Block x, Weight w, float[] bias, Block y) {
        kernels().linear(x, w, bias, y);
    }

    @Override
    default void linear(Block x, List<Product> products) {
        kernels().linear(x, products);
    }

    @Override
    default void multiplyTransposed(Block a, Block b, Block y) {
        kernels().multiplyTransposed(a, b, y);
    }

    @Override
    default void multiply(Block a, Block b, Block y) {
        kernels().multiply(a, b, y);
    }

    @Override
    default void attend(Block queries, KvPanels cache, int head, int position, float scale, Block mixed) {
        kernels().attend(queries, cache, head, position, scale, mixed);
    }

    @Override
    default void rmsNorm(Block x, float[] weight, float epsilon, Block y) {
        kernels().rmsNorm(x, weight, epsilon, y);
    }

    @Override
    default void layerNorm(Block x, float[] weight, float[] bias, float epsilon, Block y) {
        kernels().layerNorm(x, weight, bias, epsilon, y);
    }

    @Override
    default void groupNorm(Block x, int groups, float[] weight, float[] bias, float epsilon, Block y) {
        kernels().groupNorm(x, groups, weight, bias, epsilon, y);
    }

    @Override
    default void softmax(float[] x, int offset, int n, float scale) {
        kernels().softmax(x, offset, n, scale);
    }

    @Override
    default void addScaled(float factor, float[] x, int xOffset, float[] y, int yOffset, int n) {
        kernels().addScaled(factor, x, xOffset, y, yOffset, n);
    }

    @Override
    default void addGated(float[] gate, Block x, Block y) {
        kernels().addGated(gate, x, y);
    }

    @Override
    default void rotateNeighbours(float[] x, int offset, int n, float[] table) {
        kernels().rotateNeighbours(x, offset, n, table);
    }

    @Override
    default void rotateHalves(float[] x, int offset, int n, float[] table) {
        kernels().rotateHalves(x, offset, n, table);
    }

    @Override
    default float dot(float[] a, int aOffset, float[] b, int bOffset, int n) {
        return kernels().dot(a, aOffset, b, bOffset, n);
    }

    @Override
    default void apply(Activation activation, float[] x, int offset, int n) {
        kernels().apply(activation, x, offset, n);
    }

    @Override
    default void apply(Activation activation, Block x) {
        kernels().apply(activation, x);
    }

    @Override
    default void siluMultiply(float[] gate, int gateOffset, float[] up, int upOffset, int n) {
        kernels().siluMultiply(gate, gateOffset, up, upOffset, n);
    }

    @Override
    default void snake(Block x, float[] alpha) {
        kernels().snake(x, alpha);
    }
}
