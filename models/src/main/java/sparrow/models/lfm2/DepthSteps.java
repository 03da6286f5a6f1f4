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
 * The steps of a {@link DepthDecoder} over the codebooks of frames. Frames that are decoded together go codebook by codebook, so that
 * the weights are read once for all of them; each gets the codes that it would get alone. For one thread.
 */
final class DepthSteps {
    private final DepthDecoder depth;
    private final HeadKernel headKernel;
    private final List<KvCache> caches = new ArrayList<>();
    private List<float[]> fronts = List.of();

    /** Scores of the first codebook: a confidence rule looks at them before the frames are chosen. */
    private List<float[]> first;

    private int codebook;
    private List<Integer> before;

    DepthSteps(DepthDecoder depth) {
        this.depth = depth;
        this.headKernel = depth.layers().newHeadKernel();
    }

    /**
     * Begins frames; those of the same list begin again, without their first codebook, and others are forgotten.
     *
     * @param inputs the backbone's states behind a front head, [codebooks * width] each; kept
     */
    void begin(List<float[]> inputs) {
        if (inputs != fronts) first = null;
        fronts = inputs;
        codebook = 0;
        while (caches.size() < inputs.size()) caches.add(depth.layers().newCache());
        for (KvCache cache : caches) cache.truncate(first == null ? 0 : 1);
    }

    /**
     * Returns the scores of the next codebook's codes, one for each frame, after the codes accepted so far; valid until
     * the next call.
     *
     * @throws DamagedWeightsException if one is no finite number
     */
    List<Logits> next() {
        if (codebook == 0 && first != null) return logits(first);
        List<HiddenState> states = new ArrayList<>();
        List<Position> positions = new ArrayList<>();
        for (int frame = 0; frame < fronts.size(); frame++) {
            HiddenState state = depth.layers().state(input(frame));
            states.add(state);
            positions.add(new Position(caches.get(frame), codebook, state));
        }
        depth.layers().forward(positions, depth.layers().config().layers());
        List<float[]> scores = headKernel.logits(depth.head(codebook), states).stream()
                .map(Logits::values)
                .toList();
        if (!scores.stream().allMatch(Finite::all)) {
            throw new DamagedWeightsException("scores of codebook " + codebook
                    + ": expected numbers, got NaN or infinity; weights of the depth decoder are damaged");
        }
        if (codebook == 0) first = scores.stream().map(float[]::clone).toList();
        return logits(scores);
    }

    private float[] input(int frame) {
        int width = depth.width();
        float[] input = Arrays.copyOfRange(fronts.get(frame), codebook * width, (codebook + 1) * width);
        if (codebook > 0) depth.addEmbedding(codebook - 1, before.get(frame), input);
        return input;
    }

    private static List<Logits> logits(List<float[]> scores) {
        return scores.stream().map(values -> Logits.of(values, null)).toList();
    }

    /** Goes on behind the codes, one of each frame, of the codebook whose scores were given last. */
    void accept(List<Integer> codes) {
        before = codes;
        codebook++;
    }
}
