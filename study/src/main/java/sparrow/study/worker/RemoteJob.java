package sparrow.study.worker;

import sparrow.study.run.Job;

/**
 * A job that other processes do, as a message ({@link sparrow.study.run.Messages}) to {@link RemoteWorker#perform}.
 *
 * @param ticket demands on such a process
 */
public record RemoteJob(Ticket ticket, Job<?, ?> job) {}
