package sparrow.cluster;

import java.io.IOException;
import sparrow.study.worker.RemoteWorker;
import sparrow.study.worker.UnfitWorkerException;

/** Work of a run, done on an executor with the model that is open there. */
final class StudyTask extends TaskFunction {
    private static final long serialVersionUID = 1;

    /** One a JVM. Nobody closes it: executors are ended or killed, and memory goes with the process. */
    private static final RemoteWorker WORKER = new RemoteWorker();

    private final byte[] run;

    StudyTask(byte[] run) {
        this.run = run;
    }

    @Override
    protected TaskAnswer answer(byte[] task) throws IOException {
        try {
            return new TaskAnswer.Done(WORKER.perform(run, task));
        } catch (UnfitWorkerException e) {
            return new TaskAnswer.Refused(e.getMessage());
        }
    }
}
