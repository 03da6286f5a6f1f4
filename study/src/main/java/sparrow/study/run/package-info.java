/**
 * Runs that take hours, and can be interrupted, killed and resumed. An {@link Experiment} asks many questions in
 * batches with fixed members. A {@link Job} describes the work on a batch, a {@link WorkerPool} performs it, and a
 * {@link ResultStore} stores the results, usually as one file per item in a {@link sparrow.study.folder.RunFolder}.
 *
 * <pre>{@code
 * try (RunFolder run = RunFolder.open(folder, settings, mixedNumerics)) {
 *     Experiment<StudyQuestion, KeptReply> experiment = new Experiment<>(
 *             job, StudyQuestion.asking(TextToSpeech.none()), StudyQuestion.of(sets), 8, store, progress);
 *     experiment.run(new LocalPool(model), "asking");    // after a crash, the next call computes the rest
 * }
 * }</pre>
 *
 * <p>{@link WorkerPool} is the only interface between a run and the machines that compute it. A {@link Job} is a record
 * without a model or folder, so every process that has loaded the model can perform it. Jobs, tasks and results are
 * sent as {@link Messages}. The package does not depend on individual studies or reports.
 */
package sparrow.study.run;
