/**
 * Runs of hours that can be stopped, killed and started again. An {@link Experiment} asks many questions in batches of
 * fixed membership. A {@link Job} describes the work on a batch, a {@link WorkerPool} does it, and a {@link ResultStore}
 * keeps the results, as a rule one file an item in a {@link RunFolder}, each whole or not there at all. A folder is resumed
 * only with the same settings ({@link RunManifest}).
 *
 * <pre>{@code
 * try (RunFolder run = RunFolder.open(folder, settings, mixedNumerics)) {
 *     Experiment<StudyQuestion, KeptReply> experiment = new Experiment<>(
 *             job, StudyQuestion.asking(TextToSpeech.none()), StudyQuestion.of(sets), 8, store, progress);
 *     experiment.run(new LocalPool(model), "asking");    // killed here? the next call computes the rest
 * }
 * }</pre>
 *
 * <p>{@link WorkerPool} is the one seam between a run and the machines that compute it. A {@link Job} is a record without
 * model and folder, so that every process that has the model open can do it. Jobs, tasks and results travel as
 * {@link Messages}. The package knows no result of a study and no report.
 */
package sparrow.study.run;
