package sparrow.gpu.device;

/**
 * The work-groups of a launch.
 *
 * @param columns number of work-groups in the first direction
 * @param rows number of work-groups in the second direction, at most 65535
 * @param items number of items per work-group, all in the first direction
 */
public record Grid(int columns, int rows, int items) {
    /** CUDA's limit, which applies to every host. */
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
