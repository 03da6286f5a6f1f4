package sparrow.train.harvest;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import sparrow.engine.decode.LanguageModel;
import sparrow.engine.head.DraftHead;
import sparrow.engine.head.ExitHeads;
import sparrow.engine.head.Sampling;
import sparrow.engine.interleave.InterleaveFormat;
import sparrow.engine.interleave.Modality;
import sparrow.engine.interleave.TokenSpace;
import sparrow.engine.interleave.Unit;
import sparrow.engine.reply.Step;
import sparrow.engine.transformer.Layer;
import sparrow.engine.transformer.Linear;
import sparrow.engine.transformer.Rope;
import sparrow.engine.transformer.SelfAttention;
import sparrow.engine.transformer.Transformer;
import sparrow.engine.transformer.TransformerConfig;
import sparrow.models.SpokenModel;
import sparrow.models.family.Lazy;
import sparrow.models.family.ModelCard;
import sparrow.models.family.ModelFiles;
import sparrow.models.family.ModelInfo;
import sparrow.models.family.OpenedModel;
import sparrow.models.family.SpeechTasks;
import sparrow.study.folder.MixedNumerics;
import sparrow.study.folder.RunManifest;
import sparrow.tensor.Matrix;
import sparrow.tensor.kernel.Kernels;
import sparrow.train.TrainingSettings;
import sparrow.train.TrainingSettings.HeadNorm;
import sparrow.train.TrainingSettings.HeadShape;
import sparrow.train.optimiser.Hyperparameters;

/**
 * A store in which the head of layer 1 is known. The state after layer 1 is the last layer's, mirrored at a plane: h = Q
 * h_L with Q = I - 2 v v^T. An RMS norm of ones does not see that, so V = W Q gives layer 1 exactly the last layer's
 * scores; it differs from W by a matrix of rank one.
 */
public final class Planted {
    public static final int WIDTH = 24;
    public static final int VOCABULARY = 50;
    static final int LAYERS = 3;

    /** Replies of a file of the store. */
    static final int BATCH = 4;

    private static final int TEXT = 20;
    private static final int SPEECH = 28;
    private static final int END = 0;
    private static final int POSITIONS = 25;

    private final SplittableRandom random = new SplittableRandom(11);
    private final float[] mirror = unit();
    private final float[] output;
    private final LanguageModel model;

    public Planted(Kernels kernels, Arena arena) {
        this.output = numbers(VOCABULARY * WIDTH, 0.6);
        TransformerConfig config = new TransformerConfig(
                LAYERS, WIDTH, 1, 1, 4, 4, VOCABULARY, 64, 1e-6f, new Rope(4, 10_000, Rope.Pairing.HALVES));
        Matrix matrix = Matrix.copyOf(output, VOCABULARY, WIDTH, arena);
        Linear any = new Linear(kernels.view(matrix), null);
        Layer layer =
                new Layer(new float[WIDTH], new SelfAttention(any, any, any, any), new float[WIDTH], any, any, any);
        float[] ones = new float[WIDTH];
        Arrays.fill(ones, 1);
        Transformer transformer = new Transformer(
                config, kernels, matrix, Collections.nCopies(LAYERS, layer), ones, kernels.pack(matrix, arena));
        this.model = new LanguageModel(
                transformer,
                ExitHeads.none(transformer),
                new TokenSpace(TEXT, SPEECH, TEXT + SPEECH, Set.of(END)),
                new InterleaveFormat(3, 5));
    }

    /** Its layers and heads. */
    public LanguageModel languageModel() {
        return model;
    }

    /** The model, which neither hears nor speaks. */
    public SpokenModel model() {
        return spoken(model);
    }

    /** A language model as a spoken one: the same with other heads, say. */
    public static SpokenModel spoken(LanguageModel languageModel) {
        ModelInfo info = new ModelInfo(
                "planted",
                Path.of("planted"),
                new ModelFiles(
                        Path.of("planted"), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty()),
                "memory, f32",
                ModelCard.named("planted"),
                Sampling.GREEDY,
                1);
        return new SpokenModel(new OpenedModel(
                info,
                languageModel,
                null,
                null,
                SpeechTasks.NONE,
                Optional.empty(),
                new Lazy<>(() -> null),
                () -> null,
                text -> new int[0],
                () -> {},
                () -> {}));
    }

    /**
     * A random draft head whose cell is linear, as silu(z) - silu(-z) = z: half of its channels are the other half's
     * negatives. So its states do not agreement into one direction.
     */
    public DraftHead draftHead(Arena arena) {
        Kernels kernels = model.transformer().kernels();
        int half = WIDTH / 2;
        float[] rows = numbers(half * 2 * WIDTH, 1 / Math.sqrt(2.0 * WIDTH));
        float[] columns = numbers(WIDTH * half, 2 / Math.sqrt(half));
        float[] mix = Arrays.copyOf(rows, 2 * rows.length);
        for (int i = 0; i < rows.length; i++) mix[rows.length + i] = -rows[i];
        float[] change = new float[WIDTH * WIDTH];
        for (int r = 0; r < WIDTH; r++) {
            for (int c = 0; c < half; c++) {
                change[r * WIDTH + c] = columns[r * half + c];
                change[r * WIDTH + half + c] = -columns[r * half + c];
            }
        }
        return new DraftHead(
                new Linear(kernels.pack(Matrix.copyOf(mix, WIDTH, 2 * WIDTH, arena), arena), new float[WIDTH]),
                kernels.pack(Matrix.copyOf(change, WIDTH, WIDTH, arena), arena),
                1e-6f,
                3);
    }

