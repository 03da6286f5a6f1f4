package sparrow.models;

import java.util.List;
import java.util.Optional;
import sparrow.engine.kernel.Block;
import sparrow.engine.kernel.LinearOffload;
import sparrow.engine.tensor.Matrix;

/** Linear layers on a device of tests, which computes nothing. */
public final class FakeOffload implements LinearOffload {
    private final Runnable product;
    private boolean closed;

    /** @param product what happens at each product */
    public FakeOffload(Runnable product) {
        this.product = product;
    }

    private record Rows() implements Held {
        @Override
        public Held rows(int from, int to) {
            return this;
        }
    }

    @Override
    public Optional<Held> hold(Matrix w) {
        return Optional.of(new Rows());
    }

    @Override
    public void linear(Block x, List<Product> products) {
        product.run();
    }

    @Override
    public String arithmetic() {
        return "fake";
    }

    @Override
    public void close() {
        closed = true;
    }

    /** Whether it was closed. */
    public boolean closed() {
        return closed;
    }
}
