package sparrow.train;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import sparrow.tensor.Tensor;
import sparrow.tensor.kernel.Block;
import sparrow.tensor.kernel.Kernels;
import sparrow.train.TrainingSettings.HeadShape;
import sparrow.train.optimiser.AdamW.Parameter;
import sparrow.train.optimiser.MatrixProducts;

/**
 * A head with gradients. It stores the activations of {@link #scores} for the backward pass, so it must be used by one
 * thread at a time.
 */
sealed interface TrainableHead {
    /** Returns an untrained head. Its scores equal the scores of the model's own output matrix. */
    static TrainableHead of(HeadShape shape, OutputRows output, InputNorm norm, SplittableRandom random) {
        return switch (shape) {
            case HeadShape.Full() -> new FullHead(output, norm);
            case HeadShape.LowRank(int rank) -> new LowRankHead(output, norm, rank, random);
            case HeadShape.Translator() -> new TranslatedHead(output, norm);
        };
    }

    List<Parameter> parameters();

    /**
     * Computes the scores of the given positions.
     *
     * @param hidden hidden states, [positions, width], which are stored for {@link #backward}
     * @param scores block that receives the scores, [positions, rows]
     */
    void scores(Block hidden, Block scores);

    /**
     * Computes the gradients of all parameters for the positions of the last {@link #scores} call.
     *
     * @param gradient gradient of the loss with respect to the scores, [positions, rows]
     */
    void backward(Block gradient);

    /** Returns the tensors to store in a heads file, by the part of their names after the layer. */
    Map<String, Tensor> tensors();

    /** A head with a separate matrix, and a bias if the model has one: logits = V f(h) + b. */
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

        /** Computes {@code dV = dz^T x} and {@code db}, which is the sum of dz. */
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
            // The order is fixed, so that the same head always produces the same file.
            Map<String, Tensor> tensors = new LinkedHashMap<>();
            tensors.put("weight", Tensor.of(matrix.values(), rows, width));
            bias.ifPresent(b -> tensors.put("bias", Tensor.of(b.values(), rows)));
            return tensors;
        }
    }

    /**
     * A head with a low-rank correction: logits = W x + A (B x) with x = f(h). W is the model's matrix, A is initially
     * zero, and B is initially random, as in LoRA (arXiv 2106.09685).
     */
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

        /** Computes {@code dA = dz^T t}, {@code dt = dz A} and {@code dB = dt^T x}. */
        @Override
        public void backward(Block gradient) {
            products.transposedTimes(gradient, t, Block.of(up.gradient(), output.rows(), rank));
            Block dt = narrowGradients.rows(gradient.rows());
            products.times(gradient, a(), dt);
            products.transposedTimes(dt, x, Block.of(down.gradient(), rank, output.width()));
        }

        /** Returns one matrix, W + A B, so that readers do not need to know the rank. */
        @Override
        public Map<String, Tensor> tensors() {
            float[] sum = output.copy();
            float[] correction = new float[sum.length];
            products.times(a(), b(), Block.of(correction, output.rows(), output.width()));
            norm.kernels().addScaled(1, correction, 0, sum, 0, sum.length);
            return Map.of("weight", Tensor.of(sum, output.rows(), output.width()));
        }
    }

    /** A tuned lens: logits = W f(u) with u = h + D h + b. W is the model's matrix; D and b are initially zero. */
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

        /**
         * Computes {@code dx = dz W}, du through the norm, {@code dD = du^T h} and {@code db}, which is the sum of du.
         */
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

        /** Returns the tensors. The translator is stored as I + D. */
        @Override
        public Map<String, Tensor> tensors() {
            float[] matrix = difference.values().clone();
            for (int c = 0; c < width; c++) matrix[c * width + c] += 1;
            return Map.of(
                    "translator", Tensor.of(matrix, width, width), "translator_bias", Tensor.of(bias.values(), width));
        }
    }
}
