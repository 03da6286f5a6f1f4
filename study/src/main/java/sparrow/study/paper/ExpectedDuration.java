package sparrow.study.paper;

import java.time.Duration;
import java.util.Optional;

/**
 * The duration of a study, if each question takes as long with each exit plan and layer as at full depth. They usually
 * take less time, because they compute fewer layers, and because speech that equals earlier speech is not scored again.
 * They take more time if many of their replies end only at the maximum length.
 *
 * @param fullDepth time for answering and scoring all questions of the tables at full depth. Held-out questions are
 *     answered first, so their time contains the warm-up of the JVM and is not used.
 * @param tables the comparison for the tables
 * @param heldOut the comparison that chooses exit layers, if any
 * @param layerReplies number of replies that the layer study synthesises and scores
 */
record ExpectedDuration(Duration fullDepth, Comparison tables, Optional<Comparison> heldOut, int layerReplies) {
    /**
     * A comparison whose full-depth replies are complete.
     *
     * @param plans number of exit plans, with full depth
     */
    record Comparison(int questions, int plans) {
        private int replies() {
            return questions * (plans - 1);
        }

        private String words(String kind) {
            return plans + " exit plans on " + questions + kind;
        }
    }

    Duration remaining() {
        int replies = tables.replies() + heldOut.map(Comparison::replies).orElse(0) + layerReplies;
        return fullDepth.multipliedBy(replies).dividedBy(tables.questions());
    }

    String work() {
        return tables.words(" questions")
                + heldOut.map(held -> ", " + held.words(" held-out questions")).orElse("")
                + ", " + layerReplies + " replies of layers";
    }
}
