/**
 * The side of the processes that do jobs of a run elsewhere. A {@link WorkerPoolProvider} finds them and gives a
 * {@link sparrow.study.run.WorkerPool}; each has a {@link RemoteWorker}, which opens the model where it lies, and does the
 * tasks of a {@link RemoteJob}. A {@link Ticket} states the demands on such a process, so that results are the same to the
 * last bit: one that does not meet them refuses, in one line.
 */
package sparrow.study.worker;
