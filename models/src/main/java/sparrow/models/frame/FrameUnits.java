package sparrow.models.frame;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import sparrow.engine.exit.SpeechLogits;
import sparrow.engine.head.ExitHeads;
import sparrow.engine.head.Input;
import sparrow.engine.head.OutputHead;
import sparrow.engine.head.Prediction;
import sparrow.engine.head.UnitFormat;
import sparrow.engine.head.VocabularyHead;
import sparrow.engine.interleave.InterleaveTracker;
import sparrow.engine.interleave.Modality;
import sparrow.engine.interleave.TokenSpace;
import sparrow.engine.interleave.Unit;
import sparrow.engine.transformer.DamagedWeightsException;
import sparrow.engine.transformer.HeadKernel;
import sparrow.engine.transformer.HeadWeights;
import sparrow.engine.transformer.HiddenState;
import sparrow.engine.transformer.Linear;
import sparrow.engine.transformer.Logits;
import sparrow.engine.transformer.Transformer;
import sparrow.formats.weights.Checkpoint;
import sparrow.models.family.FrameHeads;
import sparrow.models.weights.WeightFiles;
import sparrow.models.weights.WeightPlacement;
import sparrow.tensor.Finite;
import sparrow.tensor.Matrix;

/**
 * The units of a model whose speech is frames: tokens at text positions, and frames of one code per codebook at speech
 * positions. The input embedding of a frame is the sum of its codes' embeddings.
 *
 * @param transformer the backbone
 * @param heads the text heads
 * @param fronts the front heads by layer, including the model's own front head after the last layer
 * @param depth the network that predicts the codes of a frame
 * @param embedding the embeddings of the codes, in row {@code codebook * codes + code}, [codebooks * codes, width]
 * @param tokens the ranges and meanings of the token ids
 * @param placeholder the token id at positions whose embeddings are replaced
 * @param pattern the order of text and speech
 */
