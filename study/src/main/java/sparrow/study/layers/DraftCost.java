package sparrow.study.layers;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import sparrow.engine.decode.DepthSummary;
import sparrow.engine.decode.Effort;
import sparrow.engine.decode.LanguageModel;
import sparrow.engine.decode.Step;
import sparrow.engine.exit.ExitPlan;
import sparrow.engine.exit.ExitPolicy;
import sparrow.engine.interleave.InterleaveTracker;

/**
 * What the same replies would cost if speech was drafted at one layer and redone at full depth ({@link ForetoldDrafts}).
 *
 * @param layer of the drafts
 * @param most of them in a row
 * @param confirmed share of the drafts that would stay, 0 to 1
 * @param readings layers that would be read for a token of text or speech
 * @param saved share of these readings, by those of full depth, 0 to 1; negative where they would be more
 * @param rowLayers layers that positions would go through for a token
 */
public record DraftCost(int layer, int most, double confirmed, double readings, double saved, double rowLayers) {
    /** Rows of drafts that are tried: longer ones win nowhere where this little is known. */
    private static final List<Integer> MOST = List.of(1, 2, 3, 4, 6, 8);

    /** How replies began and end, which decides whether drafts fit. */
    record Frame(LanguageModel model, int asked, int newTokens) {
        InterleaveTracker tracker() {
            return new InterleaveTracker(model.interleave(), model.tokens(), asked);
        }
    }

    /** Every layer below the last that was read, with rows of several lengths; layers at which nothing would be drafted are missing. */
    static List<DraftCost> of(List<ReplyReading> replies, Frame frame) {
        List<DraftCost> costs = new ArrayList<>();
        int layers = frame.model().layers();
        for (LayerReading reading : replies.getFirst().layers()) {
            if (reading.layer() == layers) continue;
            for (int most : MOST) {
                DepthSummary depth = depth(replies, new ExitPolicy.Draft(reading.layer(), most), frame);
                if (depth.effort().total().drafted() == 0) continue;
                costs.add(new DraftCost(
                        reading.layer(),
                        most,
                        depth.confirmed(),
                        depth.readings(),
                        1 - depth.readings() / layers,
                        depth.rowLayers()));
            }
        }
        return costs;
    }

    private static DepthSummary depth(List<ReplyReading> replies, ExitPolicy draft, Frame frame) {
        ForetoldDrafts.Unread unread =
                ForetoldDrafts.Unread.ordinary(frame.model().tokens());
        List<Step> steps = new ArrayList<>();
        Effort effort = Effort.NONE;
        for (ReplyReading reply : replies) {
            steps.addAll(reply.reply().steps());
            effort = effort.plus(ForetoldDrafts.of(
                    ExitPlan.speech(draft), frame.model().tokens(), frame.newTokens(), frame.tracker(), reply, unread));
        }
        return DepthSummary.of(steps, effort, frame.model().layers());
    }

    /** The row of drafts of each layer that reads least. */
    static List<DraftCost> best(List<DraftCost> costs) {
        return costs.stream()
                .map(DraftCost::layer)
                .distinct()
                .map(layer -> costs.stream()
                        .filter(cost -> cost.layer() == layer)
                        .min(Comparator.comparingDouble(DraftCost::readings))
                        .orElseThrow())
                .toList();
    }
}
