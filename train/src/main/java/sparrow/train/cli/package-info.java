/** The commands {@code sparrow heads}: options, progress and printing. */
package sparrow.train.cli;
