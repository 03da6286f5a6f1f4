package sparrow.train;

import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import sparrow.tensor.Tensor;
import sparrow.tensor.kernel.Block;

/** logits = W x + A (B x) with x = f(h): W is the model's, A begins as zero and B at random, as in LoRA (arXiv 2106.09685). */
final class LowRankHead implements TrainableHead {
    private final MatrixProducts products;
    private final InputNorm norm;
    private final OutputRows output;
    private final int rank;
    private final Parameter up;
    private final Parameter down;
    private final Scratch inputs;
    private final Scratch narrow;
    private final Scratch narrowGradients;
    private final Scratch corrections;
    private Block x;
    private Block t;

    LowRankHead(OutputRows output, InputNorm norm, int rank, SplittableRandom random) {
        this.products = new MatrixProducts(norm.kernels());
        this.norm = norm;
        this.output = output;
        this.rank = rank;
        this.up = Parameter.matrix("up", new float[Math.multiplyExact(output.rows(), rank)]);
        this.down = Parameter.matrix("down", numbers(rank * output.width(), output.width(), random));
        this.inputs = new Scratch(output.width());
        this.narrow = new Scratch(rank);
        this.narrowGradients = new Scratch(rank);
        this.corrections = new Scratch(output.rows());
    }

    private static float[] numbers(int n, int width, SplittableRandom random) {
        float[] values = new float[n];
        for (int i = 0; i < n; i++) values[i] = (float) (random.nextGaussian() / Math.sqrt(width));
        return values;
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(up, down);
    }

    private Block a() {
        return Block.of(up.values(), output.rows(), rank);
    }

    private Block b() {
        return Block.of(down.values(), rank, output.width());
    }

    @Override
    public void scores(Block hidden, Block scores) {
        int n = hidden.rows();
        x = inputs.rows(n);
        norm.apply(hidden, x);
        norm.kernels().linear(x, output.weight(), null, scores);
        t = narrow.rows(n);
        products.timesTransposed(x, b(), t);
        Block correction = corrections.rows(n);
        products.timesTransposed(t, a(), correction);
        norm.kernels().addScaled(1, correction.data(), 0, scores.data(), scores.offset(), n * output.rows());
    }

    /** dA = dz^T t, dt = dz A, dB = dt^T x. */
    @Override
    public void backward(Block gradient) {
        products.transposedTimes(gradient, t, Block.of(up.gradient(), output.rows(), rank));
        Block dt = narrowGradients.rows(gradient.rows());
        products.times(gradient, a(), dt);
        products.transposedTimes(dt, x, Block.of(down.gradient(), rank, output.width()));
    }

    /** One matrix, W + A B: its readers need not know the rank. */
    @Override
    public Map<String, Tensor> tensors() {
        float[] sum = output.copy();
        float[] correction = new float[sum.length];
        products.times(a(), b(), Block.of(correction, output.rows(), output.width()));
        norm.kernels().addScaled(1, correction, 0, sum, 0, sum.length);
        return Map.of("weight", Tensor.of(sum, output.rows(), output.width()));
    }
}
