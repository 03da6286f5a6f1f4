package sparrow.train;

import java.util.ArrayList;
import java.util.List;
import sparrow.engine.transformer.HeadWeights;
import sparrow.engine.transformer.Layer;
import sparrow.engine.transformer.Linear;
import sparrow.engine.transformer.Rope;
import sparrow.engine.transformer.SelfAttention;
import sparrow.engine.transformer.TransformerConfig;
import sparrow.models.family.FrameHeads;
import sparrow.tensor.kernel.Block;
import sparrow.tensor.kernel.Kernels;
import sparrow.tensor.kernel.Weight;
import sparrow.train.harvest.Positions;
import sparrow.train.optimiser.MatrixProducts;

/**
 * Runs frames through a depth decoder and computes gradients. All codebooks are processed at the same time, each after
 * the given codes (teacher forcing). The decoder's weights are frozen: gradients are computed only for its inputs. Row
 * {@code frame * codebooks + codebook} of a block belongs to one codebook of one frame. The activations of each layer
 * are stored, so an object must be used by one thread at a time.
 */
final class DepthPass {
    private final FrameHeads frames;
    private final TransformerConfig config;
    private final Kernels kernels;
    private final int codebooks;
    private final int width;
    private final List<Part> layers = new ArrayList<>();
    private final List<HeadWeights> heads = new ArrayList<>();
    private final List<Frozen> rows = new ArrayList<>();
    private final float[][] turns;
    private final float[][] turnsBack;
    private int n;
    private Block x;
    private Block gradient;

    DepthPass(FrameHeads frames) {
        this.frames = frames;
        this.config = frames.decoderLayers().config();
        this.kernels = frames.decoderLayers().kernels();
        this.codebooks = frames.codebooks();
        this.width = config.width();
        for (Layer layer : frames.decoderLayers().layers()) layers.add(new Part(layer));
        for (int codebook = 0; codebook < codebooks; codebook++) {
            heads.add(frames.codeRows(codebook));
            rows.add(new Frozen(heads.getLast().parts().getFirst()));
        }
        this.turns = new float[codebooks][];
        this.turnsBack = new float[codebooks][];
        for (int i = 0; i < codebooks; i++) {
            turns[i] = config.rope().angles(i);
            turnsBack[i] = config.rope().angles(-i);
        }
    }

    /** A matrix that is not trained, with its values for the backward pass. */
    private final class Frozen {
        private final Weight weight;
        private final Block values;

        Frozen(Weight weight) {
            this.weight = weight;
            this.values = Block.of(
                    new float[Math.multiplyExact(weight.rows(), weight.columns())], weight.rows(), weight.columns());
            kernels.unpack(weight, values);
        }

        Frozen(Linear linear) {
            this(linear.weight());
        }

        /** Computes {@code y = x w^T}. */
        Block apply(Block x) {
            Block y = block(x.rows(), weight.rows());
            kernels.linear(x, weight, null, y);
            return y;
        }

        /** Computes {@code dx = dy w}, the gradient of the input. */
        Block back(Block dy) {
            Block dx = block(dy.rows(), weight.columns());
            new MatrixProducts(kernels).times(dy, values, dx);
            return dx;
        }
    }

    private static Block block(int rows, int columns) {
        return Block.of(new float[Math.multiplyExact(rows, columns)], rows, columns);
    }

    /**
     * Runs frames through the layers.
     *
     * @param inputs decoder inputs, [frames, codebooks * depth width]
     * @param positions positions whose codes precede the scored codes
     */
    void forward(Block inputs, Positions positions) {
        n = inputs.rows();
        x = block(n * codebooks, width);
        float[] part = new float[width];
        for (int frame = 0; frame < n; frame++) {
            int[] codes = positions.codes(frame);
            for (int codebook = 0; codebook < codebooks; codebook++) {
                int from = inputs.offset() + frame * inputs.stride() + codebook * width;
                System.arraycopy(inputs.data(), from, part, 0, width);
                if (codebook > 0) frames.addEmbedding(codebook - 1, codes[codebook - 1], part);
                System.arraycopy(part, 0, x.data(), (frame * codebooks + codebook) * width, width);
            }
        }
        for (Part layer : layers) x = layer.forward(x);
        gradient = block(n * codebooks, width);
    }

    private Block ofCodebook(Block of, int codebook) {
        return new Block(of.data(), codebook * width, codebooks * width, n, width);
    }

    private InputNorm norm(float[] weight, float epsilon) {
        return new InputNorm(kernels, weight, epsilon);
    }

