package sparrow.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.DoubleStream;
import sparrow.engine.head.DraftHead;
import sparrow.engine.transformer.Transformer;
import sparrow.formats.BadFileException;
import sparrow.tensor.Tensor;
import sparrow.tensor.kernel.Activation;
import sparrow.tensor.kernel.Block;
import sparrow.tensor.kernel.Kernels;
import sparrow.train.DraftHeadTraining.DraftTrainingSettings;
import sparrow.train.TrainedHead.EpochFigures;
import sparrow.train.TrainingRun.Objective;
import sparrow.train.TrainingSettings.HeadNorm;
import sparrow.train.harvest.HarvestStore;
import sparrow.train.harvest.HeadVocabulary;
import sparrow.train.harvest.Positions;
import sparrow.train.optimiser.AdamW.Parameter;
import sparrow.train.optimiser.MatrixProducts;

/** The objective for training a draft head. */
final class DraftObjective implements Objective {
    private final DraftTrainingSettings settings;
    private final Split split;
    private final DraftCell cell;
    private final DraftComparison comparison;
    private final MatrixProducts products;
    private final InputNorm finalNorm;
    private final Block w;
    private final List<Scratch> gradients = new ArrayList<>();

    /**
     * @throws BadFileException if there is no training position or no held-out position that is followed by a position
     *     with a weight
     */
    DraftObjective(HarvestStore store, DraftTrainingSettings settings, OutputRows output) {
        this.settings = settings;
        // Include text positions even if text has no weight, because a text position may precede speech.
        this.split = Split.of(store, HeadVocabulary.FULL, settings.hyperparameters());
        requireNext(split.training(), "train on", store);
        requireNext(split.heldOut(), "hold out", store);
        Transformer transformer = output.model().transformer();
        this.cell = new DraftCell(
                transformer,
                settings.steps(),
                embeddingSize(transformer, output.usable()),
                new SplittableRandom(settings.hyperparameters().seed()));
        this.comparison = new DraftComparison(store.metadata(), output);
        this.products = new MatrixProducts(transformer.kernels());
        this.finalNorm = InputNorm.of(HeadNorm.FINAL, transformer);
        this.w = Block.of(output.copy(), output.rows(), output.width());
        for (int step = 1; step <= settings.steps(); step++) gradients.add(new Scratch(output.width()));
    }

    private void requireNext(Positions positions, String use, HarvestStore store) {
        if (DoubleStream.of(weights(positions, 1)).anyMatch(weight -> weight > 0)) return;
        throw new BadFileException(
                store.folder(), "expected a next token with a weight after some position to " + use + ", found none");
    }

    /** Returns the root mean square of all token embeddings. */
    private static double embeddingSize(Transformer transformer, int usable) {
        double squares = 0;
        for (int token = 0; token < usable; token++) {
            for (float value : transformer.embed(token)) squares += (double) value * value;
        }
        double size = Math.sqrt(squares / usable / transformer.config().width());
        return size > 0 ? size : 1;
    }

    DraftCell cell() {
        return cell;
    }

    @Override
    public List<Parameter> parameters() {
        return cell.parameters();
    }

    @Override
    public Split split() {
        return split;
    }

    @Override
    public Loss backward(Positions batch) {
        int n = batch.size();
        int steps = settings.steps();
        double[][] weights = new double[steps + 1][];
        double sum = 0;
        for (int step = 1; step <= steps; step++) {
            weights[step] = weights(batch, step);
            for (double weight : weights[step]) sum += weight;
        }
        List<Block> states = comparison.look(cell, steps, batch);
        double lost = 0;
        for (int step = 1; step <= steps; step++) {
            double[] shares = new double[n];
            // If no position has a weight, the gradient is zero.
            for (int i = 0; i < n; i++) shares[i] = sum == 0 ? 0 : weights[step][i] / sum;
            Block logits = comparison.scores(states.get(step));
            double[] losses = comparison.loss().gradient(logits, batch.ahead(step), shares);
            for (int i = 0; i < n; i++) if (weights[step][i] > 0) lost += weights[step][i] * losses[i];
            Block gradient = gradients.get(step - 1).rows(n);
            products.times(logits, w, gradient);
            finalNorm.backward(states.get(step), gradient);
        }
        backward(n);
        return new Loss(lost, sum);
    }

