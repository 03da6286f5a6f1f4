package sparrow.bench.decode;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import sparrow.bench.harness.ForcedReply;
import sparrow.engine.decode.Decoder;
import sparrow.engine.decode.Generation;
import sparrow.engine.decode.GenerationConfig;
import sparrow.engine.decode.LanguageModel;
import sparrow.engine.decode.Limits;
import sparrow.engine.decode.Request;
import sparrow.engine.decode.Sequence;
import sparrow.engine.decode.speculate.AllStrategies;
import sparrow.engine.exit.ExitPlan;
import sparrow.engine.head.Sampling;
import sparrow.engine.interleave.Unit;
import sparrow.engine.transformer.Transformer;

/**
 * Some replies that are decoded together. Each begins at a moment of its own within one cycle of text and speech, as people
 * that speak with a server do; passes are timed once all have joined. Their tokens are given, not chosen, so that a model of
 * random weights alternates like a trained one.
 */
final class BatchRun {
    /** Far from every pattern in the weights. */
    private static final long STRIDE = 7919;

    private final LanguageModel model;
    private final Decoder decoder;
    private final List<Generation> all = new ArrayList<>();
    private boolean early;

    /**
     * The figures of one run.
     *
     * @param prefillPerSecond prompt tokens
     * @param passNanos of every timed pass
     * @param earlyPasses those that read no upper layer
     */
    record Times(double prefillPerSecond, List<Long> passNanos, int earlyPasses) {}

    private BatchRun(LanguageModel model, GenerationConfig config) {
        this.model = model;
        this.decoder = AllStrategies.decoder(model, config);
    }

    /**
     * Decodes.
     *
     * @param replies their number
     * @param passes that are timed
     * @param seed of the moments at which they begin
     */
    static Times of(LanguageModel model, ExitPlan plan, int replies, int promptTokens, int passes, long seed) {
        int tokens = cycle(model) + passes;
        // The reply may not end before the last timed pass.
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
        int[] prompt = IntStream.range(0, promptTokens)
                .map(i -> (int) (i * STRIDE % model.tokens().textTokens()))
                .toArray();
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

    /** One after the other begins to speak. */
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

    /** Tokens of a run of text and of the speech behind it. */
    static int cycle(LanguageModel model) {
        return model.interleave().textTokens() + model.interleave().speechTokens();
    }

    /** Tells if the pass read no upper layer. */
    private boolean step(List<Generation> those) {
        early = true;
        decoder.step(those, List.of());
        return early;
    }
}
