package sparrow.engine.kernel;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import sparrow.engine.tensor.Matrix;

/**
 * Other kernels, whose large linear layers of many rows a device computes.
 *
 * @param there the device
 * @param leastWork multiply-adds, from which on the device computes
 */
record OffloadingKernels(Kernels kernels, LinearOffload there, long leastWork) implements ForwardingKernels {
    /** No product has more rows, as far as the choice of matrices goes that are worth a copy. */
    private static final int MOST_ROWS = 1024;

    @Override
    public String arithmetic() {
        return kernels.arithmetic() + "+" + there.arithmetic();
    }

    @Override
    public Kernels keeping(KvFormat format) {
        return new OffloadingKernels(kernels.keeping(format), there, leastWork);
    }

    @Override
    public Weight view(Matrix w) {
        return held(w, kernels.view(w));
    }

    @Override
    public Weight pack(Matrix w, Arena arena) {
        return held(w, kernels.pack(w, arena));
    }

    @Override
    public Weight packAsStored(Matrix w, Arena arena) {
        return held(w, kernels.packAsStored(w, arena));
    }

    private Weight held(Matrix w, Weight here) {
        if ((long) w.rows() * w.columns() * MOST_ROWS < leastWork) return here;
        return there.hold(w)
                .<Weight>map(held -> new OffloadedWeight(here, held))
                .orElse(here);
    }

    @Override
    public void unpack(Weight w, Block y) {
        kernels.unpack(here(w), y);
    }

    private static Weight here(Weight w) {
        return w instanceof OffloadedWeight offloaded ? offloaded.here() : w;
    }

    @Override
    public void linear(Block x, Weight w, float[] bias, Block y) {
        linear(x, List.of(new Product(w, bias, y)));
    }

    /** Layers that the device holds are computed there together, or here together with all others. */
    @Override
    public void linear(Block x, List<Product> products) {
        List<LinearOffload.Product> held = new ArrayList<>();
        List<Product> others = new ArrayList<>();
        long work = 0;
        for (Product product : products) {
            Shapes.linear(x, product.weight(), product.bias(), product.y());
            if (product.weight() instanceof OffloadedWeight(Weight here, LinearOffload.Held weight)) {
                held.add(new LinearOffload.Product(weight, product.bias(), product.y()));
                work += (long) x.rows() * here.rows() * here.columns();
            } else {
                others.add(product);
            }
        }
        if (work < leastWork) {
            others = products.stream()
                    .map(product -> new Product(here(product.weight()), product.bias(), product.y()))
                    .toList();
        } else {
            there.linear(x, held);
        }
        if (!others.isEmpty()) kernels.linear(x, others);
    }
}
