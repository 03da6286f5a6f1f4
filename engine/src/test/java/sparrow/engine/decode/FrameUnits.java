package sparrow.engine.decode;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
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
import sparrow.engine.interleave.TokenSpace;
import sparrow.engine.interleave.Unit;
import sparrow.engine.transformer.Logits;
import sparrow.engine.transformer.Transformer;

/**
 * A toy of the family whose speech positions decide frames (LFM2-Audio): a frame is {@value #CODEBOOKS} codes, made one after the
 * other by a small decoder that sees the codes before; its input is the sum of their embeddings. A layer has its own matrix in front
 * of that decoder. Text positions decide tokens. All weights are random.
 *
 * <p>Text and speech alternate by counting. The token {@code textEnd} makes speech run on; code {@value #END_CODE} of the first
 * codebook ends speech.
 */
final class FrameUnits implements UnitFormat {
    static final int CODEBOOKS = 4;
    private static final int CODES = 7;
    private static final int END_CODE = CODES - 1;
    private static final int INNER = 6;

    private final Transformer transformer;
    private final ExitHeads heads;
    private final TokenSpace tokens;
    private final InterleaveFormat interleave;
    private final int textEnd;

    /** Placeholder of a frame in a token list. */
    private final int placeholder;

    /** By layer, [CODEBOOKS * INNER][width]. */
    private final float[][][] front;

    /** What the decoder makes of a codebook's row and the code before, [INNER][INNER]. */
    private final float[][] mix;

    /** By codebook, [CODES][INNER]: the embedding of a code for the next one, and the rows that choose it. */
    private final float[][][] codeEmbeddings;

    private final float[][][] codeRows;

    /** By codebook, [CODES][width]. */
    private final float[][][] inputs;

    FrameUnits(
            SplittableRandom random,
            Transformer transformer,
            ExitHeads heads,
            TokenSpace tokens,
            InterleaveFormat interleave,
            int textEnd) {
        this.transformer = transformer;
        this.heads = heads;
        this.tokens = tokens;
        this.interleave = interleave;
        this.textEnd = textEnd;
        this.placeholder = textEnd + 1;
        int width = transformer.config().width();
        front = new float[transformer.config().layers() + 1][][];
        for (int layer = 1; layer < front.length; layer++) {
            front[layer] = matrix(random, CODEBOOKS * INNER, width, 1.5 / Math.sqrt(width));
        }
        mix = matrix(random, INNER, INNER, 1);
        codeEmbeddings = matrices(random, INNER, 1);
        codeRows = matrices(random, INNER, 1.5);
        inputs = matrices(random, width, 0.7);
    }

    private static float[][][] matrices(SplittableRandom random, int columns, double scale) {
        return IntStream.range(0, CODEBOOKS)
                .mapToObj(i -> matrix(random, CODES, columns, scale))
                .toArray(float[][][]::new);
    }

    private static float[][] matrix(SplittableRandom random, int rows, int columns, double scale) {
        float[][] matrix = new float[rows][columns];
        for (float[] row : matrix) {
            for (int c = 0; c < columns; c++) row[c] = (float) (random.nextGaussian() * scale);
        }
        return matrix;
    }

    /** The scores of each codebook's codes behind the ones before it, [CODEBOOKS][CODES]. */
    float[][] scores(int layer, float[] hidden, List<Integer> codes) {
        float[][] scores = new float[CODEBOOKS][];
        for (int i = 0; i < CODEBOOKS; i++) scores[i] = scores(layer, hidden, codes, i);
        return scores;
    }

    private float[] scores(int layer, float[] hidden, List<Integer> codes, int codebook) {
        float[] x = new float[INNER];
        for (int r = 0; r < INNER; r++) {
            x[r] = dot(front[layer][codebook * INNER + r], hidden);
            for (int before = 0; before < codebook; before++) x[r] += codeEmbeddings[before][codes.get(before)][r];
        }
        float[] y = new float[INNER];
        for (int r = 0; r < INNER; r++) y[r] = (float) Math.tanh(dot(mix[r], x));
        float[] scores = new float[CODES];
        for (int code = 0; code < CODES; code++) scores[code] = dot(codeRows[codebook][code], y);
        return scores;
    }

    private static float dot(float[] a, float[] b) {
        float sum = 0;
        for (int i = 0; i < a.length; i++) sum += a[i] * b[i];
        return sum;
    }

    /** The output of the small decoder at one position. */
    private final class FramePrediction implements Prediction {
        private final int layer;
        private final float[] hidden;
        private final OutputHead.Query query;

        FramePrediction(int layer, OutputHead.Query query) {
            this.layer = layer;
            this.hidden = query.state().read();
            this.query = query;
        }

        private Logits logits(List<Integer> codes) {
            return Logits.of(scores(layer, hidden, codes, codes.size()), null);
        }

        @Override
        public Unit choose() {
            List<Integer> codes = new ArrayList<>();
            for (int i = 0; i < CODEBOOKS; i++) {
                codes.add(query.sampler().chooseCode(logits(codes), i, query.position()));
            }
            return new Unit.Frame(codes);
        }

