package sparrow.study.heads;

import java.util.List;
import java.util.Map;
import sparrow.engine.kernel.Block;
import sparrow.engine.tensor.Tensor;

/** logits = V f(h): a matrix of its own. */
final class FullHead implements TrainableHead {
    private final MatrixProducts products;
    private final InputNorm norm;
    private final Parameter matrix;
    private final int rows;
    private final int width;
    private final Scratch inputs;
    private Block x;

    FullHead(OutputRows output, InputNorm norm) {
        this.products = new MatrixProducts(norm.kernels());
        this.norm = norm;
        this.matrix = Parameter.matrix("weight", output.copy());
        this.rows = output.rows();
        this.width = output.width();
        this.inputs = new Scratch(width);
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(matrix);
    }

    @Override
    public void scores(Block hidden, Block scores) {
        x = inputs.rows(hidden.rows());
        norm.apply(hidden, x);
        products.timesTransposed(x, Block.of(matrix.values(), rows, width), scores);
    }

    /** dV = dz^T x. */
    @Override
    public void backward(Block gradient) {
        products.transposedTimes(gradient, x, Block.of(matrix.gradient(), rows, width));
    }

    @Override
    public Map<String, Tensor> tensors() {
        return Map.of("weight", Tensor.of(matrix.values(), rows, width));
    }
}
