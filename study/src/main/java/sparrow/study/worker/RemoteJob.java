package sparrow.study.worker;

import java.io.IOException;
import sparrow.study.run.Job;
import sparrow.tensor.kernel.Numerics;

/**
 * A job for another process, sent as a message ({@link sparrow.study.run.Messages}) to {@link RemoteWorker#perform}.
 *
 * @param ticket requirements for the process
 * @param build identifier of the job's class files ({@link #build})
 */
public record RemoteJob(Ticket ticket, String build, Job<?, ?> job) {
    /**
     * Creates a remote job from a job of this process.
     *
     * @throws IOException if the class files of the job cannot be read
     */
    public static RemoteJob of(Ticket ticket, Job<?, ?> job) throws IOException {
        return new RemoteJob(ticket, build(job), job);
    }

    /**
     * Returns an identifier of the artifact builds that define and run the job. Other artifacts are identified by the
     * numerics.
     */
    static String build(Job<?, ?> job) throws IOException {
        return Numerics.build(Job.class, job.getClass());
    }
}