    /**
     * Returns the scores of a codebook's codes after the last forward pass, [frames, codes]. The caller owns the block.
     */
    Block scores(int codebook) {
        HeadWeights head = heads.get(codebook);
        Block normed = block(n, width);
        norm(head.norm(), head.normEpsilon()).apply(ofCodebook(x, codebook), normed);
        return rows.get(codebook).apply(normed);
    }

    /** Accepts the gradient of a codebook's scores, [frames, codes]. */
    void backward(int codebook, Block scores) {
        HeadWeights head = heads.get(codebook);
        Block dx = rows.get(codebook).back(scores);
        norm(head.norm(), head.normEpsilon()).backward(ofCodebook(x, codebook), dx);
        for (int frame = 0; frame < n; frame++) {
            System.arraycopy(dx.data(), frame * width, gradient.data(), (frame * codebooks + codebook) * width, width);
        }
    }

    /** Writes the gradient of the inputs, [frames, codebooks * depth width]. */
    void inputGradients(Block inputs) {
        for (Part layer : layers.reversed()) gradient = layer.backward(gradient);
        int columns = codebooks * width;
        for (int frame = 0; frame < n; frame++) {
            System.arraycopy(
                    gradient.data(),
                    frame * columns,
                    inputs.data(),
                    inputs.offset() + frame * inputs.stride(),
                    columns);
        }
    }

    /** A layer and its activations. */
    private final class Part {
        private final InputNorm mixerNorm;
        private final InputNorm ffnNorm;
        private final Frozen output;
        private final Frozen value;
        private final Frozen gate;
        private final Frozen up;
        private final Frozen down;
        private final Heads query;
        private final Heads key;
        private Block x;
        private Block v;
        private float[] shares;
        private Block middle;
        private Block gated;
        private Block upped;

        Part(Layer layer) {
            SelfAttention attention = (SelfAttention) layer.mixer();
            this.mixerNorm = norm(layer.mixerNorm(), config.normEpsilon());
            this.ffnNorm = norm(layer.ffnNorm(), config.normEpsilon());
            this.query = new Heads(attention.query(), attention.queryNorm(), config.heads());
            this.key = new Heads(attention.key(), attention.keyNorm(), config.kvHeads());
            this.value = new Frozen(attention.value());
            this.output = new Frozen(attention.output());
            this.gate = new Frozen(layer.gate());
            this.up = new Frozen(layer.up());
            this.down = new Frozen(layer.down());
        }

        Block forward(Block input) {
            x = input;
            Block normed = block(x.rows(), width);
            mixerNorm.apply(x, normed);
            query.forward(normed);
            key.forward(normed);
            v = value.apply(normed);
            middle = plus(x, output.apply(attend()));
            Block inner = block(x.rows(), width);
            ffnNorm.apply(middle, inner);
            gated = gate.apply(inner);
            upped = up.apply(inner);
            Block activated = block(gated.rows(), gated.columns());
            for (int i = 0; i < activated.data().length; i++) {
                activated.data()[i] = (float) (gated.data()[i] * sigmoid(gated.data()[i])) * upped.data()[i];
            }
            return plus(middle, down.apply(activated));
        }

        /**
         * Returns the gradient of the layer's input, given the gradient of its output. The given gradient is
         * overwritten.
         */
        Block backward(Block dy) {
            Block dActivated = down.back(dy);
            Block dUp = block(dActivated.rows(), dActivated.columns());
            for (int i = 0; i < dUp.data().length; i++) {
                double g = gated.data()[i];
                double s = sigmoid(g);
                float d = dActivated.data()[i];
                dUp.data()[i] = (float) (d * g * s);
                dActivated.data()[i] = (float) (d * upped.data()[i] * s * (1 + g * (1 - s)));
            }
            Block dInner = plus(gate.back(dActivated), up.back(dUp));
            ffnNorm.backward(middle, dInner);
            Block dMiddle = plus(dy, dInner);
            Block dValue = block(v.rows(), v.columns());
            attendBack(output.back(dMiddle), dValue);
            Block dNormed = plus(plus(query.backward(), key.backward()), value.back(dValue));
            mixerNorm.backward(x, dNormed);
            return plus(dMiddle, dNormed);
        }

