package sparrow.study.worker;

import sparrow.models.SpokenModel;
import sparrow.study.run.Job;
import sparrow.study.run.JobType;
import sparrow.study.run.Worker;

/** A job that is never opened. */
public record NoJob() implements Job<String, String> {
    /** By which messages call it. */
    public static final class Type extends JobType {
        /** For the service loader. */
        public Type() {
            super("nothing", NoJob.class);
        }
    }

    @Override
    public Worker<String, String> open(SpokenModel model) {
        throw new AssertionError("opened");
    }
}
