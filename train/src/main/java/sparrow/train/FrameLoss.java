package sparrow.train;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import sparrow.engine.transformer.Linear;
import sparrow.engine.transformer.Logits;
import sparrow.models.SpokenModel;
import sparrow.models.family.FrameHeads;
import sparrow.tensor.kernel.Block;
import sparrow.tensor.kernel.Kernels;
import sparrow.train.FrameHeadEvaluation.FrameFigures;
import sparrow.train.TargetBatch.ExactTargets;
import sparrow.train.TargetBatch.SoftCrossEntropy;
import sparrow.train.TrainingSettings.FrameTarget;
import sparrow.train.TrainingSettings.HeadNorm;
import sparrow.train.harvest.Positions;
import sparrow.train.harvest.StoreMetadata;

/**
 * The distance between a frame head and the last layer's head. The loss compares either the inputs that the heads
 * produce for the depth decoder, or the depth decoder's distributions after the reply's own codes. The depth decoder is
 * frozen, but gradients are propagated through it.
 */
final class FrameLoss implements HeadLoss {
    /** Number of frames that run through the depth decoder together. The activations of these frames are stored. */
    private static final int FRAMES = 64;

    private final StoreMetadata metadata;
    private final FrameTarget target;
    private final FrameHeads frames;
    private final Kernels kernels;
    private final InputNorm finalNorm;
    /** Depth decoder, or null if codes are not predicted one by one. */
    private final DepthPass decoder;

    private final SoftCrossEntropy crossEntropy;
    private final Scratch last;
    private final Scratch targets;

    FrameLoss(StoreMetadata metadata, SpokenModel model, FrameTarget target) {
        this.metadata = metadata;
        this.target = target;
        this.frames = model.frameHeads().orElseThrow();
        this.kernels = model.languageModel().transformer().kernels();
        this.finalNorm = InputNorm.of(HeadNorm.FINAL, model.languageModel().transformer());
        this.decoder = frames.predictsOneByOne() ? new DepthPass(frames) : null;
        this.crossEntropy = new SoftCrossEntropy(kernels);
        this.last = new Scratch(metadata.width());
        this.targets = new Scratch(frames.front().weight().rows());
    }

    @Override
    public double[] gradient(Block scores, Positions batch, double[] weights) {
        double[] losses = new double[batch.size()];
        for (int from = 0; from < losses.length; from += FRAMES) {
            int to = Math.min(losses.length, from + FRAMES);
            gradient(scores.rows(from, to), batch.range(from, to), weights, losses, from);
        }
        return losses;
    }

    private void gradient(Block scores, Positions some, double[] weights, double[] losses, int at) {
        switch (target) {
            case CODES -> throughDecoder(scores, some, weights, losses, at);
            case INPUTS -> ofInputs(scores, some, weights, losses, at);
        }
    }

    private void ofInputs(Block scores, Positions some, double[] weights, double[] losses, int at) {
        Block full = targets(some);
        int part = scores.columns() / frames.codebooks();
        for (int i = 0; i < some.size(); i++) {
            int counted = counted(some, i);
            double sum = 0;
            for (int codebook = 0; codebook < frames.codebooks(); codebook++) {
                int own = scores.offset() + i * scores.stride() + codebook * part;
                int its = i * full.columns() + codebook * part;
                // A part that contains only zeros, which damaged weights can cause, must not produce infinity.
                double size =
                        Math.max(Float.MIN_NORMAL, kernels.dot(full.data(), its, full.data(), its, part) * counted);
                for (int c = 0; c < part; c++) {
                    double off = scores.data()[own + c] - full.data()[its + c];
                    if (codebook < counted) sum += off * off / size;
                    scores.data()[own + c] = codebook < counted ? (float) (2 * weights[at + i] * off / size) : 0;
                }
            }
            losses[at + i] = sum;
        }
    }

    private void throughDecoder(Block scores, Positions some, double[] weights, double[] losses, int at) {
        int n = some.size();
        List<Block> last = distributions(targets(some), some);
        List<Block> own = distributions(scores, some);
        for (int codebook = 0; codebook < frames.codebooks(); codebook++) {
            double[] counting = new double[n];
            for (int i = 0; i < n; i++) counting[i] = codebook < counted(some, i) ? weights[at + i] : 0;
            double[] found =
                    crossEntropy.gradient(own.get(codebook), new ExactTargets(kernels, last.get(codebook)), counting);
            for (int i = 0; i < n; i++) if (codebook < counted(some, i)) losses[at + i] += found[i];
            decoder.backward(codebook, own.get(codebook));
        }
        decoder.inputGradients(scores);
    }

    /** Returns the scores of each codebook's codes, one block [positions, codes] per codebook. */
    private List<Block> distributions(Block inputs, Positions some) {
        decoder.forward(inputs, some);
        return IntStream.range(0, frames.codebooks()).mapToObj(decoder::scores).toList();
    }

    /** Returns the depth decoder's inputs at full depth. */
    private Block targets(Positions some) {
        Block states = last.rows(some.size());
        some.states(metadata.modelLayers(), states.data(), metadata.width());
        finalNorm.apply(states, states);
        Block inputs = targets.rows(some.size());
        Linear front = frames.front();
        kernels.linear(states, front.weight(), front.bias(), inputs);
        return inputs;
    }

    /** Returns the number of codebooks whose codes are included in the loss for a frame. */
    private int counted(Positions some, int i) {
        boolean ends = frames.predictsOneByOne() && some.codes(i)[0] == frames.endCode();
        return ends ? 1 : frames.codebooks();
    }

    @Override
    public HeadAgreement agreement(Scorer head, int layer, Positions positions) {
        FrameFigures.Sum sum = new FrameFigures.Sum(frames.codebooks());
        for (int from = 0; from < positions.size(); from += FRAMES) {
            Positions some = positions.range(from, Math.min(positions.size(), from + FRAMES));
            Block states = last.rows(some.size());
            some.states(layer, states.data(), metadata.width());
            Block inputs = targets.rows(some.size());
            head.scores(states, inputs);
            if (decoder == null) {
                List<List<Logits>> exits = scores(inputs, some);
                List<List<Logits>> full = scores(targets(some), some);
                for (int i = 0; i < some.size(); i++) sum.add(exits.get(i), full.get(i));
                continue;
            }
            List<Block> own = distributions(inputs, some);
            List<Block> last = distributions(targets(some), some);
            for (int i = 0; i < some.size(); i++)
                sum.add(logits(own, i, counted(some, i)), logits(last, i, counted(some, i)));
        }
        return sum.mean().asSpeech();
    }

    /** Returns the scores of each frame's codes, frame by frame. */
    private List<List<Logits>> scores(Block inputs, Positions some) {
        List<float[]> rows = inputs.copyRows();
        return IntStream.range(0, some.size())
                .mapToObj(i -> frames.scores(
                        rows.get(i), Arrays.stream(some.codes(i)).boxed().toList()))
                .toList();
    }

    private static List<Logits> logits(List<Block> scores, int i, int counted) {
        return scores.subList(0, counted).stream()
                .map(block -> {
                    float[] values = new float[block.columns()];
                    System.arraycopy(block.data(), i * values.length, values, 0, values.length);
                    return Logits.of(values, null);
                })
                .toList();
    }
}
