package sparrow.gpu.kernel;

import sparrow.gpu.device.Buffer;

/**
 * What kernels look up for the rows of a pass: a table of ints that is on the device already.
 *
 * @param buffer the table
 * @param rows of the pass
 * @param pages index from which on the place of each row's list of pages stands; a list says which page holds the first
 *     positions of the row's sequence, the next ones, and so on
 */
public record RowTable(Buffer buffer, int rows, int pages) {}
