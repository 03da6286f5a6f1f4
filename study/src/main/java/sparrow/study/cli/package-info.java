/**
 * The {@code sparrow study} commands: options, progress and printing. The command line of {@code sparrow-app} loads
 * {@link StudyCommands} as a service.
 */
package sparrow.study.cli;
