/**
 * Options that several commands share, as picocli mixins ({@link sparrow.app.options.ModelOptions},
 * {@link sparrow.app.options.DecodeOptions}), and the notations of their values. {@link sparrow.app.options.Settings}
 * reads {@code --set KEY=VALUE}.
 */
package sparrow.app.options;
