package sparrow.gpu.kernel;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import sparrow.engine.transformer.Rope.Pairing;
import sparrow.gpu.device.Argument;
import sparrow.gpu.device.Device;
import sparrow.gpu.device.DeviceException;
import sparrow.gpu.device.Grid;
import sparrow.gpu.device.Language;

/**
 * The kernels of one device, compiled. Each method checks shapes, since a device does not, enqueues and returns; its arguments
 * must stay open until then. Unless said otherwise an operation may write to its inputs. All rows may be views.
 */
public final class DeviceKernels implements AutoCloseable {
    /** Rows of a linear layer that share one reading of the weights, and so cost little more than one row. */
    public static final int MAX_ROWS = LinearKernels.MAX_ROWS;

    /** Items of a work-group in the other kernels. */
    static final int ITEMS = 256;

    private static final String RMS_ROWS = "rms_rows";
    private static final String SWIGLU = "swiglu";

    private final CompiledKernels kernels;
    private final LinearKernels linear;

    private DeviceKernels(CompiledKernels kernels, Optional<MatrixProduct> product) {
        this.kernels = kernels;
        this.linear = new LinearKernels(kernels, product);
    }

    /**
     * Compiles the kernels, which takes some seconds if the driver has not kept them from an earlier time.
     *
     * @throws DeviceException in one line if the device cannot run them, or the driver cannot compile them
     */
    public static DeviceKernels build(Device device) {
        return build(device, Lanes.best(device), MatrixProduct.best(device));
    }

    /**
     * As {@link #build(Device)}, but without the device's products of bf16: all sums of linear layers are f32, within the first
     * bound of {@link #linear}.
     */
    public static DeviceKernels buildInF32(Device device) {
        return build(device, Lanes.best(device), Optional.empty());
    }

    /** @param product of many rows; without one they are added up number by number */
    static DeviceKernels build(Device device, Lanes lanes, Optional<MatrixProduct> product) {
        if (device.largestGroup() < ITEMS) {
            throw new DeviceException(device.info().name() + ": expected work-groups of " + ITEMS
                    + " items, found at most " + device.largestGroup());
        }
        List<String> names = new ArrayList<>();
        String text = text(device.language(), lanes, product, names);
        return new DeviceKernels(CompiledKernels.build(device, "the kernels of a decode step", text, names), product);
    }

    /** All variants in one text; {@code names} takes the names of its kernels. */
    static String text(Language language, Lanes lanes, Optional<MatrixProduct> product, List<String> names) {
        KernelText text = new KernelText(language, lanes, LinearKernels.TEAMS);
        LinearKernels.addTo(text, product, names);
        text.with(add(names, RMS_ROWS), "rms_rows.cl", items());
        for (Pairing pairing : Pairing.values()) {
            SequencedMap<String, String> macros = items();
            if (pairing == Pairing.HALVES) macros.put("HALVES", "1");
            text.with(add(names, ropeName(pairing)), "rope.cl", macros);
        }
        text.with(add(names, SWIGLU), "swiglu.cl", items());
        return text.toString();
    }

    private static String add(List<String> names, String name) {
        names.add(name);
        return name;
    }

    static SequencedMap<String, String> items() {
        return new LinkedHashMap<>(Map.of("ITEMS", String.valueOf(ITEMS)));
    }

    private static String ropeName(Pairing pairing) {
        return pairing == Pairing.HALVES ? "rope_halves" : "rope_neighbours";
    }

    /**
     * Linear layer: y[r, o] = sum over c of x[r, c] * w[o, c], plus bias[o]; {@code Kernels.linear}. Weights are widened to f32
     * exactly. Each sum is within 2 n 2^-24 times the sum of |x[r, c] * w[o, c]| of the exact one, n the columns, where no
     * number is subnormal; the bias is added with one more rounding. A row gives the same bits alone and among others, up to
     * {@link #MAX_ROWS} of them; other bits, but again the same, among more.
     *
     * <p>If the device {@link Device#multipliesBf16 multiplies bf16}, sums of more rows and weights of bf16 or q8_0 are within
     * (3 * 2^-18 + n 2^-29) times the sum of those magnitudes, 2^-16 at 2048 columns, where numbers of x are 0 or of 2^-109 and
     * more; a row with an infinite number becomes NaN.
     *
     * <p>For q4_0 the first bound holds of rows whose blocks of 32 are rounded to whole steps first, as the CPU does for few rows:
     * the block's largest magnitude is 127 of them.
     *
     * @param bias [1, w.rows]
     * @param x [rows, w.columns]; a view begins at a multiple of 16 bytes, and ends so or where its rows end
     * @param y [rows, w.rows], any view; of other memory than x and bias
     * @throws IllegalArgumentException if shapes do not match
     */
    public void linear(DeviceMatrix w, Optional<DeviceRows> bias, DeviceRows x, DeviceRows y) {
        linear.run(w, bias, x, y, false);
    }

