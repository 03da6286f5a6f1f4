package sparrow.models.lfm3;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import sparrow.engine.transformer.DamagedWeightsException;
import sparrow.engine.transformer.HeadKernel;
import sparrow.engine.transformer.HiddenState;
import sparrow.engine.transformer.KvCache;
import sparrow.engine.transformer.Logits;
import sparrow.engine.transformer.Position;
import sparrow.engine.transformer.Transformer;
import sparrow.engine.transformer.TransformerConfig;
import sparrow.tensor.Finite;
import sparrow.tensor.kernel.Block;

/**
 * Runs several frames through a {@link MaskedDepthDecoder} together, so that the weights are read once for all of them.
 * The frames do not depend on each other. Not thread-safe.
 */
final class MaskedPass {
    /** Value that represents a code that has not been chosen yet. */
    static final int UNKNOWN = -1;

    private final MaskedDepthDecoder depth;
    private final Transformer layers;
    private final HeadKernel headKernel;
    private final List<KvCache> caches = new ArrayList<>();

    /** States of each frame's codebooks after the first norm, ordered by frame. */
    private final List<HiddenState> states = new ArrayList<>();

    MaskedPass(MaskedDepthDecoder depth) {
        this.depth = depth;
        this.layers = depth.layers();
        this.headKernel = layers.newHeadKernel();
    }

    /**
     * Runs a pass.
     *
     * @param inputs outputs of a front head, each [codebooks * width]
     * @param codes codes of each frame; unknown codes are {@link #UNKNOWN}
     */
    void run(List<float[]> inputs, List<int[]> codes) {
        states.clear();
        // All codebooks of a frame must be in the same pass of the transformer.
        int together = Transformer.PASS_POSITIONS / depth.codebooks();
        for (int from = 0; from < inputs.size(); from += together) {
            int to = Math.min(inputs.size(), from + together);
            run(inputs.subList(from, to), codes.subList(from, to), from);
        }
    }

    private void run(List<float[]> inputs, List<int[]> codes, int first) {
        TransformerConfig config = layers.config();
        List<Position> positions = new ArrayList<>();
        for (int frame = 0; frame < inputs.size(); frame++) {
            if (caches.size() == first + frame) caches.add(layers.newCache());
            KvCache cache = caches.get(first + frame);
            cache.truncate(0);
            for (int i = 0; i < depth.codebooks(); i++) {
                positions.add(new Position(cache, i, layers.state(input(inputs.get(frame), i, codes.get(frame)[i]))));
            }
        }
        layers.decode(positions, config.layers());
        for (Position position : positions) {
            float[] state = position.state().read();
            Block row = Block.of(state, 1, state.length);
            layers.kernels().rmsNorm(row, layers.finalNorm(), config.normEpsilon(), row);
            states.add(layers.state(state));
        }
    }

    private float[] input(float[] inputs, int codebook, int code) {
        int width = depth.width();
        float[] input = Arrays.copyOfRange(inputs, codebook * width, (codebook + 1) * width);
        if (code == UNKNOWN) depth.addMask(input);
        else depth.addEmbedding(codebook, code, input);
        return input;
    }

    /**
     * Computes a codebook's scores for frames of the last pass. The result is valid until the next call.
     *
     * @param frames indices of the frames
     * @throws DamagedWeightsException if a score is not finite
     */
    List<Logits> logits(int codebook, List<Integer> frames) {
        List<HiddenState> own = frames.stream()
                .map(frame -> states.get(frame * depth.codebooks() + codebook))
                .toList();
        List<Logits> logits = headKernel.logits(depth.head(codebook), own);
        if (!logits.stream().map(Logits::values).allMatch(Finite::all)) {
            throw new DamagedWeightsException("scores of codebook " + codebook
                    + ": expected numbers, got NaN or infinity; weights of the depth decoder are damaged");
        }
        return logits;
    }
}
