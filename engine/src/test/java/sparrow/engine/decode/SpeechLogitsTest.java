package sparrow.engine.decode;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sparrow.engine.Machine;
import sparrow.engine.exit.ExitPlan;
import sparrow.engine.exit.SpeechLogits;
import sparrow.engine.head.Sampling;
import sparrow.engine.interleave.Modality;
import sparrow.engine.interleave.SpeechMarks;
import sparrow.engine.interleave.SpeechTokens;
import sparrow.engine.interleave.TokenSpace;
import sparrow.engine.reply.Reply;
import sparrow.engine.reply.Step;
import sparrow.engine.transformer.Logits;
import sparrow.testing.Seeds;

/** Speech positions with the speech rows of the output matrix alone, over random models and policies. */
@Tag("stack")
class SpeechLogitsTest {
    private static final SpeechLogits ALL = SpeechLogits.ALL;
    private static final SpeechLogits SPEECH = SpeechLogits.SPEECH;

    @RegisterExtension
    private final Machine machine = new Machine(1);

    /** Replies of a test, and positions in them that it compared. */
    private static final AtomicInteger REPLIES = new AtomicInteger();

    private static final AtomicInteger COMPARED = new AtomicInteger();

    static LongStream seeds() {
        return Seeds.drawn(4096);
    }

    /** A single random reply may contain no speech at full depth; most of them do. */
    @AfterAll
    static void mostRepliesContainPositionsToCompare() {
        assertThat(COMPARED.get()).isGreaterThanOrEqualTo(REPLIES.get() / 2);
    }

    /** Decoding and prefill sum the same products in another order; see EarlyExitPropertyTest. */
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void choiceAtFullDepthIsTheGreedyOneAmongTheAllowedTokens(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        LanguageModel model = RandomModel.of(random, machine);
        int layers = model.transformer().config().layers();
        BitSet allowed = model.tokens().allowedInSpeech();
        int[] prompt = RandomModel.prompt(random);
        ExitPlan plan = RandomModel.plan(random, layers);

        Reply reply = reply(model, plan, prompt, SPEECH);

        REPLIES.incrementAndGet();
        Sequence sequence = new Sequence(model.transformer());
        for (int token : prompt) sequence.append(token);
        for (Step step : reply.steps()) {
            model.transformer().forward(sequence.pendingBelow(layers), layers);
            if (step.modality() == Modality.SPEECH && step.exitLayer() == layers) {
                Logits whole = model.heads()
                        .at(layers)
                        .logits(model.transformer().newHeadKernel(), List.of(sequence.newest()))
                        .getFirst();
                float best = Float.NEGATIVE_INFINITY;
                for (int token = 0; token < allowed.length(); token++) {
                    if (allowed.get(token)) best = Math.max(best, whole.values()[token]);
                }
                assertThat(allowed.get(step.token())).isTrue();
                assertThat(whole.values()[step.token()]).isGreaterThan(best - 2e-3f);
                COMPARED.incrementAndGet();
            }
            sequence.append(step.token());
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void repliesDifferExactlyWhereAllLogitsChooseNeitherSpeechNorAnEnd(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        LanguageModel model = RandomModel.of(random, machine);
        ExitPlan plan = RandomModel.plan(random, model.transformer().config().layers());
        int[] prompt = RandomModel.prompt(random);

        Reply all = reply(model, plan, prompt, ALL);
        Reply speech = reply(model, plan, prompt, SPEECH);

        if (wrong(model, all) == 0) assertThat(speech.tokens()).isEqualTo(all.tokens());
        else assertThat(speech.tokens()).isNotEqualTo(all.tokens());
        assertThat(wrong(model, speech)).isZero();
    }

    @Test
    @Tag("host")
    void bothOutcomesOccurInTheseTests() {
        List<Boolean> differ = new ArrayList<>();
        Seeds.fixed(4096, 60).forEach(seed -> {
            SplittableRandom random = new SplittableRandom(seed);
            LanguageModel model = RandomModel.of(random, machine);
            int[] prompt = RandomModel.prompt(random);
            differ.add(wrong(model, reply(model, ExitPlan.NONE, prompt, ALL)) > 0);
        });

        assertThat(differ).contains(true, false);
    }

    @Test
    void speechAndEndTokensAreAllowedWhereSpeechIsExpected() {
        TokenSpace tokens = new TokenSpace(10, 5, 20, Set.of(0, 3, 30));

        assertThat(tokens.allowedInSpeech().stream()).containsExactly(0, 3, 10, 11, 12, 13, 14);

        SpeechTokens marked = new SpeechTokens(10, 3, 5, Optional.of(new SpeechMarks(7, 8, 9)));
        // Padding too: it takes a speech slot. A start or a text slot's padding has no place there.
        assertThat(new TokenSpace(6, marked, 20, Set.of(2)).allowedInSpeech().stream())
                .containsExactly(2, 8, 10, 11, 12, 13, 14);
    }

    @Test
    @Tag("host")
    void allRowsAreComputedWhereSpeechHasEnded() {
        int text = 0;
        for (long seed : Seeds.fixed(4096, 60).toArray()) {
            SplittableRandom random = new SplittableRandom(seed);
            LanguageModel model = RandomModel.of(random, machine);
            if (model.tokens().speech().marks().isEmpty()) continue;
            SpeechMarks marks = model.tokens().speech().marks().orElseThrow();
            // Speech has only just begun when it ends: what follows is expected to be text, however short its cycle is.
            int[] forced = {5, model.tokens().speechOffset(), marks.end()};
            int[] prompt = {7, marks.start()};

            Step all = afterForced(model, prompt, forced, ALL);
            Step speech = afterForced(model, prompt, forced, SPEECH);

            assertThat(speech.modality()).isEqualTo(Modality.TEXT);
            assertThat(speech.token()).isEqualTo(all.token());
            if (!model.tokens().allowedInSpeech().get(speech.token())) text++;
        }
        assertThat(text).isPositive();
    }

    private static Step afterForced(LanguageModel model, int[] prompt, int[] forced, SpeechLogits rows) {
        Decoder decoder = new Decoder(
                model,
                new GenerationConfig(ExitPlan.NONE.with(rows), Sampling.GREEDY, Limits.newTokens(forced.length + 1)));
        return decoder.reply(Request.of(new Sequence(model), prompt).withForced(forced))
                .steps()
                .getLast();
    }

    private static Reply reply(LanguageModel model, ExitPlan plan, int[] prompt, SpeechLogits rows) {
        return new Decoder(model, new GenerationConfig(plan.with(rows), Sampling.GREEDY, Limits.newTokens(40)))
                .reply(Request.of(new Sequence(model), prompt));
    }

    /** Positions where speech was expected at full depth. */
    private static int fullSpeech(LanguageModel model, Reply reply) {
        int layers = model.transformer().config().layers();
        return (int) reply.steps().stream()
                .filter(step -> step.modality() == Modality.SPEECH && step.exitLayer() == layers)
                .count();
    }

    /** Those of them that chose neither speech nor an end. */
    private static int wrong(LanguageModel model, Reply reply) {
        BitSet allowed = model.tokens().allowedInSpeech();
        int layers = model.transformer().config().layers();
        return (int) reply.steps().stream()
                .filter(step -> step.modality() == Modality.SPEECH && step.exitLayer() == layers)
                .filter(step -> !allowed.get(step.token()))
                .count();
    }
}
