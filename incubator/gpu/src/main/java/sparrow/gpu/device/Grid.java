package sparrow.gpu.device;

/**
 * Work-groups of a launch.
 *
 * @param columns work-groups in the first direction
 * @param rows work-groups in the second direction, at most 65535
 * @param items of each work-group, all in the first direction
 */
public record Grid(int columns, int rows, int items) {
    /** The limit of CUDA, so that no host is asked for more. */
    private static final int MAX_ROWS = 65_535;

    public Grid {
        if (columns < 1 || rows < 1 || items < 1) {
            throw new IllegalArgumentException(
                    "grid: expected 1 or more, got " + columns + " x " + rows + " groups of " + items);
        }
        if (rows > MAX_ROWS) {
            throw new IllegalArgumentException("grid: expected at most " + MAX_ROWS + " rows, got " + rows);
        }
    }
}
