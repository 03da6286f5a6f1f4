package sparrow.tensor.kernel;

import java.lang.foreign.MemorySegment;
import java.util.List;
import jdk.incubator.vector.FloatVector;
import sparrow.tensor.Matrix;

/**
 * Computes products with panels, which {@link Tiles} multiplies. Weights that are not f32 panels are packed or unpacked
 * first, panel by panel.
 */
final class PanelProducts {
    /** Number of columns that are unpacked at a time. */
    static final int UNPACKED_COLUMNS = 1024;

    /**
     * Number of rows of activations per piece of a packed product. The number is a multiple of the tallest tile's
     * number of rows.
     */
    private static final int RUN_ROWS = 120;

    private final ComputePool pool;
    private final Panels panels = new Panels();

    PanelProducts(ComputePool pool) {
        this.pool = pool;
    }

    /** Writes a weight's matrix, widened to f32. */
    void unpack(PanelWeight w, Block y) {
        eachPanel(w.rows(), w.isWide() ? 0 : w.columns(), (scratch, row) -> {
            int p = row / Lanes.PANEL;
            if (!w.isWide()) w.widen(p, 0, w.columns(), scratch);
            Panels.unpack(w.isWide() ? w.panels() : scratch, w.isWide() ? w.panel(p) : 0, y, row, 0, w.columns());
        });
    }

    /** Writes a weight's matrix, widened to f32. */
    void unpack(QuantisedWeight w, Block y) {
        eachPanel(w.rows(), UNPACKED_COLUMNS, (panel, row) -> {
            for (int c = 0; c < w.columns(); c += UNPACKED_COLUMNS) {
                int end = Math.min(w.columns(), c + UNPACKED_COLUMNS);
                QuantisedPacking.unpackPanel(w, row, c, end, panel);
                Panels.unpack(panel, 0, y, row, c, end);
            }
        });
    }

    /**
     * Computes a linear layer. Runs of columns are unpacked into a panel that stays in the cache while it is multiplied
     * by all rows.
     */
    void unpacking(Block x, QuantisedWeight w, float[] bias, Block y) {
        PackedRows packed = PackedRows.of(x, pool);
        eachPanel(w.rows(), UNPACKED_COLUMNS, (panel, row) -> {
            int columns = Math.min(Lanes.PANEL, w.rows() - row);
            float[] sums = new float[x.rows() * Lanes.PANEL];
            float[] run = new float[sums.length];
            for (int c = 0; c < w.columns(); c += UNPACKED_COLUMNS) {
                int end = Math.min(w.columns(), c + UNPACKED_COLUMNS);
                QuantisedPacking.unpackPanel(w, row, c, end, panel);
                Tiles.panel(packed, c, end, panel, 0, c == 0 ? sums : run, 0, Lanes.PANEL);
                if (c > 0) add(run, 0, sums, 0, sums.length);
            }
            for (int r = 0; r < x.rows(); r++) {
                if (bias != null) add(bias, row, sums, r * Lanes.PANEL, columns);
                System.arraycopy(sums, r * Lanes.PANEL, y.data(), y.row(r) + row, columns);
            }
        });
    }

    /**
     * Computes several products as one job, because threads would idle at the end of each small job. Long inputs are
     * also split into runs of rows, so that there are enough pieces for all threads and the activations stay in the
     * cache.
     */
    void linear(Block x, List<Product> products) {
        for (int from = 0; from < x.rows(); from += PackedRows.MAX_ROWS) {
            linear(PackedRows.of(x.rows(from, Math.min(x.rows(), from + PackedRows.MAX_ROWS)), pool), from, products);
        }
    }

    /** Computes the rows of the products starting at {@code from}. */
    private void linear(PackedRows x, int from, List<Product> products) {
        int all = 0;
        for (Product product : products) all += ((PanelWeight) product.weight()).panelCount();
        int panels = all;
        int rows = x.rows().rows();
        pool.forEach(panels * Math.ceilDiv(rows, RUN_ROWS), piece -> {
            int first = piece / panels * RUN_ROWS;
            int end = Math.min(rows, first + RUN_ROWS);
            int p = piece % panels;
            for (Product product : products) {
                PanelWeight w = (PanelWeight) product.weight();
                if (p < w.panelCount()) {
                    Block y = product.y().rows(from + first, from + end);
                    multiply(x.rows(first, end), w, p, product.bias(), y);
                    return;
                }
                p -= w.panelCount();
            }
        });
    }

