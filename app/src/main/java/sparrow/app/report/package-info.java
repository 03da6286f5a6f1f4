/**
 * The parts that several commands and the reports of the laboratory share: a {@link Table}, {@link Mean} with its standard error
 * and {@link Quartiles} of repeated measurements, the {@link Machine} that they were taken on, charts as PNG images ({@link ChartImage}), and {@link JsonText}. The package knows
 * neither commands nor models.
 */
package sparrow.app.report;
