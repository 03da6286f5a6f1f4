package sparrow.engine.decode;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.IntStream;
import sparrow.engine.Machine;
import sparrow.engine.exit.ExitPlan;
import sparrow.engine.exit.ExitPolicy;
import sparrow.engine.exit.SkippedKv;
import sparrow.engine.head.DraftHead;
import sparrow.engine.head.ExitHead;
import sparrow.engine.head.ExitHeads;
import sparrow.engine.head.Input;
import sparrow.engine.interleave.InterleaveFormat;
import sparrow.engine.interleave.SpeechMarks;
import sparrow.engine.interleave.SpeechTokens;
import sparrow.engine.interleave.TokenSpace;
import sparrow.engine.interleave.Unit;
import sparrow.engine.transformer.AttentionSpan;
import sparrow.engine.transformer.Layer;
import sparrow.engine.transformer.Linear;
import sparrow.engine.transformer.Rope;
import sparrow.engine.transformer.SelfAttention;
import sparrow.engine.transformer.ShortConvolution;
import sparrow.engine.transformer.TokenMixer;
import sparrow.engine.transformer.Transformer;
import sparrow.engine.transformer.TransformerConfig;
import sparrow.tensor.DType;
import sparrow.tensor.Matrix;
import sparrow.tensor.kernel.Kernels;
import sparrow.tensor.kernel.Weight;

/**
 * Small models, prompts and exit plans drawn from a seed: every size and weight is random, every layer has a head. Layers
 * rotate queries and keys as ChatGLM or as Qwen2 does, or are those of LFM2 or LFM3: short convolutions, and attention that
 * normalises its heads; in LFM3 with gates, windows and post norms. Replies alternate as GLM-4-Voice's or as Step-Audio-2's.
 */
final class RandomModel {
    private static final int TEXT = 20;
    private static final int SPEECH = 40;
    private static final int END = 0;

    /** GLM-4-Voice's kind: text, then codes. */
    private static final TokenSpace PLAIN = new TokenSpace(TEXT, SPEECH, TEXT + SPEECH, Set.of(END));

    /** Step-Audio-2's kind: text, three marks, codes, audio padding. */
    private static final SpeechMarks MARKS = new SpeechMarks(TEXT - 3, TEXT - 2, TEXT - 1);

    private static final TokenSpace MARKED = new TokenSpace(
            MARKS.start(), new SpeechTokens(TEXT, SPEECH - 5, SPEECH, Optional.of(MARKS)), TEXT + SPEECH, Set.of(END));

    private final SplittableRandom random;
    private final Machine machine;
    private final DType type;
    private final Kernels kernels;
    private final Arena arena;

    private RandomModel(SplittableRandom random, Machine machine, DType type) {
        this.random = random;
        this.machine = machine;
        this.type = type;
        this.kernels = machine.kernels();
        this.arena = machine.arena();
    }

    /** A model, and its layers one by one. */
    record Open(LanguageModel model, List<Layer> layers) {}

    /** A model whose units are tokens. */
    static LanguageModel of(SplittableRandom random, Machine machine) {
        return open(random, machine).model();
    }

    /** A model with weights of a type. The weights of its draft head are f32. */
    static LanguageModel of(SplittableRandom random, Machine machine, DType type) {
        return new RandomModel(random, machine, type).build().model();
    }

    /** A model of any family: every third one decides frames at its speech positions. */
    static LanguageModel any(SplittableRandom random, Machine machine) {
        boolean frames = random.nextInt(3) == 0;
        LanguageModel model = of(random, machine);
        return frames ? withFrames(random, model) : model;
    }

    /** The same layers and heads of text, in front of frames. */
    static LanguageModel withFrames(SplittableRandom random, LanguageModel model) {
        FrameUnits units =
                new FrameUnits(random, model.transformer(), model.heads(), PLAIN, model.interleave(), MARKS.start());
        return new LanguageModel(
                model.transformer(), model.heads(), PLAIN, model.interleave(), model.characters(), units);
    }

    /** The input of a unit, [width]. */
    static float[] embedding(LanguageModel model, Unit unit) {
        return switch (model.units().input(unit)) {
            case Input.Token(int token) -> model.transformer().embed(token);
            case Input.Vector(int token, float[] values, int offset) -> values.clone();
        };
    }

    /** A treatment that the model takes: one with convolutions refuses to omit positions. */
    static SkippedKv suited(SkippedKv treatment, LanguageModel model) {
        boolean convolves =
                model.transformer().layers().stream().anyMatch(layer -> layer.mixer() instanceof ShortConvolution);
        return convolves && treatment == SkippedKv.OMIT ? SkippedKv.COPY : treatment;
    }

    /** A plan with such a treatment. */
    static ExitPlan suited(ExitPlan plan, LanguageModel model) {
        return new ExitPlan(
                plan.text(), plan.speech(), suited(plan.skippedKv(), model), plan.verification(), plan.speechLogits());
    }

    static Open open(SplittableRandom random, Machine machine) {
        return new RandomModel(random, machine, DType.F32).build();
    }

