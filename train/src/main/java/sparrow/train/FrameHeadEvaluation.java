package sparrow.train;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import sparrow.engine.interleave.Modality;
import sparrow.engine.transformer.Logits;
import sparrow.engine.transformer.Transformer;
import sparrow.models.SpokenModel;
import sparrow.models.family.FrameHeads;
import sparrow.train.HeadAgreement.Figures;
import sparrow.train.harvest.HarvestStore;
import sparrow.train.harvest.HeadVocabulary;
import sparrow.train.harvest.Positions;
import sparrow.train.harvest.StoredReply;

/** Compares the last layer's head with the frame heads of an opened model at all frames in a store. */
public final class FrameHeadEvaluation {
    private final Transformer transformer;
    private final FrameHeads frames;
    private final HarvestStore store;
    private final List<Integer> layers;

    /**
     * @throws IllegalArgumentException if the store was harvested from a different model or without frames, or if it
     *     has no layer for which the model has a frame head; the message is one line
     */
    public FrameHeadEvaluation(SpokenModel model, HarvestStore store) {
        store.requireMadeWith(model);
        this.transformer = model.languageModel().transformer();
        this.frames = model.frameHeads()
                .orElseThrow(() -> new IllegalArgumentException(
                        model.name() + ": expected a model whose speech is frames, got one of tokens"));
        this.store = store;
        var known = model.languageModel().units().exitLayers(Modality.SPEECH);
        this.layers = store.layers().stream().filter(known::contains).toList();
        if (layers.isEmpty()) {
            throw new IllegalArgumentException("frame heads: expected one of a layer that the store contains, "
                    + store.layers() + ", found those of " + known);
        }
    }

    /** Returns the metrics of the frame heads, by layer. */
    public SortedMap<Integer, FrameFigures> figures() {
        SortedMap<Integer, FrameFigures.Sum> sums = new TreeMap<>();
        for (int layer : layers) sums.put(layer, new FrameFigures.Sum(frames.codebooks()));
        int last = transformer.config().layers();
        Positions positions = Positions.of(store.replies(), number -> true, HeadVocabulary.FRAMES);
        for (int i = 0; i < positions.size(); i++) {
            StoredReply reply = positions.stored(i);
            List<Integer> codes = Arrays.stream(positions.codes(i)).boxed().toList();
            int at = positions.at()[i];
            List<Logits> full = scores(last, reply, at, codes);
            sums.forEach((layer, sum) -> sum.add(scores(layer, reply, at, codes), full));
        }
        SortedMap<Integer, FrameFigures> figures = new TreeMap<>();
        sums.forEach((layer, sum) -> figures.put(layer, sum.mean()));
        return figures;
    }

    private List<Logits> scores(int layer, StoredReply reply, int at, List<Integer> codes) {
        float[] state = new float[transformer.config().width()];
        reply.state(layer, at, state, 0);
        return frames.scores(
                frames.inputs(layer, List.of(transformer.state(state))).getFirst(), codes);
    }

    /**
     * The agreement of a frame head with the last layer's head. Each codebook is predicted after the reply's own codes.
     *
     * @param frames metrics of complete frames, whose nats are summed over the codebooks; frames agree only if all
     *     codes agree
     * @param codebooks metrics of each codebook; for frames that end speech, only the first codebook is included
     */
    public record FrameFigures(Figures frames, List<Figures> codebooks) {
        public FrameFigures {
            codebooks = List.copyOf(codebooks);
        }

        /** Returns the metrics of complete frames as speech metrics, without text metrics. */
        HeadAgreement asSpeech() {
            return new HeadAgreement(Optional.of(frames).filter(figures -> figures.positions() > 0), Optional.empty());
        }

        static final class Sum {
            private final Figures.Sum frames = new Figures.Sum();
            private final List<Figures.Sum> codebooks;

            Sum(int codebooks) {
                this.codebooks =
                        Stream.generate(Figures.Sum::new).limit(codebooks).toList();
            }

            /** Adds a frame with the scores of each included codebook. */
            void add(List<Logits> head, List<Logits> last) {
                double[] sums = new double[3];
                boolean all = true;
                for (int codebook = 0; codebook < last.size(); codebook++) {
                    Logits own = head.get(codebook);
                    Logits target = last.get(codebook);
                    double targetEntropy = target.entropy();
                    double loss = targetEntropy + own.divergenceFrom(target);
                    double entropy = own.entropy();
                    int codes = target.values().length;
                    boolean agrees = own.best(codes) == target.best(codes);
                    codebooks.get(codebook).add(loss, targetEntropy, entropy, agrees);
                    all &= agrees;
                    sums[0] += loss;
                    sums[1] += targetEntropy;
                    sums[2] += entropy;
                }
                frames.add(sums[0], sums[1], sums[2], all);
            }

            FrameFigures mean() {
                return new FrameFigures(
                        frames.mean(), codebooks.stream().map(Figures.Sum::mean).toList());
            }
        }
    }
}
