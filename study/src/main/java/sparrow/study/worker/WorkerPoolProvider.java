package sparrow.study.worker;

import java.io.IOException;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.function.Consumer;
import sparrow.models.SpokenModel;
import sparrow.study.run.WorkerPool;

/** Finds workers on other machines. Implementations are found as services ({@link ServiceLoader}). */
public interface WorkerPoolProvider {
    /**
     * Refuses a request that cannot be meant, before a model is opened.
     *
     * @throws IllegalArgumentException in one line
     * @throws IOException if a file of the request cannot be read
     */
    void check(WorkerPoolRequest request) throws IOException;

    /**
     * Finds workers, and returns when there is one.
     *
     * @param model open here, the same that they are to open
     * @param events takes a line about each worker that is lost; called by any thread
     * @throws IllegalArgumentException in one line if they cannot be worked with as asked
     * @throws sparrow.study.run.RunStoppedException if the thread was interrupted
     * @throws IOException if there are none
     */
    WorkerPool open(WorkerPoolRequest request, SpokenModel model, Consumer<String> events) throws IOException;

    /** The provider that is on the class path. */
    static Optional<WorkerPoolProvider> found() {
        return ServiceLoader.load(WorkerPoolProvider.class).findFirst();
    }
}
