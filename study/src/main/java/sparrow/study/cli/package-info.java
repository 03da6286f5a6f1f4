/**
 * The laboratory's commands, {@code sparrow study} and {@code sparrow heads}: options, progress and printing, and
 * nothing that measures. {@link StudyCommands} is found as a service by the command line of {@code sparrow-app}, so
 * that they are there when this artifact is on the class path. The studies themselves do not know this package.
 */
package sparrow.study.cli;
