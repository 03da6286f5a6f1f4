package sparrow.train;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import sparrow.tensor.Tensor;
import sparrow.tensor.kernel.Block;
import sparrow.tensor.kernel.Kernels;

/** logits = W f(u) with u = h + D h + b: a tuned lens. W is the model's; D and b begin as zero. */
final class TranslatedHead implements TrainableHead {
    private final MatrixProducts products;
    private final InputNorm norm;
    private final OutputRows output;
    private final Block w;
    private final int width;
    private final Parameter difference;
    private final Parameter bias;
    private final Scratch translated;
    private final Scratch inputs;
    private final Scratch inputGradients;
    private Block hidden;
    private Block u;

    TranslatedHead(OutputRows output, InputNorm norm) {
        this.products = new MatrixProducts(norm.kernels());
        this.norm = norm;
        this.output = output;
        this.width = output.width();
        this.w = Block.of(output.copy(), output.rows(), width);
        this.difference = Parameter.matrix("difference", new float[width * width]);
        this.bias = Parameter.bias("bias", width);
        this.translated = new Scratch(width);
        this.inputs = new Scratch(width);
        this.inputGradients = new Scratch(width);
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(difference, bias);
    }

    @Override
    public void scores(Block states, Block scores) {
        Kernels kernels = norm.kernels();
        int n = states.rows();
        hidden = states;
        u = translated.rows(n);
        products.timesTransposed(states, Block.of(difference.values(), width, width), u);
        for (int r = 0; r < n; r++) {
            kernels.addScaled(1, states.data(), states.offset() + r * states.stride(), u.data(), r * width, width);
            kernels.addScaled(1, bias.values(), 0, u.data(), r * width, width);
        }
        Block x = inputs.rows(n);
        norm.apply(u, x);
        kernels.linear(x, output.weight(), null, scores);
    }

    /** dx = dz W, du through the norm, dD = du^T h, db = sum of du. */
    @Override
    public void backward(Block gradient) {
        int n = gradient.rows();
        Block du = inputGradients.rows(n);
        products.times(gradient, w, du);
        norm.backward(u, du);
        products.transposedTimes(du, hidden, Block.of(difference.gradient(), width, width));
        Arrays.fill(bias.gradient(), 0);
        for (int r = 0; r < n; r++) norm.kernels().addScaled(1, du.data(), r * width, bias.gradient(), 0, width);
    }

    /** The translator is I + D. */
    @Override
    public Map<String, Tensor> tensors() {
        float[] matrix = difference.values().clone();
        for (int c = 0; c < width; c++) matrix[c * width + c] += 1;
        return Map.of(
                "translator", Tensor.of(matrix, width, width), "translator_bias", Tensor.of(bias.values(), width));
    }
}
