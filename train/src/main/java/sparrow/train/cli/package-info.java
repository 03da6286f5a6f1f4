/**
 * The commands {@code sparrow heads}: options, progress and printing. The command line of {@code sparrow-app} finds {@link
 * HeadsCommands} as a service.
 */
package sparrow.train.cli;
