package sparrow.gpu.kernel;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import sparrow.engine.transformer.Rope.Pairing;
import sparrow.gpu.device.Argument;
import sparrow.gpu.device.Device;
import sparrow.gpu.device.DeviceException;
import sparrow.gpu.device.Grid;
import sparrow.gpu.device.Kernel;
import sparrow.gpu.device.Language;
import sparrow.gpu.device.Program;

/**
 * The kernels of one device, compiled. Each method checks shapes, since a device does not, enqueues and returns; what it
 * reads and writes must be open and stay so until then. Unless said otherwise an operation may write to what it reads.
 */
public final class DeviceKernels implements AutoCloseable {
    /** The most rows of {@link #matvec}. */
    public static final int MOST_ROWS = 4;

    /** Outputs of a team in {@code matvec}. */
    private static final int OUTPUTS = 4;

    /** Teams of a work-group in {@code matvec}. */
    private static final int TEAMS = 4;

    /** Items of a work-group in the other kernels. */
    static final int ITEMS = 256;

    private static final String RMS_ROWS = "rms_rows";
    private static final String SWIGLU = "swiglu";

    private final Device device;
    private final Program program;
    private final Map<String, Kernel> kernels = new HashMap<>();

    private DeviceKernels(Device device, Program program) {
        this.device = device;
        this.program = program;
    }

    /**
     * Compiles them, which takes some seconds where the driver has not kept them from an earlier time.
     *
     * @throws DeviceException in one line if the device cannot run them, or the driver cannot compile them
     */
    public static DeviceKernels build(Device device) {
        return build(device, Lanes.best(device));
    }

    static DeviceKernels build(Device device, Lanes lanes) {
        if (device.largestGroup() < ITEMS) {
            throw new DeviceException(device.facts().name() + ": expected work-groups of " + ITEMS
                    + " items, found at most " + device.largestGroup());
        }
        List<String> names = new ArrayList<>();
        String text = text(device.language(), lanes, names);
        DeviceKernels built = new DeviceKernels(device, device.build("the kernels of a decode step", text));
        try {
            for (String name : names) built.kernels.put(name, built.program.kernel(name));
            return built;
        } catch (RuntimeException e) {
            built.close();
            throw e;
        }
    }

