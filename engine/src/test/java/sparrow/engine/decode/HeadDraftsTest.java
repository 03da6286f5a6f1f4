package sparrow.engine.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sparrow.engine.Machine;
import sparrow.engine.decode.speculate.ForcedDrafts;
import sparrow.engine.decode.speculate.StrategyFactory;
import sparrow.engine.exit.ExitPlan;
import sparrow.engine.exit.Speculation;
import sparrow.engine.head.ExitHeads;
import sparrow.engine.head.Sampling;
import sparrow.engine.interleave.Modality;
import sparrow.engine.interleave.Unit;
import sparrow.engine.reply.ComputeStats;
import sparrow.engine.reply.Reply;
import sparrow.engine.reply.Step;
import sparrow.engine.transformer.Logits;

/**
 * The drafts of a draft head, and their cost. That they never change a reply is shown by {@link VerifiedReplyTest} and {@link
 * VerifiedStopsTest}.
 */
@Tag("stack")
class HeadDraftsTest {
    private static final int MAX_TOKENS = 40;

    @RegisterExtension
    private final Machine machine = new Machine(2);

    private LanguageModel model(long seed) {
        LanguageModel model = RandomModel.of(new SplittableRandom(seed), machine);
        return new LanguageModel(
                model.transformer(), model.heads(), model.tokens().withoutMarks(), model.interleave());
    }

