/**
 * The commands {@code sparrow study}: options, progress and printing. The command line of {@code sparrow-app} finds {@link
 * StudyCommands} as a service.
 */
package sparrow.study.cli;
