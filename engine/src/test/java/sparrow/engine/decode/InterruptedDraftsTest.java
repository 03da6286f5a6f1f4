package sparrow.engine.decode;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sparrow.engine.Machine;
import sparrow.engine.decode.speculate.StrategyFactory;
import sparrow.engine.exit.ExitPlan;
import sparrow.engine.exit.Speculation;
import sparrow.engine.head.Sampling;
import sparrow.engine.reply.Reply;
import sparrow.engine.reply.StopReason;

/** A reply that is broken off among its drafts keeps what was told of it, and no more. */
@Tag("stack")
class InterruptedDraftsTest {
    private static final int MAX = 24;
    private static final ExitPlan DRAFT =
            new ExitPlan(new Speculation.SelfDraft(1, 3), new Speculation.SelfDraft(1, 4));

    @RegisterExtension
    private final Machine machine = new Machine(2);

    @AfterEach
    void clear() {
        Thread.interrupted();
    }

    private LanguageModel model() {
        return RandomModel.of(new SplittableRandom(8), machine);
    }

    private static GenerationConfig config(ExitPlan plan, int tokens) {
        return new GenerationConfig(plan, new Sampling(0.8, 0, 1, 1, 3), Limits.newTokens(tokens));
    }

    /** Passes that decide before it is interrupted. */
    static IntStream passes() {
        return IntStream.range(0, 20);
    }

    private static Generation interrupted(LanguageModel model, int passes, Request request) {
        Decoder decoder = StrategyFactory.decoder(model, config(DRAFT, MAX));
        Generation generation = decoder.admit(request);
        while (decoder.prefill(8) > 0) {}
        for (int i = 0; i < passes && !generation.hasEnded(); i++) decoder.step();
        Thread.currentThread().interrupt();
        if (!generation.hasEnded()) decoder.step();
        Thread.interrupted();
        return generation;
    }

    @ParameterizedTest(name = "after {0} passes")
    @MethodSource("passes")
    void theReplyIsABeginningOfThatOfFullDepthAndTheNextTurnFollowsIt(int passes) {
        LanguageModel model = model();
        int[] whole = StrategyFactory.decoder(model, config(ExitPlan.NONE, MAX))
                .reply(Request.of(new Sequence(model), 3, 4))
                .tokens();
        Request request = Request.of(new Sequence(model), 3, 4);

        Reply cut = interrupted(model, passes, request).reply();

        int told = cut.steps().size();
        assertThat(cut.tokens()).isEqualTo(Arrays.copyOf(whole, told));
        if (told == 0) return;
        Request plain = Request.of(new Sequence(model), 3, 4);
        StrategyFactory.decoder(model, config(ExitPlan.NONE, told)).reply(plain);
        assertThat(request.sequence().tokens()).isEqualTo(plain.sequence().tokens());
        assertThat(next(model, DRAFT, request.sequence())).isEqualTo(next(model, ExitPlan.NONE, plain.sequence()));
    }

    private static int[] next(LanguageModel model, ExitPlan plan, Sequence sequence) {
        return StrategyFactory.decoder(model, config(plan, MAX))
                .reply(Request.of(sequence, 5, 6))
                .tokens();
    }

    @Test
    @Tag("host")
    void someOfTheseAreBrokenOffAmongDrafts() {
        LanguageModel model = model();

        long among = passes().mapToObj(passes -> interrupted(model, passes, Request.of(new Sequence(model), 3, 4))
                        .reply())
                .filter(reply -> reply.stop() == StopReason.INTERRUPTED)
                .filter(reply -> reply.compute().total().drafted() > 0)
                .count();

        assertThat(among).isGreaterThan(5);
    }
}