    /** All variants in one text; {@code names} takes the names of its kernels. */
    static String text(Language language, Lanes lanes, List<String> names) {
        KernelText text = new KernelText(language, lanes, TEAMS);
        for (StoredType type : StoredType.values()) {
            for (int rows = 1; rows <= MOST_ROWS; rows++) {
                SequencedMap<String, String> macros = type.macros();
                macros.put("ROWS", String.valueOf(rows));
                macros.put("OUT", String.valueOf(OUTPUTS));
                text.with(add(names, matvecName(type, rows)), "matvec.cl", macros);
            }
        }
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

    private static SequencedMap<String, String> items() {
        return new LinkedHashMap<>(Map.of("ITEMS", String.valueOf(ITEMS)));
    }

    private static String matvecName(StoredType type, int rows) {
        return "matvec_" + type.suffix() + "_" + rows;
    }

    private static String ropeName(Pairing pairing) {
        return pairing == Pairing.HALVES ? "rope_halves" : "rope_neighbours";
    }

    /**
     * Linear layer of few rows: y[r, o] = sum over c of x[r, c] * w[o, c]; {@code Kernels.linear} without bias. Weights are
     * widened to f32 exactly. Each result is within 2 n 2^-24 times the sum of |x[r, c] * w[o, c]| of the exact one, n the
     * columns, where no number is subnormal. A row gives the same bits alone and among others.
     *
     * @param x [1 to 4, w.columns]
     * @param y [rows of x, w.rows], of other memory
     * @throws IllegalArgumentException if shapes do not fit
     */
    public void matvec(DeviceMatrix w, DeviceRows x, DeviceRows y) {
        require(x.rows() <= MOST_ROWS, "matvec: expected 1 to " + MOST_ROWS + " rows, got " + x.rows());
        require(
                x.columns() == w.columns() && y.columns() == w.rows() && y.rows() == x.rows(),
                "matvec of " + w + ": expected x of its columns and as many rows of y of its rows, got " + x + " and "
                        + y);
        require(x.buffer() != y.buffer(), "matvec: expected y in other memory than x");
        List<Argument> arguments = new ArrayList<>();
        arguments.add(Argument.of(w.numbers()));
        w.scales().ifPresent(scales -> arguments.add(Argument.of(scales)));
        arguments.addAll(List.of(
                Argument.of(x.buffer()),
                Argument.of(y.buffer()),
                Argument.of(w.rows()),
                Argument.of(w.pieces()),
                Argument.of(x.pitch()),
                Argument.of(y.pitch())));
        Grid grid = new Grid(Math.ceilDiv(w.rows(), TEAMS * OUTPUTS), 1, TEAMS * Lanes.COUNT);
        run(matvecName(w.type(), x.rows()), grid, arguments.toArray(Argument[]::new));
    }

    /**
     * Root-mean-square norm of each row: y = weight * x / sqrt(mean(x^2) + epsilon); {@code Kernels.rmsNorm}. Each result is
     * within (s / 2 + 16) 2^-24 of itself, s = n / 256 + 9 the steps of the sum of n squares.
     *
     * @param x [rows, columns]
     * @param weight [1, columns]
     * @param epsilon 0 or more
     * @param y [rows, columns]; may be x
     * @throws IllegalArgumentException if shapes do not fit
     */
    public void rmsRows(DeviceRows x, DeviceRows weight, float epsilon, DeviceRows y) {
        require(
                y.rows() == x.rows() && y.columns() == x.columns() && weight.columns() == x.columns(),
                "rms norm of " + x + ": expected y of that shape and a weight of its columns, got " + y + " and "
                        + weight);
        run(
                RMS_ROWS,
                new Grid(x.rows(), 1, ITEMS),
                Argument.of(x.buffer()),
                Argument.of(weight.buffer()),
                Argument.of(y.buffer()),
                Argument.of(x.columns()),
                Argument.of(x.pitch()),
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
     * @throws IllegalArgumentException if shapes do not fit
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
        run(
                ropeName(pairing),
                new Grid(Math.ceilDiv(heads * (n / 2), ITEMS), x.rows(), ITEMS),
                Argument.of(x.buffer()),
                Argument.of(turns.buffer()),
                Argument.of(heads),
                Argument.of(headWidth),
                Argument.of(n),
                Argument.of(x.pitch()),
                Argument.of(turns.pitch()));
    }

    /**
     * SwiGLU's product, in place: gate = silu(gate) * up; {@code Kernels.siluMultiply}. Each result is within 8 ulp of itself
     * and 2^-120 times |up|, for a gate whose e^-gate is no f32.
     *
     * @param gate [rows, columns]
     * @param up [rows, columns]
     * @throws IllegalArgumentException if shapes differ
     */
    public void swiglu(DeviceRows gate, DeviceRows up) {
        require(
                gate.rows() == up.rows() && gate.columns() == up.columns(),
                "swiglu: expected two of one shape, got " + gate + " and " + up);
        run(
                SWIGLU,
                new Grid(Math.ceilDiv(gate.columns(), ITEMS), gate.rows(), ITEMS),
                Argument.of(gate.buffer()),
                Argument.of(up.buffer()),
                Argument.of(gate.columns()),
                Argument.of(gate.pitch()),
                Argument.of(up.pitch()));
    }

    private void run(String kernel, Grid grid, Argument... arguments) {
        device.queue().run(kernels.get(kernel), grid, arguments);
    }

    private static void require(boolean fits, String otherwise) {
        if (!fits) throw new IllegalArgumentException(otherwise);
    }

    @Override
    public void close() {
        kernels.values().forEach(Kernel::close);
        program.close();
    }
}
