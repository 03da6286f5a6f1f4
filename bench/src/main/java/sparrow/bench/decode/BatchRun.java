package sparrow.bench.decode;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import sparrow.bench.harness.ForcedReply;
import sparrow.engine.decode.Decoder;
import sparrow.engine.decode.Generation;
import sparrow.engine.decode.GenerationConfig;
import sparrow.engine.decode.LanguageModel;
import sparrow.engine.decode.Limits;
import sparrow.engine.decode.Request;
import sparrow.engine.decode.Sequence;
import sparrow.engine.decode.speculate.StrategyFactory;
import sparrow.engine.exit.ExitPlan;
import sparrow.engine.head.Sampling;
import sparrow.engine.interleave.Unit;
import sparrow.engine.transformer.Transformer;

/**
 * Replies that are decoded together. They start at random times within a cycle of text and speech, like users of a
 * server, and passes are timed after all replies have started. Tokens are forced, so that a model with random weights
 * alternates like a trained one.
 */
final class BatchRun {
    private final LanguageModel model;
    private final Decoder decoder;
    private final List<Generation> all = new ArrayList<>();
    private boolean early;

    /**
     * The times of a run's prefill and passes.
     *
     * @param prefillPerSecond prompt tokens per second
     * @param passNanos duration of each timed pass
     * @param earlyPasses number of timed passes that did not read the upper layers
     */
    record Times(double prefillPerSecond, List<Long> passNanos, int earlyPasses) {}

    private BatchRun(LanguageModel model, GenerationConfig config) {
        this.model = model;
        this.decoder = StrategyFactory.decoder(model, config);
    }

    /**
     * Runs the prefill and the timed passes, and returns their times.
     *
     * @param replies number of replies
     * @param passes number of passes to time
     * @param seed seed of the times at which replies start
     */
    static Times of(LanguageModel model, ExitPlan plan, int replies, int promptTokens, int passes, long seed) {
        int tokens = cycle(model) + passes;
        // The reply must not end before the last timed pass.
        Limits limits = Limits.newTokens(tokens + 1);
        BatchRun run = new BatchRun(model, new GenerationConfig(plan, Sampling.GREEDY, limits));
        double prefill = run.prefill(replies, promptTokens, tokens);
        run.join(new SplittableRandom(seed));
        List<Long> nanos = new ArrayList<>();
        int early = 0;
        for (int pass = 0; pass < passes && !Thread.currentThread().isInterrupted(); pass++) {
            long start = System.nanoTime();
            if (run.step(run.all)) early++;
            nanos.add(System.nanoTime() - start);
        }
        run.all.forEach(run.decoder::cancel);
        return new Times(prefill, nanos, early);
    }

    private double prefill(int sessions, int promptTokens, int tokens) {
        int[] prompt = ForcedReply.ids(promptTokens, 0, model.tokens().textTokens());
        List<Unit> forced = ForcedReply.of(model, tokens).units();
        for (int i = 0; i < sessions; i++) {
            all.add(decoder.admit(Request.of(new Sequence(model), prompt)
                    .withForced(forced)
                    .withListener(step -> early &= step.exitLayer() < model.layers())));
        }
        long start = System.nanoTime();
        while (decoder.prefill(Transformer.PASS_POSITIONS) > 0) {}
        return sessions * promptTokens / ((System.nanoTime() - start) / 1e9);
    }

    /** Runs a cycle of passes, during which the replies start at random times. */
    private void join(SplittableRandom random) {
        int cycle = cycle(model);
        int[] begins =
                all.stream().mapToInt(generation -> random.nextInt(cycle)).toArray();
        for (int pass = 0; pass < cycle; pass++) {
            List<Generation> speaking = new ArrayList<>();
            for (int i = 0; i < begins.length; i++) if (begins[i] <= pass) speaking.add(all.get(i));
            if (!speaking.isEmpty()) step(speaking);
        }
    }

    /** Returns the number of tokens of a text chunk and the following speech chunk. */
    static int cycle(LanguageModel model) {
        return model.interleave().textTokens() + model.interleave().speechTokens();
    }

    /** Runs a pass, and returns whether it did not read the upper layers. */
    private boolean step(List<Generation> those) {
        early = true;
        decoder.step(those, List.of());
        return early;
    }
}
