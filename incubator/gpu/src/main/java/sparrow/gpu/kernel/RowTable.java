package sparrow.gpu.kernel;

import sparrow.gpu.device.Buffer;

/**
 * The table that kernels read for the rows of a pass: ints that are on the device already.
 *
 * @param buffer the table
 * @param rows of the pass
 * @param pages index from which on the place of each row's list of pages stands; a list names the page of the first positions
 *     of the row's sequence, of the next ones, and so on
 */
public record RowTable(Buffer buffer, int rows, int pages) {}