    /**
     * Makes room for the rounded inputs of linear layers. Otherwise a linear layer makes it, and gives the memory before back,
     * while launches are recorded.
     *
     * @param rows of the largest input
     * @param columns of it
     */
    public void reserve(int rows, int columns) {
        linear.reserve(rows, columns);
    }

    /** Adds the result of {@link #linear} to y, with one more rounding: a layer whose result joins the residual stream. */
    public void linearAdd(DeviceMatrix w, Optional<DeviceRows> bias, DeviceRows x, DeviceRows y) {
        linear.run(w, bias, x, y, true);
    }

    /**
     * Root-mean-square norm of each row: y = weight * x / sqrt(mean(x^2) + epsilon); {@code Kernels.rmsNorm}. Each result is
     * within (s / 2 + 16) 2^-24 of itself, s = n / 256 + 9 the steps of the sum of n squares.
     *
     * @param x [rows, columns]
     * @param weight [1, columns]
     * @param epsilon 0 or more
     * @param y [rows, columns]; x itself, or of other memory
     * @throws IllegalArgumentException if shapes do not match
     */
    public void rmsRows(DeviceRows x, DeviceRows weight, float epsilon, DeviceRows y) {
        require(
                y.rows() == x.rows() && y.columns() == x.columns() && weight.columns() == x.columns(),
                "rms norm of " + x + ": expected y of that shape and a weight of its columns, got " + y + " and "
                        + weight);
        kernels.run(
                RMS_ROWS,
                new Grid(x.rows(), 1, ITEMS),
                Argument.of(x.buffer()),
                Argument.of(weight.buffer()),
                Argument.of(y.buffer()),
                Argument.of(x.columns()),
                Argument.of(x.offset()),
                Argument.of(x.pitch()),
                Argument.of(weight.offset()),
                Argument.of(y.offset()),
                Argument.of(y.pitch()),
                Argument.of(epsilon));
    }

    /**
     * Rotary positions, in place: turns the first n channels of every head of each row by a turn of the row's own; {@code
     * Kernels.rotateNeighbours} and {@code rotateHalves}. Each result is within 3 * 2^-24 times the sum of the magnitudes of
     * its two products.
     *
     * @param x [rows, heads * headWidth]
     * @param headWidth n or more
     * @param turns [rows, 2 n]: as the table of those methods; n even
     * @throws IllegalArgumentException if shapes do not match
     */
    public void rope(DeviceRows x, int headWidth, DeviceRows turns, Pairing pairing) {
        require(
                headWidth > 0 && x.columns() % headWidth == 0,
                "rope of " + x + ": expected whole heads, got heads of " + headWidth);
        int n = turns.columns() / 2;
        require(
                turns.rows() == x.rows() && turns.columns() % 4 == 0 && n <= headWidth,
                "rope of " + x
                        + ": expected turns for each row, two numbers for each of an even number of channels up to "
                        + headWidth + ", got " + turns);
        int heads = x.columns() / headWidth;
        kernels.run(
                ropeName(pairing),
                new Grid(Math.ceilDiv(heads * (n / 2), ITEMS), x.rows(), ITEMS),
                Argument.of(x.buffer()),
                Argument.of(turns.buffer()),
                Argument.of(heads),
                Argument.of(headWidth),
                Argument.of(n),
                Argument.of(x.offset()),
                Argument.of(x.pitch()),
                Argument.of(turns.offset()),
                Argument.of(turns.pitch()));
    }

    /**
     * SwiGLU's product: y = silu(gate) * up; {@code Kernels.siluMultiply}. Each result is within 8 ulp of itself and 2^-120 times
     * |up|, for a gate whose e^-gate is no f32.
     *
     * @param gate [rows, columns]
     * @param up [rows, columns]; may be a view of the same rows beside gate
     * @param y [rows, columns]; gate itself, or of other memory
     * @throws IllegalArgumentException if shapes differ
     */
    public void swiglu(DeviceRows gate, DeviceRows up, DeviceRows y) {
        require(
                gate.rows() == up.rows()
                        && gate.columns() == up.columns()
                        && y.rows() == gate.rows()
                        && y.columns() == gate.columns(),
                "swiglu: expected three of one shape, got " + gate + ", " + up + " and " + y);
        kernels.run(
                SWIGLU,
                new Grid(Math.ceilDiv(gate.columns(), ITEMS), gate.rows(), ITEMS),
                Argument.of(gate.buffer()),
                Argument.of(up.buffer()),
                Argument.of(y.buffer()),
                Argument.of(gate.columns()),
                Argument.of(gate.offset()),
                Argument.of(gate.pitch()),
                Argument.of(up.offset()),
                Argument.of(up.pitch()),
                Argument.of(y.offset()),
                Argument.of(y.pitch()));
    }

    private static void require(boolean fits, String otherwise) {
        if (!fits) throw new IllegalArgumentException(otherwise);
    }

    @Override
    public void close() {
        linear.close();
        kernels.close();
    }
}