    /** Propagates gradients from the last step to the first step. A state affects its own scores and later states. */
    private void backward(int n) {
        cell.clearGradients();
        Block gradient = gradients.getLast().rows(n);
        for (int step = settings.steps(); step >= 1; step--) {
            cell.backward(step, gradient);
            if (step == 1) return;
            Block own = gradients.get(step - 2).rows(n);
            finalNorm.kernels().addScaled(1, own.data(), 0, gradient.data(), 0, n * w.columns());
        }
    }

    private double[] weights(Positions batch, int step) {
        Positions ahead = batch.ahead(step);
        double[] weights = new double[batch.size()];
        for (int i = 0; i < weights.length; i++) {
            if (!batch.hasAhead(i, step)) continue;
            weights[i] = DraftTrainingSettings.weight(step)
                    * settings.hyperparameters().weight(ahead.modality(i));
        }
        return weights;
    }

    @Override
    public EpochFigures evaluate(int epoch, double trainingLoss) {
        List<HeadAgreement> heldOut = comparison.of(cell, settings.steps(), split.heldOut());
        return new EpochFigures(
                epoch, trainingLoss, loss(heldOut), heldOut.getFirst(), heldOut.subList(1, heldOut.size()));
    }

    /**
     * Returns the weighted mean of the losses of all steps. A step's weight is proportional to its number of positions.
     */
    private double loss(List<HeadAgreement> steps) {
        double textWeight = settings.hyperparameters().textWeight();
        double sum = 0;
        double weights = 0;
        for (int step = 1; step <= steps.size(); step++) {
            double weight =
                    DraftTrainingSettings.weight(step) * steps.get(step - 1).weight(textWeight);
            if (weight == 0) continue;
            sum += weight * steps.get(step - 1).loss(textWeight);
            weights += weight;
        }
        return sum / weights;
    }

    /**
     * The cell of a {@link DraftHead} with gradients: u_j = u_{j-1} + B silu(z), z = A [rms(u_{j-1}); e] + b. The
     * number of inner channels equals the width of the state. B is initially zero, so that the untrained head repeats
     * the last layer's prediction. The activations of each step are stored for the backward pass, so a cell must be
     * used by one thread at a time.
     */
    static final class DraftCell implements DraftComparison.Cell {
        private final Kernels kernels;
        private final MatrixProducts products;
        private final InputNorm rms;
        private final int width;
        private final Parameter mix;
        private final Parameter bias;
        private final Parameter change;
        private final List<Step> steps = new ArrayList<>();
        private final Scratch ofChange;
        private final Scratch ofMix;
        private final Scratch inner;
        private final Scratch inputs;
        private final Scratch states;

        /** The activations of one step. */
        private record Step(Scratch input, Scratch z, Scratch activated, Scratch state) {}

        /**
         * @param embeddingSize root mean square of the embeddings' values; the initial values of A's embedding columns
         *     are divided by this number, so that state and token initially have equal influence
         */
        DraftCell(Transformer transformer, int steps, double embeddingSize, SplittableRandom random) {
            this.kernels = transformer.kernels();
            this.products = new MatrixProducts(kernels);
            this.width = transformer.config().width();
            float[] ones = new float[width];
            Arrays.fill(ones, 1);
            this.rms = new InputNorm(kernels, ones, transformer.config().normEpsilon());
            this.mix = Parameter.matrix("mix", numbers(embeddingSize, random));
            this.bias = Parameter.bias("bias", width);
            this.change = Parameter.matrix("change", new float[width * width]);
            for (int i = 0; i < steps; i++) {
                this.steps.add(
                        new Step(new Scratch(2 * width), new Scratch(width), new Scratch(width), new Scratch(width)));
            }
            this.ofChange = new Scratch(width);
            this.ofMix = new Scratch(2 * width);
            this.inner = new Scratch(width);
            this.inputs = new Scratch(2 * width);
            this.states = new Scratch(width);
        }

        private float[] numbers(double embeddingSize, SplittableRandom random) {
            float[] values = new float[width * 2 * width];
            double scale = 1 / Math.sqrt(2.0 * width);
            for (int i = 0; i < values.length; i++) {
                boolean state = i % (2 * width) < width;
                values[i] = (float) (random.nextGaussian() * scale / (state ? 1 : embeddingSize));
            }
            return values;
        }

