package sparrow.study.worker;

import java.io.IOException;
import java.util.Optional;
import java.util.ServiceLoader;
import sparrow.models.SpokenModel;
import sparrow.study.run.WorkerPool;

/** Finds workers on other machines. Implementations are found as services ({@link ServiceLoader}). */
public interface WorkerPoolProvider {
    /**
     * Refuses what cannot be meant, before a model is opened.
     *
     * @throws IllegalArgumentException in one line
     * @throws IOException if a file of the request cannot be read
     */
    void check(WorkerPoolRequest request) throws IOException;

    /**
     * Finds workers, and returns when there is one.
     *
     * @param model open here, the same that they are to open
     * @param events hears in one line each who comes, and who is lost
     * @throws IllegalArgumentException in one line if they cannot be worked with as asked
     * @throws sparrow.study.run.RunStoppedException if the thread was interrupted
     * @throws IOException if there are none
     */
    WorkerPool open(WorkerPoolRequest request, SpokenModel model, WorkerEvents events) throws IOException;

    /** The provider that is on the class path. */
    static Optional<WorkerPoolProvider> found() {
        return ServiceLoader.load(WorkerPoolProvider.class).findFirst();
    }

    /** Hears of workers; called by any thread. */
    interface WorkerEvents {
        /** Something that a person wants to know, in one line. */
        void told(String line);
    }
}
