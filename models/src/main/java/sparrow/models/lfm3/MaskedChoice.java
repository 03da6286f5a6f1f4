package sparrow.models.lfm3;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import sparrow.engine.head.OutputHead;
import sparrow.engine.interleave.Unit;
import sparrow.engine.transformer.Logits;
import sparrow.models.frame.FrameChoice;

/** Frames whose codes are decoded in passes. The order of the codebooks is random for each frame. */
final class MaskedChoice implements FrameChoice {
    private final MaskedDepthDecoder depth;
    private final MaskedPass pass;
    private final List<float[]> inputs;
    private final List<OutputHead.Query> queries;
    private final List<int[]> orders = new ArrayList<>();

    /** For each frame and codebook, the codes that receive a penalty. */
    private final List<List<BitSet>> recent = new ArrayList<>();

    private final List<int[]> codes = new ArrayList<>();
    private boolean begun;
    private List<Unit.Frame> frames;

    /**
     * Creates the choice for the given positions.
     *
     * @param inputs the decoder's inputs
     * @param queries the positions
     */
    MaskedChoice(MaskedDepthDecoder depth, MaskedPass pass, List<float[]> inputs, List<OutputHead.Query> queries) {
        this.depth = depth;
        this.pass = pass;
        this.inputs = inputs;
        this.queries = queries;
        for (OutputHead.Query query : queries) {
            orders.add(query.sampler().order(depth.codebooks(), query.position()));
            // The codes are read now because drafts may be rolled back before a frame is chosen.
            recent.add(query.sampler().recentCodes(depth.codebooks(), query.position()));
            int[] unknown = new int[depth.codebooks()];
            Arrays.fill(unknown, MaskedPass.UNKNOWN);
            codes.add(unknown);
        }
    }

    /** Returns the order in which a frame's codebooks are decoded. */
    int[] order(int frame) {
        return orders.get(frame);
    }

    @Override
    public float[] input(int frame) {
        return inputs.get(frame);
    }

    @Override
    public int firstCodebook(int frame) {
        return order(frame)[0];
    }

    @Override
    public Logits first(int frame) {
        if (frames != null) {
            // The first pass runs again because the chosen codes have overwritten its states.
            int[] unknown = new int[depth.codebooks()];
            Arrays.fill(unknown, MaskedPass.UNKNOWN);
            pass.run(List.of(inputs.get(frame)), List.of(unknown));
            return pass.logits(firstCodebook(frame), List.of(0)).getFirst();
        }
        begin();
        return pass.logits(firstCodebook(frame), List.of(frame)).getFirst();
    }

    /** Runs the first pass if it has not run yet. */
    private void begin() {
        if (!begun) pass.run(inputs, codes);
        begun = true;
    }

    @Override
    public Unit.Frame frame(int frame) {
        if (frames == null) frames = choose();
        return frames.get(frame);
    }

    private List<Unit.Frame> choose() {
        begin();
        for (int place = 0; place < depth.codebooks(); place += MaskedDepthDecoder.CODES_PER_PASS) {
            if (place > 0) pass.run(inputs, codes);
            choose(place);
            // Codes after an end code are ignored.
            if (IntStream.range(0, inputs.size()).allMatch(this::ends)) break;
        }
        return IntStream.range(0, inputs.size()).mapToObj(this::unit).toList();
    }

    /** Chooses a pass's codes codebook by codebook. The codes do not depend on each other. */
    private void choose(int place) {
        for (int codebook = 0; codebook < depth.codebooks(); codebook++) {
            int wanted = codebook;
            List<Integer> some = IntStream.range(0, inputs.size())
                    .filter(frame -> Arrays.stream(order(frame), place, place + MaskedDepthDecoder.CODES_PER_PASS)
                            .anyMatch(one -> one == wanted))
                    .boxed()
                    .toList();
            if (some.isEmpty()) continue;
            List<Logits> logits = pass.logits(codebook, some);
            for (int i = 0; i < some.size(); i++) {
                int frame = some.get(i);
                OutputHead.Query query = queries.get(frame);
                codes.get(frame)[codebook] = query.sampler()
                        .chooseCode(
                                logits.get(i),
                                codebook,
                                query.position(),
                                recent.get(frame).get(codebook));
            }
        }
    }

    private boolean ends(int frame) {
        return Arrays.stream(codes.get(frame)).anyMatch(code -> code == depth.endCode());
    }

    private Unit.Frame unit(int frame) {
        return ends(frame)
                ? new Unit.Frame(Collections.nCopies(depth.codebooks(), depth.endCode()))
                : new Unit.Frame(Arrays.stream(codes.get(frame)).boxed().toList());
    }
}
