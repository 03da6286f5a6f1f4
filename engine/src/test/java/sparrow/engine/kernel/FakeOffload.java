package sparrow.engine.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import sparrow.engine.tensor.Matrix;

/** A device of tests: the plain loops, which count what they are given and tell their results from those of this machine. */
final class FakeOffload implements LinearOffload {
    /** What is added to each result. */
    static final float MARK = 1000;

    final List<Block> sent = new ArrayList<>();
    final List<Integer> products = new ArrayList<>();
    int held;
    private final ScalarKernels kernels;
    private final int room;
    private final Runnable product;

    /**
     * Room for some matrices.
     *
     * @param product what happens at each product
     */
    FakeOffload(ComputePool pool, int room, Runnable product) {
        this.kernels = new ScalarKernels(pool);
        this.room = room;
        this.product = product;
    }

    private record Rows(Weight weight) implements Held {
        @Override
        public Held rows(int from, int to) {
            return new Rows(weight.rows(from, to));
        }
    }

    @Override
    public Optional<Held> hold(Matrix w) {
        if (held == room) return Optional.empty();
        held++;
        return Optional.of(new Rows(kernels.view(w)));
    }

    @Override
    public void linear(Block x, List<Product> some) {
        sent.add(x);
        products.add(some.size());
        product.run();
        for (Product one : some) {
            kernels.linear(x, ((Rows) one.weight()).weight, one.bias(), one.y());
            for (int r = 0; r < one.y().rows(); r++) {
                for (int c = 0; c < one.y().columns(); c++)
                    one.y().data()[one.y().row(r) + c] += MARK;
            }
        }
    }

    @Override
    public String arithmetic() {
        return "fake";
    }

    @Override
    public void close() {}
}
