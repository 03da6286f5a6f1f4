package sparrow.study.run;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.io.IOException;
import sparrow.models.SpokenModel;

/**
 * One thing that is done with every task of a run. A job is a record of settings, without model and folder: every process
 * that has the model open can do it, with the same results. Jobs, their tasks and their results are plain records, which
 * travel to another process as CBOR ({@link Messages}), where a job goes by its class: its name ends with {@code Job}.
 *
 * @param <T> a task
 * @param <R> a result; a task may have several
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.CLASS, property = "job")
public interface Job<T, R> {
    /** Opens a worker, with everything that the job needs beside the model. */
    Worker<T, R> open(SpokenModel model) throws IOException;
}