    /** Any of the policies, for text and for speech. */
    static ExitPlan plan(SplittableRandom random, int layers) {
        return new ExitPlan(policy(random, layers), policy(random, layers));
    }

    /** The same with a treatment of the layers that they skip. */
    static ExitPlan plan(SplittableRandom random, int layers, SkippedKv treatment) {
        return new ExitPlan(policy(random, layers), policy(random, layers), treatment);
    }

    /** Any ids; every second prompt asks for speech, where the model knows such a thing. */
    static int[] prompt(SplittableRandom random) {
        int[] prompt = random.ints(random.nextInt(1, 12), 1, TEXT + SPEECH).toArray();
        if (random.nextBoolean()) prompt[prompt.length - 1] = MARKS.start();
        return prompt;
    }

    /** Hidden states over some of the positions of every second prompt. */
    static List<PromptEmbeddings> rows(SplittableRandom random, int promptLength, int width) {
        if (random.nextBoolean()) return List.of();
        int at = random.nextInt(promptLength);
        int count = random.nextInt(promptLength - at + 1);
        float[] rows = new float[count * width];
        for (int i = 0; i < rows.length; i++) rows[i] = (float) random.nextGaussian();
        return List.of(new PromptEmbeddings(at, rows));
    }

    private static ExitPolicy policy(SplittableRandom random, int layers) {
        int layer = random.nextInt(1, layers);
        return switch (random.nextInt(5)) {
            case 0 -> new ExitPolicy.None();
            case 1 -> new ExitPolicy.Fixed(layer);
            // Random heads over 60 tokens have entropies of 3 to 4 nats: both outcomes occur.
            case 2 -> new ExitPolicy.Confidence(layersFrom(random, layer, layers), random.nextDouble(2.5, 4.1));
            default -> new ExitPolicy.Periodic(pattern(random), layer);
        };
    }

    /** One layer, or some more above it. */
    private static SortedSet<Integer> layersFrom(SplittableRandom random, int first, int layers) {
        SortedSet<Integer> some = new TreeSet<>(Set.of(first));
        for (int layer = first + 1; layer < layers; layer++) if (random.nextInt(3) == 0) some.add(layer);
        return some;
    }

    private static String pattern(SplittableRandom random) {
        StringBuilder pattern = new StringBuilder();
        for (int i = random.nextInt(1, 6); i > 0; i--) pattern.append(random.nextBoolean() ? 'F' : 'E');
        return pattern.toString();
    }

    private Open build() {
        int kvHeads = random.nextInt(1, 3);
        int headWidth = 4 * random.nextInt(1, 4);
        boolean lfm = random.nextInt(3) == 0 && machine.isHost();
        boolean chatGlm = !lfm && random.nextBoolean();
        boolean third = lfm && random.nextBoolean();
        int group = random.nextInt(1, 4);
        int width = random.nextInt(8, 40);
        int ffnWidth = random.nextInt(8, 50);
        if (type.isQuantised()) {
            // Rows consist of complete blocks.
            headWidth = type.blockElements();
            width = 256;
            ffnWidth = 256;
        }
        int layerCount = random.nextInt(2, type.isQuantised() ? 4 : 7);
        TransformerConfig config = new TransformerConfig(
                layerCount,
                width,
                kvHeads * group,
                kvHeads,
                headWidth,
                ffnWidth,
                TEXT + SPEECH + 3,
                512,
                1e-6f,
                chatGlm
                        ? new Rope(headWidth / 2, 10_000, Rope.Pairing.INTERLEAVED)
                        : new Rope(headWidth, 1_000_000, Rope.Pairing.HALVES, third ? headWidth / 4 : headWidth / 2));
        List<Layer> layers = new ArrayList<>();
        for (int i = 0; i < config.layers(); i++) layers.add(lfm ? lfmLayer(config, third) : layer(config));
        Transformer transformer = machine.placed(new Transformer(
                config,
                kernels,
                Matrix.copyOf(
                        numbers(config.vocabulary() * config.width(), 1), config.vocabulary(), config.width(), arena),
                layers,
                ones(config.width()),
                weight(config.vocabulary(), config.width(), 3)));
        LanguageModel model = new LanguageModel(
                transformer,
                heads(transformer),
                random.nextBoolean() ? PLAIN : MARKED,
                new InterleaveFormat(random.nextInt(1, 6), random.nextInt(1, 9)));
        return new Open(model, layers);
    }

    private Layer layer(TransformerConfig config) {
        int width = config.width();
        return new Layer(
                ones(width),
                attention(config, null, null, null, AttentionSpan.CAUSAL),
                ones(width),
                linear(config.ffnWidth(), width),
                linear(config.ffnWidth(), width),
                linear(width, config.ffnWidth()));
    }

    private SelfAttention attention(
            TransformerConfig config, float[] queryNorm, float[] keyNorm, Linear gate, AttentionSpan span) {
        int width = config.width();
        return new SelfAttention(
                linear(config.queryWidth(), width),
                linear(config.kvWidth(), width),
                linear(config.kvWidth(), width),
                linear(width, config.queryWidth()),
                queryNorm,
                keyNorm,
                gate,
                span);
    }

