/**
 * Runs of hours that can be stopped, killed and started again. An {@link Experiment} asks many questions in batches of
 * fixed membership. {@link GenerationJob} says what is done with a batch, {@link WorkerPool} do it, and {@link ResultStore} keep
 * the results, as a rule one file per item in a {@link RunFolder}, each whole or not there at all. A folder continues
 * only with the same settings ({@link RunManifest}).
 *
 * <pre>{@code
 * try (RunFolder run = RunFolder.open(folder, settings)) {
 *     Experiment<StudyQuestion, KeptReply> experiment = new Experiment<>(
 *             work, StudyQuestion.asking(TextToSpeech.none()), StudyQuestion.of(sets), 8, findings, progress);
 *     experiment.run(new LocalPool(model), "asking");    // killed here? the next call does what is missing
 * }
 * }</pre>
 *
 * <p>{@link WorkerPool} are where other machines come in. {@link Job} is a value without model and folder, so that it can
 * be done wherever the model is open. It, its tasks and its results travel as {@link Parcel}s; a worker elsewhere finds
 * by {@link JobType} what to do with them. What a study finds, and what it reports, is not known here.
 */
package sparrow.study.run;
