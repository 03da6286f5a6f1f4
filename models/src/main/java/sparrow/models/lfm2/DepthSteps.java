package sparrow.models.lfm2;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import sparrow.engine.transformer.DamagedWeightsException;
import sparrow.engine.transformer.HeadKernel;
import sparrow.engine.transformer.HiddenState;
import sparrow.engine.transformer.KvCache;
import sparrow.engine.transformer.Logits;
import sparrow.engine.transformer.Position;
import sparrow.tensor.Finite;

/**
 * Decodes frames with a {@link DepthDecoder}. Several frames are decoded together, codebook by codebook, so that the
 * weights are read once for all of them. A frame's codes do not depend on the other frames. Not thread-safe.
 */
final class DepthSteps {
    private final DepthDecoder depth;
    private final HeadKernel headKernel;
    private final List<KvCache> caches = new ArrayList<>();
    private List<float[]> inputs = List.of();

    /** Scores of the first codebook, cached because a confidence rule may read them before the frames are chosen. */
    private List<float[]> firstScores;

    private int codebook;
    private List<Integer> previousCodes;

    DepthSteps(DepthDecoder depth) {
        this.depth = depth;
        this.headKernel = depth.layers().newHeadKernel();
    }

    /**
     * Begins decoding frames. If the list is the same as in the last call, the scores of the first codebook are reused.
     *
     * @param inputs outputs of a front head, each [codebooks * width]; retained
     */
    void begin(List<float[]> inputs) {
        if (inputs != this.inputs) firstScores = null;
        this.inputs = inputs;
        codebook = 0;
        while (caches.size() < inputs.size()) caches.add(depth.layers().newCache());
        for (KvCache cache : caches) cache.truncate(firstScores == null ? 0 : 1);
    }

    /**
     * Computes each frame's scores for the next codebook, given the codes accepted so far. The scores are valid until
     * the next call.
     *
     * @throws DamagedWeightsException if a score is not finite
     */
    List<Logits> next() {
        if (codebook == 0 && firstScores != null) return logits(firstScores);
        List<HiddenState> states = new ArrayList<>();
        List<Position> positions = new ArrayList<>();
        for (int frame = 0; frame < inputs.size(); frame++) {
            HiddenState state = depth.layers().state(input(frame));
            states.add(state);
            positions.add(new Position(caches.get(frame), codebook, state));
        }
        depth.layers().decode(positions, depth.layers().config().layers());
        List<float[]> scores = headKernel.logits(depth.head(codebook), states).stream()
                .map(Logits::values)
                .toList();
        if (!scores.stream().allMatch(Finite::all)) {
            throw new DamagedWeightsException("scores of codebook " + codebook
                    + ": expected numbers, got NaN or infinity; weights of the depth decoder are damaged");
        }
        if (codebook == 0) firstScores = scores.stream().map(float[]::clone).toList();
        return logits(scores);
    }

    private float[] input(int frame) {
        int width = depth.width();
        float[] input = Arrays.copyOfRange(inputs.get(frame), codebook * width, (codebook + 1) * width);
        if (codebook > 0) depth.addEmbedding(codebook - 1, previousCodes.get(frame), input);
        return input;
    }

    private static List<Logits> logits(List<float[]> scores) {
        return scores.stream().map(values -> Logits.of(values, null)).toList();
    }

    /** Accepts each frame's code for the codebook whose scores were returned last. */
    void accept(List<Integer> codes) {
        previousCodes = codes;
        codebook++;
    }
}
