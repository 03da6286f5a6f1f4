package sparrow.gpu.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import sparrow.gpu.device.Argument;
import sparrow.gpu.device.Grid;

/** Launches of linear layers; their contract is {@link DeviceKernels#linear}'s. */
final class LinearKernels implements AutoCloseable {
    /** Rows that share one reading of the weights. */
    static final int MAX_ROWS = 4;

    /** Teams of a work-group. */
    static final int TEAMS = 4;

    /** Outputs of a team. */
    private static final int OUTPUTS = 4;

    /** Of a work-group with many rows, as both texts have them: outputs, rows of x, items; columns at a time. */
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

    /** Adds their text; {@code names} takes the names. */
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

    /** True if many rows take {@link MatrixProduct}; of both kernels only the one that is called is compiled. */
    private static boolean byProduct(Optional<MatrixProduct> product, StoredType type) {
        return product.isPresent() && type.exactInBf16();
    }

    private static String gemmName(Optional<MatrixProduct> product, StoredType type) {
        return (byProduct(product, type) ? "gemm_mma_" : "gemm_") + type.suffix();
    }

    private static String matvecName(StoredType type, int rows) {
        return "matvec_" + type.suffix() + "_" + rows;
    }

    /** y = x w^T + bias, or y += that. One call at a time, since all rounded rows share one memory. */
    synchronized void run(DeviceMatrix w, Optional<DeviceRows> bias, DeviceRows x, DeviceRows y, boolean add) {
        check(w, bias, x, y);
        int epilogue = (bias.isPresent() ? WITH_BIAS : 0) | (add ? WITH_Y : 0);
        List<Argument> inputs = inputs(w.type(), x);
        int above = 0;
        for (MatrixPart part : w.parts()) {
            // A kernel needs some memory as its argument; it reads no bias without WITH_BIAS.
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

    /** The inputs of a kernel, with x rounded if the type asks for it. */
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
                    + ": expected x of its columns and as many rows of y of its rows, got " + x + " and " + y);
        }
        if (bias.isPresent() && (bias.get().rows() != 1 || bias.get().columns() != w.rows())) {
            throw new IllegalArgumentException(
                    "linear layer of " + w + ": expected a bias of 1 x " + w.rows() + ", got " + bias.get());
        }
        if (!x.readableBy(w.type().pieceNumbers())) {
            throw new IllegalArgumentException("linear layer of " + w
                    + ": expected a view of x that begins at a multiple of 16"
                    + " bytes, and ends so or where its rows end, got " + x + " at " + x.offset() % x.pitch() + " of "
                    + x.pitch());
        }
        if (x.overlaps(y)) throw new IllegalArgumentException("linear layer of " + w + ": expected y beside x");
        if (bias.isPresent() && bias.get().overlaps(y)) {
            throw new IllegalArgumentException("linear layer of " + w + ": expected y beside the bias");
        }
    }

    @Override
    public void close() {
        rounded.close();
    }
}