public record FrameUnits(
        Transformer transformer,
        ExitHeads heads,
        SortedMap<Integer, FrontHead> fronts,
        DepthModel depth,
        Matrix embedding,
        TokenSpace tokens,
        int placeholder,
        ReplyPattern pattern)
        implements UnitFormat, FrameHeads {
    /** Creates units with the model's own front head only. */
    public static FrameUnits of(
            Transformer transformer,
            ExitHeads heads,
            FrontHead front,
            DepthModel depth,
            Matrix embedding,
            TokenSpace tokens,
            int placeholder,
            ReplyPattern pattern) {
        SortedMap<Integer, FrontHead> fronts = new TreeMap<>();
        fronts.put(transformer.config().layers(), front);
        return new FrameUnits(transformer, heads, fronts, depth, embedding, tokens, placeholder, pattern);
    }

    /** Returns a copy with front heads after additional layers. */
    public FrameUnits with(SortedMap<Integer, FrontHead> more) {
        SortedMap<Integer, FrontHead> all = new TreeMap<>(fronts);
        all.putAll(more);
        return new FrameUnits(transformer, heads, all, depth, embedding, tokens, placeholder, pattern);
    }

    /**
     * Returns a copy with the front heads of a file.
     *
     * @param file a file of heads; if empty, these units are returned
     * @param weights the placement of the model's weights, whose resources take ownership of the file
     * @throws IOException if the file cannot be read
     */
    public FrameUnits with(Optional<Path> file, WeightPlacement weights) throws IOException {
        if (file.isEmpty()) return this;
        Checkpoint checkpoint = weights.resources().own(WeightFiles.file(file.get()));
        int rows = Math.multiplyExact(depth.codebooks(), depth.width());
        return with(FrontHead.read(checkpoint, transformer, rows, weights.onCpu(checkpoint)));
    }

    /** Returns a copy with another order of text and speech. */
    public FrameUnits in(ReplyPattern other) {
        return new FrameUnits(transformer, heads, fronts, depth, embedding, tokens, placeholder, other);
    }

    @Override
    public OutputHead newHead() {
        return new Heads();
    }

    /** Predicts text with the vocabulary heads and speech with the depth decoder. Not thread-safe. */
    private final class Heads implements OutputHead {
        private final OutputHead text = new VocabularyHead(transformer, heads, tokens);
        private final HeadKernel headKernel = transformer.newHeadKernel();
        private final DepthModel.Chooser chooser = depth.newChooser();

        @Override
        public List<Prediction> predict(List<Query> queries, int layer) {
            List<Query> asText = of(Modality.TEXT, queries);
            List<Query> asSpeech = of(Modality.SPEECH, queries);
            Iterator<Prediction> ofText =
                    (asText.isEmpty() ? List.<Prediction>of() : text.predict(asText, layer)).iterator();
            FrameChoice choice = chooser.choice(fronts(asSpeech, layer), asSpeech);
            List<Prediction> predictions = new ArrayList<>();
            int frames = 0;
            for (Query query : queries) {
                predictions.add(
                        switch (query.modality()) {
                            case TEXT -> ofText.next();
                            case SPEECH -> new FramePrediction(choice, frames++);
                        });
            }
            return predictions;
        }

        private List<float[]> fronts(List<Query> queries, int layer) {
            if (queries.isEmpty()) return List.of();
            return FrameUnits.this
                    .front(layer)
                    .inputs(headKernel, queries.stream().map(Query::state).toList());
        }

        private static List<Query> of(Modality modality, List<Query> queries) {
            return queries.stream()
                    .filter(query -> query.modality() == modality)
                    .toList();
        }
    }

    private FrontHead front(int layer) {
        FrontHead front = fronts.get(layer);
        if (front != null) return front;
        throw new IllegalArgumentException(
                "layer " + layer + ": expected one with a head of frames, " + fronts.keySet() + ", got one without");
    }

    @Override
    public Set<Integer> exitLayers(Modality modality) {
        return switch (modality) {
            case TEXT -> heads.layers();
            case SPEECH -> fronts.headMap(transformer.config().layers()).keySet();
        };
    }

    @Override
    public long speechHeadBytes(int layer, SpeechLogits logits) {
        return front(layer).bytes() + depth.frameBytes();
    }

    @Override
    public long entropyBytes(int layer) {
        return front(layer).bytes() + depth.firstBytes();
    }

    @Override
    public Input input(Unit unit) {
        return switch (unit) {
            case Unit.Token(int id) -> {
                transformer.checkToken(id);
                yield new Input.Token(id);
            }
            case Unit.Frame(List<Integer> codes) -> new Input.Vector(placeholder, sum(codes), 0);
        };
    }

    /** Returns the sum of a frame's embeddings, which must be finite. */
    private float[] sum(List<Integer> codes) {
        if (codes.size() != depth.codebooks()) {
            throw new IllegalArgumentException("frame: expected " + depth.codebooks() + " codes, got " + codes.size());
        }
        float[] sum = new float[transformer.config().width()];
        float[] row = new float[sum.length];
        for (int codebook = 0; codebook < codes.size(); codebook++) {
            int code = codes.get(codebook);
            if (code < 0 || code >= depth.codes()) {
                throw new IllegalArgumentException("code: expected 0 to " + depth.endCode() + ", got " + code);
            }
            embedding.row(codebook * depth.codes() + code, row, 0);
            for (int c = 0; c < sum.length; c++) sum[c] += row[c];
        }
        if (!Finite.all(sum)) {
            throw new DamagedWeightsException(
                    "embedding of a frame: expected finite numbers, found NaN or infinity in the weights");
        }
        return sum;
    }

    @Override
    public InterleaveTracker newTracker(int lastPromptToken) {
        return pattern.newTracker(lastPromptToken);
    }

    @Override
    public boolean isSpeech(Unit unit) {
        return unit instanceof Unit.Frame;
    }

    @Override
    public OptionalInt text(Unit unit) {
        return unit instanceof Unit.Token(int id) && !isEnd(unit) ? OptionalInt.of(id) : OptionalInt.empty();
    }

    /** Returns a unit's codes. A frame with the end code in any codebook is not audible and has no codes. */
    @Override
    public int[] codes(Unit unit) {
        if (!(unit instanceof Unit.Frame(List<Integer> codes)) || codes.contains(depth.endCode())) {
            return new int[0];
        }
        return codes.stream().mapToInt(Integer::intValue).toArray();
    }

    @Override
    public int[] synthesized(Unit unit) {
        if (unit instanceof Unit.Frame(List<Integer> codes)
                && codes.size() == depth.codebooks()
                && depth.endsSpeech(codes)) {
            return codes.stream().mapToInt(Integer::intValue).toArray();
        }
        return codes(unit);
    }

    @Override
    public int codebooks() {
        return depth.codebooks();
    }

    @Override
    public boolean isEnd(Unit unit) {
        return unit instanceof Unit.Token(int id) && pattern.isEnd(id);
    }

    @Override
    public boolean mayBreakPattern(Unit unit) {
        return switch (unit) {
            case Unit.Token(int id) -> pattern.mayBreak(id);
            case Unit.Frame(List<Integer> codes) -> depth.endsSpeech(codes);
        };
    }

    @Override
    public int codes() {
        return depth.codes();
    }

    @Override
    public int endCode() {
        return depth.endCode();
    }

    @Override
    public boolean predictsOneByOne() {
        return depth.predictsOneByOne();
    }

    @Override
    public Linear front() {
        return front(transformer.config().layers()).linear();
    }

    @Override
    public List<float[]> inputs(int layer, List<HiddenState> states) {
        return front(layer).inputs(transformer.newHeadKernel(), states);
    }

    @Override
    public List<Logits> scores(float[] input, List<Integer> codes) {
        return depth.scores(input, codes);
    }

    @Override
    public Transformer decoderLayers() {
        return depth.layers();
    }

    @Override
    public HeadWeights codeRows(int codebook) {
        return depth.head(codebook);
    }

    @Override
    public void addEmbedding(int codebook, int code, float[] part) {
        depth.addEmbedding(codebook, code, part);
    }
}
