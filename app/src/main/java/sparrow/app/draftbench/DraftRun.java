package sparrow.app.draftbench;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import sparrow.engine.decode.Decoder;
import sparrow.engine.decode.Effort;
import sparrow.engine.decode.GenerationConfig;
import sparrow.engine.decode.LanguageModel;
import sparrow.engine.decode.Limits;
import sparrow.engine.decode.Reply;
import sparrow.engine.decode.Request;
import sparrow.engine.decode.Sequence;
import sparrow.engine.decode.Step;
import sparrow.engine.decode.StopReason;
import sparrow.engine.exit.ExitPlan;
import sparrow.engine.exit.ExitPolicy;
import sparrow.engine.sample.Sampling;

/**
 * One reply whose tokens and whose drafts' verdicts are given; passes, heads, choices and what is taken back are those of any
 * other reply.
 *
 * @param nanos of all tokens behind the first, which the prompt decides
 * @param effort of these
 * @param tokens how many they are
 */
record DraftRun(long nanos, Effort.Share effort, int tokens) {
    /** Far from every pattern in the weights, and the same in every run. */
    private static final long STRIDE = 7919;

    /** Empty if it was interrupted. */
    static Optional<DraftRun> of(LanguageModel model, ExitPolicy policy, DraftSettings settings, long seed) {
        // Speech alone: text slots between the chunks would be steps that no policy of speech decides.
        LanguageModel speaking = model.with(model.tokens().withoutMarks());
        int[] prompt = ids(settings.promptTokens(), 0, model.tokens().usable());
        // The token after the prompt counts as a text position; those after it are speech.
        int[] speech = ids(
                settings.tokens() + 1,
                model.tokens().speechOffset(),
                model.tokens().codes());
        Decoder decoder = new Decoder(
                speaking,
                new GenerationConfig(
                        ExitPlan.speech(policy),
                        Sampling.GREEDY,
                        Limits.newTokens(speech.length),
                        settings.speechLogits()));
        Reply reply = decoder.reply(Request.of(new Sequence(speaking), prompt)
                .withForced(speech)
                .withVerdicts(settings.acceptance().verdicts(seed)));
        if (reply.stop() == StopReason.INTERRUPTED) return Optional.empty();
        List<Step> behind = reply.steps().subList(1, reply.steps().size());
        return Optional.of(new DraftRun(
                behind.stream().mapToLong(Step::nanos).sum(), reply.effort().speech(), behind.size()));
    }

    private static int[] ids(int n, int first, int count) {
        return IntStream.range(0, n)
                .map(i -> first + (int) (i * STRIDE % count))
                .toArray();
    }

    double tokensPerSecond() {
        return tokens * 1e9 / nanos;
    }
}
