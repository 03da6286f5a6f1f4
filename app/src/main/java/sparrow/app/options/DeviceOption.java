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

/** The option for the device that computes a language model's layers. A picocli mixin. */
final class DeviceOption {
    private static final String NAME = "--device";

    @Option(
            names = NAME,
            paramLabel = "DEVICE",
            description = "Device that runs the layers: cpu, gpu, gpu:N, auto or an id. Default: cpu.")
    private DeviceChoice device = new DeviceChoice.Cpu();

    /**
     * Returns the placement that copies the layers to the device, or empty for the CPU. If {@code --verbose} is given,
     * prints a line with the reason for each card that is skipped.
     *
     * @param kv the format of keys and values
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
     * @param otherwise the exception's message if no device was chosen
     * @throws IllegalArgumentException if no device was chosen
     * @throws sparrow.engine.device.NoDeviceException if the device does not exist
     */
    DeviceChoice.Found require(String otherwise) {
        return device.find(provider()).orElseThrow(() -> new IllegalArgumentException(otherwise));
    }

    private Optional<DeviceProvider> provider() {
        return device instanceof DeviceChoice.Cpu ? Optional.empty() : DeviceProvider.find();
    }

    /** Prints the place where the layers are computed, if it is a device or {@code --verbose} was given. */
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

    /** Returns whether a device is required, so that the CPU cannot be used instead. */
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
