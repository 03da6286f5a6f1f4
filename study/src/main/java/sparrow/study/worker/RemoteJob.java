package sparrow.study.worker;

import java.io.IOException;
import sparrow.study.run.Job;
import sparrow.tensor.kernel.Numerics;

/**
 * A job for other processes, sent as a message ({@link sparrow.study.run.Messages}) to {@link RemoteWorker#perform}.
 *
 * @param ticket demands on such a process
 * @param build of the classes of the job ({@link #build})
 */
public record RemoteJob(Ticket ticket, String build, Job<?, ?> job) {
    /**
     * Of a job of this process.
     *
     * @throws IOException if the classes of the job cannot be read
     */
    public static RemoteJob of(Ticket ticket, Job<?, ?> job) throws IOException {
        return new RemoteJob(ticket, build(job), job);
    }

    /** Differs between builds of the artifact of a job and of the one that runs jobs; numerics name the build of the others. */
    static String build(Job<?, ?> job) throws IOException {
        return Numerics.build(Job.class, job.getClass());
    }
}