    private static GenerationConfig config(ExitPlan plan, int tokens) {
        return new GenerationConfig(plan, Sampling.GREEDY, Limits.newTokens(tokens));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7})
    void draftsThatAreRightCostOnePassForAllOfThem(int most) {
        LanguageModel model = model(5);
        int cycles = 6;
        // The first token is decided by the prompt, then each pass decides its drafts and one more.
        int[] forced =
                IntStream.generate(() -> 20).limit(1 + cycles * (most + 1)).toArray();
        Request request = Request.of(new Sequence(model), 3, 4).withForced(forced);

        Reply reply = StrategyFactory.decoder(
                        model, config(ExitPlan.speech(new Speculation.DraftHeadPolicy(most)), forced.length))
                .reply(request);

        ComputeStats.Share speech = reply.compute().speech();
        assertThat(speech.passes()).containsOnlyKeys(model.layers()).containsEntry(model.layers(), cycles);
        assertThat(speech.drafted()).isEqualTo(cycles * most);
        assertThat(speech.accepted()).isEqualTo(cycles * most);
        assertThat(reply.compute().total().positionLayers()).isEqualTo((long) forced.length * model.layers());
        for (Step step : reply.steps()) assertThat(step.exitLayer()).isEqualTo(model.layers());
        assertThat(reply.steps().stream().filter(step -> step.draftLayer() == model.layers()))
                .hasSize(cycles * most);
        assertThat(reply.agreement().checked()).isEqualTo(cycles * most);
    }

    @Test
    void whatStandsBehindAWrongDraftIsTakenBack() {
        LanguageModel model = model(5);
        int[] forced = IntStream.range(0, 61).map(i -> 20 + i % 7).toArray();
        Request request = Request.of(new Sequence(model), 3, 4).withForced(forced);

        Reply reply = new Decoder(
                        model,
                        config(ExitPlan.speech(new Speculation.DraftHeadPolicy(3)), forced.length),
                        new ForcedDrafts((place, draft, unit) -> draft == 2 ? new Unit.Token(50) : unit))
                .reply(request);

        // Two tokens a pass, the accepted one and a correction; the last pass has room for one draft.
        assertThat(request.sequence().tokens()).endsWith(forced);
        ComputeStats.Share speech = reply.compute().speech();
        assertThat(speech.passes()).containsEntry(model.layers(), 30);
        assertThat(speech.accepted()).isEqualTo(30);
        assertThat(speech.drafted()).isEqualTo(29 * 3 + 1);
        assertThat(reply.compute().total().positionLayers()).isEqualTo((1 + 29L * 4 + 2) * model.layers());
    }

    /** Follows a greedy reply with the draft head alone, from the states that a plain reading gives. */
    @Test
    void draftsAreThoseOfTheDraftHeadOnTheLastState() {
        int drafted = 0;
        for (long seed = 0; seed < 15; seed++) {
            LanguageModel model = model(seed);
            Reply reply = StrategyFactory.decoder(
                            model,
                            config(
                                    new ExitPlan(
                                            new Speculation.DraftHeadPolicy(3), new Speculation.DraftHeadPolicy(3)),
                                    MAX_TOKENS))
                    .reply(Request.of(new Sequence(model), 3, 4, 5));
            int[] tokens = reply.tokens();
            Sequence read = new Sequence(model);
            for (int token : new int[] {3, 4, 5}) read.append(token);
            read.runPending();
            int at = 0;
            int accepted = 0;
            while (at < tokens.length - 1) {
                // The token at this place was decided by the newest state.
                float[] state = read.newest().read();
                int right = 0;
                // A draft is followed by a token of full depth.
                int most = Math.min(3, MAX_TOKENS - 2 - at);
                while (right < most
                        && at + right + 1 < tokens.length
                        && draft(model, state, tokens[at + right], reply, at + right) == tokens[at + right + 1]) {
                    state = next(model, state, tokens[at + right]);
                    right++;
                    assertThat(reply.steps().get(at + right).draftLayer()).isEqualTo(model.layers());
                    if (model.tokens().isEnd(tokens[at + right])) break;
                }
                accepted += right;
                for (int i = 0; i <= right && at < tokens.length - 1; i++) {
                    read.append(tokens[at++]);
                    read.runPending();
                }
            }
            assertThat(reply.compute().total().accepted()).as("seed %d", seed).isEqualTo(accepted);
            drafted += reply.compute().total().drafted();
        }
        assertThat(drafted).isGreaterThan(250);
    }

    private static float[] next(LanguageModel model, float[] state, int token) {
        return model.heads()
                .draft()
                .orElseThrow()
                .next(
                        model.transformer().kernels(),
                        List.of(state),
                        List.of(model.transformer().embed(token)))
                .getFirst();
    }

    private static int draft(LanguageModel model, float[] state, int token, Reply reply, int at) {
        Logits logits = model.heads()
                .full()
                .logits(model.transformer(), List.of(next(model, state, token)))
                .getFirst();
        boolean speech = reply.steps().get(at + 1).modality() == Modality.SPEECH;
        if (speech) logits = logits.restrictedTo(model.tokens().allowedInSpeech());
        return logits.best(model.tokens().usable());
    }

    @Test
    void sequencesDraftTogetherWhatEachDraftsAlone() {
        LanguageModel model = model(8);
        ExitPlan plan = new ExitPlan(new Speculation.DraftHeadPolicy(2), new Speculation.DraftHeadPolicy(5));
        List<Request> requests = new ArrayList<>();
        for (int i = 0; i < 4; i++) requests.add(Request.of(new Sequence(model), 3 + i, 4, 5));

        List<Reply> together = StrategyFactory.decoder(model, config(plan, 50)).replies(requests);

        for (int i = 0; i < 4; i++) {
            Reply alone = StrategyFactory.decoder(model, config(plan, 50))
                    .reply(Request.of(new Sequence(model), 3 + i, 4, 5));
            assertThat(together.get(i).tokens()).isEqualTo(alone.tokens());
            assertThat(together.get(i).compute()).isEqualTo(alone.compute());
        }
    }

    @Test
    void planThatLooksAheadIsRefusedWithoutADraftHead() {
        LanguageModel model = model(1);
        LanguageModel without = new LanguageModel(
                model.transformer(), ExitHeads.none(model.transformer()), model.tokens(), model.interleave());

        assertThatThrownBy(() -> StrategyFactory.decoder(
                        without, config(ExitPlan.speech(new Speculation.DraftHeadPolicy(3)), 5)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("speech exit speculate:3: expected a model with a draft head, found none");
    }
}
