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
import sparrow.engine.decode.speculate.AllStrategies;
import sparrow.engine.exit.ExitPlan;
import sparrow.engine.head.Sampling;
import sparrow.engine.interleave.Modality;
import sparrow.engine.interleave.Unit;
import sparrow.engine.reply.ComputeStats;
import sparrow.engine.reply.Reply;
import sparrow.engine.reply.Step;
import sparrow.engine.reply.StopReason;

/**
 * One prefill and the decoding behind it, by the {@link Decoder} that answers questions. The reply is forced to given
 * speech tokens, so that every policy runs the same positions at the same context lengths, and a model of random weights
 * speaks as long as any other; logits and the greedy choice among them are computed all the same.
 *
 * @param prefill the step that the prefill decided; its time is that of the prefill
 * @param decoded the steps at speech positions
 * @param compute the cost of these, drafts included
 * @param complete whether it ran to its end; if not, it was interrupted
 */
record DecodeRun(Step prefill, List<Step> decoded, ComputeStats.Share compute, boolean complete) {
    /** Far from every pattern in the weights, and the same in every run. */
    private static final long STRIDE = 7919;

    static DecodeRun of(LanguageModel model, ExitPlan plan, int promptTokens, int tokens) {
        // Speech alone: text slots between the chunks would be steps that no policy of speech decides.
        LanguageModel speaking =
                model.tokens().codes() > 0 ? model.with(model.tokens().withoutMarks()) : model;
        int[] prompt = ids(promptTokens, 0, model.tokens().usable());
        List<Unit> speech = speech(speaking, tokens + 1);
        Decoder decoder = AllStrategies.decoder(
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

    /** Units of speech; the one after the prompt counts as a text position, and where speech is frames it is a text that ends. */
    private static List<Unit> speech(LanguageModel model, int count) {
        if (model.tokens().codes() > 0) {
            return Unit.tokens(
                    ids(count, model.tokens().speechOffset(), model.tokens().speechTokens()));
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

    private static int[] ids(int n, int first, int count) {
        return IntStream.range(0, n)
                .map(i -> first + (int) (i * STRIDE % count))
                .toArray();
    }

    /** Decoded tokens per second. */
    double tokensPerSecond() {
        return decoded.size() / (nanos() / 1e9);
    }

    /** Time of all decoded tokens. */
    long nanos() {
        return decoded.stream().mapToLong(Step::nanos).sum();
    }
}
