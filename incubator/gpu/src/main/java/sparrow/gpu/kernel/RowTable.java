package sparrow.gpu.kernel;

import sparrow.gpu.device.Buffer;

/**
 * The table of a pass that kernels read: ints that are already on the device.
 *
 * @param buffer the table
 * @param rows number of rows in the pass
 * @param pages index at which the table contains the position of each row's page list; a page list contains the pages
 *     of the row's sequence in the order of positions
 */
public record RowTable(Buffer buffer, int rows, int pages) {}
