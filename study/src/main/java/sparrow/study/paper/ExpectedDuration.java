package sparrow.study.paper;

import java.time.Duration;
import java.util.Optional;

/**
 * The duration of a study, if each exit plan and each layer takes as long as full depth. They usually take less time,
 * because they compute fewer layers, and because speech that equals earlier speech is not scored again. They take more
 * time if many of their replies end only at the maximum length.
 *
 * @param tables the comparison for the tables
 * @param heldOut the comparison that chooses exit layers, if any
 * @param layerReplies number of replies that the layer study synthesises and scores
 */
record ExpectedDuration(Comparison tables, Optional<Comparison> heldOut, int layerReplies) {
    /**
     * A comparison whose full-depth replies are complete.
     *
     * @param fullDepth time for answering and scoring all questions at full depth
     * @param plans number of exit plans, with full depth
     */
    record Comparison(Duration fullDepth, int questions, int plans) {
        private Duration others() {
            return fullDepth.multipliedBy(plans - 1);
        }

        private String words(String kind) {
            return plans + " exit plans on " + questions + kind;
        }
    }

    Duration remaining() {
        Duration layers = tables.fullDepth().multipliedBy(layerReplies).dividedBy(tables.questions());
        return tables.others().plus(layers).plus(heldOut.map(Comparison::others).orElse(Duration.ZERO));
    }

    String work() {
        return tables.words(" questions")
                + heldOut.map(held -> ", " + held.words(" held-out questions")).orElse("")
                + ", " + layerReplies + " replies of layers";
    }
}
