package sparrow.app.options;

import java.io.PrintWriter;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import sparrow.engine.device.DeviceProvider;
import sparrow.engine.device.DeviceStack;
import sparrow.engine.device.Placement;
import sparrow.engine.transformer.LayerStack;
import sparrow.tensor.kernel.KvFormat;

/** The device of a language model's layers; a picocli mixin. */
final class DeviceOption {
    private static final String NAME = "--device";

    @Option(names = NAME, paramLabel = "DEVICE", description = "cpu (the default), gpu, gpu:N, auto, or an id.")
    private DeviceChoice device = new DeviceChoice.Cpu();

    /**
     * The placement that takes the layers to the device; empty for this machine's threads. Under {@code --verbose} a line gives
     * the reason for each card that is passed over.
     *
     * @param kv format of keys and values
     * @throws IllegalArgumentException in one line if a device was asked for that does not keep them so
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
     * The device that is chosen.
     *
     * @param otherwise the message if none is
     * @throws IllegalArgumentException in one line if none is chosen
     * @throws sparrow.engine.device.NoDeviceException in one line if it is not there
     */
    DeviceChoice.Found require(String otherwise) {
        return device.find(provider()).orElseThrow(() -> new IllegalArgumentException(otherwise));
    }

    private Optional<DeviceProvider> provider() {
        return device instanceof DeviceChoice.Cpu ? Optional.empty() : DeviceProvider.find();
    }

    /** Names the place of the layers, if that is a device or under {@code --verbose}. */
    static void tell(LayerStack stack, CommandSpec command) {
        if (stack instanceof DeviceStack || isVerbose(command)) {
            say(command, "layers are computed on " + stack.describe());
        }
    }

    /**
     * Has the layers computed on this machine's threads.
     *
     * @param why the reason, at the end of a sentence
     * @throws IllegalArgumentException in one line if a device was asked for
     */
    void requireCpu(String why) {
        if (isRequired()) {
            throw new IllegalArgumentException(NAME + ": expected cpu " + why + ", got " + device);
        }
        device = new DeviceChoice.Cpu();
    }

    /** True if a device is asked for, and the processor will not do. */
    private boolean isRequired() {
        return device instanceof DeviceChoice.Gpu || device instanceof DeviceChoice.Named;
    }

    private static boolean isVerbose(CommandSpec command) {
        return command.root().findOption("--verbose").getValue();
    }

    private static void say(CommandSpec command, String line) {
        PrintWriter err = command.commandLine().getErr();
        err.println("sparrow: " + line);
        err.flush();
    }
}
