package sparrow.models.lfm2;

import java.util.Arrays;
import java.util.List;
import sparrow.engine.exit.DamagedWeightsException;
import sparrow.engine.exit.Logits;
import sparrow.engine.tensor.Finite;
import sparrow.engine.transformer.KvCache;
import sparrow.engine.transformer.Position;
import sparrow.engine.transformer.Scorer;
import sparrow.engine.transformer.State;

/** The steps of a {@link DepthDecoder} over the codebooks of a frame, one frame after the other. For one thread. */
final class DepthSteps {
    private final DepthDecoder depth;
    private final KvCache cache;
    private final Scorer scorer;
    private final State state;
    private float[] front;

    /** Scores of the first codebook: a confidence rule looks at them before the frame is chosen. */
    private float[] first;

    private int codebook;
    private int before;

    DepthSteps(DepthDecoder depth) {
        this.depth = depth;
        this.cache = depth.layers().newCache();
        this.scorer = depth.layers().newScorer();
        this.state = depth.layers().state(new float[depth.width()]);
    }

    /**
     * Begins a frame, or begins the last one again; another one is forgotten.
     *
     * @param input what the backbone's state became, [codebooks * width]; kept
     */
    void begin(float[] input) {
        if (input != front) first = null;
        front = input;
        codebook = 0;
        cache.truncate(first == null ? 0 : 1);
    }

    /**
     * The scores of the next codebook's codes, after the codes accepted so far; valid until the next call.
     *
     * @throws DamagedWeightsException if one is no finite number
     */
    Logits next() {
        if (codebook == 0 && first != null) return new Logits(first.clone(), null);
        int width = depth.width();
        float[] input = Arrays.copyOfRange(front, codebook * width, (codebook + 1) * width);
        if (codebook > 0) depth.addEmbedding(codebook - 1, before, input);
        state.write(input, 0);
        depth.layers()
                .forward(
                        List.of(new Position(cache, codebook, state)),
                        depth.layers().config().layers());
        float[] scores =
                scorer.scores(depth.head(codebook), List.of(state)).getFirst().values();
        if (!Finite.all(scores)) {
            throw new DamagedWeightsException("scores of codebook " + codebook
                    + ": expected numbers, got NaN or infinity; weights of the depth decoder are damaged");
        }
        if (codebook == 0) first = scores.clone();
        return new Logits(scores, null);
    }

    /** Goes on behind a code of the codebook whose scores were given last. */
    void accept(int code) {
        before = code;
        codebook++;
    }
}
