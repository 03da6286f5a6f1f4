package sparrow.study.run;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.io.IOException;
import sparrow.models.SpokenModel;

/**
 * An operation performed for each task of a run. A job is a record of settings, without a model or folder, so that
 * every process with an open model can perform it with the same results. Jobs, tasks and results are plain records,
 * which are sent to other processes as CBOR ({@link Messages}). A job is identified by its class, whose name must end
 * with {@code Job}.
 *
 * @param <T> a task
 * @param <R> a result; a task may have several results
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.CLASS, property = "job")
public interface Job<T, R> {
    /** Opens a worker with all resources that the job needs in addition to the model. */
    Worker<T, R> open(SpokenModel model) throws IOException;
}
