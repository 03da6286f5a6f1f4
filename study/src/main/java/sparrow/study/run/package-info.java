/**
 * Runs of hours that can be stopped, killed and begun again. An {@link sparrow.study.run.Experiment} asks many questions in
 * batches of fixed membership: what is done with a question is its {@link sparrow.study.run.Work}, who does it are
 * {@link sparrow.study.run.Workers}, and where it is kept are {@link sparrow.study.run.Findings}, as a rule one file an
 * item in a {@link sparrow.study.run.RunFolder}, each whole or not there at all. A folder goes on with the same settings
 * alone ({@link sparrow.study.run.RunFacts}).
 */
package sparrow.study.run;
