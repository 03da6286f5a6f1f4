/**
 * What runs need to be worked for elsewhere, whoever starts processes there. A {@link WorkerPoolProvider} finds
 * {@link sparrow.study.run.WorkerPool workers}; each of them is a process with an {@link RemoteWorker}, which opens the model
 * where it lies, and does the tasks of a {@link RemoteJob}. A {@link Ticket} says what a process must be like, so that
 * results are the same to the last bit: one that is not refuses, in one line.
 */
package sparrow.study.worker;
