package sparrow.study.layers;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.OptionalDouble;
import java.util.SequencedMap;
import sparrow.engine.exit.DepthPolicy;
import sparrow.engine.exit.Exit;
import sparrow.engine.exit.ExitPlan;
import sparrow.engine.exit.ExitPolicy;
import sparrow.engine.exit.Verification;
import sparrow.engine.interleave.Modality;

/** The layers' distributions at every position of the full-depth replies to some questions. */
public final class LayerReadings {
    private final List<Answered> answered;
    private final SequencedMap<String, String> unasked;

    /**
     * One question and the reading of its reply.
     *
     * @param set the name of its set
     * @param id of the item
     */
    record Answered(String set, String id, ReplyReading reading) {}

    LayerReadings(List<Answered> answered, SequencedMap<String, String> unasked) {
        this.answered = List.copyOf(answered);
        this.unasked = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(unasked));
    }

    /** The readings, in the order of the questions. */
    List<Answered> answered() {
        return answered;
    }

    /** Questions that could not be asked, and why; the next run tries them again. */
    public SequencedMap<String, String> unasked() {
        return unasked;
    }

    /**
     * Share of positions where a plan chooses the token of full depth. At a position that exits early the exit head's likeliest token is
     * compared with the last layer's; all other positions agree. Speech positions count, and text positions if the plan lets text
     * exit. Positions are teacher-forced along the full-depth replies. Decoding by the plan would choose the same tokens there,
     * because pending positions are filled exactly.
     *
     * @param plan whose layers were read
     * @return percent; empty if there are none
     */
    public OptionalDouble agreement(ExitPlan plan) {
        // Verified early tokens and drafts equal the tokens of full depth.
        boolean exact = plan.verification() == Verification.EXACT;
        boolean text = !plan.text().exitLayers().isEmpty();
        List<Boolean> agreements = new ArrayList<>();
        for (Answered one : answered) {
            ReplyReading reply = one.reading();
            for (int at = 0; at < reply.positions(); at++) {
                Modality modality = reply.modality(at);
                if (modality == Modality.TEXT && !text) continue;
                agreements.add(exact || agrees(plan.policy(modality), reply, at));
            }
        }
        return agreements.stream().mapToDouble(agrees -> agrees ? 100 : 0).average();
    }

    private static boolean agrees(DepthPolicy policy, ReplyReading reply, int position) {
        int layers = reply.layers().getLast().layer();
        for (Exit exit : ((ExitPolicy) policy).exits(reply.chunkPosition(position), layers)) {
            if (exit.layer() == layers) break;
            Reading reading = reply.after(exit.layer()).at(position);
            if (!exit.isConditional() || reading.entropy() < exit.maxEntropy()) return reading.rank() == 0;
        }
        return true;
    }
}