        /**
         * Returns the mixed values of each codebook and the codebooks before it, [rows, query width], and stores the
         * attention weights.
         */
        private Block attend() {
            int headWidth = config.headWidth();
            Block mixed = block(x.rows(), config.queryWidth());
            shares = new float[n * config.heads() * codebooks * codebooks];
            pairs((frame, head, kvHead) -> {
                for (int i = 0; i < codebooks; i++) {
                    int q = query.at(frame, i, head);
                    int row = ((frame * config.heads() + head) * codebooks + i) * codebooks;
                    for (int j = 0; j <= i; j++) {
                        shares[row + j] = kernels.dot(
                                query.turned.data(), q, key.turned.data(), key.at(frame, j, kvHead), headWidth);
                    }
                    kernels.softmax(shares, row, i + 1, scale());
                    for (int j = 0; j <= i; j++) {
                        kernels.addScaled(
                                shares[row + j], v.data(), key.at(frame, j, kvHead), mixed.data(), q, headWidth);
                    }
                }
            });
            return mixed;
        }

        /** Computes the gradients of queries, keys and values from the gradient of the mixed values. */
        private void attendBack(Block dMixed, Block dValue) {
            int headWidth = config.headWidth();
            query.clear();
            key.clear();
            pairs((frame, head, kvHead) -> {
                float[] dShares = new float[codebooks];
                for (int i = 0; i < codebooks; i++) {
                    int q = query.at(frame, i, head);
                    int row = ((frame * config.heads() + head) * codebooks + i) * codebooks;
                    double pull = 0;
                    for (int j = 0; j <= i; j++) {
                        int k = key.at(frame, j, kvHead);
                        dShares[j] = kernels.dot(dMixed.data(), q, v.data(), k, headWidth);
                        pull += dShares[j] * shares[row + j];
                        kernels.addScaled(shares[row + j], dMixed.data(), q, dValue.data(), k, headWidth);
                    }
                    for (int j = 0; j <= i; j++) {
                        int k = key.at(frame, j, kvHead);
                        float d = (float) (scale() * shares[row + j] * (dShares[j] - pull));
                        kernels.addScaled(d, key.turned.data(), k, query.gradient.data(), q, headWidth);
                        kernels.addScaled(d, query.turned.data(), q, key.gradient.data(), k, headWidth);
                    }
                }
            });
        }

        private float scale() {
            return (float) (1 / Math.sqrt(config.headWidth()));
        }
    }

    private interface Pair {
        void of(int frame, int head, int kvHead);
    }

    /**
     * Calls the body for every query head of every frame. One thread processes all heads of a frame, because they share
     * keys and values.
     */
    private void pairs(Pair body) {
        int group = config.heads() / config.kvHeads();
        kernels.pool().forEach(n, frame -> {
            for (int head = 0; head < config.heads(); head++) body.of(frame, head, head / group);
        });
    }

    /** Queries or keys, which are projected, normalised head by head, and rotated by the index of their codebook. */
    private final class Heads {
        private final Frozen projection;
        private final InputNorm norm;
        private final int count;
        private Block raw;
        private Block turned;
        private Block gradient;

        Heads(Linear projection, float[] norm, int count) {
            this.projection = new Frozen(projection);
            this.norm = norm(norm, config.normEpsilon());
            this.count = count;
        }

        int at(int frame, int codebook, int head) {
            return ((frame * codebooks + codebook) * count + head) * config.headWidth();
        }

        void forward(Block normed) {
            raw = projection.apply(normed);
            turned = block(raw.rows(), raw.columns());
            norm.apply(heads(raw), heads(turned));
            turn(turned, turns);
        }

        void clear() {
            gradient = block(raw.rows(), raw.columns());
        }

        Block backward() {
            turn(gradient, turnsBack);
            norm.backward(heads(raw), heads(gradient));
            return projection.back(gradient);
        }

        private Block heads(Block of) {
            return Block.of(of.data(), of.rows() * count, config.headWidth());
        }

        private void turn(Block x, float[][] by) {
            Rope rope = config.rope();
            for (int row = 0; row < x.rows(); row++) {
                for (int head = 0; head < count; head++) {
                    int at = (row * count + head) * config.headWidth();
                    float[] angles = by[row % codebooks];
                    switch (rope.pairing()) {
                        case INTERLEAVED -> kernels.rotateNeighbours(x.data(), at, rope.dimensions(), angles);
                        case HALVES -> kernels.rotateHalves(x.data(), at, rope.dimensions(), angles);
                    }
                }
            }
        }
    }

    private static double sigmoid(double value) {
        return 1 / (1 + Math.exp(-value));
    }

    /** Adds a to b in place and returns b. */
    private Block plus(Block a, Block b) {
        kernels.addScaled(1, a, b);
        return b;
    }
}
