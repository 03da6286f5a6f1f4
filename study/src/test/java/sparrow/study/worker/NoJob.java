package sparrow.study.worker;

import sparrow.models.SpokenModel;
import sparrow.study.run.Job;
import sparrow.study.run.Worker;

/** A job that is never opened. */
public record NoJob() implements Job<String, String> {
    @Override
    public Worker<String, String> open(SpokenModel model) {
        throw new AssertionError("opened");
    }
}
