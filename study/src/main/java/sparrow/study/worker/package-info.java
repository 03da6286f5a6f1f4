/**
 * Support for processes that perform jobs of a run on other machines. A {@link WorkerPoolProvider} starts the processes
 * and returns a {@link sparrow.study.run.WorkerPool}. Each process has a {@link RemoteWorker}, which opens the model at
 * its local path and performs the tasks of a {@link RemoteJob}. A {@link Ticket} contains the requirements for such a
 * process, so that results are identical to the last bit. A process that does not meet these requirements rejects the
 * job with a one-line reason.
 */
package sparrow.study.worker;
