package sparrow.train;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import sparrow.tensor.Tensor;
import sparrow.tensor.kernel.Block;

/** logits = V f(h) + b: a matrix of its own, and a bias where the model has one. */
final class FullHead implements TrainableHead {
    private final MatrixProducts products;
    private final InputNorm norm;
    private final Parameter matrix;
    private final Optional<Parameter> bias;
    private final int rows;
    private final int width;
    private final Scratch inputs;
    private Block x;

    FullHead(OutputRows output, InputNorm norm) {
        this.products = new MatrixProducts(norm.kernels());
        this.norm = norm;
        this.matrix = Parameter.matrix("weight", output.copy());
        this.bias = Optional.ofNullable(output.bias())
                .map(values -> new Parameter("bias", values.clone(), new float[values.length], false));
        this.rows = output.rows();
        this.width = output.width();
        this.inputs = new Scratch(width);
    }

    @Override
    public List<Parameter> parameters() {
        return Stream.concat(Stream.of(matrix), bias.stream()).toList();
    }

    @Override
    public void scores(Block hidden, Block scores) {
        x = inputs.rows(hidden.rows());
        norm.apply(hidden, x);
        products.timesTransposed(x, Block.of(matrix.values(), rows, width), scores);
        bias.ifPresent(b -> addToRows(b.values(), scores));
    }

    /** dV = dz^T x, db = sum of dz. */
    @Override
    public void backward(Block gradient) {
        products.transposedTimes(gradient, x, Block.of(matrix.gradient(), rows, width));
        bias.ifPresent(b -> {
            Arrays.fill(b.gradient(), 0);
            for (int r = 0; r < gradient.rows(); r++) {
                int at = gradient.offset() + r * gradient.stride();
                norm.kernels().addScaled(1, gradient.data(), at, b.gradient(), 0, rows);
            }
        });
    }

    private void addToRows(float[] b, Block scores) {
        for (int r = 0; r < scores.rows(); r++) {
            norm.kernels().addScaled(1, b, 0, scores.data(), scores.offset() + r * scores.stride(), rows);
        }
    }

    @Override
    public Map<String, Tensor> tensors() {
        // In one order, so that the same head makes the same file.
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        tensors.put("weight", Tensor.of(matrix.values(), rows, width));
        bias.ifPresent(b -> tensors.put("bias", Tensor.of(b.values(), rows)));
        return tensors;
    }
}
