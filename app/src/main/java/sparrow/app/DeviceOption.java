package sparrow.app;

import java.io.PrintWriter;
import java.util.Optional;
import java.util.function.Supplier;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import sparrow.engine.kernel.KvFormat;
import sparrow.engine.transformer.DeviceChoice;
import sparrow.engine.transformer.LayerStack;

/** Where the layers of a language model are computed; a picocli mixin. */
final class DeviceOption {
    private static final String NAME = "--device";

    @Option(
            names = NAME,
            paramLabel = "DEVICE",
            description = "Where the layers of the language model are computed: cpu; gpu, or gpu:N for another graphics"
                    + " card than the first, number 0; the id of a device in sparrow info --devices; or auto: the first"
                    + " card that the model fits on, else cpu. Default: cpu.")
    private DeviceChoice device;

    private final Supplier<DeviceChoice> otherwise;

    /** @param otherwise what is taken where the option is not given */
    DeviceOption(Supplier<DeviceChoice> otherwise) {
        this.otherwise = otherwise;
    }

    /**
     * The choice. Under {@code --verbose} it says why cards are passed over.
     *
     * @param kv how keys and values are to be kept
     * @throws IllegalArgumentException in one line if a device was asked for that does not keep them so
     */
    DeviceChoice choice(KvFormat kv, CommandSpec command) {
        // Read in any case: what it says wrongly is refused, and not passed over.
        DeviceChoice.preferred();
        DeviceChoice choice = device == null ? otherwise.get() : device;
        return switch (choice) {
            case DeviceChoice.Cpu cpu -> cpu;
            case DeviceChoice.Auto auto ->
                isVerbose(command) ? new DeviceChoice.Auto(line -> say(command, "auto: " + line)) : auto;
            case DeviceChoice.Gpu _, DeviceChoice.Named _ -> {
                if (kv != KvFormat.F32) {
                    throw new IllegalArgumentException("--kv: expected f32, as devices keep keys and values, or " + NAME
                            + " cpu, got " + kv + " with " + NAME + " " + choice);
                }
                yield choice;
            }
        };
    }

    /** Says where the layers are, if that is a device or the user wants to know everything. */
    static void tell(LayerStack stack, CommandSpec command) {
        if (stack.device().isEmpty() && !isVerbose(command)) return;
        say(command, "layers are computed on " + stack.describe());
    }

    /**
     * Has the layers computed on this machine's threads.
     *
     * @param why what for, at the end of a sentence
     * @throws IllegalArgumentException in one line if a device was asked for
     */
    void requireCpu(String why) {
        DeviceChoice given = Optional.ofNullable(device).orElse(new DeviceChoice.Cpu());
        if (given instanceof DeviceChoice.Gpu || given instanceof DeviceChoice.Named) {
            throw new IllegalArgumentException(NAME + ": expected cpu " + why + ", got " + given);
        }
        device = new DeviceChoice.Cpu();
    }

    private static boolean isVerbose(CommandSpec command) {
        return command.root().userObject() instanceof Main main && main.verbose();
    }

    private static void say(CommandSpec command, String line) {
        PrintWriter err = command.commandLine().getErr();
        err.println("sparrow: " + line);
        err.flush();
    }
}