    /** Attention of LFM2, or of LFM3: with gates, and every second time with a window. */
    private SelfAttention lfmAttention(TransformerConfig config, boolean third) {
        AttentionSpan window = new AttentionSpan.Window(
                random.nextInt(1, 20), new Rope(config.headWidth(), 5_000, Rope.Pairing.HALVES));
        return attention(
                config,
                ones(config.headWidth()),
                ones(config.headWidth()),
                third ? linear(config.heads(), config.width()) : null,
                third && random.nextBoolean() ? window : AttentionSpan.CAUSAL);
    }

    /**
     * A layer of LFM2 or LFM3: two of three are convolutions over 1 to 4 positions.
     *
     * @param third whether it is a layer of LFM3
     */
    private Layer lfmLayer(TransformerConfig config, boolean third) {
        int width = config.width();
        TokenMixer mixer = random.nextInt(3) == 0
                ? lfmAttention(config, third)
                : new ShortConvolution(
                        linear(width, width),
                        linear(width, width),
                        linear(width, width),
                        IntStream.rangeClosed(0, random.nextInt(4))
                                .mapToObj(tap -> numbers(width, 1))
                                .toArray(float[][]::new),
                        linear(width, width));
        return new Layer(
                ones(width),
                mixer,
                ones(width),
                linear(config.ffnWidth(), width),
                linear(config.ffnWidth(), width),
                linear(width, config.ffnWidth()),
                third ? new Layer.PostNorms(ones(width), ones(width)) : null);
    }

    /** A head for every layer below L: full or restricted to most speech, one text token and the ends, with or without norm. */
    private ExitHeads heads(Transformer transformer) {
        int width = transformer.config().width();
        List<ExitHead> heads = new ArrayList<>();
        for (int layer = 1; layer < transformer.config().layers(); layer++) {
            int[] tokens = random.nextBoolean()
                    ? null
                    : IntStream.concat(
                                    IntStream.range(TEXT, TEXT + SPEECH - 1), IntStream.of(TEXT - 4, MARKS.end(), END))
                            .toArray();
            int rows = tokens == null ? transformer.config().vocabulary() : tokens.length;
            float[] norm = random.nextBoolean() ? transformer.finalNorm() : null;
            heads.add(new ExitHead(layer, weight(rows, width, norm == null ? 0.5 : 2), tokens, norm, 1e-6f));
        }
        return ExitHeads.of(transformer, heads).withDraft(draftHead(width));
    }

    /** A draft head of random weights, drawn apart: a model without it has the same weights otherwise. */
    private DraftHead draftHead(int width) {
        RandomModel apart = new RandomModel(new SplittableRandom(width), machine, DType.F32);
        return new DraftHead(
                new Linear(apart.weight(width + 3, 2 * width, 1), apart.numbers(width + 3, 0.1)),
                apart.weight(width, width + 3, 2),
                1e-6f,
                3);
    }

    private Linear linear(int rows, int columns) {
        return new Linear(weight(rows, columns, 1), random.nextBoolean() ? numbers(rows, 0.1) : null);
    }

    private Weight weight(int rows, int columns, double scale) {
        Matrix matrix = matrix(rows, columns, scale / Math.sqrt(columns));
        return random.nextBoolean() ? kernels.pack(matrix, arena) : kernels.view(matrix);
    }

    private Matrix matrix(int rows, int columns, double scale) {
        if (type == DType.F32) return Matrix.copyOf(numbers(rows * columns, scale), rows, columns, arena);
        byte[] bytes = new byte[Math.toIntExact(type.bytes((long) rows * columns))];
        if (type.isQuantised()) random.nextBytes(bytes);
        MemorySegment data = arena.allocate(bytes.length, 64).copyFrom(MemorySegment.ofArray(bytes));
        if (type.isQuantised()) {
            // A block's numbers are up to some hundred times its factors.
            short factor = Float.floatToFloat16((float) (scale / 100));
            for (long at = 0; at < bytes.length; at += type.blockBytes()) {
                for (int place : type.factors()) data.set(ValueLayout.JAVA_SHORT_UNALIGNED, at + place, factor);
            }
        } else {
            for (int i = 0; i < rows * columns; i++) {
                float number = (float) (random.nextGaussian() * scale);
                int bits = type == DType.BF16 ? Float.floatToRawIntBits(number) >>> 16 : Float.floatToFloat16(number);
                data.set(ValueLayout.JAVA_SHORT_UNALIGNED, 2L * i, (short) bits);
            }
        }
        return new Matrix(data, type, rows, columns);
    }

    private float[] ones(int n) {
        float[] values = numbers(n, 0.2);
        for (int i = 0; i < n; i++) values[i] += 1;
        return values;
    }

    private float[] numbers(int n, double scale) {
        float[] values = new float[n];
        for (int i = 0; i < n; i++) values[i] = (float) (random.nextGaussian() * scale);
        return values;
    }
}
