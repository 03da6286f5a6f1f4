/**
 * The commands {@code sparrow heads}, with their options, progress and output. The command line of {@code sparrow-app}
 * loads {@link HeadsCommands} as a service.
 */
package sparrow.train.cli;
