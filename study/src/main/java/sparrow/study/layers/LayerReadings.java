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
import sparrow.study.report.StudyCounts;
import sparrow.study.run.StudyQuestion;

/** The distributions of layers at each position of the full-depth replies in a study. */
public final class LayerReadings {
    private final List<Answered> answered;
    private final SequencedMap<String, String> unasked;

    /** A question and the reading of its reply. */
    record Answered(StudyQuestion question, ReplyReading reading) {}

    LayerReadings(List<Answered> answered, SequencedMap<String, String> unasked) {
        this.answered = List.copyOf(answered);
        this.unasked = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(unasked));
    }

    /** Returns the readings in the order of the questions. */
    List<Answered> answered() {
        return answered;
    }

    /** Returns the questions that could not be asked, with the reasons. The next run retries them. */
    public SequencedMap<String, String> unasked() {
        return unasked;
    }

    /** Returns the counts of questions and replies. */
    public StudyCounts counts() {
        int questions = answered.size() + unasked.size();
        return new StudyCounts(questions, unasked, answered.size(), questions, 0, 0);
    }

    /**
     * Returns the percentage of positions at which a plan chooses the token of full depth. At a position that exits
     * early, the exit head's most likely token is compared with the last layer's; all other positions agree. All speech
     * positions are counted, and text positions are counted if the plan lets text exit early. Positions are
     * teacher-forced along the full-depth replies. Decoding by the plan would choose equal tokens there, because
     * pending positions are filled exactly.
     *
     * @param plan a plan whose layers were read
     * @return percentage, or empty if there are no positions
     */
    public OptionalDouble agreement(ExitPlan plan) {
        // Verified early tokens and drafts are equal to the tokens of full depth.
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
