package sparrow.study.worker;

import sparrow.study.run.Job;

/**
 * A job that other processes do, as a message ({@link sparrow.study.run.Messages}) to {@link RemoteWorker#perform}.
 *
 * @param ticket what such a process must be like
 */
public record RemoteJob(Ticket ticket, Job<?, ?> job) {}
