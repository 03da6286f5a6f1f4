package sparrow.app.options;

import java.io.PrintWriter;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import sparrow.engine.device.DeviceProvider;
import sparrow.engine.device.DeviceStack;
import sparrow.engine.device.Placement;
import sparrow.engine.transformer.LayerStack;
import sparrow.tensor.kernel.KvFormat;

/** The option for the device of a language model's layers; a picocli mixin. */
final class DeviceOption {
    private static final String NAME = "--device";

    @Option(
            names = NAME,
            paramLabel = "DEVICE",
            description = "Device of the layers: cpu, gpu, gpu:N, auto, or an id. Default: cpu.")
    private DeviceChoice device = new DeviceChoice.Cpu();

    /**
     * Returns the placement that copies the layers to the device; empty for the CPU. Under {@code --verbose} prints a
     * line with the reason for each card that is skipped.
     *
     * @param kv format of keys and values
     * @throws IllegalArgumentException if a device was requested that does not support the format
     */
    Optional<Placement> placement(KvFormat kv, CommandSpec command) {
        if (kv != KvFormat.F32 && isRequired()) {
            throw new IllegalArgumentException("--set kv: expected f32, as devices keep keys and values, or " + NAME
                    + " cpu, got " + kv + " with " + NAME + " " + device);
        }
        return device.placement(provider(), line -> {
            if (isVerbose(command)) say(command, device + ": " + line);
        });
    }

    /**
     * Returns the chosen device.
     *
     * @param otherwise message of the exception if none is chosen
     * @throws IllegalArgumentException if none is chosen
     * @throws sparrow.engine.device.NoDeviceException if it does not exist
     */
    DeviceChoice.Found require(String otherwise) {
        return device.find(provider()).orElseThrow(() -> new IllegalArgumentException(otherwise));
    }

    private Optional<DeviceProvider> provider() {
        return device instanceof DeviceChoice.Cpu ? Optional.empty() : DeviceProvider.find();
    }

    /** Prints where the layers are computed, if on a device or under {@code --verbose}. */
    static void printPlace(LayerStack stack, CommandSpec command) {
        if (stack instanceof DeviceStack || isVerbose(command)) {
            say(command, "layers are computed on " + stack.describe());
        }
    }

    /**
     * Chooses the CPU for the layers.
     *
     * @param why the reason, as the end of a sentence
     * @throws IllegalArgumentException if a device was requested
     */
    void requireCpu(String why) {
        if (isRequired()) {
            throw new IllegalArgumentException(NAME + ": expected cpu " + why + ", got " + device);
        }
        device = new DeviceChoice.Cpu();
    }

    /** Returns true if a device is required, so that the CPU is no alternative. */
    private boolean isRequired() {
        return device instanceof DeviceChoice.Gpu || device instanceof DeviceChoice.Named;
    }

    private static boolean isVerbose(CommandSpec command) {
        OptionSpec verbose = command.root().findOption("--verbose");
        return verbose != null && Boolean.TRUE.equals(verbose.getValue());
    }

    private static void say(CommandSpec command, String line) {
        PrintWriter err = command.commandLine().getErr();
        err.println("sparrow: " + line);
        err.flush();
    }
}