        @Override
        public double entropy() {
            return logits(List.of()).entropy();
        }

        @Override
        public double probability(Unit unit) {
            return unit instanceof Unit.Frame(List<Integer> codes)
                    ? logits(List.of()).probability(codes.getFirst())
                    : 0;
        }

        @Override
        public double natsBelowBest(Unit unit) {
            if (!(unit instanceof Unit.Frame(List<Integer> codes))) return Double.POSITIVE_INFINITY;
            return logits(List.of()).natsBelowBest(codes.getFirst(), CODES);
        }

        @Override
        public void requireNumbers(int at) {
            logits(List.of()).requireNumbers(at);
        }
    }

    @Override
    public OutputHead newHead() {
        OutputHead text = new VocabularyHead(transformer, heads, tokens);
        return (queries, layer) -> {
            List<OutputHead.Query> asText = queries.stream()
                    .filter(query -> query.modality() == Modality.TEXT)
                    .toList();
            List<Prediction> predictions = new ArrayList<>();
            // The vocabulary's scores are valid until it is asked again, so it is asked once.
            var ofText = (asText.isEmpty() ? List.<Prediction>of() : text.predict(asText, layer)).iterator();
            for (OutputHead.Query query : queries) {
                boolean frame = query.modality() == Modality.SPEECH;
                predictions.add(frame ? new FramePrediction(layer, query) : ofText.next());
            }
            return predictions;
        };
    }

    @Override
    public Set<Integer> exitLayers(Modality modality) {
        return heads.layers();
    }

    @Override
    public long speechHeadBytes(int layer, SpeechLogits logits) {
        throw new UnsupportedOperationException("bytes of a head");
    }

    @Override
    public long entropyBytes(int layer) {
        throw new UnsupportedOperationException("bytes of a head");
    }

    @Override
    public Input input(Unit unit) {
        return switch (unit) {
            case Unit.Token(int id) -> {
                transformer.checkToken(id);
                yield new Input.Token(id);
            }
            case Unit.Frame(List<Integer> codes) -> {
                float[] sum = new float[transformer.config().width()];
                for (int i = 0; i < CODEBOOKS; i++) {
                    for (int c = 0; c < sum.length; c++) sum[c] += inputs[i][codes.get(i)][c];
                }
                yield new Input.Vector(placeholder, sum, 0);
            }
        };
    }

    /**
     * Counts units: so many of text, then so many of speech; speech that has ended gives the turn back at once.
     *
     * @param left units of this run behind the next one
     */
    private record Counted(
            InterleaveFormat format,
            int textEnd,
            Modality modality,
            int chunkPosition,
            int left,
            int speechTail,
            boolean textEnded)
            implements InterleaveTracker {
        @Override
        public InterleaveTracker accept(Unit unit) {
            return switch (unit) {
                case Unit.Token(int id) -> {
                    boolean ended = textEnded || id == textEnd;
                    boolean speak = ended || left == 0;
                    yield speak
                            ? speech(ended, 0)
                            : new Counted(format, textEnd, modality, chunkPosition + 1, left - 1, 0, ended);
                }
                case Unit.Frame(List<Integer> codes) -> {
                    int tail = textEnded ? speechTail + 1 : 0;
                    boolean over = codes.getFirst() == END_CODE || left == 0 && !textEnded;
                    if (over)
                        yield new Counted(format, textEnd, Modality.TEXT, 1, format.textTokens() - 1, tail, textEnded);
                    // In the tail a chunk begins anew every so many frames.
                    yield left == 0
                            ? speech(textEnded, tail)
                            : new Counted(format, textEnd, modality, chunkPosition + 1, left - 1, tail, textEnded);
                }
            };
        }

        private Counted speech(boolean ended, int tail) {
            return new Counted(format, textEnd, Modality.SPEECH, 1, format.speechTokens() - 1, tail, ended);
        }
    }

    @Override
    public InterleaveTracker newTracker(int asked) {
        return new Counted(interleave, textEnd, Modality.TEXT, 1, interleave.textTokens() - 1, 0, false);
    }

    @Override
    public boolean isSpeech(Unit unit) {
        return unit instanceof Unit.Frame;
    }

    @Override
    public OptionalInt text(Unit unit) {
        return unit instanceof Unit.Token(int id) && tokens.isText(id) ? OptionalInt.of(id) : OptionalInt.empty();
    }

    @Override
    public int[] codes(Unit unit) {
        if (!(unit instanceof Unit.Frame(List<Integer> codes)) || codes.contains(END_CODE)) return new int[0];
        return codes.stream().mapToInt(Integer::intValue).toArray();
    }

    @Override
    public int codebooks() {
        return CODEBOOKS;
    }

    @Override
    public boolean isEnd(Unit unit) {
        return unit instanceof Unit.Token(int id) && tokens.isEnd(id);
    }

    @Override
    public boolean mayBreakPattern(Unit unit) {
        return switch (unit) {
            case Unit.Token(int id) -> id == textEnd;
            case Unit.Frame(List<Integer> codes) -> codes.getFirst() == END_CODE;
        };
    }
}
