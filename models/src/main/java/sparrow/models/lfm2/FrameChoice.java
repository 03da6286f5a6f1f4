package sparrow.models.lfm2;

import java.util.ArrayList;
import java.util.List;
import sparrow.engine.head.OutputHead;
import sparrow.engine.interleave.Unit;
import sparrow.engine.transformer.Logits;

/**
 * The frames of several positions, decoded lazily. Reading one frame's scores for the first codebook computes this
 * codebook for all frames. Choosing one frame decodes all frames completely.
 */
final class FrameChoice {
    private final DepthSteps decoder;
    private final int codebooks;
    private final List<float[]> inputs;
    private final List<OutputHead.Query> queries;
    private List<Unit> frames;

    /**
     * @param decoder the head's decoder
     * @param codebooks the number of codes per frame
     * @param inputs the decoder's inputs
     * @param queries the positions
     */
    FrameChoice(DepthSteps decoder, int codebooks, List<float[]> inputs, List<OutputHead.Query> queries) {
        this.decoder = decoder;
        this.codebooks = codebooks;
        this.inputs = inputs;
        this.queries = queries;
    }

    DepthSteps decoder() {
        return decoder;
    }

    int codebooks() {
        return codebooks;
    }

    List<float[]> inputs() {
        return inputs;
    }

    /** Returns a frame's scores for the first codebook. */
    Logits first(int frame) {
        decoder.begin(inputs);
        return decoder.next().get(frame);
    }

    /** Chooses a frame. */
    Unit frame(int frame) {
        if (frames == null) frames = choose();
        return frames.get(frame);
    }

    private List<Unit> choose() {
        List<List<Integer>> chosen = new ArrayList<>();
        decoder.begin(inputs);
        for (int codebook = 0; codebook < codebooks; codebook++) {
            List<Logits> logits = decoder.next();
            List<Integer> codes = new ArrayList<>();
            for (int i = 0; i < logits.size(); i++) {
                OutputHead.Query query = queries.get(i);
                codes.add(query.sampler().chooseCode(logits.get(i), codebook, query.position()));
            }
            chosen.add(codes);
            // The other codes are ignored if a frame's first code is the end code.
            if (codebook == 0 && codes.stream().allMatch(code -> code == DepthDecoder.END_CODE)) break;
            decoder.accept(codes);
        }
        List<Unit> units = new ArrayList<>();
        for (int i = 0; i < inputs.size(); i++) {
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
