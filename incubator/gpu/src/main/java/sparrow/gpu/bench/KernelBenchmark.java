package sparrow.gpu.bench;

import java.util.ArrayList;
import java.util.List;
import sparrow.app.report.Machine;
import sparrow.app.report.Quartiles;
import sparrow.bench.harness.BenchProgress;
import sparrow.engine.device.DeviceInfo;
import sparrow.gpu.meter.DeviceMeter;
import sparrow.models.gguf.PublishedModel;
import sparrow.models.gguf.Quantisation;
import sparrow.tensor.DType;

/**
 * Measures a device without a model. Stops if its thread is interrupted, and returns the measurements made until then.
 */
public final class KernelBenchmark {
    static final int LAUNCHES = 200;

    private final DeviceMeter meter;
    private final KernelSettings settings;
    private final BenchProgress progress;

    private KernelBenchmark(DeviceMeter meter, KernelSettings settings, BenchProgress progress) {
        this.meter = meter;
        this.settings = settings;
        this.progress = progress;
    }

    /**
     * Runs the benchmark, and returns its report.
     *
     * @param command command line
     * @param device the device that the meter measures
     */
    public static KernelReport run(
            String command, DeviceInfo device, DeviceMeter meter, KernelSettings settings, BenchProgress progress) {
        progress.begin("ceilings");
        Quartiles read = Quartiles.of(scaled(meter.read(settings.times()), 1e-9));
        return new KernelReport(
                command,
                Machine.here(),
                device,
                meter.bytes(),
                read,
                Quartiles.of(scaled(meter.copy(settings.times()), 1e-9)),
                Quartiles.of(scaled(meter.launch(LAUNCHES, settings.times()), 1e6)),
                Quartiles.of(scaled(meter.roundTrip(settings.times()), 1e6)),
                new KernelBenchmark(meter, settings, progress).products(read.median()));
    }

    private static List<Double> scaled(List<Double> values, double by) {
        return values.stream().map(value -> value * by).toList();
    }

    private List<KernelReport.Product> products(double ceiling) {
        List<KernelReport.Product> products = new ArrayList<>();
        for (PublishedModel model : settings.models()) {
            for (Quantisation type : settings.types()) {
                for (ModelMatrix matrix : ModelMatrix.of(model)) {
                    progress.begin(model.name() + ", " + type.label() + ": " + matrix.name());
                    for (int rows = 1; rows <= KernelSettings.MAX_ROWS; rows++) {
                        if (Thread.currentThread().isInterrupted()) return products;
                        products.add(product(matrix, type, rows, ceiling));
                    }
                    progress.ended();
                }
            }
        }
        return products;
    }

    private KernelReport.Product product(ModelMatrix matrix, Quantisation type, int rows, double ceiling) {
        DType dtype = type.dtype();
        long rowBytes = dtype.bytes(matrix.inputs());
        int outputs = Math.clamp(meter.bytes() / rowBytes, 1, matrix.outputs());
        Quartiles us =
                Quartiles.of(scaled(meter.product(dtype, outputs, matrix.inputs(), rows, settings.times()), 1e6));
        double gbPerS = outputs * rowBytes / us.median() / 1e3;
        return new KernelReport.Product(
                matrix.model(),
                matrix.name(),
                outputs,
                matrix.inputs(),
                type.label(),
                rows,
                outputs * rowBytes,
                us,
                gbPerS,
                gbPerS / ceiling);
    }
}
