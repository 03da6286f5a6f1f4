package sparrow.gpu.kernel;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import sparrow.gpu.device.Language;

/**
 * The source of a program: a prologue, followed by kernels. A kernel's source file is added once per variant, with a
 * name and macros specific to the variant, so that a program is compiled once.
 */
final class KernelText {
    private final StringBuilder text = new StringBuilder();

    /**
     * Creates a source that starts with the prologue, which defines a common language for kernels.
     *
     * @param teams number of teams per work-group
     */
    KernelText(Language language, Lanes lanes, int teams) {
        String suffix = switch (language) {
            case OPENCL_C, OPENCL_C_WITH_PTX -> ".cl";
            case CUDA -> ".cu";
        };
        append("prologue" + suffix);
        text.append("#define TEAMS ").append(teams).append('\n');
        append(lanes.text());
        append("widen" + suffix);
        append("dot.cl");
        append("epilogue.cl");
    }

    /**
     * Adds a variant of a kernel.
     *
     * @param name name of the kernel
     * @param body file name of the kernel's source
     * @param macros values of this variant's macros, by name
     */
    KernelText with(String name, String body, SequencedMap<String, String> macros) {
        SequencedMap<String, String> all = new LinkedHashMap<>(macros);
        all.putFirst("NAME", name);
        all.forEach((macro, value) -> text.append("#define " + macro + " " + value + "\n"));
        append(body);
        all.keySet().forEach(macro -> text.append("#undef ").append(macro).append('\n'));
        return this;
    }

    /** Defines a macro for all files added afterwards. */
    KernelText define(String macro, int value) {
        text.append("#define " + macro + " " + value + "\n");
        return this;
    }

    /** Adds a source file of functions used by kernels. */
    KernelText words(String file) {
        append(file);
        return this;
    }

    private void append(String file) {
        // With this directive, compiler messages contain the file name and line number.
        text.append("#line 1 \"").append(file).append("\"\n").append(read(file));
    }

    private static String read(String file) {
        try (InputStream in = KernelText.class.getResourceAsStream(file)) {
            if (in == null) throw new IllegalStateException("the kernel source " + file + " is not in this build");
            return new String(in.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
