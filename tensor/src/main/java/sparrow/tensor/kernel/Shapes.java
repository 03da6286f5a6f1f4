package sparrow.tensor.kernel;

/** Shape checks shared by both implementations of {@link Kernels}. */
final class Shapes {
    private Shapes() {}

    static void linear(Block x, Weight w, float[] bias, Block y) {
        if (x.columns() != w.columns() || y.columns() != w.rows() || y.rows() != x.rows()) {
            throw mismatch("linear", x, w.rows() + " x " + w.columns(), y);
        }
        if (bias != null && bias.length != w.rows()) {
            throw new IllegalArgumentException("linear: expected a bias of " + w.rows() + ", got " + bias.length);
        }
    }

    static void unpack(Weight w, Block y) {
        if (y.rows() != w.rows() || y.columns() != w.columns()) {
            throw new IllegalArgumentException(
                    "unpack: expected " + w.rows() + " x " + w.columns() + ", got " + size(y));
        }
    }

    static void rows(Weight w, int from, int to) {
        boolean whole = from % Weight.ROW_GROUP == 0 && (to % Weight.ROW_GROUP == 0 || to == w.rows());
        if (from < 0 || to <= from || to > w.rows() || !whole) {
            throw new IllegalArgumentException("rows " + from + " to " + to + " of a weight of " + w.rows()
                    + " rows: expected complete groups of " + Weight.ROW_GROUP);
        }
    }

    static void multiplyTransposed(Block a, Block b, Block y) {
        if (a.columns() != b.columns() || y.rows() != a.rows() || y.columns() != b.rows()) {
            throw mismatch("multiplyTransposed", a, size(b), y);
        }
    }

    static void multiply(Block a, Block b, Block y) {
        if (a.columns() != b.rows() || y.rows() != a.rows() || y.columns() != b.columns()) {
            throw mismatch("multiply", a, size(b), y);
        }
    }

    static void attend(Block queries, KvPanels cache, int head, int position, Block mixed, int lanes) {
        if (cache.lanes() != lanes) {
            throw new IllegalArgumentException("attend: the keys and values were created by other kernels");
        }
        if (queries.columns() % cache.headWidth() != 0
                || mixed.rows() != queries.rows()
                || mixed.columns() != queries.columns()) {
            throw mismatch("attend", queries, "heads of " + cache.headWidth(), mixed);
        }
        if (head < 0 || head >= cache.heads()) {
            throw new IllegalArgumentException("attend: key head " + head + " of " + cache.heads());
        }
        if (position < 0 || position + queries.rows() > cache.length()) {
            throw new IllegalArgumentException("attend: positions " + position + " to "
                    + (position + queries.rows() - 1) + ", but " + cache.length() + " are held");
        }
    }

    static void norm(Block x, float[] weight, Block y) {
        if (x.columns() != weight.length || y.rows() != x.rows() || y.columns() != x.columns()) {
            throw mismatch("norm", x, "" + weight.length, y);
        }
    }

    static void groupNorm(Block x, int groups, float[] weight, Block y) {
        norm(x, weight, y);
        if (groups < 1 || x.columns() % groups != 0 || x.rows() < 1) {
            throw new IllegalArgumentException("groupNorm: " + size(x) + " in " + groups + " groups");
        }
    }

    static void layerNorm(Block x, float[] weight, float[] bias, Block y) {
        norm(x, weight, y);
        if (bias.length != x.columns()) {
            throw new IllegalArgumentException("norm: expected a bias of " + x.columns() + ", got " + bias.length);
        }
    }

    static void addScaled(Block x, Block y) {
        if (x.rows() != y.rows() || x.columns() != y.columns()) {
            throw new IllegalArgumentException(
                    "addScaled: expected blocks of the same size, got " + size(x) + ", " + size(y));
        }
        if (x.stride() != x.columns() || y.stride() != y.columns()) {
            throw new IllegalArgumentException("addScaled: expected rows without gaps");
        }
    }

    static void addGated(float[] gate, Block x, Block y) {
        if (x.rows() != y.rows() || x.columns() != y.columns() || gate.length != x.columns()) {
            throw mismatch("addGated", x, "" + gate.length, y);
        }
    }

    static void snake(Block x, float[] alpha) {
        if (alpha.length != x.columns()) {
            throw new IllegalArgumentException("snake: expected an alpha of " + x.columns() + ", got " + alpha.length);
        }
    }

    private static IllegalArgumentException mismatch(String operation, Block x, String by, Block y) {
        return new IllegalArgumentException(
                operation + ": shapes do not match: " + size(x) + " by " + by + " to " + size(y));
    }

    private static String size(Block block) {
        return block.rows() + " x " + block.columns();
    }
}
