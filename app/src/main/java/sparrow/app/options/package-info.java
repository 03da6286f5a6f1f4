/**
 * Options that several commands share, as picocli mixins ({@link sparrow.app.options.ModelOptions}, {@link
 * sparrow.app.options.DecodeOptions}), with the notations of their values, settings, and checks of input and output
 * files.
 */
package sparrow.app.options;
