package sparrow.engine.decode;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sparrow.engine.Machine;
import sparrow.engine.decode.speculate.StrategyFactory;
import sparrow.engine.exit.ExitPlan;
import sparrow.engine.exit.ExitPolicy;
import sparrow.engine.exit.Speculation;
import sparrow.engine.exit.Verification;
import sparrow.engine.head.Sampling;
import sparrow.engine.reply.Reply;
import sparrow.engine.transformer.KvCache;
import sparrow.engine.transformer.Transformer;
import sparrow.tensor.DType;
import sparrow.tensor.kernel.KvFormat;
import sparrow.testing.Seeds;

/**
 * A reply and its keys and values do not depend on the batch or on verified drafts, bit for bit, in any format of weights,
 * keys and values.
 */
@Tag("host")
class ExactBatchTest {
    private static final DType[] TYPES = {
        DType.F32, DType.F16, DType.BF16, DType.Q8_0, DType.Q4_0, DType.Q4_0, DType.Q4_K, DType.Q5_K, DType.Q6_K
    };

    @RegisterExtension
    private final Machine machine = new Machine(2);

    static LongStream seeds() {
        return Seeds.drawn(20264);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void aReplyIsTheSameAloneAndInABatchWithAndWithoutDrafts(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        DType type = TYPES[random.nextInt(TYPES.length)];
        KvFormat kv = KvFormat.values()[random.nextInt(KvFormat.values().length)];
        LanguageModel model = withKv(RandomModel.of(random, machine, type), kv);
        int size = random.nextInt(1, 25);
        List<int[]> prompts =
                Stream.generate(() -> RandomModel.prompt(random)).limit(size).toList();
        List<GenerationConfig> configs =
                Stream.generate(() -> config(random, model)).limit(size).toList();

        Decoder decoder = StrategyFactory.decoder(model, configs.getFirst());
        List<Generation> batch = new ArrayList<>();
        for (int i = 0; i < size; i++) batch.add(decoder.admit(request(model, prompts.get(i), i), configs.get(i)));
        while (decoder.prefill(Transformer.PASS_POSITIONS) > 0) {}
        while (!decoder.isIdle()) decoder.step();

        for (int i = 0; i < size; i++) {
            GenerationConfig config = configs.get(i);
            Request again = request(model, prompts.get(i), i);
            Reply alone = new Decoder(model, withoutDrafts(config)).reply(again);
            String what = "%s, keys and values in %s, %d of %d, %s".formatted(type, kv, i, size, config.plan());
            assertThat(batch.get(i).reply().units()).as(what).isEqualTo(alone.units());
            assertSameKeysAndValues(batch.get(i).sequence(), again.sequence(), model.layers(), what);
        }
    }

    /** Compares the positions that both caches contain, bit for bit. */
    private static void assertSameKeysAndValues(Sequence a, Sequence b, int layers, String what) {
        KvCache one = a.cache();
        KvCache other = b.cache();
        for (int layer = 1; layer <= layers; layer++) {
            for (int i = 0; i < Math.min(one.length(layer), other.length(layer)); i++) {
                assertThat(one.key(layer, i)).as("%s, layer %d", what, layer).isEqualTo(other.key(layer, i));
                assertThat(one.value(layer, i)).as("%s, layer %d", what, layer).isEqualTo(other.value(layer, i));
            }
        }
    }

    private static LanguageModel withKv(LanguageModel model, KvFormat format) {
        return new LanguageModel(
                model.transformer().withKvFormat(format),
                model.heads(),
                model.tokens().withoutMarks(),
                model.interleave());
    }

    private static Request request(LanguageModel model, int[] prompt, int stream) {
        return Request.of(new Sequence(model), prompt).withStream(stream);
    }

    private static GenerationConfig config(SplittableRandom random, LanguageModel model) {
        int layer = random.nextInt(1, model.layers());
        ExitPlan plan = switch (random.nextInt(5)) {
            case 0 -> ExitPlan.NONE;
            case 1 -> RandomModel.plan(random, model.layers());
            case 2 -> new ExitPlan(new Speculation.DraftHeadPolicy(3), new Speculation.DraftHeadPolicy(3));
            case 3 -> ExitPlan.speech(new Speculation.SelfDraft(layer, 3));
            default -> ExitPlan.speech(new ExitPolicy.Periodic("FE", layer)).with(Verification.EXACT);
        };
        Sampling sampling = new Sampling(random.nextBoolean() ? 0 : 0.8, 40, 1, 1, random.nextInt(50));
        return new GenerationConfig(plan, sampling, Limits.newTokens(10));
    }

    /** A verified plan promises the reply of full depth. */
    private static GenerationConfig withoutDrafts(GenerationConfig config) {
        if (config.plan().verification() != Verification.EXACT) return config;
        return new GenerationConfig(ExitPlan.NONE, config.sampling(), config.limits());
    }
}
