package sparrow.models.lfm2;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import sparrow.engine.head.OutputHead;
import sparrow.engine.interleave.Unit;
import sparrow.engine.transformer.Logits;
import sparrow.models.frame.FrameChoice;

/** Frames whose codes are decoded one codebook after another. */
final class StepwiseChoice implements FrameChoice {
    private final DepthSteps decoder;
    private final int codebooks;
    private final List<float[]> inputs;
    private final List<OutputHead.Query> queries;
    private List<Unit.Frame> frames;

    /**
     * @param decoder the head's decoder
     * @param codebooks the number of codes per frame
     * @param inputs the decoder's inputs
     * @param queries the positions
     */
    StepwiseChoice(DepthSteps decoder, int codebooks, List<float[]> inputs, List<OutputHead.Query> queries) {
        this.decoder = decoder;
        this.codebooks = codebooks;
        this.inputs = inputs;
        this.queries = queries;
    }

    /** Returns the frame that ends speech: the end code in every codebook. */
    static Unit.Frame end(int codebooks) {
        return new Unit.Frame(Collections.nCopies(codebooks, DepthDecoder.END_CODE));
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

    @Override
    public float[] input(int frame) {
        return inputs.get(frame);
    }

    @Override
    public int firstCodebook(int frame) {
        return 0;
    }

    @Override
    public Logits first(int frame) {
        decoder.begin(inputs);
        return decoder.next().get(frame);
    }

    @Override
    public Unit.Frame frame(int frame) {
        if (frames == null) frames = choose();
        return frames.get(frame);
    }

    private List<Unit.Frame> choose() {
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
        List<Unit.Frame> units = new ArrayList<>();
        for (int i = 0; i < inputs.size(); i++) {
            int frame = i;
            boolean ends = chosen.getFirst().get(frame) == DepthDecoder.END_CODE;
            units.add(
                    ends
                            ? end(codebooks)
                            : new Unit.Frame(chosen.stream()
                                    .map(codes -> codes.get(frame))
                                    .toList()));
        }
        return units;
    }
}
