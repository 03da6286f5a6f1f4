package sparrow.study.worker;

import java.io.IOException;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.function.Consumer;
import sparrow.models.SpokenModel;
import sparrow.study.run.WorkerPool;

/** Provides workers on other machines. Implementations are loaded as services ({@link ServiceLoader}). */
public interface WorkerPoolProvider {
    /**
     * Checks a request before a model is opened.
     *
     * @throws IllegalArgumentException if the request is invalid; the message is one line
     * @throws IOException if a file of the request cannot be read
     */
    void check(WorkerPoolRequest request) throws IOException;

    /**
     * Requests workers and returns when the first worker is available.
     *
     * @param model the model that the workers open, already open in this process
     * @param events consumer of one line per lost worker, called on any thread
     * @throws IllegalArgumentException if the request cannot be met; the message is one line
     * @throws sparrow.study.run.RunStoppedException if the thread is interrupted
     * @throws IOException if no worker is available
     */
    WorkerPool open(WorkerPoolRequest request, SpokenModel model, Consumer<String> events) throws IOException;

    /** Returns the provider on the class path, or empty if there is none. */
    static Optional<WorkerPoolProvider> found() {
        return ServiceLoader.load(WorkerPoolProvider.class).findFirst();
    }
}
