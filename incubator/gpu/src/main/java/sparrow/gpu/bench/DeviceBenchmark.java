package sparrow.gpu.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Function;
import sparrow.app.report.Quartiles;
import sparrow.bench.decode.WeightTraffic;
import sparrow.bench.harness.BenchProgress;
import sparrow.engine.decode.LanguageModel;
import sparrow.engine.exit.ExitPlan;
import sparrow.gpu.meter.DeviceMeter;

/**
 * Measures a model on a device: first each kind of step, relative to the fastest read of the device, then prefills. The
 * kinds of steps alternate. Stops if its thread is interrupted, and returns the measurements made until then.
 */
public final class DeviceBenchmark {
    /** Number of reads that determine the ceiling. */
    private static final int READINGS = 10;

    private final LanguageModel model;
    private final DeviceSettings settings;
    private final BenchProgress progress;
    private final StepMeter meter;

    /** A kind of step, and the function that runs a step of this kind. */
    private record Kind(int exitLayer, int depth, int pending, Function<StepMeter, StepMeter.Taken> step) {
        static Kind early(int layer) {
            return new Kind(layer, layer, 0, meter -> meter.early(layer));
        }

        static Kind full(int exitLayer, int layers, int pending) {
            return new Kind(exitLayer, layers, pending, meter -> meter.full(exitLayer, pending));
        }
    }

    private DeviceBenchmark(LanguageModel model, DeviceSettings settings, BenchProgress progress) {
        this.model = model;
        this.settings = settings;
        this.progress = progress;
        this.meter = new StepMeter(model);
    }

    /** Measures the fastest read of a device. */
    public static DeviceFigures.Ceiling ceiling(DeviceMeter meter) {
        List<Double> gbPerS =
                meter.read(READINGS).stream().map(each -> each / 1e9).toList();
        return new DeviceFigures.Ceiling(meter.bytes(), Quartiles.of(gbPerS));
    }

    /**
     * Runs the benchmark, and returns its measurements.
     *
     * @throws IllegalArgumentException if the settings do not fit the model; the message is one line
     */
    public static DeviceFigures run(
            LanguageModel model, DeviceSettings settings, DeviceFigures.Ceiling ceiling, BenchProgress progress) {
        settings.check(model);
        DeviceBenchmark benchmark = new DeviceBenchmark(model, settings, progress);
        List<DeviceFigures.Step> steps = new ArrayList<>();
        for (int context : settings.contexts()) {
            steps.addAll(benchmark.steps(context, ceiling));
            progress.ended();
        }
        List<DeviceFigures.Prefill> prefills = new ArrayList<>();
        for (int rows : settings.prefills()) {
            benchmark.prefill(rows).ifPresent(prefills::add);
            progress.ended();
        }
        return new DeviceFigures(ceiling, steps, prefills);
    }

    /** Returns the number of runs. {@link BenchProgress#ended} is called after each run. */
    public static int runs(DeviceSettings settings) {
        return settings.contexts().size() + settings.prefills().size();
    }

    private List<Kind> kinds() {
        int layers = model.layers();
        List<Kind> kinds = new ArrayList<>();
        kinds.add(Kind.full(layers, layers, 0));
        for (int layer : settings.exitLayers()) {
            kinds.add(Kind.early(layer));
            for (int pending = 1; pending <= 2; pending++) kinds.add(Kind.full(layer, layers, pending));
        }
        return kinds;
    }

    private List<DeviceFigures.Step> steps(int context, DeviceFigures.Ceiling ceiling) {
        progress.begin("steps after " + context + " positions");
        meter.resize(context);
        SequencedMap<Kind, List<StepMeter.Taken>> taken = new LinkedHashMap<>();
        for (Kind kind : kinds()) taken.put(kind, new ArrayList<>());
        // The first step of each kind is a warm-up.
        for (int step = 0; step <= settings.steps(); step++) {
            for (Map.Entry<Kind, List<StepMeter.Taken>> kind : taken.entrySet()) {
                if (Thread.currentThread().isInterrupted()) return List.of();
                StepMeter.Taken one = kind.getKey().step().apply(meter);
                if (step > 0) kind.getValue().add(one);
            }
        }
        double full = ms(taken.firstEntry().getValue()).median();
        return taken.entrySet().stream()
                .map(kind -> step(context, kind.getKey(), kind.getValue(), full, ceiling))
                .toList();
    }

    private DeviceFigures.Step step(
            int context, Kind kind, List<StepMeter.Taken> taken, double full, DeviceFigures.Ceiling ceiling) {
        Quartiles ms = ms(taken);
        long bytes = new WeightTraffic(model, ExitPlan.NONE).bytes(kind.depth());
        double gbPerS = bytes / ms.median() / 1e6;
        return new DeviceFigures.Step(
                context,
                kind.exitLayer(),
                kind.depth(),
                kind.pending(),
                ms,
                ms.median() / full,
                bytes,
                gbPerS,
                ceiling.share(gbPerS),
                DeviceFigures.Asked.mean(taken));
    }

    private Optional<DeviceFigures.Prefill> prefill(int rows) {
        progress.begin("prefill of " + rows);
        meter.resize(0);
        List<StepMeter.Taken> taken = new ArrayList<>();
        for (int round = 0; round <= settings.rounds(); round++) {
            if (Thread.currentThread().isInterrupted()) return Optional.empty();
            StepMeter.Taken one = meter.prefill(rows);
            if (round > 0) taken.add(one);
        }
        Quartiles ms = ms(taken);
        return Optional.of(
                new DeviceFigures.Prefill(rows, ms, rows * 1e3 / ms.median(), DeviceFigures.Asked.mean(taken)));
    }

    private static Quartiles ms(List<StepMeter.Taken> taken) {
        return Quartiles.of(taken.stream().map(one -> one.nanos() / 1e6).toList());
    }
}