        List<Parameter> parameters() {
            return List.of(mix, bias, change);
        }

        @Override
        public void next(int step, Block state, Block embeddings, Block next) {
            int n = state.rows();
            Step kept = steps.get(step - 1);
            Block before = kept.state().rows(n);
            System.arraycopy(state.data(), state.offset(), before.data(), 0, n * width);
            Block input = kept.input().rows(n);
            rms.apply(before, input.columns(0, width));
            for (int r = 0; r < n; r++) {
                System.arraycopy(embeddings.data(), r * width, input.data(), (2 * r + 1) * width, width);
            }
            Block z = kept.z().rows(n);
            products.timesTransposed(input, Block.of(mix.values(), width, 2 * width), z);
            for (int r = 0; r < n; r++) kernels.addScaled(1, bias.values(), 0, z.data(), r * width, width);
            Block activated = kept.activated().rows(n);
            System.arraycopy(z.data(), 0, activated.data(), 0, n * width);
            kernels.apply(Activation.SILU, activated);
            products.timesTransposed(activated, Block.of(change.values(), width, width), next);
            kernels.addScaled(1, before.data(), 0, next.data(), next.offset(), n * width);
        }

        /** Clears the gradients of the previous batch. */
        void clearGradients() {
            for (Parameter parameter : parameters()) Arrays.fill(parameter.gradient(), 0);
        }

        /**
         * Adds a step's contribution to the gradients. Later steps must be processed first.
         *
         * @param gradient gradient of the loss with respect to u_j, [positions, width]; replaced by the gradient with
         *     respect to u_{j-1}
         */
        void backward(int step, Block gradient) {
            int n = gradient.rows();
            Step kept = steps.get(step - 1);
            add(gradient, kept.activated().rows(n), change, width);
            Block dz = inner.rows(n);
            products.times(gradient, Block.of(change.values(), width, width), dz);
            throughSilu(kept.z().rows(n), dz);
            add(dz, kept.input().rows(n), mix, 2 * width);
            for (int r = 0; r < n; r++) kernels.addScaled(1, dz.data(), r * width, bias.gradient(), 0, width);
            Block dInput = inputs.rows(n);
            products.times(dz, Block.of(mix.values(), width, 2 * width), dInput);
            Block dState = states.rows(n);
            for (int r = 0; r < n; r++) {
                System.arraycopy(dInput.data(), 2 * r * width, dState.data(), r * width, width);
            }
            rms.backward(kept.state().rows(n), dState);
            kernels.addScaled(1, dState.data(), 0, gradient.data(), gradient.offset(), n * width);
        }

        /** Adds {@code dy^T x} to the gradient of a matrix. */
        private void add(Block dy, Block x, Parameter matrix, int columns) {
            Block product = (columns == width ? ofChange : ofMix).rows(width);
            products.transposedTimes(dy, x, product);
            kernels.addScaled(1, product.data(), 0, matrix.gradient(), 0, width * columns);
        }

        /** Computes {@code dz = ds silu'(z)}, where {@code silu' = s (1 + z (1 - s))} for {@code s = sigmoid(z)}. */
        private void throughSilu(Block z, Block gradient) {
            kernels.pool().forEach(z.rows(), 32L * z.rows() * width, r -> {
                for (int i = r * width; i < (r + 1) * width; i++) {
                    double value = z.data()[i];
                    double sigmoid = 1 / (1 + Math.exp(-value));
                    gradient.data()[i] *= (float) (sigmoid * (1 + value * (1 - sigmoid)));
                }
            });
        }

        /** Returns the tensors to store in a file, by the part of their names after {@code step}. */
        Map<String, Tensor> tensors() {
            // The order is fixed, so that the same head always produces the same file.
            Map<String, Tensor> tensors = new LinkedHashMap<>();
            tensors.put("A.weight", Tensor.of(mix.values(), width, 2 * width));
            tensors.put("A.bias", Tensor.of(bias.values(), width));
            tensors.put("B.weight", Tensor.of(change.values(), width, width));
            return tensors;
        }
    }
}
