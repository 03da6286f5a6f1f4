/**
 * What {@code sparrow bench} and the reports of the laboratory share: {@link Quartiles} of repeated measurements, the
 * {@link Machine} that they were taken on, and charts as PNG images ({@link ChartImage}). The package knows neither
 * commands nor models.
 */
package sparrow.app.report;