    private float[] unit() {
        float[] v = numbers(WIDTH, 1);
        double squares = 0;
        for (float x : v) squares += (double) x * x;
        for (int i = 0; i < WIDTH; i++) v[i] /= (float) Math.sqrt(squares);
        return v;
    }

    private float[] numbers(int n, double scale) {
        float[] values = new float[n];
        for (int i = 0; i < n; i++) values[i] = (float) (random.nextGaussian() * scale);
        return values;
    }

    /** Q times a vector. */
    float[] mirrored(float[] h) {
        double along = 0;
        for (int i = 0; i < WIDTH; i++) along += (double) h[i] * mirror[i];
        float[] q = new float[WIDTH];
        for (int i = 0; i < WIDTH; i++) q[i] = (float) (h[i] - 2 * along * mirror[i]);
        return q;
    }

    /** The planted matrix, [vocabulary, width]: row r is Q times row r of the output matrix. */
    public float[] head() {
        float[] head = new float[output.length];
        for (int r = 0; r < VOCABULARY; r++) {
            float[] row = Arrays.copyOfRange(output, r * WIDTH, (r + 1) * WIDTH);
            System.arraycopy(mirrored(row), 0, head, r * WIDTH, WIDTH);
        }
        return head;
    }

    private List<float[]> states(int layer, List<float[]> last) {
        return switch (layer) {
            case LAYERS -> last;
            case 1 -> last.stream().map(this::mirrored).toList();
            default -> last.stream().map(state -> halved(mirrored(state))).toList();
        };
    }

    /** Writes a store of random replies, and opens it. */
    public HarvestStore store(Path folder, int replies, Targets targets) throws IOException {
        return store(folder, replies, targets, List.of(1));
    }

    /** As {@link #store(Path, int, Targets)}; states after layer 2 are those after layer 1 halved. */
    public HarvestStore store(Path folder, int replies, Targets targets, List<Integer> layers) throws IOException {
        return store(folder, replies, targets, layers, () -> {
            List<Place> places = new ArrayList<>();
            for (int at = 0; at < POSITIONS; at++) places.add(new Place(numbers(WIDTH, 1.5), 7));
            return places;
        });
    }

    /** A state after the last layer, and the token that followed. */
    private record Place(float[] state, int token) {}

    /** Writes a store of replies along which a draft head is always right: its steps are the states. */
    public HarvestStore walk(Path folder, int replies, DraftHead head) throws IOException {
        return store(folder, replies, Targets.EXACT, List.of(1), () -> {
            List<Place> places = new ArrayList<>();
            float[] state = numbers(WIDTH, 1.5);
            for (int at = 0; at < POSITIONS; at++) {
                int token = random.nextInt(VOCABULARY);
                places.add(new Place(state, token));
                float[] embedding = model.transformer().embed(token);
                state = head.next(model.transformer().kernels(), List.of(state), List.of(embedding))
                        .getFirst();
            }
            return places;
        });
    }

    private HarvestStore store(
            Path folder, int replies, Targets targets, List<Integer> layers, Supplier<List<Place>> reply)
            throws IOException {
        Files.createDirectories(folder);
        RunManifest facts = new HarvestSettings(layers, targets, Sampling.GREEDY, 100, BATCH).with(model());
        StoreMetadata metadata = StoreMetadata.of(folder, facts);
        LastLayer lastLayer = new LastLayer(model);
        try (HarvestFiles files = HarvestFiles.open(folder, facts, MixedNumerics.REFUSED)) {
            for (int i = 0; i < replies; i++) {
                List<Step> steps = new ArrayList<>();
                List<Place> places = reply.get();
                List<float[]> last = places.stream().map(Place::state).toList();
                for (int at = 0; at < POSITIONS; at++) {
                    Modality modality = at % 8 < 3 ? Modality.TEXT : Modality.SPEECH;
                    steps.add(new Step(
                            new Unit.Token(places.get(at).token()), modality, 1, LAYERS, 0, Double.NaN, Double.NaN, 0));
                }
                HarvestRows rows = HarvestRows.of(
                        metadata, steps, layer -> states(layer, last), lastLayer.distributions(last, targets.top()));
                files.keep(i, i, rows);
                if (i % BATCH == BATCH - 1 || i == replies - 1) files.finished(i / BATCH);
            }
        }
        return HarvestStore.open(folder);
    }

    private static float[] halved(float[] row) {
        for (int i = 0; i < row.length; i++) row[i] /= 2;
        return row;
    }

    /** All positions of a store. */
    public static Positions positions(HarvestStore store) {
        return Positions.of(store.replies(), number -> true, HeadVocabulary.FULL);
    }

    /** Settings that bring a head near the planted one. */
    public static TrainingSettings settings(HeadShape shape, HeadVocabulary vocabulary, int epochs) {
        return new TrainingSettings(List.of(1), vocabulary, HeadNorm.FINAL, shape, hyperparameters(epochs));
    }

    /** Hyperparameters of so many epochs, in small steps. */
    public static Hyperparameters hyperparameters(int epochs) {
        return hyperparameters(epochs, 5);
    }

    public static Hyperparameters hyperparameters(int epochs, long seed) {
        return new Hyperparameters(epochs, 32, 0.02, 0, 0.02, 0.5, 0.1, 3, 7, seed);
    }
}
