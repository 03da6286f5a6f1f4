package sparrow.gpu.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import sparrow.gpu.device.Argument;
import sparrow.gpu.device.Grid;

/** Launches linear layers, as specified by {@link DeviceKernels#linear}. */
final class LinearKernels implements AutoCloseable {
    /** Maximum number of rows that share one read of the weights. */
    static final int MAX_ROWS = 4;

    /** Number of teams per work-group. */
    static final int TEAMS = 4;

    /** Number of outputs per team. */
    private static final int OUTPUTS = 4;

    /**
     * Sizes of a work-group that multiplies many rows, as defined in both source files: outputs, rows of x, items, and
     * columns per step.
     */
    private static final int TILE_OUTPUTS = 128;

    private static final int TILE_ROWS = 64;
    private static final int TILE_ITEMS = 256;
    private static final int MIN_DEPTH = 16;

    private static final int WITH_BIAS = 1;
    private static final int WITH_Y = 2;

    private final CompiledKernels kernels;
    private final RoundedRows rounded;
    private final Optional<MatrixProduct> product;

    LinearKernels(CompiledKernels kernels, Optional<MatrixProduct> product) {
        this.kernels = kernels;
        this.product = product;
        this.rounded = new RoundedRows(kernels);
    }

    /** Adds the kernel sources to a program, and the kernel names to {@code names}. */
    static void addTo(KernelText text, Optional<MatrixProduct> product, List<String> names) {
        RoundedRows.addTo(text, names);
        product.ifPresent(words -> words.addTo(text));
        for (StoredType type : StoredType.values()) {
            for (int rows = 1; rows <= MAX_ROWS; rows++) {
                SequencedMap<String, String> macros = type.macros();
                macros.put("ROWS", String.valueOf(rows));
                macros.put("OUT", String.valueOf(OUTPUTS));
                names.add(matvecName(type, rows));
                text.with(matvecName(type, rows), type.roundsInputs() ? "matvec_q4_0.cl" : "matvec.cl", macros);
            }
            addGemm(text, product, names, type);
        }
    }

    private static void addGemm(KernelText text, Optional<MatrixProduct> product, List<String> names, StoredType type) {
        SequencedMap<String, String> macros = type.macros();
        if (type.roundsInputs()) macros.put("ROUNDED", "1");
        boolean byProduct = byProduct(product, type);
        if (byProduct) macros.put("PARTS", type.roundsInputs() ? "1" : "2");
        else macros.put("DEPTH", String.valueOf(Math.max(MIN_DEPTH, type.pieceNumbers())));
        names.add(gemmName(product, type));
        text.with(gemmName(product, type), byProduct ? "gemm_mma.cl" : "gemm.cl", macros);
    }

    /** Returns whether many rows are multiplied by {@link MatrixProduct}. Only the kernel that is used is compiled. */
    private static boolean byProduct(Optional<MatrixProduct> product, StoredType type) {
        return product.isPresent() && type.exactInBf16();
    }

    private static String gemmName(Optional<MatrixProduct> product, StoredType type) {
        return (byProduct(product, type) ? "gemm_mma_" : "gemm_") + type.suffix();
    }

    private static String matvecName(StoredType type, int rows) {
        return "matvec_" + type.suffix() + "_" + rows;
    }

    /**
     * Computes y = x w^T + bias, or adds this result to y. Calls are serialised because all rounded rows share one
     * memory block.
     */
    synchronized void run(DeviceMatrix w, Optional<DeviceRows> bias, DeviceRows x, DeviceRows y, boolean add) {
        check(w, bias, x, y);
        int epilogue = (bias.isPresent() ? WITH_BIAS : 0) | (add ? WITH_Y : 0);
        List<Argument> inputs = inputs(w.type(), x);
        int above = 0;
        for (MatrixPart part : w.parts()) {
            // A kernel requires a buffer as this argument, but reads no bias without WITH_BIAS.
            DeviceRows constant = bias.isPresent() ? bias.get().columns(above, part.rows()) : x;
            List<Argument> arguments = new ArrayList<>();
            arguments.add(Argument.of(part.numbers()));
            part.scales().ifPresent(scales -> arguments.add(Argument.of(scales)));
            arguments.addAll(inputs);
            arguments.add(Argument.of(part.first()));
            arguments.add(Argument.of(part.rows()));
            arguments.add(Argument.of(w.type().pieces(w.columns())));
            arguments.addAll(outputs(constant, y.columns(above, part.rows()), epilogue));
            launch(w.type(), x.rows(), part.rows(), arguments);
            above += part.rows();
        }
    }

    synchronized void reserve(int rows, int columns) {
        rounded.reserve(rows, columns);
    }

    private void launch(StoredType type, int rows, int outputs, List<Argument> arguments) {
        if (rows <= MAX_ROWS) {
            Grid grid = new Grid(Math.ceilDiv(outputs, TEAMS * OUTPUTS), 1, TEAMS * Lanes.COUNT);
            kernels.run(matvecName(type, rows), grid, arguments.toArray(Argument[]::new));
        } else {
            Grid grid = new Grid(Math.ceilDiv(outputs, TILE_OUTPUTS), Math.ceilDiv(rows, TILE_ROWS), TILE_ITEMS);
            arguments.add(Argument.of(rows));
            kernels.run(gemmName(product, type), grid, arguments.toArray(Argument[]::new));
        }
    }

    /** Returns the input arguments of a kernel, with rounded x if the type requires it. */
    private List<Argument> inputs(StoredType type, DeviceRows x) {
        if (!type.roundsInputs()) {
            return List.of(Argument.of(x.buffer()), Argument.of(x.offset()), Argument.of(x.pitch()));
        }
        RoundedRows.Memory memory = rounded.round(x);
        return List.of(Argument.of(memory.numbers()), Argument.of(memory.factors()));
    }

    private static List<Argument> outputs(DeviceRows bias, DeviceRows y, int epilogue) {
        return List.of(
                Argument.of(bias.buffer()),
                Argument.of(bias.offset()),
                Argument.of(y.buffer()),
                Argument.of(y.offset()),
                Argument.of(y.pitch()),
                Argument.of(epilogue));
    }

    private static void check(DeviceMatrix w, Optional<DeviceRows> bias, DeviceRows x, DeviceRows y) {
        if (x.columns() != w.columns() || y.columns() != w.rows() || y.rows() != x.rows()) {
            throw new IllegalArgumentException("linear layer of " + w
                    + ": expected x with its columns, and y with its outputs and as many rows, got " + x + " and " + y);
        }
        if (bias.isPresent() && (bias.get().rows() != 1 || bias.get().columns() != w.rows())) {
            throw new IllegalArgumentException(
                    "linear layer of " + w + ": expected a bias of 1 x " + w.rows() + ", got " + bias.get());
        }
        if (!x.readableBy(w.type().pieceNumbers())) {
            throw new IllegalArgumentException("linear layer of " + w
                    + ": expected a view of x that begins at a multiple of 16"
                    + " bytes, and ends at one or at the end of its rows, got " + x + " at " + x.offset() % x.pitch()
                    + " of "
                    + x.pitch());
        }
        if (x.overlaps(y))
            throw new IllegalArgumentException("linear layer of " + w + ": expected y outside the memory of x");
        if (bias.isPresent() && bias.get().overlaps(y)) {
            throw new IllegalArgumentException("linear layer of " + w + ": expected y outside the memory of the bias");
        }
    }

    @Override
    public void close() {
        rounded.close();
    }
}
