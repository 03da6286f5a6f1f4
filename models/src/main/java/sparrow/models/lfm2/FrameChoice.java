package sparrow.models.lfm2;

import java.util.ArrayList;
import java.util.List;
import sparrow.engine.head.OutputHead;
import sparrow.engine.interleave.Unit;
import sparrow.engine.transformer.Logits;

/**
 * The frames of positions that asked a head together. Looking at the first codebook of one decodes that of all; choosing one decodes
 * all frames, codebook by codebook.
 */
final class FrameChoice {
    private final DepthSteps decoder;
    private final int codebooks;
    private final List<float[]> fronts;
    private final List<OutputHead.Query> queries;
    private List<Unit> frames;

    /**
     * @param decoder of the head
     * @param codebooks codes of a frame
     * @param fronts inputs of the decoder
     * @param queries the positions
     */
    FrameChoice(DepthSteps decoder, int codebooks, List<float[]> fronts, List<OutputHead.Query> queries) {
        this.decoder = decoder;
        this.codebooks = codebooks;
        this.fronts = fronts;
        this.queries = queries;
    }

    DepthSteps decoder() {
        return decoder;
    }

    int codebooks() {
        return codebooks;
    }

    List<float[]> fronts() {
        return fronts;
    }

    /** Returns the scores of the first codebook of a frame. */
    Logits first(int frame) {
        decoder.begin(fronts);
        return decoder.next().get(frame);
    }

    /** Returns a frame. */
    Unit frame(int frame) {
        if (frames == null) frames = choose();
        return frames.get(frame);
    }

    private List<Unit> choose() {
        List<List<Integer>> chosen = new ArrayList<>();
        decoder.begin(fronts);
        for (int codebook = 0; codebook < codebooks; codebook++) {
            List<Logits> logits = decoder.next();
            List<Integer> codes = new ArrayList<>();
            for (int i = 0; i < logits.size(); i++) {
                OutputHead.Query query = queries.get(i);
                codes.add(query.sampler().chooseCode(logits.get(i), codebook, query.position()));
            }
            chosen.add(codes);
            // A frame whose first code is the end code has no others that matter.
            if (codebook == 0 && codes.stream().allMatch(code -> code == DepthDecoder.END_CODE)) break;
            decoder.accept(codes);
        }
        List<Unit> units = new ArrayList<>();
        for (int i = 0; i < fronts.size(); i++) {
            int frame = i;
            boolean ends = chosen.getFirst().get(frame) == DepthDecoder.END_CODE;
            units.add(
                    ends
                            ? FramePrediction.end(codebooks)
                            : new Unit.Frame(chosen.stream()
                                    .map(codes -> codes.get(frame))
                                    .toList()));
        }
        return units;
    }
}
