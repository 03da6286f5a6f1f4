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
 * The compiled kernels of a device. Each method checks shapes, because a device does not check them, then enqueues its
 * work and returns. Its arguments must stay open until it returns. Unless documented otherwise, outputs and inputs may
 * share memory. All rows may be views.
 */
public final class DeviceKernels implements AutoCloseable {
    /**
     * Maximum number of rows of a linear layer that share one read of the weights, and therefore take little more time
     * than one row.
     */
    public static final int MAX_ROWS = LinearKernels.MAX_ROWS;

    /** Number of items per work-group, except in linear layers. */
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
     * Compiles the kernels, which takes a few seconds unless they are in the driver's cache.
     *
     * @throws DeviceException if the device cannot run them, or the driver cannot compile them; the message is one line
     */
    public static DeviceKernels build(Device device) {
        return build(device, Lanes.best(device), MatrixProduct.best(device));
    }

    /**
     * Compiles the kernels as {@link #build(Device)} does, but without bf16 products: all sums of linear layers are
     * f32, within the first bound of {@link #linear}.
     */
    public static DeviceKernels buildInF32(Device device) {
        return build(device, Lanes.best(device), Optional.empty());
    }

    /**
     * Compiles the kernels with the given methods.
     *
     * @param product method of computing products with many rows, or empty to compute each number separately
     */
    static DeviceKernels build(Device device, Lanes lanes, Optional<MatrixProduct> product) {
        if (device.largestGroup() < ITEMS) {
            throw new DeviceException(device.info().name() + ": expected work-groups of " + ITEMS
                    + " items, found at most " + device.largestGroup());
        }
        List<String> names = new ArrayList<>();
        String text = text(device.language(), lanes, product, names);
        return new DeviceKernels(CompiledKernels.build(device, "the kernels of a decode step", text, names), product);
    }

    /** Returns the source of all kernel variants as one program, and adds their names to {@code names}. */
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
     * Computes a linear layer as {@code Kernels.linear} does: y[r, o] = sum over c of x[r, c] * w[o, c], plus bias[o].
     * Weights are converted to f32 exactly. The error of each sum is at most 2 n 2^-24 times the sum of |x[r, c] * w[o,
     * c]| for n columns, unless a number is subnormal. Adding the bias rounds once more. The result of a row has equal
     * bits for any number of rows up to {@link #MAX_ROWS}. For more rows, the bits may differ, but do not depend on the
     * number of rows.
     *
     * <p>If the device {@link Device#multipliesBf16 multiplies bf16}, sums of more rows with bf16 or q8_0 weights have
     * an error of at most (3 * 2^-18 + n 2^-29) times the sum of these magnitudes (2^-16 times this sum at 2048
     * columns), if each number of x is 0 or at least 2^-109 in magnitude. A row with an infinite number becomes NaN.
     *
     * <p>For q4_0 weights, each block of 32 inputs is first rounded to multiples of 1/127 of its largest magnitude, as
     * the CPU does for few rows. The first bound applies to the rounded inputs.
     *
     * @param bias [1, w.rows]
     * @param x [rows, w.columns]; a view must begin at a multiple of 16 bytes, and end at a multiple of 16 bytes or at
     *     the end of its rows
     * @param y [rows, w.rows]; any view that shares no memory with {@code x} and {@code bias}
     * @throws IllegalArgumentException if shapes do not match
     */
    public void linear(DeviceMatrix w, Optional<DeviceRows> bias, DeviceRows x, DeviceRows y) {
        linear.run(w, bias, x, y, false);
    }

    /**
     * Reserves memory for the rounded inputs of linear layers. Otherwise, a linear layer might replace this memory
     * while launches are being recorded.
     *
     * @param rows number of rows of the largest input
     * @param columns number of columns of the largest input
     */
    public void reserve(int rows, int columns) {
        linear.reserve(rows, columns);
    }

    /**
     * Adds the result of {@link #linear} to y, with one additional rounding. Layers that add to the residual stream use
     * this method.
     */
    public void linearAdd(DeviceMatrix w, Optional<DeviceRows> bias, DeviceRows x, DeviceRows y) {
        linear.run(w, bias, x, y, true);
    }

    /**
     * Computes the root-mean-square norm of each row as {@code Kernels.rmsNorm} does: y = weight * x / sqrt(mean(x^2) +
     * epsilon). The relative error of each result is at most (s / 2 + 16) 2^-24, where s = n / 256 + 9 is the number of
     * steps in the sum of n squares.
     *
     * @param x [rows, columns]
     * @param weight [1, columns]
     * @param epsilon 0 or more
     * @param y [rows, columns]; either {@code x} itself or rows that do not overlap {@code x}, which is not checked
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
     * Applies rotary position embeddings in place, as {@code Kernels.rotateNeighbours} and {@code rotateHalves} do:
     * rotates the first n channels of each head. Each row has its own rotation. The error of each result is at most 3 *
     * 2^-24 times the sum of the magnitudes of its two products.
     *
     * @param x [rows, heads * headWidth]
     * @param headWidth n or more
     * @param turns [rows, 2 n], as in the tables of these methods; n must be even
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
     * Computes SwiGLU's product y = silu(gate) * up as {@code Kernels.siluMultiply} does. The error of each result is
     * at most 8 ulp, plus 2^-120 |up| if e^-gate is not representable in f32.
     *
     * @param gate [rows, columns]
     * @param up [rows, columns]; may be a view of the same rows as gate
     * @param y [rows, columns]; either {@code gate} itself or rows in other memory
     * @throws IllegalArgumentException if shapes differ
     */
    public void swiglu(DeviceRows gate, DeviceRows up, DeviceRows y) {
        require(
                gate.rows() == up.rows()
                        && gate.columns() == up.columns()
                        && y.rows() == gate.rows()
                        && y.columns() == gate.columns(),
                "swiglu: expected three arguments of one shape, got " + gate + ", " + up + " and " + y);
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