    /** Multiplies one panel of a weight by all rows of x. A 16-bit panel is widened first. */
    private void multiply(PackedRows x, PanelWeight w, int p, float[] bias, Block y) {
        if (w.isWide()) {
            finishPanel(x, w.panels(), w.panel(p), bias, y, p * Lanes.PANEL);
        } else {
            withScratch(w.columns(), p * Lanes.PANEL, (panel, row) -> {
                w.widen(p, 0, w.columns(), panel);
                finishPanel(x, panel, 0, bias, y, row);
            });
        }
    }

    /** Computes a linear layer by packing a stored matrix panel by panel. */
    void packing(Block x, Matrix w, float[] bias, Block y) {
        PackedRows rows = PackedRows.of(x, pool);
        eachPanel(w.rows(), w.columns(), (panel, row) -> {
            Panels.packMatrix(w, row, panel);
            finishPanel(rows, panel, 0, bias, y, row);
        });
    }

    /** Computes y = a times the transpose of b. */
    void multiplyTransposed(Block a, Block b, Block y) {
        PackedRows rows = PackedRows.of(a);
        onePanelAtATime(b.rows(), b.columns(), (panel, row) -> {
            Panels.packRows(b, row, panel);
            finishPanel(rows, panel, 0, null, y, row);
        });
    }

    /** Computes y = a times b. */
    void multiply(Block a, Block b, Block y) {
        PackedRows rows = PackedRows.of(a);
        onePanelAtATime(b.columns(), b.rows(), (panel, column) -> {
            Panels.packColumns(b, column, panel);
            finishPanel(rows, panel, 0, null, y, column);
        });
    }

    /** Multiplies one panel by all rows of x, adds the bias, and writes y's columns starting at {@code column}. */
    private static void finishPanel(PackedRows x, MemorySegment w, long at, float[] bias, Block y, int column) {
        int inputs = x.rows().columns();
        int columns = Math.min(Lanes.PANEL, y.columns() - column);
        if (columns == Lanes.PANEL) {
            Tiles.panel(x, 0, inputs, w, at, y.data(), y.offset() + column, y.stride());
        } else {
            float[] whole = new float[y.rows() * Lanes.PANEL];
            Tiles.panel(x, 0, inputs, w, at, whole, 0, Lanes.PANEL);
            for (int r = 0; r < y.rows(); r++) {
                System.arraycopy(whole, r * Lanes.PANEL, y.data(), y.row(r) + column, columns);
            }
        }
        if (bias != null) {
            for (int r = 0; r < y.rows(); r++) add(bias, column, y.data(), y.row(r) + column, columns);
        }
    }

    private interface PanelBody {
        void accept(MemorySegment scratch, int firstRow);
    }

    private void eachPanel(int rows, int columns, PanelBody body) {
        pool.forEach(Math.ceilDiv(rows, Lanes.PANEL), p -> withScratch(columns, p * Lanes.PANEL, body));
    }

    private void onePanelAtATime(int rows, int columns, PanelBody body) {
        for (int row = 0; row < rows; row += Lanes.PANEL) withScratch(columns, row, body);
    }

    private void withScratch(int columns, int row, PanelBody body) {
        MemorySegment panel = panels.take(columns);
        try {
            body.accept(panel, row);
        } finally {
            panels.release(panel);
        }
    }

    private static void add(float[] x, int xOffset, float[] y, int yOffset, int n) {
        int i = 0;
        for (; i < Lanes.F32.loopBound(n); i += Lanes.COUNT) {
            FloatVector.fromArray(Lanes.F32, x, xOffset + i)
                    .add(FloatVector.fromArray(Lanes.F32, y, yOffset + i))
                    .intoArray(y, yOffset + i);
        }
        for (; i < n; i++) y[yOffset + i] += x[xOffset + i];
    }
}
