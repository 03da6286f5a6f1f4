/**
 * Parts of reports that several commands share: a {@link Table}, a {@link Mean} with its standard error,
 * {@link Quartiles} of repeated measurements, the {@link Machine} on which they were measured, charts as PNG images
 * ({@link ChartImage}), and {@link JsonText}. The package does not depend on commands or models.
 */
package sparrow.app.report;
