package sparrow.study.compare;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.IOException;
import java.util.Optional;
import sparrow.models.SpokenModel;
import sparrow.study.run.Job;
import sparrow.study.run.JobType;
import sparrow.study.run.Worker;

/**
 * Recognises speech and predicts opinions of it.
 *
 * @param plan whose recogniser and opinion scorer are used, by paths that are valid wherever it is done
 * @param threads that listen at the same time; null for as many as the model computes on
 * @param opened listeners of this process, which stay open; if empty, those of the plan are opened and closed again
 */
record Hearing(
        ScoringPlan plan, Integer threads, @JsonIgnore Optional<Listeners> opened) implements Job<Sounds, Heard> {
    /** By which messages call it. */
    public static final class Type extends JobType {
        /** For the service loader. */
        public Type() {
            super("hear", Hearing.class);
        }
    }

    /** Listeners of a plan, opened where it is done. */
    @JsonCreator
    Hearing(@JsonProperty("plan") ScoringPlan plan, @JsonProperty("threads") Integer threads) {
        this(plan, threads, Optional.empty());
    }

    @Override
    public Worker<Sounds, Heard> open(SpokenModel model) throws IOException {
        if (opened.isPresent()) return new HearingStation(opened.get(), () -> {});
        int atOnce = threads != null
                ? threads
                : model.languageModel().transformer().kernels().pool().threads();
        Listeners own = Listeners.open(plan, atOnce);
        return new HearingStation(own, own::close);
    }
}
