package sparrow.bench.decode;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import sparrow.bench.harness.ForcedReply;
import sparrow.engine.decode.Decoder;
import sparrow.engine.decode.GenerationConfig;
import sparrow.engine.decode.LanguageModel;
import sparrow.engine.decode.Limits;
import sparrow.engine.decode.Request;
import sparrow.engine.decode.Sequence;
import sparrow.engine.decode.speculate.StrategyFactory;
import sparrow.engine.exit.ExitPlan;
import sparrow.engine.head.Sampling;
import sparrow.engine.interleave.Modality;
import sparrow.engine.interleave.Unit;
import sparrow.engine.reply.ComputeStats;
import sparrow.engine.reply.Reply;
import sparrow.engine.reply.Step;
import sparrow.engine.reply.StopReason;

/**
 * A prefill and the subsequent decoding, run by the {@link Decoder} that also answers questions. Speech tokens are
 * forced, so that all policies process identical positions at identical context lengths, even with random weights.
 * Logits and the greedy choice are computed nevertheless.
 *
 * @param prefill step decided by the prefill, with the prefill's duration
 * @param decoded steps at speech positions
 * @param compute cost of these steps, including drafts
 * @param complete whether the run was not interrupted
 */
record DecodeRun(Step prefill, List<Step> decoded, ComputeStats.Share compute, boolean complete) {
    static DecodeRun of(LanguageModel model, ExitPlan plan, int promptTokens, int tokens) {
        // All tokens are speech, because exit policies of speech do not apply to text positions.
        LanguageModel speaking =
                model.tokens().codes() > 0 ? model.with(model.tokens().withoutMarks()) : model;
        int[] prompt = ForcedReply.ids(promptTokens, 0, model.tokens().usable());
        List<Unit> speech = speech(speaking, tokens + 1);
        Decoder decoder = StrategyFactory.decoder(
                speaking, new GenerationConfig(plan, Sampling.GREEDY, Limits.newTokens(speech.size())));
        Reply reply = decoder.replies(
                        List.of(Request.of(new Sequence(speaking), prompt).withForced(speech)))
                .getFirst();
        List<Step> steps = reply.steps();
        return new DecodeRun(
                steps.getFirst(),
                List.copyOf(steps.subList(1, steps.size())),
                reply.compute().speech(),
                reply.stop() != StopReason.INTERRUPTED);
    }

    /**
     * Returns the given number of speech units. The unit after the prompt counts as a text position; if speech consists
     * of frames, it ends the text.
     */
    private static List<Unit> speech(LanguageModel model, int count) {
        if (model.tokens().codes() > 0) {
            return Unit.tokens(ForcedReply.ids(
                    count, model.tokens().speechOffset(), model.tokens().speechTokens()));
        }
        List<Unit> units = new ArrayList<>(List.of(endOfText(model)));
        for (int i = 1; i < count; i++) units.add(ForcedReply.frame(model, i));
        return units;
    }

    private static Unit endOfText(LanguageModel model) {
        return IntStream.range(0, model.tokens().usable())
                .<Unit>mapToObj(Unit.Token::new)
                .filter(unit -> model.units().newTracker(0).accept(unit).modality() == Modality.SPEECH)
                .findFirst()
                .orElseThrow();
    }

    double tokensPerSecond() {
        return decoded.size() / (nanos() / 1e9);
    }

    /** Returns the total time of all decoded tokens, in nanoseconds. */
    long nanos() {
        return decoded.stream().mapToLong(Step::nanos).sum();
    }
}
