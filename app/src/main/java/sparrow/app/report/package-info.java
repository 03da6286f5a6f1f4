/**
 * What {@code sparrow bench} and the reports of the laboratory show alike: quartiles of repeated measurements, the machine
 * that they were taken on, and charts as PNG images. Knows neither commands nor models.
 */
package sparrow.app.report;
