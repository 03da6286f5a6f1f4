package sparrow.models.lfm2;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
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
import sparrow.engine.interleave.InterleaveFormat;
import sparrow.engine.interleave.InterleaveTracker;
import sparrow.engine.interleave.Modality;
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
import sparrow.tensor.Finite;
import sparrow.tensor.Matrix;
import sparrow.tensor.kernel.WeightLoader;

/**
 * The units of LFM2-Audio: tokens at text positions, and frames with one code per codebook at speech positions. A
 * frame's input embedding is the sum of its codes' embeddings.
 *
 * @param transformer the backbone
 * @param heads the text heads
 * @param fronts the front heads by layer, including the model's own after the last layer
 * @param depth predicts the codes of a frame
 * @param embedding the embeddings of the codes, in row {@code codebook * 2049 + code}, [codebooks * 2049, width]
 * @param tokens the special token ids
 * @param interleave the numbers of text ids and frames per cycle
 * @param order the order of text and speech
 */
record FrameUnits(
        Transformer transformer,
        ExitHeads heads,
        SortedMap<Integer, FrontHead> fronts,
        DepthDecoder depth,
        Matrix embedding,
        Lfm2Tokens tokens,
        InterleaveFormat interleave,
        Order order)
        implements UnitFormat, FrameHeads {
    /** Name of the code embeddings in the checkpoint. */
    static final String EMBEDDING = "audio_embedding.embedding.weight";

    /** The order of text and speech in a reply. */
    enum Order {
        /** Text and speech alternate, as in a conversation. */
        INTERLEAVED,
        /** Text and speech do not alternate, as in transcription and reading aloud. */
        SEQUENTIAL
    }

    /**
     * Loads a checkpoint's units.
     *
     * @param load prepares a matrix for the kernels
     * @throws sparrow.formats.BadFileException if a tensor is missing or has the wrong shape
     */
    static FrameUnits load(
            Lfm2Config config,
            Checkpoint checkpoint,
            Transformer transformer,
            ExitHeads heads,
            Lfm2Tokens tokens,
            WeightLoader load) {
        int width = transformer.config().width();
        SortedMap<Integer, FrontHead> fronts = new TreeMap<>();
        fronts.put(
                transformer.config().layers(),
                FrontHead.ofLastLayer(
                        config,
                        checkpoint,
                        width,
                        transformer.finalNorm(),
                        transformer.config().normEpsilon(),
                        load));
        return new FrameUnits(
                transformer,
                heads,
                fronts,
                DepthDecoder.load(config, checkpoint, transformer.kernels(), load),
                checkpoint.matrix(EMBEDDING, config.codebooks() * DepthDecoder.CODES, width),
                tokens,
                config.interleave(),
                Order.INTERLEAVED);
    }

    /** Returns a copy with front heads after additional layers. */
    FrameUnits with(SortedMap<Integer, FrontHead> more) {
        SortedMap<Integer, FrontHead> all = new TreeMap<>(fronts);
        all.putAll(more);
        return new FrameUnits(transformer, heads, all, depth, embedding, tokens, interleave, order);
    }

    /** Returns a copy with another order. */
    FrameUnits in(Order other) {
        return new FrameUnits(transformer, heads, fronts, depth, embedding, tokens, interleave, other);
    }

    @Override
    public OutputHead newHead() {
        return new Heads();
    }

    /** Predicts text with the vocabulary heads and speech with the depth decoder. Not thread-safe. */
    private final class Heads implements OutputHead {
        private final OutputHead text = new VocabularyHead(transformer, heads, tokens.space());
        private final HeadKernel headKernel = transformer.newHeadKernel();
        private final DepthSteps decoder = new DepthSteps(depth);

        @Override
        public List<Prediction> predict(List<Query> queries, int layer) {
            List<Query> asText = of(Modality.TEXT, queries);
            List<Query> asSpeech = of(Modality.SPEECH, queries);
            Iterator<Prediction> ofText =
                    (asText.isEmpty() ? List.<Prediction>of() : text.predict(asText, layer)).iterator();
            FrameChoice choice = new FrameChoice(decoder, depth.codebooks(), fronts(asSpeech, layer), asSpeech);
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
        return front(layer).bytes() + depth.bytes(depth.codebooks());
    }

    @Override
    public long entropyBytes(int layer) {
        return front(layer).bytes() + depth.bytes(1);
    }

    @Override
    public Input input(Unit unit) {
        return switch (unit) {
            case Unit.Token(int id) -> {
                transformer.checkToken(id);
                yield new Input.Token(id);
            }
            case Unit.Frame(List<Integer> codes) -> new Input.Vector(Lfm2Tokens.PLACEHOLDER, sum(codes), 0);
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
            if (code < 0 || code >= DepthDecoder.CODES) {
                throw new IllegalArgumentException("code: expected 0 to " + (DepthDecoder.CODES - 1) + ", got " + code);
            }
            embedding.row(codebook * DepthDecoder.CODES + code, row, 0);
            for (int c = 0; c < sum.length; c++) sum[c] += row[c];
        }
        if (!Finite.all(sum)) {
            throw new DamagedWeightsException(
                    "embedding of a frame: expected finite numbers, found NaN or infinity in the weights");
        }
        return sum;
    }

    /** Returns the tracker for a reply, which begins with text after any question. */
    @Override
    public InterleaveTracker newTracker(int asked) {
        return switch (order) {
            case INTERLEAVED -> FrameTracker.interleaved(interleave, tokens.textEnd());
            case SEQUENTIAL -> FrameTracker.sequential(interleave, tokens.audioStart());
        };
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
        if (!(unit instanceof Unit.Frame(List<Integer> codes)) || codes.contains(DepthDecoder.END_CODE)) {
            return new int[0];
        }
        return codes.stream().mapToInt(Integer::intValue).toArray();
    }

    @Override
    public int codebooks() {
        return depth.codebooks();
    }

    @Override
    public boolean isEnd(Unit unit) {
        return unit instanceof Unit.Token(int id) && id == tokens.turnEnd();
    }

    @Override
    public boolean mayBreakPattern(Unit unit) {
        return switch (unit) {
            case Unit.Token(int id) -> id == tokens.textEnd() || id == tokens.audioStart();
            case Unit.Frame _ -> FrameTracker.endsSpeech(unit);
        };
    }

    @Override
    public int codes() {
        return DepthDecoder.CODES;
    }

    @Override
    public int endCode() {
        return DepthDecoder.END_CODE;
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
        DepthSteps steps = new DepthSteps(depth);
        steps.begin(List.of(input));
        List<Logits> scores = new ArrayList<>();
        for (int code : codes) {
            scores.add(Logits.of(steps.next().getFirst().values().clone(), null));
            if (code == DepthDecoder.END_CODE && scores.size() == 1) break;
            steps.accept(List.of(code));
        }
        return scores;
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
