package sparrow.study.run;

import java.io.IOException;
import sparrow.models.SpokenModel;

/**
 * What is done with every task of a run. A value: it holds settings and no model, and it knows no folder, so that it can
 * be done wherever the model is open, and gives the same there. It, its tasks and its results can travel to another
 * machine and back ({@link Form}).
 *
 * @param <T> a task
 * @param <R> what comes of a task; several may
 */
public interface Work<T, R> {
    /** Opens what it needs beside the model. */
    Station<T, R> station(SpokenModel model) throws IOException;

    /** By which {@link WorkKind} other machines know it. */
    String kind();

    /** All of its settings, for {@link WorkKind#work}. */
    Parcel settings();

    /** How tasks go to another machine. */
    Form<T> tasks();

    /** How results come to the machine where they are kept. */
    Form<R> results();

    /** Where it is done: task after task, by one thread. */
    interface Station<T, R> extends AutoCloseable {
        /**
         * Does a task. The last results of it, and that it is finished, may be told later, on another thread.
         *
         * @throws RunStoppedException if the thread was interrupted
         * @throws IOException if it cannot be done, or the sink cannot take its results
         */
        void perform(T task, Workers.Sink<T, R> sink) throws IOException;

        /** Waits until all results have been told. */
        void finish() throws IOException;

        /** Ends what is open. Results that have not been told are lost. */
        @Override
        void close();
    }
}
