/**
 * {@code sparrow bench --rows}: what further rows of a pass cost. {@link sparrow.app.rowsbench.RowsBenchmark} measures, {@link
 * sparrow.app.rowsbench.RowsReport} is what it found.
 */
package sparrow.app.rowsbench;
