package sparrow.models.lfm3;

import java.util.List;
import sparrow.engine.head.Sampling;
import sparrow.models.FrameExitProperties;
import sparrow.models.family.PromptTokens;
import sparrow.models.frame.GoldenUnits;

/** Early exit with windows, gates, post norms and masked passes. */
class FrameExitTest extends FrameExitProperties {
    /** Greedy for text; codes are drawn, with a penalty for recent ones. */
    private static final Sampling SAMPLING = new Sampling(0, 0, 1, 1, 9, new Sampling.Codes(0.9, 20, 1.3, 5));

    FrameExitTest() {
        super(Lfm3Golden.SETS, SAMPLING);
    }

    @Override
    protected Golden golden(String set) {
        Lfm3Golden golden = Lfm3Golden.of(set);
        int[] ids =
                GoldenUnits.ints(golden.json("generate").path("mixed_sampled").path("prompt_ids"));
        return new Golden(golden.units, golden::languageModel, new PromptTokens(ids, List.of(), 0));
    }
}
