package sparrow.study.run;

import java.io.IOException;
import java.util.Optional;

/** Who does the work of an experiment: this machine ({@link LocalWorkers}), or many. */
public interface Workers {
    /**
     * Does all batches. They may end in any order.
     *
     * @param batches are taken when there is somebody to work on them
     * @throws RunStoppedException if the thread was interrupted
     * @throws IOException if a finding cannot be made or taken
     */
    <Q, F> void each(Work<Q, F> work, Batches<Q> batches, Sink<Q, F> sink) throws IOException;

    /** Batches, one after the other. */
    interface Batches<Q> {
        /** The next one; empty after the last. */
        Optional<Batch<Q>> next() throws IOException;
    }

    /** Takes what workers find; may be called by several threads. */
    interface Sink<Q, F> {
        /** A case of a batch is being decoded. */
        void begun(PolicyCase by);

        /** A finding that was wanted. */
        void found(Q question, PolicyCase by, F found) throws IOException;

        /** A question that cannot be asked: none of its replies will come. */
        void failed(Batch<Q> batch, Q question, Exception reason) throws IOException;

        /** All findings of a batch have come. */
        void finished(Batch<Q> batch) throws IOException;
    }
}
